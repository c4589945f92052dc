//! Edits of files that functions share and that belong to the user.

use super::builder::{PlanBuilder, in_file};
use super::change::Change;
use super::decision::Decision;
use crate::edit::typescript::Replaced;
use crate::edit::{self, CurrentValue, EditError};
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::{Before, hash};
use crate::source::SourceFile;

impl PlanBuilder<'_> {
    /// Edits a file, which begins as `initial` where it does not exist. `edit` is not called on a
    /// file that cannot be written.
    pub fn edit(
        &mut self,
        path: &RepoPath,
        initial: &str,
        edit: impl FnOnce(&mut Self, &RepoPath, &str) -> Result<String, EditError>,
    ) -> Result<()> {
        let Some((path, before)) = self.shared(path)? else {
            return Ok(());
        };
        // Another scaffold of this plan may have edited the file already.
        let planned = self.changes.get(&path).and_then(Change::after).map(str::to_owned);
        if before.is_none() && planned.is_none() {
            let recorded = self.recorded(&path);
            self.record.shared.created.insert(recorded, hash(initial));
        }
        let text = planned.or_else(|| before.clone()).unwrap_or_else(|| initial.to_owned());
        let after = edit(self, &path, &text).map_err(|error| match error {
            EditError::Syntax(error) => {
                SourceFile::new(&path, &*text).not_toml(error.span(), error.message()).into()
            }
            error => in_file(&path)(error),
        })?;
        let change = match (self.decision(&path), before) {
            (Some(Decision::Write(text)), before) => Change::to(text, before),
            (Some(Decision::Beside), Some(kept)) if kept != after => {
                self.write_beside(&path, after)?;
                Change::Kept(kept)
            }
            (_, before) => Change::to(after, before),
        };
        self.change(path, change);
        Ok(())
    }

    /// Edits a file that exists; one that does not needs no edit.
    pub fn edit_existing(
        &mut self,
        path: &RepoPath,
        edit: impl FnOnce(&mut Self, &RepoPath, &str) -> Result<String, EditError>,
    ) -> Result<()> {
        match self.shared(path)? {
            Some((_, Some(_))) => self.edit(path, "", edit),
            _ => Ok(()),
        }
    }

    /// Sets a key, unless the user has another value there.
    pub fn set(
        &mut self,
        path: &RepoPath,
        text: &str,
        key: edit::KeyPath,
        value: &str,
    ) -> Result<String, EditError> {
        match (edit::setting(text, key, value)?, self.decision(path)) {
            (CurrentValue::Same, _) | (CurrentValue::Other(_), Some(Decision::Keep)) => {
                return Ok(text.to_owned());
            }
            (CurrentValue::Other(current), None) => {
                let key = edit::dotted(key);
                let reason = format!("`{key}` is {current}, and would become {value}");
                self.conflict(path, reason, Remedy::OnConflict);
            }
            (CurrentValue::Other(_) | CurrentValue::Absent, _) => {}
        }
        edit::set_value(text, key, value)
    }

    /// Records which of the keys on the way to `key` an edit has added.
    pub fn record_keys(
        &mut self,
        path: &RepoPath,
        before: &str,
        after: &str,
        key: edit::KeyPath,
    ) -> Result<(), EditError> {
        for depth in 1..=key.len() {
            let key = &key[..depth];
            if !edit::is_written(before, key)? && edit::is_written(after, key)? {
                let file = self.recorded(path);
                self.record.shared.keys.entry(file).or_default().insert(edit::dotted(key));
            }
        }
        Ok(())
    }

    /// Removes the tables and arrays that edits have added and that are empty by now.
    pub fn remove_bare_keys(
        &mut self,
        path: &RepoPath,
        mut text: String,
    ) -> Result<String, EditError> {
        let file = self.recorded(path);
        let Some(keys) = self.record.shared.keys.get_mut(&file) else {
            return Ok(text);
        };
        // A key sorts behind those that lead to it.
        for key in keys.clone().iter().rev() {
            let path = edit::key_path(key)?;
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            if edit::is_bare(&text, &path)? {
                text = edit::remove_key(&text, &path)?;
                keys.remove(key);
            }
        }
        if keys.is_empty() {
            self.record.shared.keys.remove(&file);
        }
        Ok(text)
    }

    /// Records what a file already said about a function: it stays when the function is removed.
    pub fn note_before(&mut self, function: &str, path: &RepoPath, before: Before) {
        let file = self.recorded(path);
        if let Some(function) = self.record.functions.get_mut(function) {
            function.before.insert(file, before);
        }
    }

    /// Records what a function takes the place of. A second switch does not change what was there
    /// before the first.
    pub fn note_replaced(&mut self, function: &str, replaced: Replaced) {
        if let Some(function) = self.record.functions.get_mut(function) {
            function.replaced.get_or_insert(replaced);
        }
    }
}
