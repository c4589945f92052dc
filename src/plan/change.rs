//! A plan: what happens to each file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::Conflict;
use crate::path::RepoPath;
use crate::project::Project;

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
    /// Whether it changes any file.
    pub fn writes(&self) -> bool {
        self.changes.values().any(Change::writes)
    }

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
    /// The command to run, or the file to open.
    pub what: String,
    pub why: String,
}

impl NextStep {
    /// Do `what`, for this reason.
    pub(crate) fn new(what: impl Into<String>, why: &str) -> Self {
        Self { what: what.into(), why: why.to_owned() }
    }
}

/// What happens to a file, with its text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file is new and has this text.
    Create(String),
    /// The file has the text `before`, from which the plan was made.
    Update { before: String, after: String },
    /// The file with this text is removed.
    Delete(String),
    /// It has the right text already.
    Unchanged(String),
    /// Its text is not the scaffold's, and stays because the user said so.
    Kept(String),
}

impl Change {
    /// What makes a file of `before`, if there is one, the file with the text `after`.
    pub fn to(after: String, before: Option<String>) -> Self {
        match before {
            None => Self::Create(after),
            Some(before) if before == after => Self::Unchanged(after),
            Some(before) => Self::Update { before, after },
        }
    }

    /// The text that the plan was made from; `None` when there is no file.
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Create(_) => None,
            Self::Update { before: text, .. }
            | Self::Delete(text)
            | Self::Unchanged(text)
            | Self::Kept(text) => Some(text),
        }
    }

    /// The text that the file is to have; `None` when it is removed.
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Delete(_) => None,
            Self::Create(text)
            | Self::Update { after: text, .. }
            | Self::Unchanged(text)
            | Self::Kept(text) => Some(text),
        }
    }

    /// Whether the file has to be written or removed.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Unchanged(_) | Self::Kept(_))
    }

    /// The status of the file, for people and programs.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update { .. } => "update",
            Self::Delete(_) => "delete",
            Self::Unchanged(_) => "unchanged",
            Self::Kept(_) => "keep",
        }
    }
}
