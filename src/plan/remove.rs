//! From the record to a plan that removes functions. Writes nothing.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::builder::{PlanBuilder, in_file};
use super::change::{Change, Plan};
use super::decision::Decisions;
use super::function::{Generated, Generator};
use super::membership::{DEFAULT_MEMBERS, EXCLUDE, MEMBERS, remove_empty_globs, remove_entry};
use super::remove_shared::remove_shared;
use super::wiring;
use crate::catalog::{Catalog, Scaffold, spelled};
use crate::edit;
use crate::error::{Error, Remedy, Result};
use crate::path::RepoPath;
use crate::program::command;
use crate::project::{
    Callee, CargoRoot, FunctionRecord, Project, Target, Wired, expand_member, hash, seen_from,
};

/// What to remove.
#[derive(Debug)]
pub struct Removal<'a> {
    /// The catalog that they are from.
    pub catalog: &'a Catalog,
    /// The scaffolds, each with the name of its function.
    pub functions: &'a [(Scaffold, String)],
    /// What to do about files that were edited since.
    pub on_conflict: Decisions,
}

/// Plans the exact reverse of what made the functions part of the repository.
///
/// # Errors
/// When a file to be edited is not valid. Files that were edited since are `conflicts` of the plan.
pub fn build_removal(removal: &Removal, project: &Project) -> Result<Plan> {
    let mut plan = PlanBuilder::new(project, removal.on_conflict.clone())?;
    for (scaffold, name) in removal.functions {
        remove(&mut plan, removal.catalog, scaffold, name)?;
    }
    let removed: Vec<_> = plan.removed().map(|(name, it)| (name.clone(), it.clone())).collect();
    let resources: BTreeSet<_> = removed.iter().map(|(_, it)| it.resource.as_str()).collect();
    for resource in resources {
        let mut left = plan.record.functions.values();
        if left.all(|function| function.resource != resource) {
            remove_shared(&mut plan, resource)?;
        }
    }
    if !plan.record.functions.is_empty() {
        remove_empty_globs(&mut plan)?;
    }
    if let Some((name, function)) = removed.first() {
        note_members_of_nothing(&mut plan, &function.directory(name, project)?)?;
    }
    plan.finish()
}

fn remove(
    plan: &mut PlanBuilder,
    catalog: &Catalog,
    scaffold: &Scaffold,
    name: &str,
) -> Result<()> {
    let Some(function) = plan.record.functions.remove(name) else {
        return Ok(());
    };
    let package = function.directory(name, plan.project)?;
    let cargo = plan.project.cargo_root(&package)?;
    check_dependents(plan, &cargo, &package)?;
    let files = generated_files(plan, (catalog, scaffold), name, &function)?;
    for (target, hash) in files {
        plan.delete(&target, &hash)?;
    }
    let stays = what_stays(plan, &package)?;
    wiring::unwire(plan, scaffold, name, &function)?;
    wiring::ensure_not_imported(plan, &package, &function)?;
    if !function.was_listed() || !stays.is_empty() {
        leave_workspace(plan, &cargo, &package, &stays)?;
    }
    // The directory may have been renamed since, and nothing else.
    if !plan.record.functions.contains_key(&function.name) && function.name != name {
        wiring::unwire(plan, scaffold, &function.name, &function)?;
        let before = function.directory(&function.name, plan.project)?;
        leave_workspace(plan, &cargo, &before, &[])?;
    }
    let notes = stays.iter().map(|path| {
        let is_recorded =
            path.below(&package).is_some_and(|file| function.files.contains_key(file));
        let why = if is_recorded { "is not as it was generated" } else { "was not generated" };
        format!("{path} {why}, and stays")
    });
    plan.notes.extend(notes);
    Ok(())
}

/// The files of a function, with the hashes that they have when nobody has edited them. In another
/// layout a file is not edited.
fn generated_files(
    plan: &PlanBuilder,
    (catalog, scaffold): (&Catalog, &Scaffold),
    name: &str,
    function: &FunctionRecord,
) -> Result<Vec<(Target, String)>> {
    let generator = Generator::new(plan.project, catalog, scaffold);
    let choices = function.inputs.clone().unwrap_or_default();
    let generated = LazyCell::new(|| generator.generate_with(name, &choices).ok());
    let package = function.directory(name, plan.project)?;
    let mut files = Vec::new();
    for (file, recorded) in &function.files {
        let target = Target::own(file, &package, plan.project)?;
        let found = plan.project.read_text(target.path()).ok().flatten().unwrap_or_default();
        let is_same = |generated: &Generated| generated.has_same_code(file, &found);
        let is_unedited = hash(&found) == *recorded
            || !found.is_empty() && generated.as_ref().is_some_and(is_same);
        files.push((target, if is_unedited { hash(&found) } else { recorded.clone() }));
    }
    Ok(files)
}

