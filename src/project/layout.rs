//! Which files a plan may change: those of the layout of a project, however they are named.
//!
//! The record and the workspace are files of the repository, and may say anything. A [`Target`] is
//! the border: a plan is made of targets, and a target is made here only.

use crate::catalog::check_function_name;
use crate::error::{Conflict, Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::Project;

/// Where the functions and the user pool are, below the project.
pub const AUTH: &str = "amplify/auth";

/// What functions share in the folder of the project, but for manifests and ignore files.
const SHARED: [&str; 9] = [
    "amplify.yml",
    "amplify/auth/resource.js",
    "amplify/auth/resource.mts",
    "amplify/auth/resource.toml",
    "amplify/auth/resource.ts",
    "amplify/backend.js",
    "amplify/backend.mts",
    "amplify/backend.ts",
    super::RECORD,
];

impl Project {
    /// The folder with the user pool and, each in a folder of its own, the functions.
    pub fn auth(&self) -> Result<RepoPath> {
        self.path(AUTH)
    }

    /// The folder of the function `name`.
    pub fn function(&self, name: &str) -> Result<RepoPath> {
        self.path(&format!("{AUTH}/{name}"))
    }
}

/// A file that a plan may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    path: RepoPath,
    /// The folder of the function whose file it is; none for a file that functions share.
    folder: Option<RepoPath>,
}

impl Target {
    /// A file that functions share: one of a fixed list, or a manifest or an ignore file in a
    /// folder that all functions are below.
    pub fn shared(path: &RepoPath, project: &Project) -> Result<Self> {
        let auth = project.auth()?;
        let folder = path.parent().unwrap_or_default();
        let is_shared = match path.parts().last() {
            Some("Cargo.toml" | ".gitignore") => auth.below(&folder).is_some(),
            // The app's own, or that of a repository with several.
            Some("amplify.yml") if folder == RepoPath::default() => true,
            _ => path.below(project.folder()).is_some_and(|below| SHARED.contains(&below)),
        };
        match is_shared {
            true => Ok(Self { path: path.clone(), folder: None }),
            false => Err(Error::failed(format!("`{path}` is not a file that functions share"))),
        }
    }

    /// A file of the function `name`; `file` is seen from the function's folder.
    pub fn own(file: &str, name: &str, project: &Project) -> Result<Self> {
        check_function_name(name)?;
        let folder = project.function(name)?;
        match folder.join(file).filter(|path| *path != folder) {
            Some(path) => Ok(Self { path, folder: Some(folder) }),
            None => Err(Error::failed(format!("`{file}` is not in `{folder}/`"))),
        }
    }

    /// The file that a user chose to have written beside a target.
    pub fn beside(path: &RepoPath) -> Option<Self> {
        Some(Self { path: RepoPath::new(format!("{path}.new"))?, folder: None })
    }

    /// The file.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// Where it really is.
    ///
    /// # Errors
    /// A conflict when it cannot be written, or is a function's and reached through a link: what
    /// that leads to was not generated.
    pub fn resolve(&self, project: &Project) -> Result<RepoPath, Conflict> {
        let folder = self.folder.as_ref();
        if folder.is_some_and(|folder| project.has_link(&self.path, folder)) {
            let reason = "is reached through a link, and was not generated so";
            return Err(Conflict::new(&self.path, reason, Remedy::MakeRoom));
        }
        project.resolve(&self.path)
    }
}
