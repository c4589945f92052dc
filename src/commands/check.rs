//! `check`

use super::transaction::{show, write};
use crate::catalog::Catalog;
use crate::check::{Finding, Level, examine};
use crate::cli::Check;
use crate::error::{ErrorKind, Result};
use crate::plan::{Plan, build_repairs};
use crate::project::{Location, Project};
use crate::ui::Ui;

/// Tells what does not fit together, and repairs what it can.
pub fn check(arguments: &Check, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = Catalog::embedded();
    let scaffolds = catalog.scaffolds()?;
    let project = Project::open(location)?;
    // After the recovery of a run that was interrupted, which may bring the project back.
    let examine = || project.must_exist().and_then(|()| examine(&project, &catalog, &scaffolds));
    let repairs = || -> Result<Plan> {
        let findings = examine()?;
        let repairs = findings.iter().filter_map(|finding| finding.repair.as_ref());
        build_repairs(repairs, &catalog, &project)
    };
    if arguments.dry_run {
        return show(&project, ui, &repairs);
    }
    let repaired = match arguments.fix {
        true => Some(write(&project, ui, &repairs, &|_| Ok(()))?),
        false => None,
    };
    let findings = examine()?;
    ui.check(&findings, repaired.as_ref());
    let is_problem = |finding: &Finding| finding.level == Level::Problem;
    match findings.iter().any(is_problem) {
        true => Err(ErrorKind::Found.into()),
        false => Ok(()),
    }
}
