//! `cargo amplify`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_amplify::commands;
use cargo_amplify::project::StateDir;
use cargo_amplify::{Stream, Streams};

fn main() -> ExitCode {
    commands::complete();
    // If the current directory was removed, the search for the project reports it.
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let streams = Streams { out: Stream::stdout(), err: Stream::stderr() };
    let arguments: Vec<_> = std::env::args_os().collect();
    cargo_amplify::started_as(&arguments, &current);
    ExitCode::from(commands::main(arguments, &current, StateDir::of_user(), streams))
}
