//! What a run is about to do, on disk before it does it.
//!
//! `.amplify/journal.json` is written before the first change and removed after the last. Where a
//! run was killed in between, it is still there, and with the old bytes in it the next run of any
//! command undoes what was begun, or finds all of it done. A clean run leaves no trace.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Existing, Found, mode};
use super::lock::Lock;
use super::{Change, Plan};
use crate::error::{Conflict, Error, Result};
use crate::workspace::{RepoPath, Workspace};

/// The folder for what a run leaves behind if it is killed. Amplify's own projects ignore it.
pub(super) const FOLDER: &str = ".amplify";
/// The folder in it where Cargo tries a plan.
pub(super) const STAGED: &str = "staged";
const JOURNAL: &str = "journal.json";
/// The journal before it is whole.
const UNFINISHED: &str = "journal.json.new";
const VERSION: u32 = 1;

/// All that a run changes in a repository.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: u32,
    /// Folders to create, outermost first.
    pub(super) folders: Vec<RepoPath>,
    /// Files to write or remove.
    pub(super) entries: Vec<Entry>,
}

/// A file, before and after.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file itself, at the end of all links.
    pub path: RepoPath,
    /// Where a new text waits for its turn.
    pub staged: RepoPath,
    /// Its text before; `None` when there was no file.
    pub before: Option<String>,
    /// Its text after; `None` when it goes.
    pub after: Option<String>,
    /// Its mode on Unix; `None` for a new file.
    pub mode: Option<u32>,
}

/// What became of an interrupted run.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// All was written; only its journal was left.
    Finished,
    /// What was begun is undone, but for these files: they are neither as before nor as after,
    /// so somebody has changed them since.
    Undone(Vec<RepoPath>),
}

impl Journal {
    /// What it takes to carry out `plan`.
    ///
    /// # Errors
    /// Refuses when a file is no longer what the plan was made from.
    pub(super) fn new(plan: &Plan, workspace: &Workspace) -> Result<Self> {
        let mut entries = Vec::new();
        let mut conflicts = Vec::new();
        for (path, change) in plan.changes.iter().filter(|(_, change)| change.writes()) {
            match entry(path, change, workspace) {
                Ok(entry) => entries.push(entry),
                Err(conflict) => conflicts.push(conflict),
            }
        }
        if !conflicts.is_empty() {
            return Err(Error::refused(conflicts));
        }
        let mut folders: Vec<_> = entries
            .iter()
            .filter(|entry| entry.after.is_some())
            .flat_map(|entry| missing_folders(&entry.path, workspace.root()))
            .collect();
        folders.sort();
        folders.dedup();
        Ok(Self {
            version: VERSION,
            folders,
            entries,
        })
    }

