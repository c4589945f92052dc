//! The binaries of a crate, as Cargo finds them.
//!
//! Read from the manifest: Cargo itself would obey the toolchain file and the configuration of a
//! repository that nobody has decided to build.

use std::collections::BTreeSet;

use super::super::Project;
use super::manifest::Manifest;
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// What Cargo calls a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CargoNames {
    pub package: String,
    /// The binary that is deployed.
    pub binary: String,
}

impl Project {
    /// What Cargo calls the crate in `directory` and its binary: the one that is called as the
    /// `function`, or the only one. `None` when there is no crate.
    ///
    /// # Errors
    /// When no binary is called so, and there is not exactly one.
    pub fn cargo_names(&self, directory: &RepoPath, function: &str) -> Result<Option<CargoNames>> {
        let Some(manifest) = Manifest::read(self, directory)? else {
            return Ok(None);
        };
        let Some(package) = manifest.package_name() else {
            return Ok(None);
        };
        let mut binaries = binaries(self, directory, &manifest, &package)?;
        if let Some(binary) = binaries.take(function) {
            return Ok(Some(CargoNames { package, binary }));
        }
        let count = binaries.len();
        match binaries.pop_first() {
            Some(binary) if count == 1 => Ok(Some(CargoNames { package, binary })),
            _ => Err(Error::failed(format!(
                "the crate in `{directory}` has {count} binaries, and none is called `{function}`"
            ))
            .hint(format!("add `[[bin]]` with `name = \"{function}\"` to its `Cargo.toml`"))),
        }
    }

    /// Whether Cargo builds only some packages of the workspace in `directory` where none is named.
    ///
    /// # Errors
    /// When its manifest cannot be read.
    pub fn builds_some_members(&self, directory: &RepoPath) -> Result<bool> {
        let manifest = Manifest::read(self, directory)?;
        Ok(manifest.is_some_and(|manifest| manifest.builds_some_members()))
    }
}

/// Those that the manifest names, and those that Cargo finds in `src` unless the manifest has them or
/// forbids it.
fn binaries(
    project: &Project,
    directory: &RepoPath,
    manifest: &Manifest,
    package: &str,
) -> Result<BTreeSet<String>> {
    let named: Vec<_> = manifest.binaries().collect();
    let mut found = Vec::new();
    if manifest.finds_binaries() {
        if project.has(directory, "src/main.rs") {
            found.push((package.to_owned(), "src/main.rs".to_owned()));
        }
        let bin = directory.child("src/bin");
        for file in project.files_below(&bin)? {
            let path = file.below(&bin).unwrap_or_default();
            let name = path.strip_suffix("/main.rs").or_else(|| path.strip_suffix(".rs"));
            if let Some(name) = name.filter(|name| !name.contains('/')) {
                found.push((name.to_owned(), format!("src/bin/{path}")));
            }
        }
        found.retain(|(name, path)| {
            let is_same =
                |(known, at): &(String, Option<String>)| known == name || at.as_ref() == Some(path);
            !named.iter().any(is_same)
        });
    }
    let named = named.into_iter().map(|(name, _)| name);
    Ok(named.chain(found.into_iter().map(|(name, _)| name)).collect())
}
