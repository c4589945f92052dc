//! A plan under construction: its changes, its conflicts and its record.

use std::collections::BTreeMap;

use super::change::{Change, NextStep, Plan};
use super::decision::{Decision, Decisions};
use crate::edit::EditError;
use crate::error::{Conflict, Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::{FUNCTION_RECORD, FunctionRecord, RECORD, Record, recorded};
use crate::project::{Project, Target};

/// A plan under construction.
pub struct PlanBuilder<'a> {
    pub project: &'a Project,
    on_conflict: Decisions,
    pub record: Record,
    /// The record as it is on disk.
    record_before: Record,
    pub changes: BTreeMap<RepoPath, Change>,
    conflicts: Vec<Conflict>,
    pub notes: Vec<String>,
    pub next_steps: Vec<NextStep>,
    /// What files are called that are reached through links.
    names: BTreeMap<RepoPath, RepoPath>,
}

impl<'a> PlanBuilder<'a> {
    pub fn new(project: &'a Project, on_conflict: Decisions) -> Result<Self> {
        let record = Record::clone(&*project.record()?);
        Ok(Self {
            project,
            on_conflict,
            record_before: record.clone(),
            record,
            changes: BTreeMap::new(),
            conflicts: Vec::new(),
            notes: Vec::new(),
            next_steps: Vec::new(),
            names: BTreeMap::new(),
        })
    }

    /// The plan, with the changes of the record.
    pub fn finish(mut self) -> Result<Plan> {
        let before = std::mem::take(&mut self.record_before);
        let is_same =
            before.shared == self.record.shared && before.has_shared() == self.record.has_shared();
        if before.is_old || !is_same {
            let target = Target::shared(&self.project.path(RECORD)?, self.project)?;
            let text = self.record.shared_text()?;
            self.write_record(&target, text)?;
        }
        let after = self.record.functions.clone();
        let removed = before.functions.iter().filter(|(name, _)| !after.contains_key(*name));
        for (name, function) in after.iter().chain(removed) {
            if before.is_old || before.functions.get(name) != after.get(name) {
                let directory = function.directory(name, self.project)?;
                let target = Target::own(FUNCTION_RECORD, &directory, self.project)?;
                let text = after.get(name).map(FunctionRecord::text);
                self.write_record(&target, text.transpose()?)?;
            }
        }
        let (notes, next_steps) = (self.notes, self.next_steps);
        Ok(Plan { notes, next_steps, ..Plan::new(self.project, self.changes, self.conflicts) })
    }

    fn write_record(&mut self, target: &Target, text: Option<String>) -> Result<()> {
        match (self.current(target)?, text) {
            (Some((path, Some(before))), None) => self.change(path, Change::Delete(before)),
            (Some((path, before)), Some(text)) if before.as_ref() != Some(&text) => {
                self.change(path, Change::to(text, before));
            }
            _ => {}
        }
        Ok(())
    }

    /// The real path of a file that functions share, and its text; `None` when no file can be
    /// there, which is noted as a conflict.
    pub fn shared(&mut self, path: &RepoPath) -> Result<Option<(RepoPath, Option<String>)>> {
        let target = Target::shared(path, self.project)?;
        self.current(&target)
    }

    /// The real path of a file, and its text; `None` as for [`Self::shared`].
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

    /// A path as the record has it: what the project calls it, whatever its real path is.
    pub fn recorded(&self, path: &RepoPath) -> String {
        recorded(self.names.get(path).unwrap_or(path), self.project)
    }

    pub fn change(&mut self, path: RepoPath, change: Change) {
        self.changes.insert(path, change);
    }

    pub fn conflict(&mut self, path: &RepoPath, reason: impl Into<String>, remedy: Remedy) {
        self.conflicts.push(Conflict::new(path, reason, remedy));
    }

    pub fn has_conflict(&self, path: &RepoPath) -> bool {
        self.conflicts.iter().any(|conflict| conflict.path == *path)
    }

    /// Whether the plan removes a file.
    pub fn is_deleted(&self, path: &RepoPath) -> bool {
        // The files of a plan have their real paths.
        let change = self.project.resolve(path).ok().and_then(|real| self.changes.get(&real));
        matches!(change, Some(Change::Delete(_))) || self.is_record_to_go(path)
    }

    /// Whether it is a record of what is no more, which [`Self::finish`] removes.
    fn is_record_to_go(&self, path: &RepoPath) -> bool {
        let is_at = |at: &str| self.project.path(at).is_ok_and(|at| at == *path);
        let is_of = |(name, function): (&String, &FunctionRecord)| {
            let directory = function.directory(name, self.project);
            directory.is_ok_and(|directory| directory.child(FUNCTION_RECORD) == *path)
        };
        !self.record.has_shared() && is_at(RECORD) || self.removed().any(is_of)
    }

    /// The recorded functions that the plan removes.
    pub fn removed(&self) -> impl Iterator<Item = (&String, &FunctionRecord)> {
        let recorded = self.record_before.functions.iter();
        recorded.filter(|(name, _)| !self.record.functions.contains_key(*name))
    }

    /// What the user has decided for a file that is not as it should be.
    pub fn decision(&self, path: &RepoPath) -> Option<Decision> {
        match &self.on_conflict {
            Decisions::All(decision) => Some(decision.clone()),
            Decisions::Each(decisions) => decisions.get(path).cloned(),
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
