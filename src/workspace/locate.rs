//! Which folder is the project.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::cargo;
use crate::error::{Error, Result};

/// The project's folder, and how it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The absolute path, with links resolved; it need not exist when it was given.
    pub project: PathBuf,
    /// How it was chosen.
    pub origin: Origin,
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

/// Finds the project: `given`, else the nearest folder upward from `current` that has `amplify/`,
/// else the root of the Cargo workspace, else `current`.
///
/// The search stops at the top of a git repository, so that a stray folder further up is never
/// taken for the project.
///
/// # Errors
/// When `given` is not, and cannot become, a folder.
pub fn locate(given: Option<&Path>, current: &Path) -> Result<Location> {
    if let Some(given) = given {
        let project = absolute(&current.join(given))?;
        let origin = Origin::Given;
        return Ok(Location { project, origin });
    }
    let current = fs::canonicalize(current)
        .map_err(|error| Error::io("find the current folder", current, error))?;
    let top = current
        .ancestors()
        .find(|folder| folder.join(".git").exists());
    let upward = || {
        current
            .ancestors()
            .take_while(move |folder| top.is_none_or(|top| folder.starts_with(top)))
    };
    let amplify = upward().find(|folder| folder.join("amplify").is_dir());
    let (project, origin) = match (amplify, cargo::nearest_root(upward())?) {
        (Some(folder), _) => (folder.to_path_buf(), Origin::Amplify),
        (None, Some(folder)) => (folder, Origin::Cargo),
        (None, None) => (current, Origin::Current),
    };
    Ok(Location { project, origin })
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
            return Err(
                Error::failed(format!("`{}` is not a folder", real.display()))
                    .hint("give a folder, or one that can be created, with `--path`"),
            );
        }
    }
    Ok(real)
}
