//! What all commands that write have in common: the lock, recovery, and a plan carried out whole.

use std::{io, mem};

use super::turn::{take_turn, wait};
use crate::apply::{Disk, FileCall, apply};
use crate::error::{ErrorKind, Result};
use crate::plan::Plan;
use crate::process::{is_stopped, stop_on_interrupt};
use crate::project::Project;
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

pub fn without_conflicts(plan: Plan) -> Result<Plan> {
    if plan.conflicts.is_empty() {
        return Ok(plan);
    }
    Err(ErrorKind::Refused(plan.conflicts).into())
}
