//! The user's own editor.

use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// Opens the file in `$VISUAL`, `$EDITOR` or the system's default editor, and waits until it is
/// closed.
///
/// The crate `edit` opens another editor if the configured one cannot be found, perhaps one that
/// returns at once, and panics for a blank `$EDITOR`.
pub fn edit_file(file: &Path) -> Result<()> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let editor = variable("VISUAL").or_else(|| variable("EDITOR"));
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    let editor = editor.unwrap_or_else(|| usual.to_owned());
    // It may have arguments: `code --wait`.
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    let status = command.args(words).arg(file).status();
    let hint = "set `EDITOR` to the editor of your choice";
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(Error::failed(format!("the editor `{editor}` failed: {status}")).hint(hint))
        }
        Err(error) => Err(Error::failed(format!("cannot start the editor `{editor}`"))
            .with_source(error)
            .hint(hint)),
    }
}
