//! What all commands that write have in common: a turn, a plan, and all of it or nothing.

use std::io;

use crate::apply::{Call, Disk, Lock, Recovery, apply, interrupted, lock, recover};
use crate::error::{ErrorKind, Result};
use crate::plan::Plan;
use crate::process::{is_stopped, stop_on_interrupt};
use crate::project::{Location, Project};
use crate::ui::{Outcome, Ui};

/// Makes a plan when it is this run's turn, and shows it or carries it out.
pub fn carry_out(
    project: &Project,
    outcome: Outcome,
    ui: &Ui,
    plan: &dyn Fn() -> Result<Plan>,
) -> Result<()> {
    if outcome == Outcome::DryRun {
        return show(project, ui, plan);
    }
    let plan = write(project, ui, plan, &|_| Ok(()))?;
    ui.plan(&plan, outcome);
    Ok(())
}

/// Makes a plan when no run is at work, and shows it.
pub fn show(project: &Project, ui: &Ui, plan: &dyn Fn() -> Result<Plan>) -> Result<()> {
    // Where there is nothing, nobody else is at work.
    let _lock = match project.root().exists() {
        true => Some(wait(project, ui)?),
        false => None,
    };
    ui.plan(&without_conflicts(plan()?)?, Outcome::DryRun);
    Ok(())
}

/// Makes a plan when it is this run's turn, and carries it out if `verify` has nothing against it.
pub fn write(
    project: &Project,
    ui: &Ui,
    plan: &dyn Fn() -> Result<Plan>,
    verify: &dyn Fn(&Plan) -> Result<()>,
) -> Result<Plan> {
    let lock = take_turn(project, ui)?;
    let plan = without_conflicts(plan()?)?;
    // From here on Ctrl-C does not end the process.
    stop_on_interrupt()?;
    verify(&plan)?;
    let mut is_told = false;
    let mut hook = |_: Call| match is_stopped() && !is_told {
        true => {
            is_told = true;
            Err(io::ErrorKind::Interrupted.into())
        }
        false => Ok(()),
    };
    apply(&plan, project, &lock, &mut Disk::new(&mut hook))?;
    project.forget();
    Ok(plan)
}

/// Tells of a run that was interrupted, for commands that write nothing.
pub fn note_interrupted(location: &Location, ui: &Ui) {
    // If it cannot be opened, the command says so that needs it.
    let Ok(project) = Project::open(location) else {
        return;
    };
    match interrupted(&project) {
        Some(Ok(())) => ui.note(
            "an interrupted run left unfinished changes: run it again, or `cargo amplify check \
             --fix`, to complete them or roll them back",
        ),
        Some(Err(problem)) => ui.note(&format!("a journal is ignored: {problem}")),
        None => {}
    }
}

/// Waits for other runs, and cleans up after one that was killed.
fn take_turn(project: &Project, ui: &Ui) -> Result<Lock> {
    let lock = wait(project, ui)?;
    match recover(project, &lock, &mut Disk::new(&mut |_| Ok(())))? {
        Some(Recovery::Finished) => ui.note("an interrupted run had written everything: finished"),
        Some(Recovery::Undone(changed_since)) => {
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

fn without_conflicts(plan: Plan) -> Result<Plan> {
    match plan.conflicts.is_empty() {
        true => Ok(plan),
        false => Err(ErrorKind::Refused(plan.conflicts).into()),
    }
}
