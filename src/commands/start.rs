//! From what was typed to an exit code.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use super::run;
use crate::catalog::{Catalog, DEFAULT_FAMILY};
use crate::cli::{self, Format, Global};
use crate::error::{ErrorKind, Result};
use crate::program::is_by_cargo;
use crate::project::{Location, Origin, Scaffolds, StateDir};
use crate::snapshots::Sandbox;
use crate::ui::{Buffer, Stream, Streams, Ui, can_ask};

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
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return streams.finish().map_or_else(|error| error.exit_code(), |()| code);
        }
    };
    let done = done.inspect_err(|error| ui.error(error));
    let written = ui.finish();
    done.and(written).map_or_else(|error| error.exit_code(), |()| 0)
}

/// The arguments without the program, and without the `amplify` that Cargo puts first for
/// `cargo amplify …`.
fn typed(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let before = 1 + usize::from(is_by_cargo(&arguments));
    arguments.drain(..before.min(arguments.len()));
    arguments
}

/// Runs this program on other scaffolds. Returns the exit code and all that is printed.
pub fn run_in(
    arguments: &[String],
    sandbox: &Sandbox,
    catalog: &Arc<Catalog>,
) -> Result<(u8, String)> {
    let buffer = Buffer::default();
    let stream = || Stream::plain(Box::new(buffer.clone()));
    let streams = Streams { out: stream(), err: stream() };
    let program = ["cargo-amplify", "amplify"].map(str::to_owned).into_iter();
    let arguments = program.chain(arguments.iter().cloned()).map(Into::into).collect();
    let state = StateDir::At(sandbox.state());
    let scaffolds = Scaffolds::Read(Arc::clone(catalog));
    match main_with(scaffolds, arguments, &sandbox.root, state, streams) {
        130 => Err(ErrorKind::Interrupted.into()),
        code => Ok((code, String::from_utf8_lossy(&buffer.take()).into_owned())),
    }
}

/// Says which directory is the project, unless the user named it or is in it.
pub fn announce_project(location: &Location, current: &Path, ui: &Ui) {
    let because = match location.origin {
        Origin::Given | Origin::Current => return,
        Origin::Amplify => "it has `amplify/`",
        Origin::Cargo => "it is the root of the Cargo workspace",
    };
    if location.project != current.canonicalize().unwrap_or_default() {
        ui.note(&format!("the project is {}: {because}", location.project.display()));
    }
}
