//! `cargo amplify`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_amplify::commands;
use cargo_amplify::project::StateDir;
use cargo_amplify::{Stream, Streams};

fn main() -> ExitCode {
    // Where there is no current directory any more, whoever looks for the project says so.
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let streams = Streams { out: Stream::stdout(), err: Stream::stderr() };
    ExitCode::from(commands::main(
        std::env::args_os().collect(),
        &current,
        StateDir::of_user(),
        streams,
    ))
}
