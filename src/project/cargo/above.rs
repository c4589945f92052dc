//! The workspace that a project is part of, where that is rooted above it.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::files::Files;
use super::super::owner::is_trusted;
use super::manifest::Manifest;
use super::members::Members;
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// The workspace around a project.
#[derive(Debug, Default)]
pub struct Above {
    /// Its directory, if it may be written; none when the project is a workspace of its own.
    pub root: Option<PathBuf>,
    /// The directory of a workspace that Cargo would find, but that has to do with the project only by
    /// where it is.
    pub unrelated: Option<PathBuf>,
}

/// The workspace that a crate below `project` would belong to, if it is rooted above `project`.
///
/// What a project says must not make the user's home directory a place to write to. So the
/// workspace is one in the git repository of the project. Without git, it is one that has the
/// project among its members. Its manifest is by the user.
pub fn workspace_above(project: &Path, files: &Files) -> Result<Above> {
    let own = Manifest::load(project, project, files)?;
    let own = own.as_ref();
    if own.is_some_and(|manifest| manifest.workspace().is_some()) {
        return Ok(Above::default());
    }
    let pointer = own.and_then(|manifest| Some((manifest, manifest.pointer()?)));
    let (root, members) = match pointer {
        Some((manifest, path)) => pointed(project, manifest, path, files)?,
        None => match nearest_above(project, files)? {
            Some((root, members)) => (root.to_owned(), members),
            None => return Ok(Above::default()),
        },
    };
    let path = project.strip_prefix(&root).ok().and_then(RepoPath::new);
    let is_member = members.has_below(path.unwrap_or_default().as_str());
    let top = files.git_top(project);
    let top = top.as_deref();
    let manifest = root.join("Cargo.toml");
    if top.map_or(!is_member, |top| !root.starts_with(top)) {
        if pointer.is_none() && !is_member {
            return Ok(Above { unrelated: Some(root), ..Above::default() });
        }
        return Err(outside(project, &manifest, top));
    }
    if !is_trusted(&manifest, project) {
        let problem = format!("`{}` belongs to another user", manifest.display());
        return Err(Error::failed(problem).hint(format!(
            "add `[workspace]` to `{}`, so that the project is not part of that workspace",
            project.join("Cargo.toml").display()
        )));
    }
    Ok(Above { root: Some(root), ..Above::default() })
}

/// The workspace that `manifest`, the project's, names as `path`.
fn pointed(
    project: &Path,
    manifest: &Manifest,
    path: &str,
    files: &Files,
) -> Result<(PathBuf, Members)> {
    let line = manifest.pointer_line().unwrap_or_default();
    let own = project.join("Cargo.toml");
    let own = own.display();
    let root = project.join(path);
    let root = fs::canonicalize(&root).unwrap_or(root);
    let is_above = project.starts_with(&root);
    // What a project names elsewhere is not read.
    if !is_above && root.join("Cargo.toml").is_file() {
        let root = root.display();
        return Err(Error::failed(format!(
            "`{own}` belongs to the workspace `{root}` (line {line}), which is not above it",
        ))
        .hint(format!("use that workspace: `--path {root}`")));
    }
    let named = if is_above { Manifest::load(&root, &root, files)? } else { None };
    match named.as_ref().and_then(Manifest::workspace) {
        Some(workspace) => {
            let members = Members::new(workspace, &root);
            Ok((root, members))
        }
        None => Err(Error::failed(format!(
            "`{own}` names `{path}` as its workspace (line {line}), which is not a workspace"
        ))
        .hint("remove `package.workspace`: Cargo refuses it too")),
    }
}

/// The nearest workspace above that does not exclude the project.
fn nearest_above<'a>(project: &'a Path, files: &Files) -> Result<Option<(&'a Path, Members)>> {
    for directory in project.ancestors().skip(1) {
        let Some(manifest) = Manifest::load(directory, directory, files)? else {
            continue;
        };
        if let Some(table) = manifest.workspace() {
            let path = project.strip_prefix(directory).ok().and_then(RepoPath::new);
            let path = path.unwrap_or_default();
            let members = Members::new(table, directory);
            // What is built there is no part of the workspace, so neither is what is put there.
            let is_built = path.parts().next() == Some("target");
            let amplify = path.child("amplify");
            let has_function = |member: &str| Path::new(member).starts_with(amplify.as_str());
            let is_out = members.excludes(path.as_str()) && !members.named().any(has_function);
            if !is_built && !is_out {
                return Ok(Some((directory, members)));
            }
        }
    }
    Ok(None)
}

/// A project cannot have files written that are not of its repository.
fn outside(project: &Path, manifest: &Path, top: Option<&Path>) -> Error {
    let (project, shown) = (project.display(), manifest.display());
    let error = match top {
        Some(top) => Error::failed(format!(
            "the workspace `{shown}` of `{project}` is outside the git repository `{}`",
            top.display()
        )),
        None => {
            Error::failed(format!("the workspace `{shown}` does not have `{project}` as a member"))
                .hint(format!("if it should, add it to `members` in `{shown}`"))
        }
    };
    error.hint(format!(
        "else remove `package.workspace` in `{project}/Cargo.toml`, and list the project in \
         `exclude` of that workspace"
    ))
}
