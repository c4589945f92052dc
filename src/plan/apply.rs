//! The only writer: carries out a plan whole, or not at all.
//!
//! A journal with the old bytes goes first. Then all new texts are staged beside their files and
//! synced, then renamed into place, then their folders are synced, and the journal goes. Whatever
//! stops it, error or Ctrl-C, the journal says how to put everything back; whatever kills it, the
//! next run does.

use super::Plan;
use super::disk::{Disk, Existing};
use super::journal::{Entry, Journal};
use super::lock::Lock;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Carries out `plan`, made while the lock was held.
///
/// # Errors
/// When the plan has conflicts, a file is no longer what the plan was made from, or a file
/// operation fails. In each case everything is as it was before.
pub fn apply(plan: &Plan, workspace: &Workspace, _: &Lock, disk: &mut Disk) -> Result<()> {
    if !plan.conflicts.is_empty() {
        return Err(Error::refused(plan.conflicts.clone()));
    }
    let root = workspace.root();
    let journal = Journal::new(plan, workspace)?;
    if journal.entries.is_empty() {
        return Ok(());
    }
    let outcome = carry_out(&journal, workspace, disk);
    outcome.map_err(|error| match journal.undo(root, disk) {
        Ok(changed_since) => changed_since.iter().fold(error, |error, path| {
            error.hint(format!(
                "look at `{path}`: it was changed meanwhile, and stays so"
            ))
        }),
        Err(failure) => error.hint(format!(
            "not all could be put back ({failure}): mend that, and the next command of \
             cargo amplify does"
        )),
    })
}

fn carry_out(journal: &Journal, workspace: &Workspace, disk: &mut Disk) -> Result<()> {
    let root = workspace.root();
    journal.write(root, disk)?;
    for folder in &journal.folders {
        disk.create_folder(&folder.under(root))?;
    }
    for entry in &journal.entries {
        if let Some(after) = &entry.after {
            disk.write_new(&entry.staged.under(root), after, entry.mode)?;
        }
    }
    for entry in &journal.entries {
        commit(entry, workspace, disk)?;
    }
    journal.finish(root, disk)
}

/// Gives a file its new text, if it still has the old one.
fn commit(entry: &Entry, workspace: &Workspace, disk: &mut Disk) -> Result<()> {
    let path = entry.path.under(workspace.root());
    let staged = entry.staged.under(workspace.root());
    if entry.before.is_none() {
        return disk.rename(&staged, &path, Existing::Kept);
    }
    if !disk.read(&path)?.is(entry.before.as_deref()) {
        return Err(
            Error::failed(format!("`{}` has changed in the meantime", entry.path))
                .hint("run the command again"),
        );
    }
    match entry.after {
        Some(_) => disk.rename(&staged, &path, Existing::Replaced),
        None => disk.remove_file(&path),
    }
}
