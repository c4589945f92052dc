//! `cargo amplify`: parse, run, render the error, exit.

use std::ffi::OsString;
use std::process::ExitCode;

use cargo_amplify::cli::Cli;
use cargo_amplify::commands;
use cargo_amplify::ui::Ui;
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse_from(arguments());
    let ui = Ui::new(&cli.global);
    match commands::run(cli, ui) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            ExitCode::from(error.kind.exit_code())
        }
    }
}

/// The arguments, without the `amplify` that Cargo puts first for `cargo amplify …`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "amplify") {
        arguments.remove(1);
    }
    arguments
}
