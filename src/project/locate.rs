//! Which folder is the project.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::files::Files;
use super::owner::{git_top, is_trusted};
use super::{StateDir, cargo};
use crate::error::{Error, Result};

/// The project's folder, and how it was chosen.
#[derive(Clone, Debug)]
pub struct Location {
    /// The absolute path, with links resolved; it need not exist when it was given.
    pub project: PathBuf,
    /// How it was chosen.
    pub origin: Origin,
    /// Where the program keeps what is the user's; at first nowhere.
    pub state: StateDir,
    /// What was read to find it.
    pub files: Arc<Files>,
}

/// How the project's folder was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user named it.
    Given,
    /// It is the nearest folder upward with an `amplify/` folder.
    Amplify,
    /// It is the root of the Cargo workspace.
    Cargo,
    /// It is the current folder, and nothing else was found.
    Current,
}

/// Finds the project: the nearest folder with `amplify/`, upward from `given`, or else from
/// `current`. Where there is none, it is `given`; or else the root of the Cargo workspace, or
/// `current`.
///
/// The search stops at the top of a git repository, so that a stray folder further up is never
/// taken for the project.
///
/// # Errors
/// When `given` is not, and cannot become, a folder; and when what was found above `current` is
/// another user's.
pub fn locate(given: Option<&Path>, current: &Path) -> Result<Location> {
    let files = Arc::<Files>::default();
    let has_amplify = |folder: &Path| folder.join("amplify").is_dir();
    if let Some(given) = given {
        let given = absolute(&current.join(given))?;
        // One that is not there yet is to become a project of its own; and so is one below a
        // directory that is called `amplify` for another reason.
        let found = nearest(&given, &has_backend).filter(|_| given.is_dir());
        return Ok(match found {
            Some(folder) if folder != given && is_trusted(&folder.join("amplify"), &given) => {
                located(folder.to_path_buf(), Origin::Amplify, files)
            }
            _ => located(given, Origin::Given, files),
        });
    }
    let current = fs::canonicalize(current)
        .map_err(|error| Error::io("find the current directory", current, error))?;
    if let Some(folder) = nearest(&current, &has_amplify) {
        check_owner(&folder.join("amplify"), &current)?;
        return Ok(located(folder.to_path_buf(), Origin::Amplify, files));
    }
    if let Some(package) = nearest(&current, &|folder| folder.join("Cargo.toml").exists()) {
        check_owner(&package.join("Cargo.toml"), &current)?;
        let root = cargo::workspace_above(package, &files)?.root;
        let project = root.unwrap_or_else(|| package.to_path_buf());
        return Ok(located(project, Origin::Cargo, files));
    }
    Ok(located(current, Origin::Current, files))
}

/// The nearest folder upward in the git repository that has what is sought.
fn nearest<'a>(start: &'a Path, has: &dyn Fn(&Path) -> bool) -> Option<&'a Path> {
    let top = git_top(start);
    let upward = start.ancestors();
    let mut upward = upward.take_while(|folder| top.is_none_or(|top| folder.starts_with(top)));
    upward.find(|folder| has(folder))
}

fn located(project: PathBuf, origin: Origin, files: Arc<Files>) -> Location {
    Location { project, origin, state: StateDir::default(), files }
}

/// Whether a directory has a user pool, a backend or functions of ours.
fn has_backend(folder: &Path) -> bool {
    let parts = ["auth", "backend.js", "backend.mts", "backend.ts", "generated.toml"];
    parts.iter().any(|part| folder.join("amplify").join(part).exists())
}

/// What another user has put above where the user stands does not become the project by itself.
fn check_owner(found: &Path, current: &Path) -> Result<()> {
    if found.parent() == Some(current) || is_trusted(found, current) {
        return Ok(());
    }
    Err(Error::failed(format!("`{}` belongs to another user", found.display()))
        .hint("choose the project with `--path`; `--path .` is the current directory"))
}

/// The real path of a folder that may not exist yet: its existing part with links resolved.
fn absolute(path: &Path) -> Result<PathBuf> {
    let mut real = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            other => real.push(other),
        }
        if let Ok(resolved) = fs::canonicalize(&real) {
            real = resolved;
        }
        if real.exists() && !real.is_dir() {
            return Err(Error::failed(format!("`{}` is not a directory", real.display()))
                .hint("give a directory, or one that can be created, with `--path`"));
        }
    }
    Ok(real)
}
