//! What Cargo says of what it has built.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A message of `cargo build --message-format=json`.
#[derive(Deserialize)]
pub struct Artifact {
    executable: Option<PathBuf>,
    package_id: String,
    manifest_path: PathBuf,
    target: Target,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Artifact {
    /// The name and the path of the binary, if it is one.
    pub fn binary(&self) -> Option<(&str, &Path)> {
        let is_binary = self.target.kind.iter().any(|kind| kind == "bin");
        let path = self.executable.as_deref().filter(|_| is_binary)?;
        Some((&self.target.name, path))
    }

    /// The manifest, unless the package is from a registry.
    pub fn manifest(&self) -> Option<PathBuf> {
        self.package_id.starts_with("path+").then(|| self.manifest_path.clone())
    }
}
