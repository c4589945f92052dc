//! Repairs of what a check has found, as a plan.

use super::Plan;
use super::draft::{Draft, OnConflict};
use super::membership::join_workspace;
use super::remove::leave_workspace;
use super::wiring;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::Project;

/// What mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The crate in this folder becomes a member of the workspace.
    AddMember(RepoPath),
    /// This folder is no longer a member of the workspace.
    RemoveMember(RepoPath),
    /// The user pool calls a function.
    Wire {
        /// The scaffold that says how.
        kind: String,
        /// The function.
        function: String,
    },
}

/// Plans some repairs.
///
/// # Errors
/// When a file to be edited is wrong.
pub fn build_repairs<'a>(
    repairs: impl IntoIterator<Item = &'a Repair>,
    catalog: &Catalog,
    project: &Project,
) -> Result<Plan> {
    let mut draft = Draft::new(project, &OnConflict::Abort)?;
    for repair in repairs {
        match repair {
            Repair::AddMember(package) => {
                let cargo = project.cargo_root(package)?;
                join_workspace(&mut draft, &cargo, package, "")?;
            }
            Repair::RemoveMember(package) => {
                let cargo = project.cargo_root(package)?;
                leave_workspace(&mut draft, &cargo, package, &[])?;
            }
            Repair::Wire { kind, function } => {
                let scaffold = catalog.scaffold(kind)?;
                wiring::rewire(&mut draft, catalog, &scaffold, function)?;
            }
        }
    }
    draft.finish()
}
