//! Crates that Cargo does not see, and members that are not there.

use std::collections::BTreeSet;

use super::{Finding, Subject, problem};
use crate::edit;
use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{CargoRoot, Membership, Neighbours, recorded};
use crate::source::SourceFile;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let auth = subject.project.auth()?;
    let Some(probe) = auth.join("x") else {
        return Ok(());
    };
    // All functions have the same folder above, so Cargo looks for their workspace in one place.
    let cargo = subject.project.cargo_root(&probe)?;
    for folder in &subject.folders {
        let name = folder.parts().last().unwrap_or_default();
        let function = subject.record.functions.get(name);
        let is_renamed = function.is_some_and(|function| subject.is_renamed(&function.name));
        let is_crate = subject.has(folder, "Cargo.toml");
        if !is_crate {
            findings.extend(taken_for_a_crate(subject, &cargo, folder)?);
        }
        if !is_crate || is_renamed || is_member(subject, &cargo, folder) {
            continue;
        }
        let manifest = subject.project.manifest(folder)?;
        // A crate that is a workspace of its own is no member of another.
        if edit::is_written(manifest.text(), &["workspace"]).is_ok_and(|alone| !alone) {
            findings.push(no_member(&manifest, &cargo, folder));
        }
    }
    examine_named(subject, &cargo, &auth, findings)?;
    examine_taken_in(subject, &cargo, findings)
}

/// A folder without a crate that a glob in `members` stands for, so that Cargo loads nothing.
fn taken_for_a_crate(
    subject: &Subject,
    cargo: &CargoRoot,
    folder: &RepoPath,
) -> Result<Option<Finding>> {
    let path = folder.below(&cargo.folder).unwrap_or(folder.as_str());
    if !cargo.members.has_glob_for(path) || cargo.members.excludes(path) {
        return Ok(None);
    }
    let root = subject.project.manifest(&cargo.folder)?;
    let place = root.at(edit::place(root.text(), &["workspace", "members"], None));
    let message = format!("Cargo takes `{folder}` for a crate, and loads nothing");
    let label = format!("a glob, and there is no `{folder}/Cargo.toml`");
    let hint = format!("remove the directory, or add `\"{path}\"` to `exclude` in `[workspace]`");
    Ok(Some(problem(place.problem(message, label).hint(hint))))
}

fn is_member(subject: &Subject, cargo: &CargoRoot, folder: &RepoPath) -> bool {
    match &cargo.membership {
        Membership::New => false,
        Membership::Alone(_) => true,
        Membership::Member | Membership::Missing { .. } => {
            let root = cargo.folder.under(subject.project.root());
            let path = folder.below(&cargo.folder).unwrap_or(folder.as_str());
            cargo.members.keeps_out(path)
                || cargo.members.membership(path, &root) == Membership::Member
        }
    }
}

fn no_member(manifest: &SourceFile, cargo: &CargoRoot, folder: &RepoPath) -> Finding {
    let root = cargo.folder.join("Cargo.toml").unwrap_or_default();
    let place = manifest.at(edit::place(manifest.text(), &["package", "name"], None));
    let label = format!("`{folder}` is not in `workspace.members` of `{root}`");
    problem(place.problem("the crate is not a workspace member", label))
        .repaired_by(Some(Repair::AddMember(folder.clone())))
}

/// Members below `amplify/auth/` without a crate, which keep Cargo from loading the workspace.
fn examine_named(
    subject: &Subject,
    cargo: &CargoRoot,
    auth: &RepoPath,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    for member in cargo.members.named() {
        let Some(folder) = cargo.folder.join(member) else {
            continue;
        };
        let ours =
            folder.below(auth).is_some_and(|below| !below.is_empty() && !subject.is_renamed(below));
        if !ours || subject.has(&folder, "Cargo.toml") {
            continue;
        }
        let root = subject.project.manifest(&cargo.folder)?;
        let place = root.at(edit::place(root.text(), &["workspace", "members"], Some(member)));
        let message = format!("the workspace member `{member}` is not there");
        let missing = place.problem(message, format!("no `{folder}/Cargo.toml`"));
        findings.push(problem(missing).repaired_by(Some(Repair::RemoveMember(folder))));
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
    let root = cargo.folder.join("Cargo.toml").unwrap_or_default();
    let Neighbours::These(mut folders) = subject.project.neighbours(&cargo.folder) else {
        return Ok(());
    };
    if !subject.record.made_workspace(&recorded(&root, subject.project)) {
        return Ok(());
    }
    let packages = cargo.packages(subject.project)?;
    let path = |folder: &RepoPath| folder.below(&cargo.folder).unwrap_or_default().to_owned();
    folders.retain(|folder| {
        !subject.folders.contains(folder)
            && !cargo.members.excludes(&path(folder))
            && !packages.iter().any(|package| package.folder == *folder)
    });
    let root = subject.project.manifest(&cargo.folder)?;
    let place = root.at(edit::place(root.text(), &["workspace"], None));
    let has_member = |folder: &RepoPath| {
        let members = packages.iter().map(|package| &package.folder).chain(&subject.folders);
        members.into_iter().any(|member| member.below(folder).is_some())
    };
    let outermost = |folder: RepoPath| {
        let above = folder.parents().take_while(|above| !has_member(above)).last();
        above.unwrap_or(folder)
    };
    for folder in folders.into_iter().map(outermost).collect::<BTreeSet<_>>() {
        let message = format!("the workspace takes in `{folder}`, and Cargo refuses to build that");
        let label = "it is neither a member nor excluded";
        let mut finding = problem(place.problem(message, label));
        finding.repair = Some(Repair::Exclude(folder));
        findings.push(finding);
    }
    Ok(())
}
