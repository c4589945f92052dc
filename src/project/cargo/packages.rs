//! The packages of a workspace, found as Cargo finds them.

use std::collections::BTreeSet;
use std::fs;

use toml_edit::{Item, TableLike};

use super::super::Project;
use super::CargoRoot;
use super::manifest::{Manifest, is_inherited};
use crate::error::Result;
use crate::path::RepoPath;

/// What a workspace has to know of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub directory: RepoPath,
    pub name: String,
    /// Whether it is a workspace of its own.
    pub has_workspace: bool,
    /// The directories of the packages that it depends on by a path in the root.
    pub dependencies: Vec<RepoPath>,
}

impl CargoRoot {
    /// The packages of the workspace that are there: the root, what `members` lists and `exclude`
    /// does not, and what these depend on by a path below the root. Reads them all.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn packages(&self, project: &Project) -> Result<Vec<Package>> {
        let root = Manifest::read(project, &self.directory)?;
        let shared = root.as_ref().and_then(Manifest::workspace);
        let shared = shared.and_then(|workspace| workspace.get("dependencies")?.as_table_like());
        let mut left = self.members.directories(&self.directory, project)?;
        left.reverse();
        left.push(self.directory.clone());
        let mut seen = BTreeSet::new();
        let mut packages = Vec::new();
        while let Some(directory) = left.pop() {
            let is_root = directory == self.directory;
            let is_out =
                directory.below(&self.directory).is_some_and(|path| self.members.excludes(path));
            if !seen.insert(directory.clone()) || is_out && !is_root {
                continue;
            }
            let Some(manifest) = Manifest::read(project, &directory)? else {
                continue;
            };
            let Some(name) = manifest.package_name() else {
                continue;
            };
            let shared = shared.map(|shared| (shared, &self.directory));
            let dependencies = dependencies(&manifest, &directory, shared);
            // One that is elsewhere is a member only if it says so.
            let below = dependencies.iter().filter(|path| path.below(&self.directory).is_some());
            left.extend(below.cloned());
            let has_workspace = !is_root && manifest.workspace().is_some();
            packages.push(Package { directory, name, has_workspace, dependencies });
        }
        Ok(packages)
    }

    /// The members outside of the root, as the workspace lists them, with their names; only those in
    /// the same git repository are read.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn packages_outside(&self, project: &Project) -> Result<Vec<(&str, String)>> {
        let directory = self.directory.under(project.root());
        let mut packages = Vec::new();
        for member in self.members.outside(&self.directory) {
            let Ok(path) = fs::canonicalize(directory.join(member)) else {
                continue;
            };
            if project.files.git_top(&path).is_some_and(|top| directory.starts_with(top))
                && let Some(manifest) = Manifest::load(&path, project.root(), &project.files)?
            {
                packages.extend(manifest.package_name().map(|name| (member, name)));
            }
        }
        Ok(packages)
    }
}

/// The directories in the root of what the package in `directory` depends on; `shared` are the
/// `[workspace.dependencies]` and their directory.
pub(super) fn dependencies(
    manifest: &Manifest,
    directory: &RepoPath,
    shared: Option<(&dyn TableLike, &RepoPath)>,
) -> Vec<RepoPath> {
    let path = |item: &Item| Some(item.as_table_like()?.get("path")?.as_str()?.to_owned());
    let mut directories = Vec::new();
    for (name, dependency) in manifest.dependencies() {
        directories.extend(match is_inherited(dependency) {
            true => shared.and_then(|(shared, root)| root.relative(&path(shared.get(name)?)?)),
            false => path(dependency).and_then(|path| directory.relative(&path)),
        });
    }
    directories
}
