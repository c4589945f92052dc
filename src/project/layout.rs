//! The files that a plan may change: those of the layout of a project.
//!
//! The record and the workspace are files of the repository and cannot be trusted. A [`Target`] is
//! the border: plans change only targets, and only this file makes them.

use std::path::{Path, PathBuf};

use crate::catalog::check_function_name;
use crate::edit::ignores;
use crate::error::{Conflict, Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::{App, Project};

/// The directory of the functions and the user pool, relative to the project.
pub const AUTH: &str = "amplify/auth";

/// Files that functions share, relative to the project, besides those of an Amplify app, manifests
/// and ignore files.
const SHARED: [&str; 2] = ["amplify.yml", super::RECORD];

impl Project {
    /// The directory of the user pool and, each in a directory of its own, the functions.
    pub fn auth(&self) -> Result<RepoPath> {
        self.path(AUTH)
    }

    /// The root as seen from the top of the git repository; empty without one.
    pub fn below_git_top(&self) -> RepoPath {
        let top = self.files.git_top(self.root());
        let below = top.as_ref().and_then(|top| self.root().strip_prefix(top).ok());
        below.and_then(RepoPath::new).unwrap_or_default()
    }

    /// Whether git ignores a path, or a directory that it is in.
    pub fn is_ignored(&self, path: &RepoPath) -> bool {
        let top = self.files.git_top(&self.root).unwrap_or_else(|| self.root.clone());
        let path = path.under(&self.root);
        let mut within = path.ancestors().take_while(|path| path.starts_with(&top));
        within.any(|path| self.ignored_by(path.ancestors().skip(1), &top, path) == Some(true))
    }

    /// What the ignore files in these directories, the nearest first, say of a path; those outside
    /// `top` count for nothing. `None` when no line is about it.
    pub fn ignored_by<'a>(
        &self,
        directories: impl Iterator<Item = &'a Path>,
        top: &Path,
        path: &Path,
    ) -> Option<bool> {
        directories.take_while(|directory| directory.starts_with(top)).find_map(|directory| {
            let text = self.files.text(&directory.join(".gitignore"), top).ok().flatten()?;
            let path =
                path.strip_prefix(directory).ok()?.to_str().filter(|path| !path.is_empty())?;
            ignores(&text, path)
        })
    }

    /// A file of the git repository above the root, which nothing is written to.
    pub fn above(&self, name: &str) -> Option<PathBuf> {
        let top = self.files.git_top(self.root())?;
        let above =
            self.root().ancestors().skip(1).take_while(|directory| directory.starts_with(&top));
        above.map(|directory| directory.join(name)).find(|file| file.is_file())
    }

    /// The files with these names in a directory and those above it in the git repository, each with
    /// its text, the nearest first.
    pub(crate) fn upward(
        &self,
        directory: &RepoPath,
        names: &[&str],
    ) -> impl Iterator<Item = (PathBuf, String)> {
        let top = self.files.git_top(self.root()).unwrap_or_else(|| self.root().to_path_buf());
        let directory = directory.under(self.root());
        let directories = directory.ancestors().take_while(|above| above.starts_with(&top));
        let files = directories.flat_map(|above| names.iter().map(|name| above.join(name)));
        let files: Vec<_> = files.collect();
        files.into_iter().filter_map(move |file| {
            let text = self.files.text(&file, &top).ok().flatten()?;
            Some((file, text))
        })
    }

    /// The directory of the function `name`.
    pub fn function(&self, name: &str) -> Result<RepoPath> {
        self.path(&format!("{AUTH}/{name}"))
    }
}

/// Whether a path is `amplify/<resource>/resource.toml`, which says what a resource calls.
fn is_resource(path: &str) -> bool {
    let mut parts = path.split('/');
    let [first, name, last] = [(); 3].map(|()| parts.next().unwrap_or_default());
    first == "amplify"
        && last == "resource.toml"
        && parts.next().is_none()
        && check_function_name(name).is_ok()
}

/// A file that a plan may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    path: RepoPath,
    /// The directory of the function that it belongs to; `None` for a file that functions share.
    directory: Option<RepoPath>,
}

impl Target {
    /// A file that functions share: one of a fixed list, or a manifest or ignore file in a
    /// directory above all functions. Any other is an error.
    pub fn shared(path: &RepoPath, project: &Project) -> Result<Self> {
        let auth = project.auth()?;
        let directory = path.parent().unwrap_or_default();
        let is_shared = match path.parts().last() {
            Some("Cargo.toml" | ".gitignore") => auth.below(&directory).is_some(),
            // Of the app, or of a repository with several apps.
            Some("amplify.yml") if directory == RepoPath::default() => true,
            _ => {
                let below = path.below(project.directory());
                below.is_some_and(|below| {
                    SHARED.contains(&below) || App::has_file(below) || is_resource(below)
                })
            }
        };
        if !is_shared {
            return Err(Error::failed(format!("`{path}` is not a file that functions share")));
        }
        Ok(Self { path: path.clone(), directory: None })
    }

    /// A file of the function `name`; `file` is relative to its directory and must not leave it.
    pub fn own(file: &str, name: &str, project: &Project) -> Result<Self> {
        check_function_name(name)?;
        let directory = project.function(name)?;
        match directory.join(file).filter(|path| *path != directory) {
            Some(path) => Ok(Self { path, directory: Some(directory) }),
            None => Err(Error::failed(format!("`{file}` is not in `{directory}/`"))),
        }
    }

    /// The file that a user chose to have written beside a target.
    pub fn beside(path: &RepoPath) -> Option<Self> {
        Some(Self { path: RepoPath::new(format!("{path}.new"))?, directory: None })
    }

    /// The file.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// Its real path.
    ///
    /// # Errors A conflict when it cannot be written, or belongs to a function and is reached
    /// through a link: the target of the link was not generated.
    pub fn resolve(&self, project: &Project) -> Result<RepoPath, Conflict> {
        let directory = self.directory.as_ref();
        if directory.is_some_and(|directory| project.has_link(&self.path, directory)) {
            let reason = "is reached through a link, and was not generated so";
            return Err(Conflict::new(&self.path, reason, Remedy::MakeRoom));
        }
        project.resolve(&self.path)
    }
}
