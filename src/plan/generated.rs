//! Files that are generated as a whole.

use super::builder::PlanBuilder;
use super::change::Change;
use super::decision::{Decision, Edited};
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::{Target, hash};

impl PlanBuilder<'_> {
    /// Generates a file. Returns its hash, unless the user keeps another text. A file that is still
    /// as it was generated, with the hash `recorded`, is replaced; `edited` says what another text
    /// means.
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
        let Some(before) = before else {
            self.change(path, Change::Create(text));
            return Ok(Some(generated));
        };
        let found = hash(&before);
        // Other line breaks, as git may check it out with, are no difference.
        if found == generated {
            self.change(path, Change::Unchanged(before));
            return Ok(Some(generated));
        }
        let (reason, remedy) = edited.conflict();
        let is_resolvable = remedy == Remedy::OnConflict;
        let decided = self.decision(&path);
        let decided = decided.filter(|it| is_resolvable || *it == Decision::Overwrite);
        let is_unedited = recorded == Some(&found);
        let decision = if is_unedited { Some(Decision::Overwrite) } else { decided };
        match decision {
            Some(Decision::Beside) => self.write_beside(&path, text.clone())?,
            None => self.conflict(&path, reason, remedy),
            Some(_) => {}
        }
        let (change, hash) = match decision {
            Some(Decision::Keep | Decision::Beside) => (Change::Kept(before), None),
            Some(Decision::Write(merged)) => (Change::to(merged, Some(before)), Some(generated)),
            Some(Decision::Overwrite) | None => {
                (Change::Update { before, after: text }, Some(generated))
            }
        };
        self.change(path, change);
        Ok(hash)
    }

    /// Removes a file that was generated with this hash, unless it was edited since.
    pub fn delete(&mut self, target: &Target, generated: &str) -> Result<()> {
        let Some((path, Some(before))) = self.current(target)? else {
            return Ok(());
        };
        let is_edited = hash(&before) != generated;
        let decision = if is_edited { self.decision(&path) } else { Some(Decision::Overwrite) };
        if decision.is_none() {
            self.conflict(&path, "was edited since it was generated", Remedy::OnConflict);
        }
        let change = match decision {
            Some(Decision::Write(text)) => Change::to(text, Some(before)),
            Some(Decision::Keep | Decision::Beside) => Change::Kept(before),
            Some(Decision::Overwrite) | None => Change::Delete(before),
        };
        self.change(path, change);
        Ok(())
    }

    /// Writes a text beside a file that is kept.
    pub fn write_beside(&mut self, path: &RepoPath, text: String) -> Result<()> {
        let Some(beside) = Target::beside(path) else {
            return Ok(());
        };
        match self.current(&beside)? {
            Some((beside, Some(other))) if other != text => {
                self.conflict(&beside, "exists and is different", Remedy::MakeRoom);
            }
            Some((beside, before)) => self.change(beside, Change::to(text, before)),
            None => {}
        }
        Ok(())
    }
}
