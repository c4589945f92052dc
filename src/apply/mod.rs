//! The only writer: carries out a plan whole, or not at all.
//!
//! First it writes a journal with the old bytes. Then it stages all new texts beside their files
//! and syncs them, renames them into place, syncs their directories and marks the journal as done.
//! After an error or Ctrl-C the journal tells how to roll back; after a kill, the next run does so.

mod disk;
mod journal;
mod lock;
mod recover;
mod staged;
mod store;
mod system;

use crate::error::{Error, ErrorKind, Result};
use crate::plan::Plan;
use crate::project::Project;
use disk::{Found, IfExists, ORDINARY};
use journal::Entry;
use store::Store;

pub use disk::{Disk, FileCall, Hook, Operation};
pub use journal::Journal;
pub use lock::{Lock, lock};
pub use recover::{Recovery, interrupted, recover};
pub(crate) use staged::Staged;

/// How many files are open at once, to be synced together.
const TOGETHER: usize = 32;

/// Carries out `plan`, made while the lock was held.
///
/// # Errors
/// When the plan has conflicts, a file has changed since the plan was made, the journal cannot be
/// written, or a file operation fails. In each case everything is as it was before.
pub fn apply(plan: &Plan, project: &Project, lock: &Lock, disk: &mut Disk) -> Result<()> {
    if !plan.conflicts.is_empty() {
        return Err(ErrorKind::Refused(plan.conflicts.clone()).into());
    }
    let root = project.root();
    project.forget();
    let journal = Journal::new(plan, project)?;
    if journal.entries.is_empty() {
        return Ok(());
    }
    let store = Store::open(project, disk)?;
    if let Err(error) = journal.write(&store, disk) {
        // If this fails, the journal is of a run that has changed nothing.
        let _ = store.remove(disk);
        return Err(error);
    }
    let outcome = write(&journal, project, &store, disk);
    outcome.map_err(|error| match journal.roll_back(root, &store, disk) {
        Ok(changed_since) => changed_since.iter().fold(error, |error, path| {
            error.hint(format!(
                "check `{path}`: it was changed in the meantime, and was left as it is"
            ))
        }),
        Err(failure) => error.hint(format!(
            "rollback incomplete ({failure}): fix the cause and run the command again to finish it"
        )),
    })?;
    // A user who may create a directory for the root need not be allowed to read there.
    let _ = disk.sync(&[], &lock.above_made());
    // Everything is written, so the next run cleans up what fails now. The second try is for
    // Ctrl-C, which makes only one call fail.
    let mut clean_up = || journal.clean_up(root, &store, disk);
    let _ = clean_up().or_else(|_| clean_up());
    Ok(())
}

fn write(journal: &Journal, project: &Project, store: &Store, disk: &mut Disk) -> Result<()> {
    let root = project.root();
    for directory in &journal.directories {
        disk.create_directory(&directory.under(root), ORDINARY)?;
    }
    for entries in journal.entries.chunks(TOGETHER) {
        let mut files = Vec::new();
        for entry in entries {
            if let Some(after) = &entry.after {
                let staged = journal.staged(entry).under(root);
                let file = disk.write_new(&staged, after, entry.mode())?;
                if entry.before.is_some() {
                    disk.copy_attributes(&file, &entry.path.under(root))?;
                }
                files.push((staged, file));
            }
        }
        disk.sync(&files, &[])?;
    }
    for entry in &journal.entries {
        move_into_place(entry, journal, project, disk)?;
    }
    journal.commit(root, store, disk)
}

/// Moves a file's new text into place, if the file still has the old one.
fn move_into_place(
    entry: &Entry,
    journal: &Journal,
    project: &Project,
    disk: &mut Disk,
) -> Result<()> {
    let path = entry.path.under(project.root());
    let staged = journal.staged(entry).under(project.root());
    if entry.before.is_none() {
        return disk.rename(&staged, &path, IfExists::Kept);
    }
    let changed = || {
        Error::failed(format!("`{}` has changed in the meantime", entry.path))
            .hint("run the command again")
    };
    if !disk.read(&path)?.is(entry.before.as_deref()) {
        return Err(changed());
    }
    match entry.after {
        Some(_) => disk.rename(&staged, &path, IfExists::Exchanged)?,
        None => disk.rename(&path, &staged, IfExists::Kept)?,
    }
    // What was saved after the comparison is restored with everything else.
    let replaced = disk.read(&staged)?;
    if replaced != Found::Nothing && !replaced.is(entry.before.as_deref()) {
        return Err(changed());
    }
    disk.remove_file(&staged)
}
