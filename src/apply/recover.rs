//! What becomes of a run that was interrupted.

use super::disk::Disk;
use super::journal::Journal;
use super::lock::{Lock, is_held};
use super::staged;
use super::store::{Kept, Store};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::Project;

/// What became of an interrupted run.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// All was written; only its journal was left.
    Finished,
    /// What was begun is rolled back, except for these files, which are neither as before nor as after,
    /// so somebody has changed them since.
    RolledBack(Vec<RepoPath>),
    /// There is a file in the place of a journal that this program cannot have written, for this
    /// reason. It is not looked at.
    Ignored(String),
}

/// What an interrupted run has left, for those who do not write: `Ok` where the next run that
/// writes recovers, else the reason to ignore it. `None` where there is nothing, or a run is at
/// work.
#[must_use]
pub fn interrupted(project: &Project) -> Option<Result<(), String>> {
    let store = Store::find(project).ok()?;
    let read = || store.read(&mut Disk::new(&mut |_| Ok(())));
    if matches!(read(), Ok(Kept::Nothing)) || is_held(project.root()) {
        return None;
    }
    // Another run may have come to its end just now.
    match read() {
        Ok(Kept::Nothing | Kept::Done(_)) | Err(_) => None,
        Ok(Kept::Begun(_)) => Some(Ok(())),
        Ok(Kept::Foreign(problem)) => Some(Err(problem)),
    }
}

/// Finishes or undoes the run that was interrupted, if there was one. Whoever holds the lock
/// knows that no other run is at work.
///
/// # Errors
/// When the journal cannot be read, a link has come up on the way to what it names, or a file
/// operation fails. The journal stays for the next try.
pub fn recover(project: &Project, _: &Lock, disk: &mut Disk) -> Result<Option<Recovery>> {
    let root = project.root();
    let store = Store::open(project, disk)?;
    staged::remove_left(root, &store);
    let (text, is_done) = match store.read(disk)? {
        Kept::Nothing => return Ok(None),
        Kept::Foreign(problem) => return Ok(Some(Recovery::Ignored(problem))),
        Kept::Begun(text) => (text, false),
        Kept::Done(text) => (text, true),
    };
    let journal = Journal::parse(&text, &store, project)?;
    if !is_done && !journal.is_written(root, disk)? {
        return Ok(Some(Recovery::RolledBack(journal.undo(root, &store, disk)?)));
    }
    journal.remove_staged(root, disk)?;
    if !is_done {
        journal.commit(root, &store, disk)?;
    }
    journal.clean_up(root, &store, disk)?;
    Ok(Some(Recovery::Finished))
}
