//! What all commands that write have in common: the lock, recovery, and a plan carried out whole.

use std::{io, mem};

use crate::apply::{Disk, FileCall, Lock, Recovery, apply, interrupted, lock, recover};
use crate::error::{ErrorKind, Result};
use crate::plan::Plan;
use crate::process::{is_stopped, stop_on_interrupt};
use crate::program::command;
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

/// Makes a plan when it is this run's turn, carries it out unless it is a dry run, and shows it.
pub fn carry_out(
    project: &Project,
    mode: Mode,
    ui: &Ui,
    plan: &dyn Fn() -> Result<Plan>,
) -> Result<()> {
    let plan = match mode {
        Mode::Write => write(project, ui, plan, &|_| Ok(()))?,
        Mode::DryRun => {
            // Where there is no directory, no other run is at work.
            let _lock = project.root().exists().then(|| wait(project, ui)).transpose()?;
            without_conflicts(plan()?)?
        }
    };
    ui.plan(&plan, mode);
    Ok(())
}

/// Makes a plan when it is this run's turn, and carries it out if `verify` succeeds.
pub fn write(
    project: &Project,
    ui: &Ui,
    plan: &dyn Fn() -> Result<Plan>,
    verify: &dyn Fn(&Plan) -> Result<()>,
) -> Result<Plan> {
    let lock = take_turn(project, ui)?;
    let plan = without_conflicts(plan()?)?;
    // From now on, Ctrl-C does not kill the process.
    stop_on_interrupt()?;
    verify(&plan)?;
    // Only one call fails, so that those of the rollback do not.
    let mut is_interrupted = false;
    let mut hook = |_: FileCall| {
        if is_stopped() && !mem::replace(&mut is_interrupted, true) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(())
    };
    apply(&plan, project, &lock, &mut Disk::new(&mut hook))?;
    project.forget();
    Ok(plan)
}

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
fn take_turn(project: &Project, ui: &Ui) -> Result<Lock> {
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

fn wait(project: &Project, ui: &Ui) -> Result<Lock> {
    let root = project.root();
    let lock = lock(root, &mut |holder| {
        let process = holder.map_or(String::new(), |id| format!(" (process {id})"));
        let root = root.display();
        ui.waiting(&format!("waiting for another cargo amplify{process} in {root} to finish"));
    })?;
    project.renew();
    Ok(lock)
}

pub fn without_conflicts(plan: Plan) -> Result<Plan> {
    if plan.conflicts.is_empty() {
        return Ok(plan);
    }
    Err(ErrorKind::Refused(plan.conflicts).into())
}
