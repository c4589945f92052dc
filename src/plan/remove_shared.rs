//! What was added for all functions goes with the last one.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use super::builder::PlanBuilder;
use super::change::Change;
use super::membership::{EXCLUDE, MEMBERS, remove_empty_globs};
use super::wiring;
use crate::edit::typescript::{emptied, is_empty_backend};
use crate::edit::{self, CurrentValue, EditError};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::{Project, Shared, hash, located, matched};

/// Removes what was added for all functions of a resource, the last of which goes; with the last of all
/// functions, everything.
pub fn remove_shared(plan: &mut PlanBuilder, resource: &str) -> Result<()> {
    let made_backend = plan.record.shared.created.get(BACKEND).cloned();
    let is_last = plan.record.functions.is_empty();
    let shared = match is_last {
        true => mem::take(&mut plan.record.shared),
        false => plan.record.shared.split_off(resource),
    };
    let is_in_backend = made_backend.is_some() || !shared.backend.is_empty();
    let blank = shared.blank.clone();
    remove_recorded(plan, shared)?;
    if is_in_backend {
        wiring::remove_resource(plan, resource)?;
    }
    match made_backend.filter(|_| is_last) {
        Some(bare) => remove_created(plan, &plan.project.path(BACKEND)?, &bare, &blank),
        None => Ok(()),
    }
}

/// What says which resources are deployed.
const BACKEND: &str = "amplify/backend.ts";

fn remove_recorded(plan: &mut PlanBuilder, shared: Shared) -> Result<()> {
    let Shared {
        ignore,
        created,
        blank,
        keys,
        exclude,
        members,
        backend: _,
        objects: _,
        constants: _,
        build_steps,
    } = shared;
    let project = plan.project;
    let find = |file: &String| located(file, project).ok();
    for (path, directories) in found(&exclude, project) {
        plan.edit_existing(&path, |_, _, text| remove_strings(text, &EXCLUDE, directories))?;
    }
    for (path, globs) in found(&members, project) {
        let left = globs.iter().filter(|glob| !has_crates(plan, &path, glob)).cloned().collect();
        plan.edit_existing(&path, |_, _, text| remove_strings(text, &MEMBERS, &left))?;
    }
    for path in ignore.iter().filter_map(find) {
        plan.edit_existing(&path, |_, _, text| Ok(edit::no_longer_ignore_target(text)))?;
    }
    for (path, steps) in found(&build_steps, project) {
        plan.edit_existing(&path, |_, _, text| Ok(edit::remove_build_steps(text, steps)))?;
    }
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

/// Whether crates are left that a glob of the workspace with this manifest stands for.
fn has_crates(plan: &PlanBuilder, manifest: &RepoPath, glob: &str) -> bool {
    let directory = manifest.parent().unwrap_or_default().under(plan.project.root());
    matched(glob, &directory).any(|path| {
        let manifest = plan.project.below(&path.join("Cargo.toml"));
        path.join("Cargo.toml").is_file() && !manifest.is_some_and(|path| plan.is_deleted(&path))
    })
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
    if hash(planned) == bare || is_empty_backend(planned) {
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
        let ours = edit::is_bare(&text, &path)?
            || edit::setting(&text, &path, "true")? == CurrentValue::Same;
        if ours { edit::remove_key(&text, &path) } else { Ok(text) }
    })
}
