//! What Cargo would refuse is refused before anything is written, with the place.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::edit;
use crate::error::{ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, Package, Project};
use crate::source::Diagnostic;

/// Whether Cargo will load the workspace with the package `name` in the folder `package`.
pub fn check_workspace(
    draft: &Draft,
    cargo: &CargoRoot,
    name: &str,
    package: &RepoPath,
) -> Result<()> {
    let project = draft.project;
    let packages = cargo.packages(project)?;
    let planned = |folder: &RepoPath| {
        folder == package || draft.changes.keys().any(|path| path.below(folder).is_some())
    };
    let mut problems = members_problems(cargo, &packages, project, &planned)?;
    let mut names: BTreeMap<String, RepoPath> = BTreeMap::new();
    names.insert(name.to_owned(), package.clone());
    for Package { folder, name: other, .. } in packages {
        if let Some(first) = names.get(&other).filter(|first| **first != folder) {
            let mut problem = in_manifest(project, &folder, &["package", "name"], None)?;
            problem.message = format!("the workspace has a package `{other}` already");
            problem.label = format!("the other is in `{first}`");
            if first == package {
                problem.label = "this one".to_owned();
                problem.hint = Some(format!("choose another name: `--name {name}-trigger`"));
            }
            problems.push(problem);
        }
        names.entry(other).or_insert(folder);
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(ErrorKind::Invalid(problems).into())
}

/// Members that keep Cargo from loading the workspace as it is.
fn members_problems(
    cargo: &CargoRoot,
    packages: &[Package],
    project: &Project,
    planned: &dyn Fn(&RepoPath) -> bool,
) -> Result<Vec<Diagnostic>> {
    let mut problems = Vec::new();
    // A member outside the root is not ours to judge.
    let is_missing = |member: &str| {
        let folder = cargo.folder.relative(member);
        folder.is_some_and(|folder| {
            let manifest = folder.under(project.root()).join("Cargo.toml");
            !planned(&folder) && !manifest.is_file()
        })
    };
    let members = cargo.members.named().map(|member| (member, "members", "workspace"));
    // A default that is there may be a member as the dependency of another.
    let defaults = cargo.members.stray_defaults();
    let defaults = defaults.map(|default| (default, "default-members", "default"));
    for (member, key, what) in members.chain(defaults).filter(|(member, ..)| is_missing(member)) {
        let mut problem = in_manifest(project, &cargo.folder, &["workspace", key], Some(member))?;
        problem.message = format!("the {what} member `{member}` is not there");
        problem.label = format!("no `{member}/Cargo.toml`");
        problem.hint = Some(format!("remove it from `{key}`: Cargo does not load the workspace"));
        problems.push(problem);
    }
    for package in packages.iter().filter(|package| package.has_workspace) {
        let folder = &package.folder;
        if *folder == cargo.folder {
            continue;
        }
        let mut problem = in_manifest(project, folder, &["workspace"], None)?;
        problem.message = format!("the member `{folder}` is a workspace of its own");
        problem.label = "a member cannot have this".to_owned();
        problem.hint = Some("remove it, or the member: Cargo does not load the workspace".into());
        problems.push(problem);
    }
    Ok(problems)
}

/// A problem at a place in the manifest of a folder, in words that are still to be found.
fn in_manifest(
    project: &Project,
    folder: &RepoPath,
    key: edit::KeyPath,
    element: Option<&str>,
) -> Result<Diagnostic> {
    let path = folder.join("Cargo.toml").unwrap_or_default();
    let text = project.read_text(&path)?.unwrap_or_default();
    Ok(Diagnostic {
        span: edit::place(&text, key, element),
        source: text.into(),
        path,
        message: String::new(),
        label: String::new(),
        hint: None,
    })
}

/// What is special about where the project is.
pub fn notes_on_place(project: &Project) -> Vec<String> {
    let mut notes = Vec::new();
    let folder = project.folder().under(project.root());
    let mut targets = folder.ancestors().filter(|folder| {
        let parent = folder.parent();
        folder.ends_with("target")
            && parent.is_some_and(|parent| parent.join("Cargo.toml").is_file())
    });
    if let Some(target) = targets.next() {
        notes.push(format!(
            "the project is in {}: `cargo clean` of that project removes it",
            target.display()
        ));
    }
    if let Some(unrelated) = project.unrelated() {
        notes.push(format!(
            "the workspace {} is left alone: nothing in it says that the project belongs to it",
            unrelated.join("Cargo.toml").display()
        ));
    }
    notes
}
