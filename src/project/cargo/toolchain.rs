//! What a repository says about the tools that it is built with.

use std::path::{Path, PathBuf};

use toml_edit::{Document, Item};

use super::super::Project;
use crate::edit::RustVersion;
use crate::path::RepoPath;

/// The version that the nearest `rust-toolchain` or `rust-toolchain.toml` above a directory names, as
/// rustup finds it; `None` when it names a channel, or there is none that can be read.
pub fn pinned(project: &Project, directory: &RepoPath) -> Option<RustVersion> {
    let (_, text) = nearest(project, directory, ["rust-toolchain", "rust-toolchain.toml"])?;
    let document = Document::parse(text.as_str()).ok();
    let channel = document.as_ref().and_then(|document| document.get("toolchain")?.get("channel"));
    RustVersion::parse(channel.and_then(Item::as_str).unwrap_or(&text))
}

/// The nearest configuration of rustfmt in the repository, as rustfmt finds it.
pub fn rustfmt_config(project: &Project, directory: &RepoPath) -> Option<PathBuf> {
    Some(nearest(project, directory, [".rustfmt.toml", "rustfmt.toml"])?.0)
}

/// The nearest of these files upward from a directory in the git repository, and its text.
fn nearest(project: &Project, directory: &RepoPath, names: [&str; 2]) -> Option<(PathBuf, String)> {
    let directory = directory.under(project.root());
    let top = project.files.git_top(project.root());
    let top = top.as_deref().unwrap_or(project.root());
    let directories =
        directory.ancestors().take_while(|directory: &&Path| directory.starts_with(top));
    let mut files = directories.flat_map(|directory| names.map(|name| directory.join(name)));
    files.find_map(|file| {
        let text = project.files.text(&file, top).ok().flatten()?;
        Some((file, text))
    })
}