    /// Puts the journal on disk, whole or not at all.
    pub(super) fn write(&self, root: &Path, disk: &mut Disk) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::failed("cannot write the journal").with_source(error))?;
        let folder = root.join(FOLDER);
        if !folder.exists() {
            disk.create_folder(&folder)?;
            disk.sync_folder(root)?;
        }
        // It holds what the user's files hold, so nobody else may read it.
        disk.write_new(&folder.join(UNFINISHED), &text, Some(0o600))?;
        disk.rename(
            &folder.join(UNFINISHED),
            &folder.join(JOURNAL),
            Existing::Kept,
        )?;
        disk.sync_folder(&folder)
    }

    /// Ends the run: from here on it is done.
    pub(super) fn remove(root: &Path, disk: &mut Disk) -> Result<()> {
        let folder = root.join(FOLDER);
        disk.remove_file(&folder.join(UNFINISHED))?;
        disk.remove_file(&folder.join(JOURNAL))?;
        // The folder may hold what others put there, and an empty one does no harm.
        let _ = disk.remove_empty_folder(&folder);
        Ok(())
    }

    /// Puts every file back that is as the run has left it, and removes the journal.
    pub(super) fn undo(&self, root: &Path, disk: &mut Disk) -> Result<Vec<RepoPath>> {
        let mut changed_since = Vec::new();
        for entry in self.entries.iter().rev() {
            let path = entry.path.under(root);
            let staged = entry.staged.under(root);
            disk.remove_file(&staged)?;
            let found = disk.read(&path)?;
            if found.is(entry.before.as_deref()) {
                continue;
            }
            if !found.is(entry.after.as_deref()) {
                changed_since.push(entry.path.clone());
                continue;
            }
            match &entry.before {
                None => disk.remove_file(&path)?,
                Some(before) => {
                    for folder in missing_folders(&entry.path, root) {
                        disk.create_folder(&folder.under(root))?;
                    }
                    disk.write_new(&staged, before, entry.mode)?;
                    disk.rename(&staged, &path, Existing::Replaced)?;
                }
            }
        }
        for folder in self.folders.iter().rev() {
            disk.remove_empty_folder(&folder.under(root))?;
        }
        self.sync_folders(root, disk)?;
        Self::remove(root, disk)?;
        Ok(changed_since)
    }

    /// Removes the folders that the run has emptied, makes all names last, and removes the
    /// journal.
    pub(super) fn finish(&self, root: &Path, disk: &mut Disk) -> Result<()> {
        for entry in self.entries.iter().filter(|entry| entry.after.is_none()) {
            let mut folder = entry.path.parent();
            while let Some(emptied) = folder.filter(|folder| !folder.as_str().is_empty()) {
                if !is_empty(&emptied.under(root)) {
                    break;
                }
                disk.remove_empty_folder(&emptied.under(root))?;
                folder = emptied.parent();
            }
        }
        self.sync_folders(root, disk)?;
        Self::remove(root, disk)
    }

    fn sync_folders(&self, root: &Path, disk: &mut Disk) -> Result<()> {
        let parents = self.entries.iter().filter_map(|entry| entry.path.parent());
        let mut folders: Vec<PathBuf> = parents.map(|folder| folder.under(root)).collect();
        folders.sort();
        folders.dedup();
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            disk.sync_folder(folder)?;
        }
        Ok(())
    }

    fn is_done(&self, root: &Path, disk: &mut Disk) -> Result<bool> {
        for entry in &self.entries {
            if !disk
                .read(&entry.path.under(root))?
                .is(entry.after.as_deref())
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a run in the repository at `root` has left a journal or the empty folder for it, or is
/// at work.
#[must_use]
pub fn is_interrupted(root: &Path) -> bool {
    let folder = root.join(FOLDER);
    let left = [JOURNAL, UNFINISHED, STAGED];
    let is_left = left.iter().any(|name| folder.join(name).exists());
    is_own_folder(&folder) && (is_left || is_empty(&folder))
}

/// Finishes or undoes the run that was interrupted, if there was one. Whoever holds the lock
/// knows that no other run is at work.
///
/// # Errors
/// When the journal cannot be read, its folder is a link, or a file operation fails. The journal
/// stays for the next try.
pub fn recover(workspace: &Workspace, _: &Lock, disk: &mut Disk) -> Result<Option<Recovery>> {
    let root = workspace.root();
    let folder = root.join(FOLDER);
    if fs::symlink_metadata(&folder).is_ok() && !is_own_folder(&folder) {
        let path = RepoPath::new(FOLDER).unwrap_or_default();
        return Err(Error::refused(vec![conflict(
            &path,
            "is no folder, and the journal goes there",
        )]));
    }
    let _ = fs::remove_dir_all(folder.join(STAGED));
    let file = folder.join(JOURNAL);
    let Found::File(bytes) = disk.read(&file)? else {
        // Nothing had been changed yet.
        if is_interrupted(root) {
            Journal::remove(root, disk)?;
        }
        return Ok(None);
    };
    let journal = parse(&bytes, &file)?;
    check_places(&journal, workspace)?;
    if journal.is_done(root, disk)? {
        journal.finish(root, disk)?;
        return Ok(Some(Recovery::Finished));
    }
    Ok(Some(Recovery::Undone(journal.undo(root, disk)?)))
}

fn parse(bytes: &[u8], file: &Path) -> Result<Journal> {
    let journal: Result<Journal, _> = serde_json::from_slice(bytes);
    let problem = match journal {
        Ok(journal) if journal.version == VERSION => return Ok(journal),
        Ok(journal) => format!("has the form {} of another version", journal.version),
        Err(error) => format!("cannot be read: {error}"),
    };
    Err(
        Error::failed(format!("`{}` {problem}", file.display())).hint(
            "an interrupted run left it there, with the old text of each file: put back what you \
             need, and remove it",
        ),
    )
}

/// A link that has come up since could lead out of the repository.
fn check_places(journal: &Journal, workspace: &Workspace) -> Result<()> {
    for entry in &journal.entries {
        for path in [&entry.path, &entry.staged] {
            match workspace.resolve(path) {
                Err(conflict) => return Err(Error::refused(vec![conflict])),
                Ok(real) if real != *path => {
                    let reason = format!("leads to `{real}` now");
                    return Err(Error::refused(vec![conflict(path, reason)]));
                }
                Ok(_) => {}
            }
        }
    }
    Ok(())
}

fn entry(path: &RepoPath, change: &Change, workspace: &Workspace) -> Result<Entry, Conflict> {
    // A link since the plan was made would lead elsewhere.
    let same_place = workspace.resolve(path)? == *path;
    let now = workspace.read_text(path).ok().flatten();
    if !same_place || now != change.before {
        return Err(conflict(path, "has changed in the meantime"));
    }
    Ok(Entry {
        path: path.clone(),
        staged: free_name(path, workspace.root())
            .ok_or_else(|| conflict(path, "has no free name beside it"))?,
        before: change.before.clone(),
        after: change.after.clone(),
        mode: mode(&path.under(workspace.root())),
    })
}

fn conflict(path: &RepoPath, reason: impl Into<String>) -> Conflict {
    Conflict {
        path: path.clone(),
        reason: reason.into(),
        decidable: false,
    }
}

/// A name beside `path` that nothing has.
fn free_name(path: &RepoPath, root: &Path) -> Option<RepoPath> {
    let name = path.parts().last()?;
    let names = (0..100).map(|number| format!(".{name}.amplify-new{number}"));
    let mut places = names.filter_map(|name| path.parent()?.join(&name));
    places.find(|place| fs::symlink_metadata(place.under(root)).is_err())
}

/// The folders above `path` that are not there, outermost first.
fn missing_folders(path: &RepoPath, root: &Path) -> Vec<RepoPath> {
    let mut folders = Vec::new();
    let mut folder = path.parent();
    while let Some(missing) = folder.filter(|folder| !folder.under(root).exists()) {
        folder = missing.parent();
        folders.push(missing);
    }
    folders.reverse();
    folders
}

/// Whether there is a folder, and no link that could lead out of the repository.
fn is_own_folder(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir())
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}
