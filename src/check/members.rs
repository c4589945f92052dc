//! Crates that are not workspace members, and members that do not exist.

use std::collections::{BTreeMap, BTreeSet};

use super::functions::place_of_name;
use super::{Finding, Subject, problem};
use crate::edit;
use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{CargoRoot, Membership, Neighbours, recorded};

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let mut workspaces = BTreeMap::new();
    for resource in &subject.resources {
        // All functions of a resource have the same parent directory, and so the same workspace.
        let cargo = subject.project.cargo_root(&resource.child("x"))?;
        examine_resource(subject, &cargo, resource, findings)?;
        workspaces.insert(cargo.directory.clone(), cargo);
    }
    workspaces.values().try_for_each(|cargo| examine_taken_in(subject, cargo, findings))
}

/// The crates of a resource.
fn examine_resource(
    subject: &Subject,
    cargo: &CargoRoot,
    resource: &RepoPath,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let is_in = |directory: &&RepoPath| directory.parent().as_ref() == Some(resource);
    for directory in subject.directories.iter().filter(is_in) {
        let name = directory.parts().last().unwrap_or_default();
        let function = subject.record.functions.get(name);
        let is_renamed = function.is_some_and(|function| subject.is_renamed(&function.name));
        let is_crate = subject.project.has(directory, "Cargo.toml");
        if !is_crate {
            findings.extend(taken_for_a_crate(subject, cargo, directory)?);
        }
        if !is_crate || is_renamed || is_member(subject, cargo, directory) {
            continue;
        }
        let manifest = subject.project.manifest(directory)?;
        // A crate that is a workspace of its own is no member of another.
        if edit::is_written(manifest.text(), &["workspace"]).is_ok_and(|alone| !alone) {
            let label =
                format!("`{directory}` is not in `workspace.members` of `{}`", cargo.manifest());
            let place = place_of_name(&manifest);
            let no_member = problem(place.problem("the crate is not a workspace member", label));
            findings.push(no_member.repaired_by(Repair::AddMember(directory.clone())));
        }
    }
    examine_named(subject, cargo, resource, findings)
}

/// A directory without a crate that matches a glob in `members`, so that Cargo fails.
fn taken_for_a_crate(
    subject: &Subject,
    cargo: &CargoRoot,
    directory: &RepoPath,
) -> Result<Option<Finding>> {
    let path = directory.below(&cargo.directory).unwrap_or(directory.as_str());
    if !cargo.members.has_glob_for(path) || cargo.members.excludes(path) {
        return Ok(None);
    }
    let root = subject.project.manifest(&cargo.directory)?;
    let place = root.at(edit::place(root.text(), &["workspace", "members"], None));
    let message = format!("Cargo treats `{directory}` as a crate, and cannot load the workspace");
    let label = format!("a glob, and there is no `{directory}/Cargo.toml`");
    let hint = format!("remove the directory, or add `\"{path}\"` to `exclude` in `[workspace]`");
    Ok(Some(problem(place.problem(message, label).hint(hint))))
}

fn is_member(subject: &Subject, cargo: &CargoRoot, directory: &RepoPath) -> bool {
    match &cargo.membership {
        Membership::New => false,
        Membership::Alone(_) => true,
        Membership::Member | Membership::Missing { .. } => {
            let root = cargo.directory.under(subject.project.root());
            let path = directory.below(&cargo.directory).unwrap_or(directory.as_str());
            cargo.members.keeps_out(path)
                || cargo.members.membership(path, &root) == Membership::Member
        }
    }
}

/// Members in the directory of a resource without a crate, with which Cargo cannot load the workspace.
fn examine_named(
    subject: &Subject,
    cargo: &CargoRoot,
    resource: &RepoPath,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    for member in cargo.members.named() {
        let Some(directory) = cargo.directory.join(member) else {
            continue;
        };
        let ours = directory
            .below(resource)
            .is_some_and(|below| !below.is_empty() && !subject.is_renamed(below));
        if !ours || subject.project.has(&directory, "Cargo.toml") {
            continue;
        }
        let root = subject.project.manifest(&cargo.directory)?;
        let place = root.at(edit::place(root.text(), &["workspace", "members"], Some(member)));
        let message = format!("the workspace member `{member}` does not exist");
        let missing = place.problem(message, format!("no `{directory}/Cargo.toml`"));
        findings.push(problem(missing).repaired_by(Repair::RemoveMember(directory)));
    }
    Ok(())
}

/// Crates that were none of a workspace's before it was made for a function. Cargo refuses them, as
/// they are no members.
fn examine_taken_in(
    subject: &Subject,
    cargo: &CargoRoot,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    if !subject.record.made_workspace(&recorded(&cargo.manifest(), subject.project)) {
        return Ok(());
    }
    let Neighbours::These(mut directories) = subject.project.neighbours(&cargo.directory) else {
        return Ok(());
    };
    let packages = cargo.packages(subject.project)?;
    // Neighbours have their real paths, and `amplify/` may be a link.
    let functions: Vec<_> = subject
        .directories
        .iter()
        .filter_map(|directory| {
            subject.project.resolve(&directory.child("Cargo.toml")).ok()?.parent()
        })
        .collect();
    let path =
        |directory: &RepoPath| directory.below(&cargo.directory).unwrap_or_default().to_owned();
    directories.retain(|directory| {
        !functions.contains(directory)
            && !cargo.members.excludes(&path(directory))
            && !packages.iter().any(|package| package.directory == *directory)
    });
    let root = subject.project.manifest(&cargo.directory)?;
    let place = root.at(edit::place(root.text(), &["workspace"], None));
    let has_member = |directory: &RepoPath| {
        let members = packages.iter().map(|package| &package.directory).chain(&functions);
        members.into_iter().any(|member| member.below(directory).is_some())
    };
    let outermost = |directory: RepoPath| {
        let above = directory.parents().take_while(|above| !has_member(above)).last();
        above.unwrap_or(directory)
    };
    for directory in directories.into_iter().map(outermost).collect::<BTreeSet<_>>() {
        let message =
            format!("`{directory}` is inside the workspace, so Cargo refuses to build it");
        let label = "it is neither a member nor excluded";
        let taken_in = problem(place.problem(message, label));
        let workspace = cargo.directory.clone();
        findings.push(taken_in.repaired_by(Repair::Exclude { workspace, directory }));
    }
    Ok(())
}
