//! The only writer: carries out a plan whole, or not at all.
//!
//! A journal with the old bytes goes first. Then all new texts are staged beside their files and
//! synced, then renamed into place, then their folders are synced, and the journal is marked done.
//! Whatever stops it before, error or Ctrl-C, the journal says how to put everything back; whatever
//! kills it, the next run does.

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
use disk::{Found, IfTaken};
use journal::Entry;
use store::Store;

pub use disk::{Call, Disk, Hook, Operation};
pub use journal::Journal;
pub use lock::{Lock, lock};
pub use recover::{Recovery, interrupted, recover};
pub(crate) use staged::Staged;

/// How many files are open at once, to be synced together.
const TOGETHER: usize = 32;

/// Carries out `plan`, made while the lock was held.
///
/// # Errors
/// When the plan has conflicts, a file is no longer what the plan was made from, there is no place
/// for the journal, or a file operation fails. In each case everything is as it was before.
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
        // If it stays, it is that of a run that has changed nothing.
        let _ = store.remove(disk);
        return Err(error);
    }
    let outcome = write(&journal, project, &store, disk);
    outcome.map_err(|error| match journal.undo(root, &store, disk) {
        Ok(changed_since) => changed_since.iter().fold(error, |error, path| {
            error.hint(format!("look at `{path}`: it was changed meanwhile, and stays so"))
        }),
        Err(failure) => error.hint(format!(
            "rollback incomplete ({failure}): fix the cause and run the command again to finish it"
        )),
    })?;
    // Whoever may make a folder for the root need not be able to read there.
    let _ = disk.sync(&[], &lock.above_made());
    // All is written, so that whatever fails now is for the next run to tidy up; but Ctrl-C is
    // noticed once only.
    let mut clean_up = || journal.clean_up(root, &store, disk);
    let _ = clean_up().or_else(|_| clean_up());
    Ok(())
}

fn write(journal: &Journal, project: &Project, store: &Store, disk: &mut Disk) -> Result<()> {
    let root = project.root();
    for folder in &journal.folders {
        disk.create_folder(&folder.under(root))?;
    }
    for entries in journal.entries.chunks(TOGETHER) {
        let mut files = Vec::new();
        for entry in entries {
            if let Some(after) = &entry.after {
                let staged = journal.staged(entry).under(root);
                let file = disk.write_new(&staged, after, entry.mode())?;
                if entry.before.is_some() {
                    disk.liken(&file, &entry.path.under(root))?;
                }
                files.push((staged, file));
            }
        }
        disk.sync(&files, &[])?;
    }
    for entry in &journal.entries {
        give(entry, journal, project, disk)?;
    }
    journal.commit(root, store, disk)
}

/// Gives a file its new text, if it still has the old one.
fn give(entry: &Entry, journal: &Journal, project: &Project, disk: &mut Disk) -> Result<()> {
    let path = entry.path.under(project.root());
    let staged = journal.staged(entry).under(project.root());
    if entry.before.is_none() {
        return disk.rename(&staged, &path, IfTaken::Kept);
    }
    let changed = || {
        Error::failed(format!("`{}` has changed in the meantime", entry.path))
            .hint("run the command again")
    };
    if !disk.read(&path)?.is(entry.before.as_deref()) {
        return Err(changed());
    }
    match entry.after {
        Some(_) => disk.rename(&staged, &path, IfTaken::Exchanged)?,
        None => disk.rename(&path, &staged, IfTaken::Kept)?,
    }
    // What was saved after the comparison is put back with everything else.
    let replaced = disk.read(&staged)?;
    if replaced != Found::Nothing && !replaced.is(entry.before.as_deref()) {
        return Err(changed());
    }
    disk.remove_file(&staged)
}
