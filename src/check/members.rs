//! Crates that Cargo does not see, and members that are not there.

use super::{Finding, Subject, problem};
use crate::edit;
use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{CargoRoot, Membership};
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
    examine_named(subject, &cargo, &auth, findings)
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
        Membership::Excluded => true,
        Membership::Member | Membership::Missing { .. } => {
            let root = cargo.folder.under(subject.project.root());
            let path = folder.below(&cargo.folder).unwrap_or(folder.as_str());
            cargo.members.excludes(path)
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
