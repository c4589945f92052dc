//! Edits that take out what earlier ones have put in.

use super::draft::Draft;
use crate::edit::{self, EditError};
use crate::error::Result;
use crate::path::RepoPath;

/// Edits a file that is there; one that is gone needs no edit.
pub fn take_out(
    draft: &mut Draft,
    path: &RepoPath,
    edit: impl FnOnce(&mut Draft, &RepoPath, &str) -> Result<String, EditError>,
) -> Result<()> {
    match draft.shared(path)? {
        Some((_, Some(_))) => draft.edit(path, "", edit),
        _ => Ok(()),
    }
}

/// Removes the tables and arrays that have come with entries, and have none left.
pub fn remove_bare_keys(
    draft: &mut Draft,
    path: &RepoPath,
    text: String,
) -> Result<String, EditError> {
    let file = draft.recorded(path);
    let Some(keys) = draft.record.shared.keys.get_mut(&file) else {
        return Ok(text);
    };
    let mut text = text;
    for key in keys.clone().iter().rev() {
        let path: Vec<_> = key.split('.').collect();
        if edit::is_bare(&text, &path)? {
            text = edit::remove_key(&text, &path)?;
            keys.remove(key);
        }
    }
    if keys.is_empty() {
        draft.record.shared.keys.remove(&file);
    }
    Ok(text)
}
