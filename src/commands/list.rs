//! `list`

use crate::catalog::make_one;
use crate::cli::List;
use crate::error::Result;
use crate::project::{Location, Origin, Project, Wiring};
use crate::ui::{BundleRow, Row, Ui, WiredHere};

/// Shows all triggers, or explains those that were named.
pub fn list(arguments: &List, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let scaffolds = match &arguments.kind {
        Some(kind) => catalog.find(kind)?,
        None => catalog.scaffolds()?,
    };
    let project = Project::open(location)?;
    if location.origin == Origin::Given {
        project.must_exist()?;
    }
    let rows = scaffolds.into_iter().map(|scaffold| {
        let wired = match project.exists().then(|| project.wiring(&scaffold)).transpose()? {
            None => WiredHere::NoProject,
            Some(Wiring::Wired(to)) => WiredHere::To(to.callee.to_string()),
            Some(Wiring::Unwired | Wiring::Unclear(..) | Wiring::Mistaken(..)) => WiredHere::No,
        };
        let provenance = catalog.provenance(&scaffold);
        Ok(Row { scaffold, wired, provenance })
    });
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    if arguments.kind.is_some() {
        ui.explain(&rows);
        return Ok(());
    }
    let bundle =
        |name: &str| Ok(BundleRow { name: name.to_owned(), bundle: catalog.bundle(name)? });
    let bundles: Vec<_> = catalog.bundles().into_iter().map(bundle).collect::<Result<_>>()?;
    ui.list(&catalog.offers()?, &rows, &bundles);
    if !project.exists() {
        ui.note(&format!("there is no project here: {}", make_one()));
    }
    Ok(())
}
