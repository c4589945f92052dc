//! `scaffold`

use crate::cli::{LintScaffolds, Scaffold};
use crate::error::{ErrorKind, Result};
use crate::lint;
use crate::project::Location;
use crate::ui::Ui;

/// Makes scaffolds, and looks after them.
pub fn scaffold(command: &Scaffold, location: &Location, ui: &Ui) -> Result<()> {
    match command {
        Scaffold::Lint(arguments) => lint(arguments, location, ui),
    }
}

/// Finds all mistakes in scaffolds.
fn lint(arguments: &LintScaffolds, location: &Location, ui: &Ui) -> Result<()> {
    let found = lint::lint(&*location.catalog()?, &arguments.kinds)?;
    ui.lint(&found);
    if found.problems.is_empty() { Ok(()) } else { Err(ErrorKind::Found.into()) }
}
