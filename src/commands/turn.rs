//! The turn of a run that writes, and what runs before it have left.

use crate::apply::{Disk, Lock, Recovery, interrupted, lock, recover};
use crate::error::Result;
use crate::program::command;
use crate::project::{Location, Project};
use crate::ui::Ui;

/// Says that a run was interrupted, for commands that write nothing.
pub fn note_interrupted(location: &Location, ui: &Ui) {
    // A command that needs the project reports why it cannot be opened.
    let Ok(project) = Project::open(location) else {
        return;
    };
    match interrupted(&project) {
        Some(Ok(())) => ui.note(&format!(
            "an interrupted run left unfinished changes: run it again, or `{}`, to complete them or \
             roll them back",
            command("check --fix")
        )),
        Some(Err(problem)) => ui.note(&format!("a journal is ignored: {problem}")),
        None => {}
    }
}

/// Waits for other runs, and recovers from one that was killed.
pub fn take_turn(project: &Project, ui: &Ui) -> Result<Lock> {
    let lock = wait(project, ui)?;
    match recover(project, &lock, &mut Disk::new(&mut |_| Ok(())))? {
        Some(Recovery::Finished) => ui.note("an interrupted run had written everything: finished"),
        Some(Recovery::RolledBack(changed_since)) => {
            ui.note("an interrupted run had written only part of its files: rolled back");
            for path in changed_since {
                ui.note(&format!("{path} was changed since then, and stays so"));
            }
        }
        Some(Recovery::Ignored(problem)) => ui.note(&format!("a journal is ignored: {problem}")),
        None => {}
    }
    project.renew();
    Ok(lock)
}

/// Waits for other runs.
pub fn wait(project: &Project, ui: &Ui) -> Result<Lock> {
    let root = project.root();
    let lock = lock(root, &mut |holder| {
        let process = holder.map_or(String::new(), |id| format!(" (process {id})"));
        let root = root.display();
        ui.waiting(&format!("waiting for another cargo amplify{process} in {root} to finish"));
    })?;
    project.renew();
    Ok(lock)
}
