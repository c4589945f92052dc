//! Cargo's rules: which workspace a crate belongs to, and whether it is a member already.
//!
//! The rules are those of the Cargo reference, "Workspaces", and of Cargo's own search: it goes
//! up from the crate to the nearest manifest with `[workspace]` that does not exclude it.

mod globs;
mod manifest;
mod members;

use std::fs;
use std::path::{Path, PathBuf};

pub use manifest::Package;
use manifest::{Manifest, inherited};
pub use members::Members;

use super::Project;
use super::files::Files;
use super::owner::{git_top, is_trusted};
use crate::edit::Inherited;
use crate::error::{Error, Result};
use crate::path::RepoPath;

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
    pub fn packages(&self, project: &Project) -> Result<Vec<Package>> {
        let root = self.root_package.iter().map(|name| Package {
            folder: self.folder.clone(),
            name: name.clone(),
            has_workspace: false,
        });
        let mut packages: Vec<_> = root.collect();
        packages.extend(self.members.packages(&self.folder, project)?);
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
pub fn find(project: &Project, package: &RepoPath) -> Result<CargoRoot> {
    let mut excluded_at = None;
    let mut folder = package.parent();
    while let Some(candidate) = folder {
        if let Some(manifest) = Manifest::load(&candidate.under(project.root()), &project.files)?
            && let Some(table) = manifest.workspace()
        {
            check_pointer(&manifest, &candidate.under(project.root()))?;
            let members = Members::new(table);
            let path = package.below(&candidate).unwrap_or_default();
            if !members.excludes(path) {
                return Ok(CargoRoot {
                    membership: members.membership(path, &candidate.under(project.root())),
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
    let folder = project.folder().clone();
    let membership =
        if excluded_at.as_ref() == Some(&folder) { Membership::Excluded } else { Membership::New };
    let own_manifest = Manifest::load(&folder.under(project.root()), &project.files)?;
    Ok(CargoRoot {
        folder,
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

/// The workspace around a project.
#[derive(Debug, Default)]
pub struct Above {
    /// Its folder, if it may be written; none when the project is a workspace of its own.
    pub root: Option<PathBuf>,
    /// The folder of a workspace that Cargo would find, but that has to do with the project only by
    /// where it is.
    pub unrelated: Option<PathBuf>,
}

/// The workspace that a crate below `project` would belong to, if it is rooted above `project`.
///
/// What a project says must not make the user's home directory a place to write to. So the
/// workspace is one in the git repository of the project. Without git, it is one that has the
/// project among its members. Its manifest is by the user.
pub fn workspace_above(project: &Path, files: &Files) -> Result<Above> {
    let own = Manifest::load(project, files)?;
    let own = own.as_ref();
    if own.is_some_and(|manifest| manifest.workspace().is_some()) {
        return Ok(Above::default());
    }
    let pointer = own.and_then(|manifest| Some((manifest, manifest.pointer()?)));
    let (root, members) = match pointer {
        Some((manifest, path)) => pointed(project, manifest, path, files)?,
        None => match nearest_above(project, files)? {
            Some((root, members)) => (root.to_owned(), members),
            None => return Ok(Above::default()),
        },
    };
    let path = project.strip_prefix(&root).ok().and_then(RepoPath::new);
    let is_member = members.has_below(path.unwrap_or_default().as_str());
    let top = git_top(project);
    let manifest = root.join("Cargo.toml");
    if top.map_or(!is_member, |top| !root.starts_with(top)) {
        if pointer.is_none() && !is_member {
            return Ok(Above { unrelated: Some(root), ..Above::default() });
        }
        return Err(outside(project, &manifest, top));
    }
    if !is_trusted(&manifest, project) {
        let problem = format!("`{}` belongs to another user", manifest.display());
        return Err(Error::failed(problem).hint(format!(
            "add `[workspace]` to `{}`, so that the project is not part of that workspace",
            project.join("Cargo.toml").display()
        )));
    }
    Ok(Above { root: Some(root), ..Above::default() })
}

/// The workspace that `manifest`, the project's, names as `path`.
fn pointed(
    project: &Path,
    manifest: &Manifest,
    path: &str,
    files: &Files,
) -> Result<(PathBuf, Members)> {
    let line = manifest.pointer_line().unwrap_or_default();
    let own = project.join("Cargo.toml");
    let own = own.display();
    let root = project.join(path);
    let root = fs::canonicalize(&root).unwrap_or(root);
    let is_above = project.starts_with(&root);
    // What a project names elsewhere is not read.
    if !is_above && root.join("Cargo.toml").is_file() {
        let root = root.display();
        return Err(Error::failed(format!(
            "`{own}` belongs to the workspace `{root}` (line {line}), which is not above it",
        ))
        .hint(format!("use that workspace: `--path {root}`")));
    }
    let named = if is_above { Manifest::load(&root, files)? } else { None };
    match named.as_ref().and_then(Manifest::workspace) {
        Some(workspace) => Ok((root, Members::new(workspace))),
        None => Err(Error::failed(format!(
            "`{own}` names `{path}` as its workspace (line {line}), which is not a workspace"
        ))
        .hint("remove `package.workspace`: Cargo refuses it too")),
    }
}

/// The nearest workspace above that does not exclude the project.
fn nearest_above<'a>(project: &'a Path, files: &Files) -> Result<Option<(&'a Path, Members)>> {
    for folder in project.ancestors().skip(1) {
        let Some(manifest) = Manifest::load(folder, files)? else {
            continue;
        };
        if let Some(table) = manifest.workspace() {
            let path = project.strip_prefix(folder).ok().and_then(RepoPath::new);
            let path = path.unwrap_or_default();
            let members = Members::new(table);
            // What is built there is no part of the workspace, so neither is what is put there.
            let is_built = path.parts().next() == Some("target");
            if !is_built && !members.excludes(path.as_str()) {
                return Ok(Some((folder, members)));
            }
        }
    }
    Ok(None)
}

/// A project cannot have files written that are not of its repository.
fn outside(project: &Path, manifest: &Path, top: Option<&Path>) -> Error {
    let (project, shown) = (project.display(), manifest.display());
    let error = match top {
        Some(top) => Error::failed(format!(
            "the workspace `{shown}` of `{project}` is outside the git repository `{}`",
            top.display()
        )),
        None => {
            Error::failed(format!("the workspace `{shown}` does not have `{project}` as a member"))
                .hint(format!("if it should, add it to `members` in `{shown}`"))
        }
    };
    error.hint(format!(
        "else remove `package.workspace` in `{project}/Cargo.toml`, and list the project in \
         `exclude` of that workspace"
    ))
}