/// A crate that others depend on cannot be removed.
fn check_dependents(plan: &mut PlanBuilder, cargo: &CargoRoot, package: &RepoPath) -> Result<()> {
    let name = package.parts().last().unwrap_or_default();
    for other in cargo.packages(plan.project)? {
        if other.directory != *package && other.dependencies.contains(package) {
            let manifest = other.directory.child("Cargo.toml");
            plan.conflict(&manifest, format!("depends on `{name}`"), Remedy::MakeRoom);
        }
    }
    Ok(())
}

/// The files in the function's directory that the plan does not delete.
fn what_stays(plan: &PlanBuilder, package: &RepoPath) -> Result<Vec<RepoPath>> {
    let mut files = plan.project.files_below(package)?;
    files.retain(|path| !plan.is_deleted(path));
    Ok(files)
}

/// Removes a crate from its workspace; `stays` are the files that stay in its directory.
pub fn leave_workspace(
    plan: &mut PlanBuilder,
    cargo: &CargoRoot,
    package: &RepoPath,
    stays: &[RepoPath],
) -> Result<()> {
    if cargo.directory == *package {
        return Ok(());
    }
    let manifest = cargo.manifest();
    let member = package.below(&cargo.directory).unwrap_or(package.as_str());
    let root = cargo.directory.under(plan.project.root());
    plan.edit_existing(&manifest, |plan, manifest, text| {
        let mut text = text.to_owned();
        for list in [MEMBERS, DEFAULT_MEMBERS] {
            let entries = edit::strings(&text, &list)?;
            let is_it = |entry: &&String| {
                seen_from(&root, entry).is_some_and(|path| path.as_str() == member)
            };
            for entry in entries.iter().filter(is_it) {
                text = remove_entry(&text, &list, entry)?;
            }
        }
        let is_last = plan.record.functions.is_empty();
        let file = plan.recorded(manifest);
        let is_ours = plan.record.shared.members.contains_key(&file);
        if !stays.is_empty() && cargo.members.has_glob_for(member) && !(is_last && is_ours) {
            // Not recorded, as it is needed as long as a file stays.
            text = edit::push_string(&text, &EXCLUDE, member)?;
        }
        plan.remove_bare_keys(manifest, text)
    })
}

/// Says which members of the workspace of a removed crate stand for nothing now: Cargo loads no
/// workspace that has one, and they are the user's.
fn note_members_of_nothing(plan: &mut PlanBuilder, package: &RepoPath) -> Result<()> {
    let CargoRoot { directory, .. } = plan.project.cargo_root(package)?;
    // A crate that stands alone takes its manifest with it.
    if directory == *package {
        return Ok(());
    }
    let manifest = directory.child("Cargo.toml");
    let Some((real, before)) = plan.shared(&manifest)? else { return Ok(()) };
    let after = plan.changes.get(&real).map_or(before.as_deref(), Change::after);
    let members = edit::strings(after.unwrap_or_default(), &MEMBERS);
    for member in members.map_err(in_file(&manifest))? {
        let mut crates = expand_member(&member, &directory, plan.project)?;
        crates.retain(|directory| plan.project.has(directory, "Cargo.toml"));
        let stays = crates.iter().map(|path| what_stays(plan, path)).collect::<Result<Vec<_>>>()?;
        if !stays.is_empty() && stays.concat().is_empty() {
            plan.notes.push(format!(
                "{manifest} lists `{member}`, where no crate is left: Cargo does not load the \
                 workspace until you take it out of `members`"
            ));
        }
    }
    Ok(())
}

/// The name of the recorded function of a scaffold.
pub fn function_of(project: &Project, scaffold: &Scaffold, chosen: Option<&str>) -> Result<String> {
    let record = project.record()?;
    let names = record.functions_of(&scaffold.name);
    let kind = &scaffold.name;
    if let Some(name) = chosen.and_then(|chosen| spelled(chosen, &names)) {
        return Ok(name.to_owned());
    }
    match (names.as_slice(), chosen) {
        ([name], None) => Ok((*name).to_owned()),
        ([], _) => Err(none_of(scaffold, project.wiring(scaffold)?.wired())),
        (names, Some(chosen)) => {
            Err(Error::failed(format!("`{chosen}` is not a function for {kind}"))
                .hint(format!("there is: {}", names.join(", "))))
        }
        (names, None) => Err(Error::usage(format!("{} functions handle {kind}", names.len()))
            .hint(format!("choose one with `--name`: {}", names.join(", ")))),
    }
}

fn none_of(scaffold: &Scaffold, wired: Option<&Wired>) -> Error {
    let (kind, resource) = (&scaffold.name, &scaffold.family.resource.name);
    match wired {
        Some(Wired { callee, place, .. }) => Error::failed(format!(
            "`{callee}` handles {kind}, but was not generated, or its record is gone"
        ))
        .hint(match callee {
            Callee::Function(name) => format!(
                "remove it manually: its entry in `{}`, the directory `amplify/{resource}/{name}` and \
                 the workspace member",
                place.file.path()
            ),
            Callee::Expression(_) => {
                format!("remove it manually: its entry in `{}`", place.file.path())
            }
        }),
        None => Error::failed(format!("there is no {kind} here"))
            .hint(format!("see which triggers are wired: `{}`", command("list"))),
    }
}
