//! `check`

use super::transaction::{carry_out, write};
use crate::check::{Level, examine, problem};
use crate::cli::Check;
use crate::error::{ErrorKind, Result};
use crate::path::RepoPath;
use crate::plan::{Plan, build_repairs};
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

/// Reports what is not consistent, and fixes what has exactly one fix.
pub fn check(arguments: &Check, location: &Location, ui: &Ui) -> Result<()> {
    match check_readable(arguments, location, ui) {
        // A file that has to be read, and cannot be parsed.
        Err(error) if !error.diagnostics().is_empty() => {
            let findings: Vec<_> = error.diagnostics().iter().cloned().map(problem).collect();
            ui.check(&findings, None, &RepoPath::default());
            Err(ErrorKind::Found.into())
        }
        result => result,
    }
}

fn check_readable(arguments: &Check, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let scaffolds = catalog.scaffolds()?;
    let project = Project::open(location)?;
    // Recovery from an interrupted run may restore the project, so this comes after it.
    let examine = || project.must_exist().and_then(|()| examine(&project, &catalog, &scaffolds));
    let repairs = || -> Result<Plan> {
        let findings = examine()?;
        let repairs = findings.iter().filter_map(|finding| finding.repair.as_ref());
        build_repairs(repairs, &catalog, &project)
    };
    if arguments.dry_run {
        return carry_out(&project, Mode::DryRun, ui, &repairs);
    }
    let fix = || write(&project, ui, &repairs, &|_| Ok(()));
    let repaired = arguments.fix.then(fix).transpose()?;
    let findings = examine()?;
    ui.check(&findings, repaired.as_ref(), &project.below_git_top());
    if findings.iter().any(|finding| finding.level == Level::Problem) {
        return Err(ErrorKind::Found.into());
    }
    Ok(())
}
