//! A plan in the making: files that are generated, and files that are edited.

use std::collections::BTreeMap;

use super::{Change, NextStep};
use crate::edit::{self, EditError, Setting};
use crate::error::{Conflict, Error, Result};
use crate::workspace::{RepoPath, Workspace};

/// What to do about what is there already and is different.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    #[default]
    Abort,
    /// Keep what is there.
    Skip,
    /// Replace what is there.
    Overwrite,
}

/// A plan in the making.
pub struct Draft<'a> {
    pub workspace: &'a Workspace,
    pub on_conflict: OnConflict,
    pub changes: BTreeMap<RepoPath, Change>,
    pub conflicts: Vec<Conflict>,
    pub notes: Vec<String>,
    pub next_steps: Vec<NextStep>,
}

impl Draft<'_> {
    /// A file that is the scaffold's from the first to the last byte.
    pub fn generate(&mut self, path: &RepoPath, text: String) -> Result<()> {
        let Some((path, before)) = self.current(path)? else {
            return Ok(());
        };
        let (after, kept) = match (&before, self.on_conflict) {
            (Some(before), OnConflict::Skip) if *before != text => (before.clone(), true),
            (Some(before), OnConflict::Abort) if *before != text => {
                self.conflict(&path, "exists and is different", true);
                (text, false)
            }
            _ => (text, false),
        };
        self.changes.insert(
            path,
            Change {
                before,
                after: Some(after),
                kept,
            },
        );
        Ok(())
    }

    /// A file that is the user's and gets something added. `edit` is not called on a file that
    /// cannot be written.
    pub fn edit(
        &mut self,
        path: &RepoPath,
        fresh: &str,
        edit: impl FnOnce(&mut Self, &str) -> Result<String, EditError>,
    ) -> Result<()> {
        let Some((path, before)) = self.current(path)? else {
            return Ok(());
        };
        // Another scaffold of this plan may have edited the file already.
        let planned = self
            .changes
            .get(&path)
            .and_then(|change| change.after.clone());
        let text = planned
            .or_else(|| before.clone())
            .unwrap_or_else(|| fresh.to_owned());
        let after = edit(self, &text).map_err(in_file(&path))?;
        let kept = false;
        self.changes.insert(
            path,
            Change {
                before,
                after: Some(after),
                kept,
            },
        );
        Ok(())
    }

    /// Where a file really is, and its text; `None` when no file can be there, which is noted as
    /// a conflict.
    fn current(&mut self, path: &RepoPath) -> Result<Option<(RepoPath, Option<String>)>> {
        match self.workspace.resolve(path) {
            Ok(real) => {
                let text = self.workspace.read_text(&real)?;
                Ok(Some((real, text)))
            }
            Err(conflict) => {
                if !self.conflicts.contains(&conflict) {
                    self.conflicts.push(conflict);
                }
                Ok(None)
            }
        }
    }

    fn conflict(&mut self, path: &RepoPath, reason: impl Into<String>, decidable: bool) {
        self.conflicts.push(Conflict {
            path: path.clone(),
            reason: reason.into(),
            decidable,
        });
    }
}

/// Names the file in an error of an edit.
pub fn in_file(path: &RepoPath) -> impl Fn(EditError) -> Error {
    let path = path.clone();
    move |error| match &error {
        EditError::ByHand(_) => Error::in_file(&path, error),
        _ => Error::in_file(&path, error).hint("mend the file and run the command again"),
    }
}

/// Sets a key, unless the user has another value there.
pub fn set(
    draft: &mut Draft,
    path: &RepoPath,
    text: &str,
    key: edit::KeyPath,
    value: &str,
) -> Result<String, EditError> {
    match edit::setting(text, key, value)? {
        Setting::Same => return Ok(text.to_owned()),
        Setting::Other(_) if draft.on_conflict == OnConflict::Skip => return Ok(text.to_owned()),
        Setting::Other(current) if draft.on_conflict == OnConflict::Abort => {
            let reason = format!("`{}` is {current}, and would become {value}", key.join("."));
            draft.conflict(path, reason, true);
        }
        Setting::Other(_) | Setting::Absent => {}
    }
    edit::set_value(text, key, value)
}
