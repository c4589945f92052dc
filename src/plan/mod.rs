//! The changes to a repository, as a value.
//!
//! A [`Plan`] has the text of each file before and after. Status lines, diff, JSON and the write
//! are all made from it, so that they cannot disagree.

mod build;
mod builder;
mod cargo_rules;
mod change;
mod choices;
mod decision;
mod diff;
mod edits;
mod function;
mod generated;
mod hosting;
mod membership;
mod remove;
mod repair;
mod request;
mod wiring;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::Conflict;
use crate::path::RepoPath;
use crate::project::Project;

pub use build::build;
pub use change::Change;
pub use decision::{Decision, OnConflict};
pub use diff::{file_diff, has_markers, side_by_side, unified_diff};
pub use remove::{Removal, build_removal, function_of};
pub use repair::{Repair, build_repairs, is_as_made};
pub use request::{Hosting, LoginWith, Request};

/// All changes to a repository, at most one for each path.
#[derive(Debug)]
pub struct Plan {
    /// The absolute path that all others are relative to.
    pub root: PathBuf,
    /// The changes, by path.
    pub changes: BTreeMap<RepoPath, Change>,
    /// Conflicts, with which the plan cannot be carried out.
    pub conflicts: Vec<Conflict>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// What the user can do next.
    pub next_steps: Vec<NextStep>,
}

impl Plan {
    /// A plan of these changes, which has a conflict for each file that cannot be replaced.
    pub fn new(
        project: &Project,
        changes: BTreeMap<RepoPath, Change>,
        mut conflicts: Vec<Conflict>,
    ) -> Self {
        for (path, change) in &changes {
            let is_told = conflicts.iter().any(|conflict| conflict.path == *path);
            if is_told || !matches!(change, Change::Update { .. }) {
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

/// Something to do after the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// A command to paste, or a file to open.
    pub what: String,
    /// Its purpose.
    pub why: String,
}

impl NextStep {
    /// Do `what`, for this reason.
    pub(crate) fn new(what: impl Into<String>, why: &str) -> Self {
        Self { what: what.into(), why: why.to_owned() }
    }
}
