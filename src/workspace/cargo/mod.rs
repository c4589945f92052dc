//! Cargo's rules: which workspace a crate belongs to, and whether it is a member already.
//!
//! The rules are those of the Cargo reference, "Workspaces", and of Cargo's own search: it goes
//! up from the crate to the nearest manifest with `[workspace]` that does not exclude it.

mod manifest;
mod members;

use std::path::{Path, PathBuf};

pub use manifest::Package;
use manifest::{Manifest, inherited};
pub use members::Members;

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
    /// What it lists; nothing when there is no workspace.
    pub members: Members,
    /// What the crate can inherit.
    pub inherited: Inherited,
    /// The name of the root package, if there is one.
    root_package: Option<String>,
}

impl CargoRoot {
    /// The root package and the members that are there: reads them all.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn packages(&self, workspace: &Workspace) -> Result<Vec<Package>> {
        let root = self.root_package.iter().map(|name| Package {
            folder: self.folder.clone(),
            name: name.clone(),
            has_workspace: false,
        });
        let mut packages: Vec<_> = root.collect();
        packages.extend(self.members.packages(&self.folder, workspace)?);
        Ok(packages)
    }
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
            check_pointer(&manifest, &candidate.under(workspace.root()))?;
            let members = Members::new(table);
            let path = package.below(&candidate).unwrap_or_default();
            if !members.excludes(path) {
                return Ok(CargoRoot {
                    membership: members.membership(path, &candidate.under(workspace.root())),
                    inherited: inherited(table),
                    root_package: manifest.package_name(),
                    members,
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
    let own_manifest = Manifest::load(&project.under(workspace.root()))?;
    Ok(CargoRoot {
        folder: project,
        membership,
        members: Members::default(),
        inherited: Inherited::default(),
        root_package: own_manifest.and_then(|manifest| manifest.package_name()),
    })
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
                    "`{}` belongs to the workspace `{}` (line {}), which is not above it",
                    project.join("Cargo.toml").display(),
                    root.display(),
                    manifest.pointer_line().unwrap_or_default()
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
            // What is built there is no part of the workspace, so neither is what is put there.
            let is_built = path.parts().next() == Some("target");
            if !is_built && !Members::new(table).excludes(path.as_str()) {
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
