//! The repository as it will be, in a folder of `.amplify`, for Cargo to try before anything is
//! written.
//!
//! Only what changes is there as files; all else are links. It stands inside the repository, so
//! that Cargo finds the same configuration and toolchain above it. Its name is that of the journal,
//! so that no repository brings it along. A run that is killed leaves it to the next one to remove.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::store::Store;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::plan::Plan;
use crate::project::Project;

/// The folder for what a run leaves behind if it is killed. Amplify's own projects ignore it.
const FOLDER: &str = ".amplify";

/// The repository as it will be; it goes when this is dropped.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    folder: PathBuf,
}

impl Staged {
    /// Lays out what `plan` makes of the repository.
    ///
    /// # Errors
    /// When a file operation fails, or `.amplify` is a link.
    pub fn new(plan: &Plan, project: &Project) -> Result<Self> {
        let root = project.root().to_path_buf();
        let folder = folder_in(&root, &Store::find(project)?);
        let above = root.join(FOLDER);
        let staged = Self { root, folder };
        let failed = |error| Error::io("lay out", &staged.folder, error);
        if !above.exists() {
            fs::create_dir(&above).map_err(failed)?;
        }
        if !is_folder(&above) {
            return Err(Error::failed(format!("`{}` is not a directory", above.display()))
                .hint("remove it: `--verify` puts what Cargo tries there"));
        }
        fs::create_dir(&staged.folder).map_err(failed)?;
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

    #[must_use]
    pub fn path(&self, path: &RepoPath) -> PathBuf {
        path.under(&self.folder)
    }

    /// Gives what Cargo has built below `folder` to the repository, so that it need not be built
    /// again, unless there is something already.
    pub fn keep_target(&self, folder: &RepoPath) {
        let (built, target) =
            (self.path(folder).join("target"), folder.under(&self.root).join("target"));
        if built.is_dir() && !target.exists() {
            // If it fails, it is built again.
            let _ = fs::rename(built, target);
        }
    }

    /// Makes a folder whose entries are links to those of the repository, but for folders and
    /// files that change.
    fn mirror(&self, folder: &RepoPath, plan: &Plan) -> io::Result<()> {
        fs::create_dir_all(self.path(folder))?;
        let entries = match fs::read_dir(folder.under(&self.root)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let Some(path) = entry.file_name().to_str().and_then(|name| folder.join(name)) else {
                continue;
            };
            let changes = plan.changes.keys().any(|change| change.below(&path).is_some());
            let name = entry.file_name();
            if changes || name == FOLDER || name == "target" {
                continue;
            }
            if name == "Cargo.lock" {
                // Cargo may write it, and must not write the one of the repository.
                fs::copy(entry.path(), self.path(&path))?;
            } else {
                link(&self.aim(&entry.path())?, &self.path(&path))?;
            }
        }
        Ok(())
    }

    /// What the counterpart of a file links to: a link within the repository leads to the
    /// counterpart of its target.
    fn aim(&self, file: &Path) -> io::Result<PathBuf> {
        if !fs::symlink_metadata(file)?.is_symlink() {
            return Ok(file.to_path_buf());
        }
        let target = fs::read_link(file)?;
        Ok(match target.strip_prefix(&self.root) {
            Ok(inside) => self.folder.join(inside),
            Err(_) => target,
        })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        remove(&self.root, &self.folder);
    }
}

/// Removes what a run has left that was killed while Cargo was at work.
pub(super) fn remove_left(root: &Path, store: &Store) {
    let folder = folder_in(root, store);
    if is_folder(&root.join(FOLDER)) && is_folder(&folder) {
        remove(root, &folder);
    }
}

/// Links in it are not followed. The folder above may hold what others put there.
fn remove(root: &Path, folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    let _ = fs::remove_dir(root.join(FOLDER));
}

fn folder_in(root: &Path, store: &Store) -> PathBuf {
    root.join(FOLDER).join(format!("verify-{}", store.key()))
}

/// Whether there is a folder, and no link that could lead out of the repository.
fn is_folder(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir())
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
