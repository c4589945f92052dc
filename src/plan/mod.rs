//! What is to be done to a repository, as a value.
//!
//! A [`Plan`] holds the whole story of each path. Status lines, diff, JSON and the write are
//! views of it, so that they cannot tell different stories.

mod build;
mod cargo_rules;
mod choices;
mod decision;
mod diff;
mod draft;
mod function;
mod hosting;
mod membership;
mod remove;
mod repair;
mod request;
mod reverse;
mod wiring;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::Conflict;
use crate::path::RepoPath;
use crate::project::Project;

pub use build::build;
pub use decision::{Decision, OnConflict};
pub use diff::{file_diff, has_markers, side_by_side, unified_diff};
pub use remove::{Removal, build_removal, function_of};
pub use repair::{Repair, build_repairs, is_as_made};
pub use request::{Hosting, Language, LoginWith, Request};
pub use wiring::{AUTH_RESOURCE, Wired, is_clear, unreadable, wired, wiring_file};

/// All changes to a repository, at most one for each path.
#[derive(Debug)]
pub struct Plan {
    /// The absolute path that all others are relative to.
    pub root: PathBuf,
    /// The changes, by path.
    pub changes: BTreeMap<RepoPath, Change>,
    /// Paths that keep the plan from being carried out.
    pub conflicts: Vec<Conflict>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// What the user can do next.
    pub next_steps: Vec<NextStep>,
}

impl Plan {
    /// A plan of these changes, which has a conflict for each file that cannot be replaced.
    #[must_use]
    pub fn new(
        project: &Project,
        changes: BTreeMap<RepoPath, Change>,
        mut conflicts: Vec<Conflict>,
    ) -> Self {
        for (path, change) in &changes {
            let is_told = conflicts.iter().any(|conflict| conflict.path == *path);
            if is_told || change.kind() != ChangeKind::Update {
                continue;
            }
            conflicts.extend(project.obstacle(path));
        }
        Self {
            root: project.root().to_path_buf(),
            changes,
            conflicts,
            notes: Vec::new(),
            next_steps: Vec::new(),
        }
    }
}

/// The text of one file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The text that the plan was made from; `None` when there was no file.
    pub before: Option<String>,
    /// The text that the file is to have; `None` when it is to go.
    pub after: Option<String>,
    /// Whether the scaffold has another text, and the user chose to keep theirs.
    pub kept: bool,
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Create,
    /// Its text changes.
    Update,
    /// It goes.
    Delete,
    /// It is as it should be.
    Unchanged,
    /// It is not what the scaffold has, and stays because the user said so.
    Keep,
}

/// Something to do after the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// A command to paste, or a file to open.
    pub what: String,
    /// What for.
    pub why: String,
}

impl Change {
    /// What happens to the file.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        match (&self.before, &self.after) {
            (Some(_), _) if self.kept => ChangeKind::Keep,
            (before, after) if before == after => ChangeKind::Unchanged,
            (None, _) => ChangeKind::Create,
            (Some(_), None) => ChangeKind::Delete,
            (Some(_), Some(_)) => ChangeKind::Update,
        }
    }

    /// Whether the file has to be written.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.kind(), ChangeKind::Unchanged | ChangeKind::Keep)
    }
}
