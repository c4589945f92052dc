//! What a repository says about the tools that it is built with.

use std::path::PathBuf;

use toml_edit::{Document, Item};

use super::super::Project;
use crate::edit::RustVersion;
use crate::path::RepoPath;

/// The version that the nearest `rust-toolchain` or `rust-toolchain.toml` above a directory names, as
/// rustup finds it; `None` when it names a channel, or there is none that can be read.
pub fn pinned(project: &Project, directory: &RepoPath) -> Option<RustVersion> {
    let (_, text) = project.upward(directory, &["rust-toolchain", "rust-toolchain.toml"]).next()?;
    let document = Document::parse(text.as_str()).ok();
    let channel = document.as_ref().and_then(|document| document.get("toolchain")?.get("channel"));
    RustVersion::parse(channel.and_then(Item::as_str).unwrap_or(&text))
}

impl Project {
    /// The nearest configuration of rustfmt for what is in `directory`, as rustfmt finds it, if the
    /// repository has one.
    pub fn rustfmt_config(&self, directory: &RepoPath) -> Option<PathBuf> {
        Some(self.upward(directory, &[".rustfmt.toml", "rustfmt.toml"]).next()?.0)
    }
}
