//! The packages of a workspace, found as Cargo finds them.

use std::collections::BTreeSet;
use std::fs;

use toml_edit::{Item, TableLike};

use super::super::Project;
use super::super::owner::git_top;
use super::CargoRoot;
use super::manifest::Manifest;
use crate::error::Result;
use crate::path::RepoPath;

/// What a workspace has to know of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Where it is.
    pub folder: RepoPath,
    /// Its name.
    pub name: String,
    /// Whether it is a workspace of its own.
    pub has_workspace: bool,
    /// The folders of the packages that it depends on by a path in the root.
    pub dependencies: Vec<RepoPath>,
}

impl CargoRoot {
    /// The packages of the workspace that are there: the root, what `members` lists and `exclude`
    /// does not, and what these depend on by a path below the root. Reads them all.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn packages(&self, project: &Project) -> Result<Vec<Package>> {
        let root = Manifest::load(&self.folder.under(project.root()), &project.files)?;
        let shared = root.as_ref().and_then(Manifest::workspace);
        let shared = shared.and_then(|workspace| workspace.get("dependencies")?.as_table_like());
        let mut left = self.members.folders(&self.folder, project)?;
        left.reverse();
        left.push(self.folder.clone());
        let mut seen = BTreeSet::new();
        let mut packages = Vec::new();
        while let Some(folder) = left.pop() {
            let is_root = folder == self.folder;
            let is_out = folder.below(&self.folder).is_some_and(|path| self.members.excludes(path));
            if !seen.insert(folder.clone()) || is_out && !is_root {
                continue;
            }
            let manifest = Manifest::load(&folder.under(project.root()), &project.files)?;
            let Some(manifest) = manifest else {
                continue;
            };
            let Some(name) = manifest.package_name() else {
                continue;
            };
            let shared = shared.map(|shared| (shared, &self.folder));
            let dependencies = dependencies(&manifest, &folder, shared);
            // One that is elsewhere is a member only if it says so.
            let below = dependencies.iter().filter(|path| path.below(&self.folder).is_some());
            left.extend(below.cloned());
            let has_workspace = !is_root && manifest.workspace().is_some();
            packages.push(Package { folder, name, has_workspace, dependencies });
        }
        Ok(packages)
    }

    /// The members outside of the root, as the workspace lists them, with their names; only those in
    /// the same git repository are read.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn packages_outside(&self, project: &Project) -> Result<Vec<(&str, String)>> {
        let folder = self.folder.under(project.root());
        let mut packages = Vec::new();
        for member in self.members.outside(&self.folder) {
            let Ok(path) = fs::canonicalize(folder.join(member)) else {
                continue;
            };
            if git_top(&path).is_some_and(|top| folder.starts_with(top))
                && let Some(manifest) = Manifest::load(&path, &project.files)?
            {
                packages.extend(manifest.package_name().map(|name| (member, name)));
            }
        }
        Ok(packages)
    }
}

/// The folders in the root of what the package in `folder` depends on; `shared` are the
/// `[workspace.dependencies]` and their folder.
pub(super) fn dependencies(
    manifest: &Manifest,
    folder: &RepoPath,
    shared: Option<(&dyn TableLike, &RepoPath)>,
) -> Vec<RepoPath> {
    let path = |item: &Item| Some(item.as_table_like()?.get("path")?.as_str()?.to_owned());
    let mut folders = Vec::new();
    for (name, dependency) in manifest.dependencies() {
        let inherits = dependency.as_table_like().is_some_and(|table| {
            table.get("workspace").and_then(Item::as_bool).unwrap_or_default()
        });
        folders.extend(match inherits {
            true => shared.and_then(|(shared, root)| root.relative(&path(shared.get(name)?)?)),
            false => path(dependency).and_then(|path| folder.relative(&path)),
        });
    }
    folders
}
