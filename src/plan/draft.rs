//! A plan in the making: files that are generated, files that are edited, files that go.

use std::collections::BTreeMap;

use super::decision::{Decision, Edited, OnConflict};
use super::{Change, NextStep, Plan};
use crate::edit::{self, EditError, Setting};
use crate::error::{Conflict, Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::{Before, FUNCTION_RECORD, Function, RECORD, Record, hash, recorded};
use crate::project::{Project, Target};

/// A plan in the making.
pub struct Draft<'a> {
    pub project: &'a Project,
    pub on_conflict: &'a OnConflict,
    pub record: Record,
    /// The record as it is on disk.
    before: Record,
    pub changes: BTreeMap<RepoPath, Change>,
    pub conflicts: Vec<Conflict>,
    pub notes: Vec<String>,
    pub next_steps: Vec<NextStep>,
    /// What files are called that are reached through links.
    names: BTreeMap<RepoPath, RepoPath>,
}

impl<'a> Draft<'a> {
    pub fn new(project: &'a Project, on_conflict: &'a OnConflict) -> Result<Self> {
        let before = Record::load(project)?;
        Ok(Self {
            project,
            on_conflict,
            record: before.clone(),
            before,
            changes: BTreeMap::new(),
            conflicts: Vec::new(),
            notes: Vec::new(),
            next_steps: Vec::new(),
            names: BTreeMap::new(),
        })
    }

    /// The plan, with the record of it.
    pub fn finish(mut self) -> Result<Plan> {
        let before = std::mem::take(&mut self.before);
        let is_same =
            before.shared == self.record.shared && before.has_shared() == self.record.has_shared();
        if before.is_old || !is_same {
            let target = Target::shared(&self.project.path(RECORD)?, self.project)?;
            let text = self.record.shared_text()?;
            self.write_record(&target, text)?;
        }
        let after = self.record.functions.clone();
        let gone = before.functions.keys().filter(|name| !after.contains_key(*name));
        for name in after.keys().chain(gone) {
            if before.is_old || before.functions.get(name) != after.get(name) {
                let target = Target::own(FUNCTION_RECORD, name, self.project)?;
                let text = after.get(name).map(Function::text);
                self.write_record(&target, text.transpose()?)?;
            }
        }
        let (notes, next_steps) = (self.notes, self.next_steps);
        Ok(Plan { notes, next_steps, ..Plan::new(self.project, self.changes, self.conflicts) })
    }

    fn write_record(&mut self, target: &Target, text: Option<String>) -> Result<()> {
        if let Some((path, before)) = self.current(target)?
            && before != text
        {
            self.change(path, before, text);
        }
        Ok(())
    }

    /// A file that is the scaffold's from the first to the last byte. Returns its hash, unless
    /// the user keeps another. A file that still is as it was generated, with the hash `recorded`,
    /// is replaced; `edited` says what another one means.
    pub fn generate(
        &mut self,
        target: &Target,
        text: String,
        recorded: Option<&String>,
        edited: &Edited,
    ) -> Result<Option<String>> {
        let Some((path, before)) = self.current(target)? else {
            return Ok(None);
        };
        let generated = hash(&text);
        let Some(mine) = before else {
            self.change(path, None, Some(text));
            return Ok(Some(generated));
        };
        // With other line breaks, as git may check it out, it is the same.
        if hash(&mine) == generated {
            self.change(path, Some(mine.clone()), Some(mine));
            return Ok(Some(generated));
        }
        if recorded.is_some_and(|recorded| *recorded == hash(&mine)) {
            self.change(path, Some(mine), Some(text));
            return Ok(Some(generated));
        }
        let (reason, remedy) = edited.told();
        let is_decidable = matches!(remedy, Remedy::OnConflict(_));
        let decision = self.decision(&path);
        match decision.filter(|decision| is_decidable || *decision == Decision::Overwrite) {
            Some(Decision::Keep) => {
                self.keep(path, mine);
                return Ok(None);
            }
            Some(Decision::Beside) => {
                self.write_beside(&path, text)?;
                self.keep(path, mine);
                return Ok(None);
            }
            Some(Decision::Write(merged)) => self.change(path, Some(mine), Some(merged)),
            Some(Decision::Overwrite) => self.change(path, Some(mine), Some(text)),
            None => {
                self.conflict(&path, reason, remedy);
                self.change(path, Some(mine), Some(text));
            }
        }
        Ok(Some(generated))
    }

    /// A file that was generated, with the hash that it had, goes. One that was edited since is
    /// the user's.
    pub fn delete(&mut self, target: &Target, generated: &str) -> Result<()> {
        let Some((path, Some(before))) = self.current(target)? else {
            return Ok(());
        };
        if hash(&before) == generated {
            self.change(path, Some(before), None);
            return Ok(());
        }
        match self.decision(&path) {
            Some(Decision::Overwrite) => self.change(path, Some(before), None),
            Some(Decision::Write(text)) => self.change(path, Some(before), Some(text)),
            Some(Decision::Keep | Decision::Beside) => self.keep(path, before),
            None => {
                self.conflict(&path, "was edited since it was generated", Remedy::OnConflict(None));
                self.change(path, Some(before), None);
            }
        }
        Ok(())
    }

