//! Whether what Cargo calls built was built from the sources that were meant.
//!
//! Cargo knows a package of a workspace by its path below the workspace. Where copies of a project
//! share a target directory, it takes what was built of one for that of another, as long as no
//! source is newer (rust-lang/cargo#12516). So whatever it has not just built there is believed only
//! where this program has noted that it comes from this very package.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::artifact::Artifact;

/// Whether all that is built of local packages comes from them.
pub fn is_proven(artifacts: &[Artifact], binary: &Path) -> bool {
    let noted = fs::read_to_string(notes(binary)).unwrap_or_default();
    let noted: BTreeSet<_> = noted.lines().collect();
    let old = artifacts.iter().filter(|artifact| artifact.is_local() && artifact.fresh);
    old.flat_map(origins).all(|origin| noted.contains(&*origin))
}

/// Notes what was built of which package.
pub fn note(artifacts: &[Artifact], binary: &Path) {
    let local = artifacts.iter().filter(|artifact| artifact.is_local());
    let origins: Vec<_> = local.flat_map(origins).collect();
    // Without the note, it is built again.
    let _ = fs::write(notes(binary), origins.join("\n"));
}

/// Beside the binary, where Cargo's own notes are.
fn notes(binary: &Path) -> PathBuf {
    binary.with_extension("origin")
}

/// A line for each file that is built: what it is built of, and what tells it from any other.
fn origins(artifact: &Artifact) -> impl Iterator<Item = String> {
    artifact.filenames.iter().map(|file| {
        let built = fs::metadata(file).ok();
        let built = built.map(|built| (built.len(), built.modified().ok()));
        format!("{} {} {built:?}", artifact.manifest_path.display(), file.display())
    })
}
