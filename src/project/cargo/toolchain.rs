//! The toolchain that a repository asks for.

use toml_edit::{Document, Item};

use super::super::Project;
use super::super::owner::git_top;
use crate::edit::RustVersion;
use crate::path::RepoPath;

/// The version that the nearest `rust-toolchain` or `rust-toolchain.toml` above a folder names, as
/// rustup finds it; `None` when it names a channel, or there is none that can be read.
pub fn pinned(project: &Project, folder: &RepoPath) -> Option<RustVersion> {
    let folder = folder.under(project.root());
    let top = git_top(project.root()).unwrap_or(project.root());
    let mut folders = folder.ancestors().take_while(|folder| folder.starts_with(top));
    let text = folders.find_map(|folder| {
        let files = ["rust-toolchain", "rust-toolchain.toml"].map(|name| folder.join(name));
        files.iter().find_map(|file| project.files.text(file, top).ok().flatten())
    })?;
    let document = Document::parse(text.as_str()).ok();
    let channel = document.as_ref().and_then(|document| document.get("toolchain")?.get("channel"));
    RustVersion::parse(channel.and_then(Item::as_str).unwrap_or(&text))
}
