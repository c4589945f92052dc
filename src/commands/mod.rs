//! One verb a file: from arguments to a project, a plan or report, and output.

mod check;
mod completions;
mod conflicts;
mod doctor;
mod invoke;
mod list;
mod new;
mod outputs;
mod remove;
mod scaffold;
mod serve;
mod synth;
mod transaction;
mod verify;

use std::ffi::OsString;
use std::path::Path;

use crate::catalog::DEFAULT_FAMILY;
use crate::cli::{self, Cli, Command, Format, Global, New, Remove};
use crate::error::{Error, Result};
use crate::program::is_by_cargo;
use crate::project::{Location, Origin, Scaffolds, StateDir, locate};
use crate::ui::{Streams, Ui, can_ask};

pub use completions::complete;

/// Runs the program in the directory `current`, with the user's state in `state`: parses the
/// arguments, of which the first is the program, carries out the command and shows an error.
/// Returns the exit code.
pub fn main(arguments: Vec<OsString>, current: &Path, state: StateDir, streams: Streams) -> u8 {
    main_with(Scaffolds::OfProject, arguments, current, state, streams)
}

/// The same with scaffolds from elsewhere, which `--scaffolds` overrides.
fn main_with(
    scaffolds: Scaffolds,
    arguments: Vec<OsString>,
    current: &Path,
    state: StateDir,
    mut streams: Streams,
) -> u8 {
    let mut arguments = typed(arguments);
    let is_bare = arguments.iter().map(OsString::as_os_str).eq(["new"]);
    if is_bare && can_ask() {
        arguments.push(DEFAULT_FAMILY.into());
    }
    let (ui, done) = match cli::parse(&arguments) {
        Ok(cli) => {
            let ui = Ui::new(&cli.global, current, streams);
            let done = run(cli, &arguments, current, (state, scaffolds), &ui);
            (ui, done)
        }
        Err(error) if error.use_stderr() && cli::is_for_programs(&arguments) => {
            let global = Global { format: Format::Json, ..Global::default() };
            let ui = Ui::new(&global, current, streams);
            (ui, Err(cli::usage::for_programs(&error, &arguments)))
        }
        Err(error) => {
            let error = cli::usage::explain(error, &arguments);
            let is_error = error.use_stderr();
            let stream = if is_error { &mut streams.err } else { &mut streams.out };
            stream.print_usage(&error.render());
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    match done.and_then(|()| ui.finish()) {
        Ok(()) => 0,
        Err(error) => {
            ui.error(&error);
            error.exit_code()
        }
    }
}

/// The arguments without the program, and without the `amplify` that Cargo puts first for
/// `cargo amplify …`.
fn typed(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let before = 1 + usize::from(is_by_cargo(&arguments));
    arguments.drain(..before.min(arguments.len()));
    arguments
}

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
    let location = Location { state, scaffolds, ..locate(cli.global.path.as_deref(), current)? };
    if let Command::New(New { family, .. }) | Command::Remove(Remove { family, .. }) = &cli.command
    {
        cli::usage::check_family(family, &*location.catalog()?, arguments)?;
    }
    if cli.command.reads_project() {
        announce_project(&location, current, ui);
        if !cli.command.writes() {
            transaction::note_interrupted(&location, ui);
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

/// Says which directory is the project, unless the user named it or is in it.
fn announce_project(location: &Location, current: &Path, ui: &Ui) {
    let because = match location.origin {
        Origin::Given | Origin::Current => return,
        Origin::Amplify => "it has `amplify/`",
        Origin::Cargo => "it is the root of the Cargo workspace",
    };
    if location.project != current.canonicalize().unwrap_or_default() {
        ui.note(&format!("the project is {}: {because}", location.project.display()));
    }
}
