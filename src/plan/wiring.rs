//! Which function the user pool calls for which trigger: the one place that knows.

use crate::catalog::Scaffold;
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// The file that says which functions the user pool calls.
pub const AUTH_RESOURCE: &str = "amplify/auth/resource.toml";

/// The function that is wired to a trigger.
///
/// # Errors
/// When the file is not TOML.
pub fn wired(workspace: &Workspace, scaffold: &Scaffold) -> Result<Option<String>> {
    let path = workspace.project_path(AUTH_RESOURCE)?;
    let text = workspace.read_text(&path)?.unwrap_or_default();
    handler(&text, scaffold).map_err(|error| {
        Error::in_file(&path, error).hint("mend the file and run the command again")
    })
}

/// The function that `text`, the file's, names for a trigger.
pub(super) fn handler(text: &str, scaffold: &Scaffold) -> Result<Option<String>, EditError> {
    edit::text_at(text, &key(scaffold), "handler")
}

/// The keys that lead to a trigger.
pub(super) fn key(scaffold: &Scaffold) -> Vec<&str> {
    scaffold.wiring.key.iter().map(String::as_str).collect()
}
