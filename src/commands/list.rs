//! `list`

use serde::Serialize;

use crate::catalog::{Catalog, Scaffold};
use crate::cli::{FAMILY, List};
use crate::error::Result;
use crate::plan::wired;
use crate::project::{Location, Project};
use crate::ui::Ui;

/// A trigger, as the user sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// What the catalogue knows of it.
    #[serde(flatten)]
    pub scaffold: Scaffold,
    /// The function that the user pool calls, if the trigger is wired.
    pub wired: Option<String>,
}

/// Shows all triggers, or explains those that were named.
pub fn list(arguments: &List, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = Catalog::embedded();
    let scaffolds = match &arguments.kind {
        Some(kind) => catalog.find(FAMILY, kind)?,
        None => catalog.scaffolds(FAMILY)?,
    };
    let project = Project::open(location)?;
    let rows = scaffolds.into_iter().map(|scaffold| {
        let wired = wired(&project, &scaffold)?.map(|wired| wired.function);
        Ok(Row { scaffold, wired })
    });
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    match arguments.kind {
        Some(_) => ui.explain(&rows),
        None => ui.list(&rows),
    }
    Ok(())
}
