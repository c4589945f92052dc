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
pub use binaries::CargoNames;
pub use globs::{expand as expand_member, is_glob, matched};
use manifest::{Manifest, inherited};
pub use members::{Members, seen_from};
pub use neighbours::Neighbours;
pub use packages::Package;
use packages::dependencies;

use super::Project;
use crate::edit::Inherited;
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// How Cargo sees the directory of a crate.
#[derive(Debug)]
pub struct CargoRoot {
    /// The directory whose `Cargo.toml` is, or has to become, the workspace; that of the crate itself if
    /// it stands alone.
    pub directory: RepoPath,
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
        /// Directories to list in `exclude`: a glob in `members` would take them for crates, and
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
    /// The workspace in this directory excludes it.
    Excluded(RepoPath),
    /// It is a workspace of its own already.
    Own,
    /// A new workspace would change what Cargo makes of others.
    Beside(Neighbours),
    /// The package in the directory of the project inherits from a workspace that is not there, so Cargo
    /// loads nothing with it.
    Orphaned,
}

impl CargoRoot {
    /// The manifest of the workspace, or of the crate that stands alone.
    pub fn manifest(&self) -> RepoPath {
        self.directory.child("Cargo.toml")
    }

    /// Whether the crate's manifest has a `[workspace]` of its own.
    pub fn is_own_workspace(&self) -> bool {
        matches!(
            self.membership,
            Membership::Alone(Alone::Own | Alone::Beside(_) | Alone::Orphaned)
        )
    }
}

impl Project {
    /// How Cargo sees the crate that is, or will be, in the directory `package`.
    pub fn cargo_root(&self, package: &RepoPath) -> Result<CargoRoot> {
        let mut root = find_root(self, package)?;
        root.inherited.toolchain = toolchain::pinned(self, package);
        Ok(root)
    }
}

/// Finds the workspace of the crate in `package`, from its directory upward to the root.
fn find_root(project: &Project, package: &RepoPath) -> Result<CargoRoot> {
    let mut excluded_at = None;
    for directory in std::iter::once(package.clone()).chain(package.parents()) {
        let Some(manifest) = Manifest::read(project, &directory)? else {
            continue;
        };
        let Some(table) = manifest.workspace() else {
            continue;
        };
        let absolute = directory.under(project.root());
        check_pointer(&manifest, &absolute)?;
        if directory == *package {
            return Ok(alone(package, Alone::Own));
        }
        let members = Members::new(table, &absolute);
        let path = package.below(&directory).unwrap_or_default();
        if !members.keeps_out(path) {
            return Ok(CargoRoot {
                membership: members.membership(path, &absolute),
                inherited: inherited(table),
                members,
                directory,
            });
        }
        excluded_at = Some(directory);
    }
    if let Some(directory) = excluded_at {
        return Ok(alone(package, Alone::Excluded(directory)));
    }
    let own = Manifest::read(project, project.directory())?;
    if own.as_ref().is_some_and(Manifest::inherits) {
        return Ok(alone(package, Alone::Orphaned));
    }
    let others = others(project, own.as_ref(), package)?;
    if !others.is_empty() {
        return Ok(alone(package, Alone::Beside(others)));
    }
    Ok(CargoRoot {
        directory: project.directory().clone(),
        membership: Membership::New,
        members: Members::default(),
        inherited: Inherited::default(),
    })
}

fn alone(package: &RepoPath, reason: Alone) -> CargoRoot {
    CargoRoot {
        directory: package.clone(),
        membership: Membership::Alone(reason),
        members: Members::default(),
        inherited: Inherited::default(),
    }
}

/// The crates that a workspace in the directory of the project would take in, but for the functions.
///
/// Among them are those that the package there depends on and that are not there, as in a submodule
/// that is not checked out: Cargo would not load the workspace.
fn others(project: &Project, own: Option<&Manifest>, package: &RepoPath) -> Result<Neighbours> {
    let mut others = project.neighbours(project.directory());
    if let Neighbours::These(directories) = &mut others {
        let used = own.into_iter().flat_map(|own| dependencies(own, project.directory(), None));
        directories.extend(used.filter(|directory| {
            let is_there = directory.under(project.root()).join("Cargo.toml").exists();
            !is_there && directory.below(project.directory()).is_some()
        }));
        let record = project.record()?;
        let functions =
            record.functions.iter().map(|(name, function)| function.directory(name, project));
        let functions = functions.collect::<Result<Vec<_>>>()?;
        directories.retain(|directory| directory != package && !functions.contains(directory));
    }
    Ok(others)
}

/// Cargo refuses a manifest that is a workspace and names another one.
fn check_pointer(manifest: &Manifest, directory: &Path) -> Result<()> {
    match manifest.pointer_line() {
        Some(line) => Err(Error::failed(format!(
            "`{}` has both `[workspace]` and, on line {line}, `package.workspace`",
            directory.join("Cargo.toml").display()
        ))
        .hint("remove one of them: Cargo allows only one")),
        None => Ok(()),
    }
}
