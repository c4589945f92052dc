//! The files that a plan may change: those of the layout of a project.
//!
//! The record and the workspace are files of the repository and cannot be trusted. A [`Target`] is
//! the border: plans change only targets, and only this file makes them.

use std::path::{Path, PathBuf};

use crate::catalog::check_function_name;
use crate::cognito::AUTH;
use crate::edit::ignores;
use crate::error::{Conflict, Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::{App, AppFile, Project, SCAFFOLDS};

/// Files that functions share, relative to the project, besides those of an Amplify app, manifests
/// and ignore files.
const SHARED: [&str; 2] = ["amplify.yml", super::RECORD];

impl Project {
    /// The directory of the user pool.
    pub fn auth(&self) -> Result<RepoPath> {
        self.resource(AUTH)
    }

    /// The directory of a resource and, each in a directory of its own, the functions that it calls.
    pub fn resource(&self, name: &str) -> Result<RepoPath> {
        self.path(&format!("amplify/{name}"))
    }

    /// The names of all directories that may be those of resources.
    pub fn resources(&self) -> Result<Vec<String>> {
        let mut names = self.directories(&self.path("amplify")?)?;
        names.retain(|name| is_resource_name(name));
        Ok(names)
    }

    /// The top directory of the git repository; the root without one.
    fn top(&self) -> PathBuf {
        self.files.git_top(&self.root).unwrap_or_else(|| self.root.clone())
    }

    /// The root as seen from the top of the git repository; empty without one.
    pub fn below_git_top(&self) -> RepoPath {
        self.root.strip_prefix(self.top()).ok().and_then(RepoPath::new).unwrap_or_default()
    }

    /// Whether git ignores a path, or a directory that it is in.
    pub fn is_ignored(&self, path: &RepoPath) -> bool {
        let top = self.top();
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
        let top = self.top();
        let above = self.root.ancestors().skip(1).take_while(|above| above.starts_with(&top));
        above.map(|directory| directory.join(name)).find(|file| file.is_file())
    }

    /// The files with these names in a directory and those above it in the git repository, each with
    /// its text, the nearest first.
    pub(crate) fn upward(
        &self,
        directory: &RepoPath,
        names: &[&str],
    ) -> impl Iterator<Item = (PathBuf, String)> {
        let top = self.top();
        let directory = directory.under(self.root());
        let directories = directory.ancestors().take_while(|above| above.starts_with(&top));
        let files = directories.flat_map(|above| names.iter().map(|name| above.join(name)));
        let files: Vec<_> = files.collect();
        files.into_iter().filter_map(move |file| {
            let text = self.files.text(&file, &top).ok().flatten()?;
            Some((file, text))
        })
    }

    /// The directory of a function that a resource calls.
    pub fn function(&self, resource: &str, name: &str) -> Result<RepoPath> {
        self.path(&format!("amplify/{resource}/{name}"))
    }
}

/// Whether a directory in `amplify/` may be that of a resource.
fn is_resource_name(name: &str) -> bool {
    format!("amplify/{name}") != SCAFFOLDS && check_function_name(name).is_ok()
}

/// The resource that a path below a project is in, and the rest of the path.
fn in_resource(path: &str) -> Option<(&str, &str)> {
    let (name, rest) = path.strip_prefix("amplify/")?.split_once('/')?;
    is_resource_name(name).then_some((name, rest))
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
    /// directory above all functions of a resource. Any other is an error.
    pub fn shared(path: &RepoPath, project: &Project) -> Result<Self> {
        let directory = path.parent().unwrap_or_default();
        let is_shared = match path.parts().last() {
            Some(file @ ("Cargo.toml" | ".gitignore")) => {
                let resource = path.below(project.directory()).and_then(in_resource);
                project.path("amplify")?.below(&directory).is_some()
                    || resource.is_some_and(|(_, rest)| rest == file)
            }
            // Of the app, or of a repository with several apps.
            Some("amplify.yml") if directory == RepoPath::default() => true,
            _ => {
                let below = path.below(project.directory());
                below.is_some_and(|below| {
                    let resource = in_resource(below);
                    SHARED.contains(&below)
                        || App::has_backend(below)
                        || resource.is_some_and(|(_, rest)| AppFile::is_resource(rest))
                })
            }
        };
        if !is_shared {
            return Err(Error::failed(format!("`{path}` is not a file that functions share")));
        }
        Ok(Self { path: path.clone(), directory: None })
    }

    /// A file of the function in a directory; `file` is relative to it and must not leave it.
    pub fn own(file: &str, directory: &RepoPath, project: &Project) -> Result<Self> {
        let below = directory.below(project.directory()).and_then(in_resource);
        let Some((_, name)) = below else {
            return Err(Error::failed(format!("`{directory}` is not a directory of a function")));
        };
        check_function_name(name)?;
        match directory.join(file).filter(|path| path != directory) {
            Some(path) => Ok(Self { path, directory: Some(directory.clone()) }),
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
