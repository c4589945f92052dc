//! `completions`

use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::ui::Ui;

/// Prints the completion script.
pub fn completions(arguments: &Completions, ui: &Ui) {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "cargo-amplify", &mut script);
    ui.script(&script);
}
