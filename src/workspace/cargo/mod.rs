//! Cargo's rules: which workspace a crate belongs to, and whether it is a member already.
//!
//! The rules are those of the Cargo reference, "Workspaces", and of Cargo's own search: it goes
//! up from the crate to the nearest manifest with `[workspace]` that does not exclude it.

mod manifest;
mod members;

use std::path::{Path, PathBuf};

use manifest::{Manifest, inherited};
use members::Members;

pub use members::Glob;

use super::{RepoPath, Workspace};
use crate::edit::Inherited;
use crate::error::{Error, Result};

/// How Cargo sees the folder of a crate.
#[derive(Debug)]
pub struct CargoRoot {
    /// The folder whose `Cargo.toml` is, or has to become, the workspace.
    pub folder: RepoPath,
    /// What has to be done to make the crate part of it.
    pub membership: Membership,
    /// The globs in `members`.
    pub globs: Vec<Glob>,
    /// What the crate can inherit.
    pub inherited: Inherited,
    /// Folders of the members that are there, with their package names.
    pub packages: Vec<(RepoPath, String)>,
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
    /// The workspace excludes the crate's folder, so the crate stands alone.
    Excluded,
}

/// Finds the workspace of the crate in `package`, from its folder upward to the root.
pub fn find(workspace: &Workspace, package: &RepoPath) -> Result<CargoRoot> {
    let mut excluded_at = None;
    let mut folder = package.parent();
    while let Some(candidate) = folder {
        if let Some(manifest) = Manifest::load(&candidate.under(workspace.root()))?
            && let Some(table) = manifest.workspace()
        {
            let members = Members::new(table);
            let path = package.below(&candidate).unwrap_or_default();
            if !members.excludes(path) {
                return Ok(CargoRoot {
                    membership: members.membership(path, &candidate.under(workspace.root())),
                    packages: members.packages(&manifest, &candidate, workspace)?,
                    globs: members.globs(),
                    inherited: inherited(table),
                    folder: candidate,
                });
            }
            excluded_at = Some(candidate.clone());
        }
        folder = candidate.parent();
    }
    let project = workspace.project().clone();
    let membership = if excluded_at.as_ref() == Some(&project) {
        Membership::Excluded
    } else {
        Membership::New
    };
    let own_package = Manifest::load(&project.under(workspace.root()))?
        .and_then(|manifest| manifest.package_name())
        .map(|name| (project.clone(), name));
    Ok(CargoRoot {
        folder: project,
        membership,
        globs: Vec::new(),
        inherited: Inherited::default(),
        packages: own_package.into_iter().collect(),
    })
}

/// The workspace that a crate below `project` would belong to, if it is rooted above `project`.
pub fn workspace_root_above(project: &Path) -> Result<Option<PathBuf>> {
    if let Some(manifest) = Manifest::load(project)? {
        if manifest.workspace().is_some() {
            return Ok(None);
        }
        if let Some(root) = manifest.pointer(project) {
            return if project.starts_with(&root) {
                Ok(Some(root))
            } else {
                Err(Error::failed(format!(
                    "`{}` belongs to the workspace `{}`, which is not above it",
                    project.join("Cargo.toml").display(),
                    root.display()
                ))
                .hint(format!("use that workspace: `--path {}`", root.display())))
            };
        }
    }
    for folder in project.ancestors().skip(1) {
        let Some(manifest) = Manifest::load(folder)? else {
            continue;
        };
        if let Some(table) = manifest.workspace() {
            let path = project.strip_prefix(folder).ok().and_then(RepoPath::new);
            let path = path.unwrap_or_default();
            if !Members::new(table).excludes(path.as_str()) {
                return Ok(Some(folder.to_path_buf()));
            }
        }
    }
    Ok(None)
}

/// The nearest of `folders` with a `[workspace]`, else the nearest with a `Cargo.toml`.
pub fn nearest_root<'a>(folders: impl Iterator<Item = &'a Path>) -> Result<Option<PathBuf>> {
    let mut package = None;
    for folder in folders {
        if let Some(manifest) = Manifest::load(folder)? {
            if manifest.workspace().is_some() {
                return Ok(Some(folder.to_path_buf()));
            }
            package.get_or_insert_with(|| folder.to_path_buf());
        }
    }
    Ok(package)
}
