//! One `Cargo.toml`, as far as it concerns its workspace.

use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::super::files::Files;
use super::super::owner::git_top;
use crate::edit::{DependencySpec, Inherited};
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// A parsed `Cargo.toml`.
pub struct Manifest(Document<String>);

impl Manifest {
    /// Reads the manifest in `folder`; `None` when there is none.
    pub fn load(folder: &Path, files: &Files) -> Result<Option<Self>> {
        let file = folder.join("Cargo.toml");
        let Some(text) = files.text(&file, border(folder))? else {
            return Ok(None);
        };
        match Document::parse(text) {
            Ok(document) => Ok(Some(Self(document))),
            Err(error) => Err(Error::failed(format!(
                "`{}` is not TOML\n{}",
                file.display(),
                error.to_string().trim_end()
            ))
            .hint("fix the file and run the command again")),
        }
    }

    pub fn workspace(&self) -> Option<&dyn TableLike> {
        self.0.get("workspace")?.as_table_like()
    }

    pub fn package_name(&self) -> Option<String> {
        Some(self.0.get("package")?.get("name")?.as_str()?.to_owned())
    }

    /// What `package.workspace` says: the folder of the workspace, seen from this one's.
    pub fn pointer(&self) -> Option<&str> {
        self.pointer_item()?.as_str()
    }

    /// The line of `package.workspace`, counted from 1.
    pub fn pointer_line(&self) -> Option<usize> {
        let start = self.pointer_item()?.span()?.start;
        Some(self.0.raw()[..start].matches('\n').count() + 1)
    }

    fn pointer_item(&self) -> Option<&Item> {
        self.0.get("package")?.get("workspace")
    }
}

/// The directory that a manifest in `folder` may link to a file of: its git repository.
fn border(folder: &Path) -> &Path {
    git_top(folder).unwrap_or(folder)
}

/// What a workspace has to know of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Where it is.
    pub folder: RepoPath,
    /// Its name.
    pub name: String,
    /// Whether it is a workspace of its own.
    pub has_workspace: bool,
}

/// The package in `folder`, which is `path` for the repository.
pub fn package(folder: &Path, path: RepoPath, files: &Files) -> Result<Option<Package>> {
    let package = Manifest::load(folder, files)?.and_then(|manifest| {
        let has_workspace = manifest.workspace().is_some();
        Some(Package { folder: path, name: manifest.package_name()?, has_workspace })
    });
    Ok(package)
}

/// What a workspace lets its members inherit.
pub fn inherited(workspace: &dyn TableLike) -> Inherited {
    let table = |key| workspace.get(key).and_then(Item::as_table_like);
    let package = table("package");
    let edition = package.and_then(|package| package.get("edition")?.as_str().map(str::to_owned));
    Inherited {
        package_keys: package.map(keys).unwrap_or_default(),
        edition,
        lints: workspace.get("lints").is_some(),
        dependencies: table("dependencies")
            .into_iter()
            .flat_map(|table| table.iter())
            .map(|(name, item)| (name.to_owned(), dependency(item)))
            .collect(),
    }
}

fn keys(table: &dyn TableLike) -> Vec<String> {
    table.iter().map(|(key, _)| key.to_owned()).collect()
}

fn dependency(item: &Item) -> DependencySpec {
    let table = item.as_table_like();
    let version = item.as_str().or_else(|| table?.get("version")?.as_str());
    DependencySpec {
        version: version.map(str::to_owned),
        renamed: table.is_some_and(|table| table.contains_key("package")),
    }
}