    /// A file that is the user's and shared by functions gets something added, or begins as
    /// `fresh`. `edit` is not called on a file that cannot be written.
    pub fn edit(
        &mut self,
        path: &RepoPath,
        fresh: &str,
        edit: impl FnOnce(&mut Self, &RepoPath, &str) -> Result<String, EditError>,
    ) -> Result<()> {
        let Some((path, before)) = self.shared(path)? else {
            return Ok(());
        };
        // Another scaffold of this plan may have edited the file already.
        let planned = self.changes.get(&path).and_then(|change| change.after.clone());
        if before.is_none() && planned.is_none() {
            let recorded = self.recorded(&path);
            self.record.shared.created.insert(recorded, hash(fresh));
        }
        let text = planned.or_else(|| before.clone()).unwrap_or_else(|| fresh.to_owned());
        let after = edit(self, &path, &text).map_err(in_file(&path))?;
        match (self.decision(&path), &before) {
            (Some(Decision::Write(text)), _) => self.change(path, before, Some(text)),
            (Some(Decision::Beside), Some(kept)) if *kept != after => {
                self.write_beside(&path, after)?;
                self.keep(path, kept.clone());
            }
            _ => self.change(path, before, Some(after)),
        }
        Ok(())
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
            (Setting::Same, _) | (Setting::Other(_), Some(Decision::Keep)) => {
                return Ok(text.to_owned());
            }
            (Setting::Other(current), None) => {
                let reason = format!("`{}` is {current}, and would become {value}", key.join("."));
                self.conflict(path, reason, Remedy::OnConflict(None));
            }
            (Setting::Other(_) | Setting::Absent, _) => {}
        }
        edit::set_value(text, key, value)
    }

    /// Records which of the keys on the way to `key` have come with an edit.
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
                let keys = self.record.shared.keys.entry(file).or_default();
                keys.insert(key.join("."));
            }
        }
        Ok(())
    }

    /// Records what a file had of a function before: it stays when the function goes.
    pub fn note_before(&mut self, function: &str, path: &RepoPath, before: Before) {
        let file = self.recorded(path);
        if let Some(function) = self.record.functions.get_mut(function) {
            function.before.insert(file, before);
        }
    }

    /// Where a file that functions share really is, and its text; `None` when no file can be
    /// there, which is noted as a conflict.
    pub fn shared(&mut self, path: &RepoPath) -> Result<Option<(RepoPath, Option<String>)>> {
        let target = Target::shared(path, self.project)?;
        self.current(&target)
    }

    /// Where a file really is, and its text; `None` as for [`Self::shared`].
    pub fn current(&mut self, target: &Target) -> Result<Option<(RepoPath, Option<String>)>> {
        match target.resolve(self.project) {
            Ok(real) => {
                let text = self.project.read_text(&real)?;
                if real != *target.path() {
                    self.names.insert(real.clone(), target.path().clone());
                }
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

    /// A path as it stands in the record: what the project calls it, wherever it really is.
    pub fn recorded(&self, path: &RepoPath) -> String {
        recorded(self.names.get(path).unwrap_or(path), self.project)
    }

    pub fn change(&mut self, path: RepoPath, before: Option<String>, after: Option<String>) {
        let kept = false;
        let change = Change { before, after, kept };
        self.changes.insert(path, change);
    }

    pub fn conflict(&mut self, path: &RepoPath, reason: impl Into<String>, remedy: Remedy) {
        self.conflicts.push(Conflict::new(path, reason, remedy));
    }

    fn keep(&mut self, path: RepoPath, text: String) {
        let change = Change { before: Some(text.clone()), after: Some(text), kept: true };
        self.changes.insert(path, change);
    }

    fn write_beside(&mut self, path: &RepoPath, text: String) -> Result<()> {
        let Some(beside) = Target::beside(path) else {
            return Ok(());
        };
        match self.current(&beside)? {
            Some((beside, Some(other))) if other != text => {
                self.conflict(&beside, "exists and is different", Remedy::MakeRoom);
            }
            Some((beside, before)) => self.change(beside, before, Some(text)),
            None => {}
        }
        Ok(())
    }

    /// What the user has decided for a file that is not as it should be.
    pub fn decision(&self, path: &RepoPath) -> Option<Decision> {
        match self.on_conflict {
            OnConflict::Abort => None,
            OnConflict::Skip => Some(Decision::Keep),
            OnConflict::Overwrite => Some(Decision::Overwrite),
            OnConflict::Decided(decisions) => decisions.get(path).cloned(),
        }
    }
}

/// Names the file in an error of an edit.
pub fn in_file(path: &RepoPath) -> impl Fn(EditError) -> Error {
    let path = path.clone();
    move |error| match &error {
        EditError::ByHand(_) => Error::in_file(&path, error),
        _ => Error::in_file(&path, error).hint("fix the file and run the command again"),
    }
}
