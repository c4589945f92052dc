//! Finds the directory of the project.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::files::Files;
use super::owner::is_trusted;
use super::{Scaffolds, StateDir, cargo};
use crate::error::{Error, Result};

/// The project's directory, and how it was chosen.
#[derive(Clone, Debug)]
pub struct Location {
    /// The absolute path with links resolved; one that the user gave need not exist.
    pub project: PathBuf,
    /// How it was chosen.
    pub origin: Origin,
    /// The user's state directory; missing at first.
    pub state: StateDir,
    /// The files that were read to find it.
    pub files: Arc<Files>,
    /// Where scaffolds are from; its own set at first.
    pub scaffolds: Scaffolds,
}

/// How the project's directory was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user named it.
    Given,
    /// It is the nearest directory upward that has `amplify/`.
    Amplify,
    /// It is the root of the Cargo workspace.
    Cargo,
    /// It is the current directory, as nothing else was found.
    Current,
}

/// Finds the project: the nearest directory whose `amplify/` has a backend, upward from `given`, or
/// else from `current`. If there is none, it is `given`, or else the root of the Cargo workspace or
/// `current`.
///
/// The search ends at the top of the git repository.
///
/// # Errors
/// When `given` is not, and cannot become, a directory, or when the project found above `current`
/// belongs to another user.
pub fn locate(given: Option<&Path>, current: &Path) -> Result<Location> {
    let files = Arc::<Files>::default();
    if let Some(given) = given {
        let given = real_directory(&current.join(given))?;
        // One that does not exist yet becomes a project of its own, and so does one below a
        // directory that is called `amplify` for another reason.
        let found = nearest(&given, &files, &has_backend).filter(|_| given.is_dir());
        return Ok(match found {
            Some(directory)
                if directory != given && is_trusted(&directory.join("amplify"), &given) =>
            {
                located(directory.to_path_buf(), Origin::Amplify, files)
            }
            _ => located(given, Origin::Given, files),
        });
    }
    let current = fs::canonicalize(current)
        .map_err(|error| Error::io("find the current directory", current, error))?;
    if let Some(directory) = nearest(&current, &files, &has_backend) {
        check_owner(&directory.join("amplify"), &current)?;
        return Ok(located(directory.to_path_buf(), Origin::Amplify, files));
    }
    if let Some(package) = nearest(&current, &files, &has_manifest) {
        check_owner(&package.join("Cargo.toml"), &current)?;
        let root = cargo::workspace_above(package, &files)?.root;
        let project = root.unwrap_or_else(|| package.to_path_buf());
        return Ok(located(project, Origin::Cargo, files));
    }
    Ok(located(current, Origin::Current, files))
}

/// The nearest directory upward, within the git repository, for which `has` is true.
fn nearest<'a>(start: &'a Path, files: &Files, has: &dyn Fn(&Path) -> bool) -> Option<&'a Path> {
    let top = files.git_top(start);
    let upward = start.ancestors();
    let mut upward =
        upward.take_while(|directory| top.as_ref().is_none_or(|top| directory.starts_with(top)));
    upward.find(|directory| has(directory))
}

fn located(project: PathBuf, origin: Origin, files: Arc<Files>) -> Location {
    let (state, scaffolds) = (StateDir::default(), Scaffolds::default());
    Location { project, origin, state, files, scaffolds }
}

/// Whether a directory has a user pool, a backend or functions of ours, and not a Rust module of that name.
fn has_backend(directory: &Path) -> bool {
    let parts = ["auth", "backend.js", "backend.mts", "backend.ts", "generated.toml"];
    let is_module =
        ["amplify.rs", "amplify/mod.rs"].iter().any(|file| directory.join(file).exists());
    !is_module && parts.iter().any(|part| directory.join("amplify").join(part).exists())
}

fn has_manifest(directory: &Path) -> bool {
    directory.join("Cargo.toml").exists()
}

/// A directory above `current` that belongs to another user must not become the project.
fn check_owner(found: &Path, current: &Path) -> Result<()> {
    if found.parent() == Some(current) || is_trusted(found, current) {
        return Ok(());
    }
    Err(Error::failed(format!("`{}` belongs to another user", found.display()))
        .hint("choose the project with `--path`; `--path .` is the current directory"))
}

/// The real path of a directory that may not exist yet.
fn real_directory(path: &Path) -> Result<PathBuf> {
    let real = real(path);
    match real.ancestors().find(|above| above.exists()) {
        Some(file) if !file.is_dir() => {
            Err(Error::failed(format!("`{}` is not a directory", file.display()))
                .hint("give a directory, or one that can be created, with `--path`"))
        }
        _ => Ok(real),
    }
}

/// An absolute path with links resolved in its existing part.
pub(super) fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = real.pop(),
            Component::CurDir => {}
            other => real.push(other),
        }
        real = fs::canonicalize(&real).unwrap_or(real);
    }
    real
}
