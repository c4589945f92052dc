//! `check`

use super::transaction::{show, write};
use crate::catalog::Catalog;
use crate::check::{Finding, Level, examine};
use crate::cli::{Check, FAMILY};
use crate::error::{ErrorKind, Result};
use crate::plan::{Plan, build_repairs};
use crate::project::{Location, Project};
use crate::ui::Ui;

/// Tells what does not fit together, and repairs what it can.
pub fn check(arguments: &Check, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = Catalog::embedded();
    let scaffolds = catalog.scaffolds(FAMILY)?;
    let project = Project::open(location)?;
    let repairs = || -> Result<Plan> {
        let findings = examine(&project, &scaffolds)?;
        let repairs = findings.iter().filter_map(|finding| finding.repair.as_ref());
        build_repairs(repairs, &catalog, FAMILY, &project)
    };
    if arguments.dry_run {
        return show(&project, ui, &repairs);
    }
    let repaired = match arguments.fix {
        true => Some(write(&project, ui, &repairs, &|_| Ok(()))?),
        false => None,
    };
    let findings = examine(&project, &scaffolds)?;
    ui.check(&findings, repaired.as_ref());
    let is_problem = |finding: &Finding| finding.level == Level::Problem;
    match findings.iter().any(is_problem) {
        true => Err(ErrorKind::Found.into()),
        false => Ok(()),
    }
}
