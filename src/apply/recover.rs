//! Recovery from a run that was interrupted.

use super::disk::Disk;
use super::journal::Journal;
use super::lock::{Lock, is_held};
use super::staged;
use super::store::{Store, Stored};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::Project;

/// What was done about an interrupted run.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It had written everything, and its journal was removed.
    Finished,
    /// It was rolled back, except for these files, which somebody has changed since.
    RolledBack(Vec<RepoPath>),
    /// The file in the journal's place was not written by this program, for this reason, and is
    /// ignored.
    Ignored(String),
}

/// What an interrupted run has left, for commands that do not write: `Ok` if the next run that
/// writes will recover, else the reason to ignore it; `None` if there is nothing or a run is at
/// work.
pub fn interrupted(project: &Project) -> Option<Result<(), String>> {
    let store = Store::find(project).ok()?;
    let read = || store.read(&mut Disk::new(&mut |_| Ok(())));
    if matches!(read(), Ok(Stored::Nothing)) || is_held(project.root()) {
        return None;
    }
    // Another run may have finished in the meantime.
    match read() {
        Ok(Stored::Nothing | Stored::Done(_)) | Err(_) => None,
        Ok(Stored::Begun(_)) => Some(Ok(())),
        Ok(Stored::Foreign(problem)) => Some(Err(problem)),
    }
}

/// Finishes or rolls back the run that was interrupted, if there was one. The lock shows that no
/// other run is at work.
///
/// # Errors
/// When the journal cannot be read, a path that it names leads through a link, or a file operation
/// fails. The journal stays for the next try.
pub fn recover(project: &Project, _: &Lock, disk: &mut Disk) -> Result<Option<Recovery>> {
    let root = project.root();
    let store = Store::open(project, disk)?;
    staged::remove_left(root, &store);
    let (text, is_done) = match store.read(disk)? {
        Stored::Nothing => return Ok(None),
        Stored::Foreign(problem) => return Ok(Some(Recovery::Ignored(problem))),
        Stored::Begun(text) => (text, false),
        Stored::Done(text) => (text, true),
    };
    let journal = Journal::parse(&text, &store, project)?;
    if !is_done && !journal.is_written(root, disk)? {
        return Ok(Some(Recovery::RolledBack(journal.roll_back(root, &store, disk)?)));
    }
    journal.remove_staged(root, disk)?;
    if !is_done {
        journal.commit(root, &store, disk)?;
    }
    journal.clean_up(root, &store, disk)?;
    Ok(Some(Recovery::Finished))
}
