//! One `Cargo.toml`, as far as it concerns its workspace.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::super::is_absent;
use crate::edit::{DependencySpec, Inherited};
use crate::error::{Error, Result};

/// A parsed `Cargo.toml`.
pub struct Manifest(Document<String>);

impl Manifest {
    /// Reads the manifest in `folder`; `None` when there is none.
    pub fn load(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join("Cargo.toml");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(Error::io("read", &file, error)),
        };
        match Document::parse(text) {
            Ok(document) => Ok(Some(Self(document))),
            Err(error) => Err(Error::failed(format!(
                "`{}` is not TOML\n{}",
                file.display(),
                error.to_string().trim_end()
            ))
            .hint("mend the file and run the command again")),
        }
    }

    pub fn workspace(&self) -> Option<&dyn TableLike> {
        self.0.get("workspace")?.as_table_like()
    }

    pub fn package_name(&self) -> Option<String> {
        Some(self.0.get("package")?.get("name")?.as_str()?.to_owned())
    }

    /// The folder that `package.workspace` names.
    pub fn pointer(&self, folder: &Path) -> Option<PathBuf> {
        let path = self.0.get("package")?.get("workspace")?.as_str()?;
        fs::canonicalize(folder.join(path)).ok()
    }
}

/// The name of the package in `folder`, without parsing manifests that are in workspaces of a
/// thousand: the line `name = "…"` of the `[package]` table is looked for first.
pub fn package_name(folder: &Path) -> Result<Option<String>> {
    let file = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("read", &file, error)),
    };
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[package]");
    lines.next();
    for line in lines.take_while(|line| !line.starts_with('[')) {
        let Some(value) = line.strip_prefix("name").map(str::trim_start) else {
            continue;
        };
        if let Some(quoted) = value.strip_prefix('=').map(str::trim_start) {
            let name = quoted.split(['"', '\'']).nth(1);
            return Ok(name.map(str::to_owned));
        }
    }
    // Not in the usual form: `package.name = …`, a comment behind the header.
    Ok(Manifest::load(folder)?.and_then(|manifest| manifest.package_name()))
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
