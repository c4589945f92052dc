//! One `Cargo.toml`, as far as it concerns its workspace.

use std::path::Path;
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike};

use super::super::Project;
use super::super::files::Files;
use crate::edit::{DependencySpec, Inherited, RustVersion};
use crate::error::Result;
use crate::path::RepoPath;

/// The tables of dependencies, in all spellings that Cargo takes.
const DEPENDENCIES: [&str; 5] = [
    "dependencies",
    "dev-dependencies",
    "dev_dependencies",
    "build-dependencies",
    "build_dependencies",
];

/// A parsed `Cargo.toml`.
pub struct Manifest(Arc<Document<String>>);

impl Manifest {
    /// Reads the manifest in a directory of the project; `None` when there is none.
    pub fn read(project: &Project, directory: &RepoPath) -> Result<Option<Self>> {
        Self::load(&directory.under(project.root()), project.root(), &project.files)
    }

    /// Reads the manifest in `directory`; `None` when there is none. Its problems are told with its
    /// path below `root`.
    pub fn load(directory: &Path, root: &Path, files: &Files) -> Result<Option<Self>> {
        let file = directory.join("Cargo.toml");
        // It may link to a file of its git repository.
        let within = files.git_top(directory);
        let document = files.toml(&file, within.as_deref().unwrap_or(directory), root)?;
        Ok(document.map(Self))
    }

    pub fn workspace(&self) -> Option<&dyn TableLike> {
        self.0.get("workspace")?.as_table_like()
    }

    pub fn package_name(&self) -> Option<String> {
        Some(self.0.get("package")?.get("name")?.as_str()?.to_owned())
    }

    /// The binaries that it names, with the paths that it gives.
    pub fn binaries(&self) -> impl Iterator<Item = (String, Option<String>)> {
        let tables = self.0.get("bin").and_then(Item::as_array_of_tables);
        tables.into_iter().flatten().filter_map(|table| {
            let text = |key: &str| Some(table.get(key)?.as_str()?.to_owned());
            let path = text("path").map(|path| path.trim_start_matches("./").to_owned());
            Some((text("name")?, path))
        })
    }

    /// Whether Cargo looks for other binaries.
    pub fn finds_binaries(&self) -> bool {
        let finds = || self.0.get("package")?.get("autobins")?.as_bool();
        finds().unwrap_or(true)
    }

    /// Whether Cargo builds only some members where nobody names any.
    pub fn builds_some_members(&self) -> bool {
        let workspace = self.workspace();
        let has_defaults = workspace.is_some_and(|table| table.contains_key("default-members"));
        has_defaults || self.0.contains_key("package")
    }

    /// The names and the entries of all its dependencies.
    pub fn dependencies(&self) -> impl Iterator<Item = (&str, &Item)> {
        let targets = self.0.get("target").and_then(Item::as_table_like);
        let targets = targets.into_iter().flat_map(TableLike::iter);
        let targets = targets.filter_map(|(_, target)| target.as_table_like());
        let tables = std::iter::once(self.0.as_table() as &dyn TableLike).chain(targets);
        let sections = tables.flat_map(|table| table.iter());
        let sections = sections.filter(|(name, _)| DEPENDENCIES.contains(name));
        let sections = sections.filter_map(|(_, section)| section.as_table_like());
        sections.flat_map(|section| section.iter())
    }

    /// Whether its package takes something from a workspace.
    pub fn inherits(&self) -> bool {
        let package = self.0.get("package").and_then(Item::as_table_like);
        let settings = package.into_iter().flat_map(TableLike::iter).map(|(_, item)| item);
        let dependencies = self.dependencies().map(|(_, item)| item);
        settings.chain(dependencies).chain(self.0.get("lints")).any(is_inherited)
    }

    /// What `package.workspace` says: the directory of the workspace, seen from this one's.
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

/// Whether the workspace has what this stands for: `workspace = true`.
pub fn is_inherited(item: &Item) -> bool {
    let table = item.as_table_like();
    table.and_then(|table| table.get("workspace")?.as_bool()).unwrap_or_default()
}

/// What a workspace lets its members inherit.
pub fn inherited(workspace: &dyn TableLike) -> Inherited {
    let table = |key| workspace.get(key).and_then(Item::as_table_like);
    let package = table("package");
    let text = |key| package.and_then(|package| package.get(key)?.as_str());
    Inherited {
        package_keys: package.map(keys).unwrap_or_default(),
        edition: text("edition").map(str::to_owned),
        rust_version: text("rust-version").and_then(RustVersion::parse),
        toolchain: None,
        lints: workspace.get("lints").is_some_and(|lints| !forbids_unused(lints)),
        dependencies: table("dependencies")
            .into_iter()
            .flat_map(|table| table.iter())
            .filter_map(|(name, item)| Some((name.to_owned(), dependency(name, item)?)))
            .collect(),
    }
}

fn keys(table: &dyn TableLike) -> Vec<String> {
    table.iter().map(|(key, _)| key.to_owned()).collect()
}

/// A dependency, unless the name stands for another package, or one from elsewhere than crates.io.
fn dependency(name: &str, item: &Item) -> Option<DependencySpec> {
    const ELSEWHERE: [&str; 5] = ["base", "git", "path", "registry", "registry-index"];
    let version = item.as_str().or_else(|| item.get("version")?.as_str())?.to_owned();
    let is_named = item.get("package").is_none_or(|package| package.as_str() == Some(name));
    let is_usual = is_named && ELSEWHERE.iter().all(|key| item.get(key).is_none());
    let default_features = item.get("default-features").and_then(Item::as_bool).unwrap_or(true);
    is_usual.then_some(DependencySpec { version, default_features })
}

/// Whether lints forbid code that nobody uses, and to allow it: a handler uses a part of its `event.rs`.
fn forbids_unused(lints: &Item) -> bool {
    let level = |lint: &str| {
        let lint = lints.get("rust")?.get(lint)?;
        lint.as_str().or_else(|| lint.get("level")?.as_str())
    };
    ["dead_code", "unused", "warnings"].iter().any(|lint| level(lint) == Some("forbid"))
}
