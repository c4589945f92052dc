//! `remove`

use super::conflicts::decide;
use super::transaction::carry_out;
use crate::cli::Remove;
use crate::error::Result;
use crate::plan::{Removal, build_removal, function_of};
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

/// Removes a function.
pub fn remove(arguments: &Remove, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let project = Project::open(location)?;
    let plan = |on_conflict| {
        project.must_exist()?;
        let mut functions = Vec::new();
        for scaffold in catalog.find_in(&arguments.family, &arguments.kind, "remove")? {
            let name = function_of(&project, &scaffold, arguments.name.as_deref())?;
            functions.push((scaffold, name));
        }
        let removal = Removal { catalog: &catalog, functions: &functions, on_conflict };
        build_removal(&removal, &project)
    };
    let mode = Mode::new(arguments.dry_run);
    carry_out(&project, mode, ui, &|| decide(arguments.on_conflict, ui, &plan))
}
