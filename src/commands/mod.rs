//! One verb a file: from arguments to a project, a plan or report, and output.

mod check;
mod choices;
mod completions;
mod conflicts;
mod doctor;
mod event;
mod invoke;
mod list;
mod new;
mod outputs;
mod remove;
mod scaffold;
mod serve;
mod start;
mod synth;
mod transaction;
mod turn;
mod verify;

use std::ffi::OsString;
use std::path::Path;

use crate::cli::{self, Cli, Command, Format, New, Remove};
use crate::error::{Error, Result};
use crate::project::{Location, Scaffolds, StateDir, locate};
use crate::ui::Ui;

pub use completions::complete;
pub use start::main;

fn run(
    cli: Cli,
    arguments: &[OsString],
    current: &Path,
    (state, scaffolds): (StateDir, Scaffolds),
    ui: &Ui,
) -> Result<()> {
    let unfit = match (cli.global.format, &cli.command) {
        (Format::Yaml, Command::Synth(_)) | (Format::Github, Command::Check(_)) => None,
        (Format::Yaml, _) => Some("only the template of `synth` can be YAML"),
        (Format::Github, _) => Some("only `check` has annotations for GitHub"),
        (Format::Text | Format::Json, _) => None,
    };
    if let Some(unfit) = unfit {
        return Err(Error::usage(unfit).hint("use `--format json`"));
    }
    let scaffolds = match &cli.global.scaffolds {
        Some(given) => Scaffolds::In(given.display().to_string(), current.join(given)),
        None => scaffolds,
    };
    let mut location =
        Location { state, scaffolds, ..locate(cli.global.path.as_deref(), current)? };
    if let Command::New(New { family, .. }) | Command::Remove(Remove { family, .. }) = &cli.command
    {
        let catalog = location.catalog()?;
        cli::usage::check_family(family, &catalog, arguments)?;
        location.scaffolds = Scaffolds::Read(catalog); // a set is read once
    }
    if cli.command.reads_project() {
        start::announce_project(&location, current, ui);
        if !cli.command.writes() {
            turn::note_interrupted(&location, ui);
        }
    }
    match cli.command {
        Command::New(arguments) => new::new(&arguments, &location, ui),
        Command::Remove(arguments) => remove::remove(&arguments, &location, ui),
        Command::List(arguments) => list::list(&arguments, &location, ui),
        Command::Check(arguments) => check::check(&arguments, &location, ui),
        Command::Invoke(arguments) => invoke::invoke(&arguments, &location, current, ui),
        Command::Scaffold(command) => scaffold::scaffold(&command, &location, ui),
        Command::Serve(arguments) => serve::serve(&arguments, &location, ui),
        Command::Synth(arguments) => {
            synth::synth(&arguments, cli.global.format, &location, current, ui)
        }
        Command::Outputs(arguments) => outputs::outputs(&arguments, current, ui),
        Command::Doctor => doctor::doctor(&location, ui),
        Command::Completions(arguments) => completions::completions(&arguments, ui),
    }
}
