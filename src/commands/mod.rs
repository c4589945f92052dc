//! One verb a file: from arguments to repository to plan to output.

mod check;
mod completions;
mod conflicts;
mod invoke;
pub mod list;
mod new;
mod outputs;
mod remove;
mod serve;
mod synth;
mod transaction;
mod verify;

use std::path::Path;

use crate::cli::{Cli, Command, Format, New, Remove};
use crate::error::{Error, Result};
use crate::ui::Ui;
use crate::workspace::{Location, Origin, locate};

/// Carries out the command.
///
/// # Errors
/// Whatever the command fails with.
pub fn run(cli: Cli, ui: Ui) -> Result<()> {
    let current = std::env::current_dir()
        .map_err(|error| Error::io("find", Path::new("the current folder"), error))?;
    if cli.global.format == Format::Yaml && !matches!(cli.command, Command::Synth(_)) {
        return Err(
            Error::usage("only the template of `synth` can be YAML").hint("use `--format json`")
        );
    }
    let location = locate(cli.global.path.as_deref(), &current)?;
    say(&location, &current, ui);
    transaction::recover_interrupted(&location, ui)?;
    match cli.command {
        Command::New(New::AuthTrigger(arguments)) => new::auth_trigger(&arguments, &location, ui),
        Command::Remove(Remove::AuthTrigger(arguments)) => {
            remove::auth_trigger(&arguments, &location, ui)
        }
        Command::List(arguments) => list::list(&arguments, &location, ui),
        Command::Check(arguments) => check::check(&arguments, &location, ui),
        Command::Invoke(arguments) => invoke::invoke(&arguments, &location, ui),
        Command::Serve(arguments) => serve::serve(&arguments, &location, ui),
        Command::Synth(arguments) => synth::synth(&arguments, cli.global.format, &location, ui),
        Command::Outputs(arguments) => outputs::outputs(&arguments, ui),
        Command::Completions(arguments) => {
            completions::completions(&arguments, ui);
            Ok(())
        }
    }
}

/// Tells which folder is the project, when the user did not and it is another one.
fn say(location: &Location, current: &Path, ui: Ui) {
    let because = match location.origin {
        Origin::Given | Origin::Current => return,
        Origin::Amplify => "it has `amplify/`",
        Origin::Cargo => "it is the root of the Cargo workspace",
    };
    if location.project != current.canonicalize().unwrap_or_default() {
        ui.note(&format!(
            "the project is {}: {because}",
            location.project.display()
        ));
    }
}
