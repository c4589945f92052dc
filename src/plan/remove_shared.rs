//! What was added for all functions goes with the last one.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::PlanBuilder;
use super::change::Change;
use super::membership::{EXCLUDE, MEMBERS, remove_empty_globs};
use super::wiring;
use crate::edit::typescript::emptied;
use crate::edit::{self, EditError, Setting};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::{Project, Shared, hash, located};

/// Removes what was added for all functions.
pub fn remove_shared(plan: &mut PlanBuilder) -> Result<()> {
    let Shared {
        ignore,
        created,
        blank,
        keys,
        exclude,
        members,
        backend,
        objects: _,
        constants: _,
        build_steps,
    } = std::mem::take(&mut plan.record.shared);
    let project = plan.project;
    let find = |file: &String| located(file, project).ok();
    for (path, directories) in found(&exclude, project) {
        plan.edit_existing(&path, |_, _, text| remove_strings(text, &EXCLUDE, directories))?;
    }
    if !has_crates(plan)? {
        for (path, globs) in found(&members, project) {
            plan.edit_existing(&path, |_, _, text| remove_strings(text, &MEMBERS, globs))?;
        }
    }
    for path in ignore.iter().filter_map(find) {
        plan.edit_existing(&path, |_, _, text| Ok(edit::no_longer_ignore_target(text)))?;
    }
    for (path, steps) in found(&build_steps, project) {
        plan.edit_existing(&path, |_, _, text| Ok(edit::remove_build_steps(text, steps)))?;
    }
    let has_our_pool = !backend.is_empty() || created.contains_key("amplify/backend.ts");
    // What the globs of a workspace stand for is known once all else is removed.
    let is_manifest = |path: &RepoPath| path.as_str().ends_with("Cargo.toml");
    for manifests in [false, true] {
        if manifests {
            remove_empty_globs(plan)?;
        }
        for (path, keys) in found(&keys, project).filter(|(path, _)| is_manifest(path) == manifests)
        {
            plan.edit_existing(&path, |_, _, text| remove_keys(text.to_owned(), keys.iter()))?;
        }
        for (path, bare) in
            found(&created, project).filter(|(path, _)| is_manifest(path) == manifests)
        {
            remove_created(plan, &path, bare, &blank)?;
        }
    }
    if has_our_pool {
        wiring::remove_auth(plan)?;
    }
    Ok(())
}

/// The entries of the record whose paths are valid.
fn found<'a, T>(
    recorded: &'a BTreeMap<String, T>,
    project: &Project,
) -> impl Iterator<Item = (RepoPath, &'a T)> {
    recorded.iter().filter_map(|(file, what)| Some((located(file, project).ok()?, what)))
}

fn remove_strings(
    text: &str,
    list: edit::KeyPath,
    strings: &BTreeSet<String>,
) -> Result<String, EditError> {
    let remove = |text: String, string: &String| edit::remove_string(&text, list, string);
    strings.iter().try_fold(text.to_owned(), remove)
}

/// Whether crates are left where functions were.
fn has_crates(plan: &PlanBuilder) -> Result<bool> {
    let auth = plan.project.auth()?;
    let names = plan.project.directories(&auth)?;
    Ok(names.iter().map(|name| auth.child(name)).any(|directory| {
        let is_crate = plan.project.has(&directory, "Cargo.toml");
        is_crate && !plan.is_deleted(&directory.child("Cargo.toml"))
    }))
}

/// Removes a file that was created, unless it has more in it by now. One that was blank is so again.
fn remove_created(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    bare: &str,
    blank: &BTreeSet<String>,
) -> Result<()> {
    let Some((real, Some(before))) = plan.shared(path)? else {
        return Ok(());
    };
    // The target of a link was not created.
    if plan.project.has_link(path, path) {
        return Ok(());
    }
    let planned = plan.changes.get(&real).and_then(Change::after).unwrap_or(&before);
    if hash(planned) == bare {
        let change = match blank.contains(&plan.recorded(path)) {
            true => Change::to(emptied(planned).to_owned(), Some(before)),
            false => Change::Delete(before),
        };
        plan.change(real, change);
    }
    Ok(())
}

/// Removes keys, inner ones first, that still have the values they were set to.
fn remove_keys<'a>(
    text: String,
    keys: impl DoubleEndedIterator<Item = &'a String>,
) -> Result<String, EditError> {
    // A key sorts behind those that lead to it.
    keys.rev().try_fold(text, |text, key| {
        let path = edit::key_path(key)?;
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let ours =
            edit::is_bare(&text, &path)? || edit::setting(&text, &path, "true")? == Setting::Same;
        if ours { edit::remove_key(&text, &path) } else { Ok(text) }
    })
}
