//! What Cargo would refuse is refused before anything is written, with the place.

use std::collections::BTreeMap;

use super::builder::PlanBuilder;
use super::function::Generated;
use super::membership::MEMBERS;
use crate::catalog::Scaffold;
use crate::edit;
use crate::error::{ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, Package, Project};
use crate::source::{Diagnostic, Place};

/// Whether Cargo will load the workspace with a function that the first of these scaffolds has made. The
/// others are generated with it.
pub fn check_workspace(
    plan: &PlanBuilder,
    generated: &Generated,
    (scaffold, others): (&Scaffold, &[&str]),
) -> Result<()> {
    let Generated { cargo, package, .. } = generated;
    let name = &generated.answers.name;
    let project = plan.project;
    let command = scaffold.new_command();
    let mut hint = format!("choose another name: `{command} --name {name}-trigger`");
    if !others.is_empty() {
        hint += &format!(", and generate {} one by one", others.join(" and "));
    }
    let packages = cargo.packages(project)?;
    let planned = |directory: &RepoPath| {
        directory == package || plan.changes.keys().any(|path| path.below(directory).is_some())
    };
    let mut problems = members_problems(cargo, &packages, project, &planned)?;
    let mut names: BTreeMap<String, RepoPath> = BTreeMap::new();
    names.insert(name.clone(), package.clone());
    for Package { directory, name: other, .. } in packages {
        if let Some(first) = names.get(&other).filter(|first| **first != directory) {
            let message = format!("the workspace already has a package `{other}`");
            let place = in_manifest(project, &directory, &["package", "name"], None)?;
            let problem = if first == package {
                place.problem(message, "this one").hint(&hint)
            } else {
                place.problem(message, format!("the other is in `{first}`"))
            };
            problems.push(problem);
        }
        names.entry(other).or_insert(directory);
    }
    for (member, other) in cargo.packages_outside(project)? {
        if other == *name {
            let place = in_manifest(project, &cargo.directory, &MEMBERS, Some(member))?;
            let message = format!("the workspace already has a package `{other}`");
            problems.push(place.problem(message, "this one").hint(&hint));
        }
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
        let directory = cargo.directory.relative(member);
        directory.is_some_and(|directory| {
            let manifest = directory.under(project.root()).join("Cargo.toml");
            !planned(&directory) && !manifest.is_file()
        })
    };
    let members = cargo.members.named().map(|member| (member, "members", "workspace"));
    // A default that is there may be a member as the dependency of another.
    let defaults = cargo.members.stray_defaults();
    let defaults = defaults.map(|default| (default, "default-members", "default"));
    for (member, key, what) in members.chain(defaults).filter(|(member, ..)| is_missing(member)) {
        let place = in_manifest(project, &cargo.directory, &["workspace", key], Some(member))?;
        let message = format!("the {what} member `{member}` does not exist");
        let problem = place.problem(message, format!("no `{member}/Cargo.toml`"));
        let hint = format!("remove it from `{key}`: Cargo does not load the workspace");
        problems.push(problem.hint(hint));
    }
    for package in packages.iter().filter(|package| package.has_workspace) {
        let directory = &package.directory;
        if *directory == cargo.directory {
            continue;
        }
        let message = format!("the member `{directory}` is a workspace of its own");
        let problem = in_manifest(project, directory, &["workspace"], None)?
            .problem(message, "a member cannot have this")
            .hint("remove it, or the member: Cargo does not load the workspace");
        problems.push(problem);
    }
    Ok(problems)
}

/// Where the manifest of a directory has a key, or an element of it.
fn in_manifest(
    project: &Project,
    directory: &RepoPath,
    key: edit::KeyPath,
    element: Option<&str>,
) -> Result<Place> {
    let manifest = project.manifest(directory)?;
    Ok(manifest.at(edit::place(manifest.text(), key, element)))
}
