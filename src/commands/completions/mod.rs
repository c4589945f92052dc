//! `completions`: a script for a shell, which asks this program for each word.

use clap_complete::Shell;
use clap_complete::env::{CompleteEnv, Shells};

use crate::cli::{self, Completions};
use crate::error::{Error, Result};
use crate::ui::Ui;

/// The variable in which a shell names itself when it asks for words.
const ASKED_BY: &str = "CARGO_AMPLIFY_COMPLETE";

/// Prints the script: for `cargo-amplify`, and for `cargo amplify` where a shell has no other way.
pub fn completions(arguments: &Completions, ui: &Ui) -> Result<()> {
    let shells = Shells::builtins();
    let name = arguments.shell.to_string();
    let shell = shells.completer(&name).ok_or_else(|| {
        Error::usage(format!("there are no completions for {name}"))
            .hint("choose bash, zsh, fish, elvish or powershell")
    })?;
    let mut script = Vec::new();
    shell
        .write_registration(ASKED_BY, cli::NAME, cli::NAME, cli::NAME, &mut script)
        .map_err(|error| Error::failed("cannot create the script").with_source(error))?;
    let by_cargo = match arguments.shell {
        Shell::Bash => include_str!("cargo.bash"),
        Shell::Zsh => include_str!("cargo.zsh"),
        Shell::Fish => include_str!("cargo.fish"),
        _ => "",
    };
    script.extend(by_cargo.bytes());
    ui.script(&script);
    Ok(())
}

/// Prints the words that may come next and exits, if a shell asks for them.
pub fn complete() {
    CompleteEnv::with_factory(cli::command).var(ASKED_BY).complete();
}
