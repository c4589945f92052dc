//! `outputs`

use std::fs;
use std::io::{IsTerminal, Read};
use std::path::Path;

use crate::cli::Outputs;
use crate::error::{Error, Result};
use crate::program::command;
use crate::synth::frontend_outputs;
use crate::ui::Ui;

/// Prints `amplify_outputs.json`.
pub fn outputs(arguments: &Outputs, current: &Path, ui: &Ui) -> Result<()> {
    let text = match &arguments.file {
        Some(file) => fs::read_to_string(current.join(file))
            .map_err(|error| Error::io("read", file, error))?,
        None => standard_input()?,
    };
    let described = serde_json::from_str(&text).map_err(|error| {
        Error::failed("the input is not valid JSON")
            .with_source(error)
            .hint("give what `aws cloudformation describe-stacks --output json` prints")
    })?;
    let outputs = frontend_outputs(&described)?;
    ui.document(&format!("{outputs:#}\n"));
    Ok(())
}

fn standard_input() -> Result<String> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Err(Error::usage("nothing was given on standard input").hint(format!(
            "`aws cloudformation describe-stacks --stack-name NAME | {}`",
            command("outputs")
        )));
    }
    let mut text = String::new();
    input
        .read_to_string(&mut text)
        .map_err(|error| Error::failed("cannot read standard input").with_source(error))?;
    Ok(text)
}
