//! The repository as it will be, in a directory of `.amplify`, for Cargo to test before anything is
//! written.
//!
//! Files that change are copies, everything else is a link. It is inside the repository, so that
//! Cargo finds the same configuration and toolchain above it. It has the journal's name, so that no
//! repository can contain one. The next run removes what a killed run has left.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::store::Store;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::plan::Plan;
use crate::project::Project;

/// Git ignores this directory in Amplify projects, so what a killed run leaves is not committed.
const DIRECTORY: &str = ".amplify";

/// The repository as it will be, until this is dropped.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    directory: PathBuf,
}

impl Staged {
    /// Creates the repository as `plan` makes it.
    pub fn new(plan: &Plan, project: &Project) -> Result<Self> {
        let root = project.root().to_path_buf();
        let directory = directory_in(&root, &Store::find(project)?);
        let above = root.join(DIRECTORY);
        let staged = Self { root, directory };
        let failed = |error| Error::io("lay out", &staged.directory, error);
        if !above.exists() {
            fs::create_dir(&above).map_err(failed)?;
        }
        if !is_directory(&above) {
            return Err(Error::failed(format!("`{}` is not a directory", above.display()))
                .hint("remove it: `--verify` puts what Cargo tries there"));
        }
        fs::create_dir(&staged.directory).map_err(failed)?;
        let parents = plan.changes.keys().flat_map(|path| path.parents());
        for parent in parents.collect::<BTreeSet<_>>() {
            staged.mirror(&parent, plan).map_err(failed)?;
        }
        for (path, change) in &plan.changes {
            if let Some(text) = change.after() {
                fs::write(staged.path(path), text).map_err(failed)?;
            }
        }
        Ok(staged)
    }

    pub fn path(&self, path: &RepoPath) -> PathBuf {
        path.under(&self.directory)
    }

    /// Moves what Cargo has built below `directory` into the repository, so that it need not be
    /// built again, unless something is there already.
    pub fn keep_target(&self, directory: &RepoPath) {
        let (built, target) =
            (self.path(directory).join("target"), directory.under(&self.root).join("target"));
        if built.is_dir() && !target.exists() {
            // If this fails, it is built again.
            let _ = fs::rename(built, target);
        }
    }

    /// Creates a directory with links to the entries of the one in the repository, except those
    /// that change.
    fn mirror(&self, directory: &RepoPath, plan: &Plan) -> io::Result<()> {
        fs::create_dir_all(self.path(directory))?;
        let entries = match fs::read_dir(directory.under(&self.root)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let Some(path) = entry.file_name().to_str().and_then(|name| directory.join(name))
            else {
                continue;
            };
            let changes = plan.changes.keys().any(|change| change.below(&path).is_some());
            let name = entry.file_name();
            if changes || name == DIRECTORY || name == "target" {
                continue;
            }
            if name == "Cargo.lock" {
                // A copy, because Cargo may write to it.
                fs::copy(entry.path(), self.path(&path))?;
            } else {
                link(&self.aim(&entry.path())?, &self.path(&path))?;
            }
        }
        Ok(())
    }

    /// What the link to a file leads to: for a link within the repository, the counterpart of its
    /// target.
    fn aim(&self, file: &Path) -> io::Result<PathBuf> {
        if !fs::symlink_metadata(file)?.is_symlink() {
            return Ok(file.to_path_buf());
        }
        let target = fs::read_link(file)?;
        Ok(match target.strip_prefix(&self.root) {
            Ok(inside) => self.directory.join(inside),
            Err(_) => target,
        })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        remove(&self.root, &self.directory);
    }
}

/// Removes what a run has left that was killed while Cargo was running.
pub(super) fn remove_left(root: &Path, store: &Store) {
    let directory = directory_in(root, store);
    if is_directory(&root.join(DIRECTORY)) && is_directory(&directory) {
        remove(root, &directory);
    }
}

/// Links in it are not followed. The directory above stays if it has other entries.
fn remove(root: &Path, directory: &Path) {
    let _ = fs::remove_dir_all(directory);
    let _ = fs::remove_dir(root.join(DIRECTORY));
}

fn directory_in(root: &Path, store: &Store) -> PathBuf {
    root.join(DIRECTORY).join(format!("verify-{}", store.key()))
}

/// Whether it is a directory, and not a link that could lead out of the repository.
fn is_directory(directory: &Path) -> bool {
    fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.is_dir())
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Elsewhere links need privileges, so everything is copied.
#[cfg(not(unix))]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(target) {
        let entry = entry?;
        let below = entry.path().strip_prefix(target).unwrap_or(entry.path());
        let copy = if below.as_os_str().is_empty() { path.to_path_buf() } else { path.join(below) };
        if entry.file_type().is_dir() {
            fs::create_dir_all(copy)?;
        } else {
            fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
