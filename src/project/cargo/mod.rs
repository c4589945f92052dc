//! Cargo's rules: which workspace a crate belongs to, whether it is a member already, and which other
//! crates a new workspace would change.
//!
//! The rules are those of the Cargo reference, "Workspaces", and of Cargo's own search: it goes
//! up from the crate to the nearest manifest with `[workspace]` that does not exclude it.

mod above;
mod binaries;
mod globs;
mod manifest;
mod members;
mod neighbours;
mod packages;
mod toolchain;

use std::path::Path;

pub use above::workspace_above;
pub use binaries::{CargoNames, builds_some_members, names};
use manifest::{Manifest, inherited};
pub use members::Members;
pub use neighbours::{Neighbours, neighbours};
pub use packages::Package;
use packages::dependencies;
pub use toolchain::rustfmt_config;

use super::{Project, Record};
use crate::edit::Inherited;
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// How Cargo sees the folder of a crate.
#[derive(Debug)]
pub struct CargoRoot {
    /// The folder whose `Cargo.toml` is, or has to become, the workspace; that of the crate itself if
    /// it stands alone.
    pub folder: RepoPath,
    /// What has to be done to make the crate part of it.
    pub membership: Membership,
    /// What it lists; nothing when there is no workspace.
    pub members: Members,
    /// What the crate can inherit.
    pub inherited: Inherited,
}

/// What makes a crate part of its workspace.
#[derive(Debug, PartialEq, Eq)]
pub enum Membership {
    /// There is no workspace: `Cargo.toml` is created, or gets a `[workspace]`.
    New,
    /// The crate has to be listed in `members`.
    Missing {
        /// Folders to list in `exclude`: a glob in `members` would take them for crates, and
        /// Cargo refuses a workspace with a member that has no manifest.
        exclude: Vec<RepoPath>,
    },
    /// The crate is listed, or a glob in `members` matches it.
    Member,
    /// The crate is part of no workspace.
    Alone(Alone),
}

/// Why a crate stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alone {
    /// The workspace in this folder excludes it.
    Excluded(RepoPath),
    /// It is a workspace of its own already.
    Own,
    /// A new workspace would change what Cargo makes of others.
    Beside(Neighbours),
}

impl CargoRoot {
    /// Whether the crate's manifest has a `[workspace]` of its own.
    #[must_use]
    pub fn is_own_workspace(&self) -> bool {
        matches!(self.membership, Membership::Alone(Alone::Own | Alone::Beside(_)))
    }
}

/// Finds out how Cargo sees the crate that is, or will be, in the folder `package`.
pub fn find(project: &Project, package: &RepoPath) -> Result<CargoRoot> {
    let mut root = find_root(project, package)?;
    root.inherited.toolchain = toolchain::pinned(project, package);
    Ok(root)
}

/// Finds the workspace of the crate in `package`, from its folder upward to the root.
fn find_root(project: &Project, package: &RepoPath) -> Result<CargoRoot> {
    let mut excluded_at = None;
    for folder in std::iter::once(package.clone()).chain(package.parents()) {
        let absolute = folder.under(project.root());
        let Some(manifest) = Manifest::load(&absolute, &project.files)? else {
            continue;
        };
        let Some(table) = manifest.workspace() else {
            continue;
        };
        check_pointer(&manifest, &absolute)?;
        if folder == *package {
            return Ok(alone(package, Alone::Own));
        }
        let members = Members::new(table);
        let path = package.below(&folder).unwrap_or_default();
        if !members.keeps_out(path) {
            return Ok(CargoRoot {
                membership: members.membership(path, &absolute),
                inherited: inherited(table),
                members,
                folder,
            });
        }
        excluded_at = Some(folder);
    }
    if let Some(folder) = excluded_at {
        return Ok(alone(package, Alone::Excluded(folder)));
    }
    let others = others(project, package)?;
    if !others.is_empty() {
        return Ok(alone(package, Alone::Beside(others)));
    }
    Ok(CargoRoot {
        folder: project.folder().clone(),
        membership: Membership::New,
        members: Members::default(),
        inherited: Inherited::default(),
    })
}

fn alone(package: &RepoPath, reason: Alone) -> CargoRoot {
    CargoRoot {
        folder: package.clone(),
        membership: Membership::Alone(reason),
        members: Members::default(),
        inherited: Inherited::default(),
    }
}

/// The crates that a workspace in the folder of the project would take in, but for the functions.
///
/// Among them are those that the package there depends on and that are not there, as in a submodule
/// that is not checked out: Cargo would not load the workspace.
fn others(project: &Project, package: &RepoPath) -> Result<Neighbours> {
    let mut others = project.neighbours(project.folder());
    if let Neighbours::These(folders) = &mut others {
        let own = Manifest::load(&project.folder().under(project.root()), &project.files)?;
        let used = own.iter().flat_map(|own| dependencies(own, project.folder(), None));
        folders.extend(used.filter(|folder| {
            let is_there = folder.under(project.root()).join("Cargo.toml").exists();
            !is_there && folder.below(project.folder()).is_some()
        }));
        let record = Record::load(project)?;
        let functions = record.functions.keys().map(|name| project.function(name));
        let functions = functions.collect::<Result<Vec<_>>>()?;
        folders.retain(|folder| folder != package && !functions.contains(folder));
    }
    Ok(others)
}

/// Cargo refuses a manifest that is a workspace and names another one.
fn check_pointer(manifest: &Manifest, folder: &Path) -> Result<()> {
    match manifest.pointer_line() {
        Some(line) => Err(Error::failed(format!(
            "`{}` has both `[workspace]` and, on line {line}, `package.workspace`",
            folder.join("Cargo.toml").display()
        ))
        .hint("remove one of them: Cargo takes only one")),
        None => Ok(()),
    }
}
