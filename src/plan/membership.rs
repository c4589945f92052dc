//! A crate's place in its Cargo workspace, and what git ignores there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::builder::{PlanBuilder, in_file};
use crate::edit::{self, EditError};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::{CargoRoot, Language, Membership, Project, is_glob, matched};

/// Where a workspace lists its members.
pub const MEMBERS: [&str; 2] = ["workspace", "members"];

/// Where it lists those that Cargo builds where nobody names any.
pub const DEFAULT_MEMBERS: [&str; 2] = ["workspace", "default-members"];

/// Where it lists what its globs are not to take for members.
pub const EXCLUDE: [&str; 2] = ["workspace", "exclude"];

/// Makes all crates of functions members of a workspace that is made for them, so that the next one
/// needs no edit.
///
/// Cargo does not load a workspace with a glob for a directory without a manifest: in an Amplify app
/// there are functions in TypeScript, and elsewhere may be anything. Then each crate is named.
pub fn join_new_workspace(
    plan: &mut PlanBuilder,
    (cargo, package): (&CargoRoot, &RepoPath),
    language: Language,
    fresh: &str,
) -> Result<()> {
    let fresh = &edit::fit_resolver(fresh, cargo.inherited.toolchain)
        .map_err(in_file(&cargo.manifest()))?;
    let resource = package.parent().unwrap_or_default();
    let others = plan.project.directories(&resource)?;
    let mut others = others.iter().map(|name| resource.child(name)).filter(|it| it != package);
    let is_new = language == Language::Toml && needs_glob(plan, cargo, &resource);
    if !is_new || !others.all(|other| plan.project.has(&other, "Cargo.toml")) {
        return join_workspace(plan, cargo, package, fresh);
    }
    let glob = resource.child("*");
    join_workspace(plan, cargo, &glob, fresh)?;
    let manifest = plan.recorded(&cargo.manifest());
    let glob = glob.below(&cargo.directory).unwrap_or(glob.as_str()).to_owned();
    plan.record.shared.members.entry(manifest).or_default().insert(glob);
    Ok(())
}

/// Whether a workspace is made for functions, and lists none of those in a directory.
fn needs_glob(plan: &PlanBuilder, cargo: &CargoRoot, directory: &RepoPath) -> bool {
    let below = directory.below(&cargo.directory).unwrap_or_default();
    let mut entries = cargo.members.entries();
    match &cargo.membership {
        Membership::New => true,
        Membership::Missing { .. } => {
            let has_globs =
                plan.record.shared.members.contains_key(&plan.recorded(&cargo.manifest()));
            has_globs && !entries.any(|entry| Path::new(entry).starts_with(below))
        }
        Membership::Member | Membership::Alone(_) => false,
    }
}

/// Makes a crate a member of its workspace; a manifest that has to be created begins as `fresh`.
fn join_workspace(
    plan: &mut PlanBuilder,
    cargo: &CargoRoot,
    package: &RepoPath,
    fresh: &str,
) -> Result<()> {
    let exclude = match &cargo.membership {
        Membership::Member | Membership::Alone(_) => return Ok(()),
        Membership::New => &Vec::new(),
        Membership::Missing { exclude } => exclude,
    };
    let manifest = cargo.manifest();
    let member = package.below(&cargo.directory).unwrap_or(package.as_str());
    plan.edit(&manifest, fresh, |plan, manifest, text| {
        let mut after = edit::push_string(text, &MEMBERS, member)?;
        plan.record_keys(manifest, text, &after, &MEMBERS)?;
        for directory in exclude {
            after = exclude_directory(plan, manifest, &after, directory.as_str())?;
        }
        Ok(after)
    })
}

/// Removes an entry of a list of members. Without any default Cargo would build nothing.
pub fn remove_entry(text: &str, list: edit::KeyPath, entry: &str) -> Result<String, EditError> {
    let text = edit::remove_string(text, list, entry)?;
    match *list == DEFAULT_MEMBERS && edit::is_bare(&text, list)? {
        true => edit::remove_key(&text, list),
        false => Ok(text),
    }
}

/// Removes the globs of workspaces of functions that the plan leaves nothing for: Cargo would take them
/// for names, and load nothing.
pub fn remove_empty_globs(plan: &mut PlanBuilder) -> Result<()> {
    let directories = plan.removed().map(|(name, it)| it.directory(name, plan.project));
    let directories = directories.collect::<Result<Vec<_>>>()?;
    let resources: BTreeSet<_> = directories.iter().filter_map(RepoPath::parent).collect();
    resources.iter().try_for_each(|resource| remove_empty_globs_of(plan, resource, &directories))
}

fn remove_empty_globs_of(
    plan: &mut PlanBuilder,
    resource: &RepoPath,
    functions: &[RepoPath],
) -> Result<()> {
    let cargo = plan.project.cargo_root(&resource.child("x"))?;
    let manifest = cargo.manifest();
    // What the user had listed before there was a function stays.
    let was_listed = plan.removed().any(|(_, function)| function.was_listed());
    if was_listed || matches!(cargo.membership, Membership::Alone(_)) {
        return Ok(());
    }
    let root = cargo.directory.under(plan.project.root());
    plan.edit_existing(&manifest, |plan, manifest, text| {
        let mut text = text.to_owned();
        for list in [MEMBERS, DEFAULT_MEMBERS] {
            for entry in edit::strings(&text, &list)?.iter().filter(|entry| is_glob(entry)) {
                let found: Vec<_> = matched(entry, &root).collect();
                let is_function =
                    |path: &PathBuf| functions.iter().any(|it| path.ends_with(it.as_str()));
                let has_function = found.iter().any(is_function);
                if has_function && found.iter().all(|path| is_gone(plan, path)) {
                    text = remove_entry(&text, &list, entry)?;
                }
            }
        }
        plan.remove_bare_keys(manifest, text)
    })
}

/// Whether the plan removes a file, or all files in a directory.
fn is_gone(plan: &PlanBuilder, path: &Path) -> bool {
    let path = fs::canonicalize(path).ok().and_then(|real| plan.project.below(&real));
    let files = path.and_then(|path| plan.project.files_below(&path).ok()).unwrap_or_default();
    !files.is_empty() && files.iter().all(|file| plan.is_deleted(file))
}

/// Keeps a directory out of a workspace of functions.
pub fn exclude(plan: &mut PlanBuilder, workspace: &RepoPath, directory: &RepoPath) -> Result<()> {
    let directory = directory.below(workspace).unwrap_or_default();
    plan.edit(&workspace.child("Cargo.toml"), "", |plan, manifest, text| {
        exclude_directory(plan, manifest, text, directory)
    })
}

/// Has the workspace exclude a directory, seen from its own.
fn exclude_directory(
    plan: &mut PlanBuilder,
    manifest: &RepoPath,
    text: &str,
    directory: &str,
) -> Result<String, EditError> {
    let after = edit::push_string(text, &EXCLUDE, directory)?;
    plan.record_keys(manifest, text, &after, &EXCLUDE)?;
    if after != text {
        let manifest = plan.recorded(manifest);
        let directories = plan.record.shared.exclude.entry(manifest).or_default();
        directories.insert(directory.to_owned());
    }
    Ok(after)
}

/// The ignore file of a crate that stands alone, if it needs one.
pub fn own_ignore_file(project: &Project, cargo: &CargoRoot, package: &RepoPath) -> Option<String> {
    let is_needed = matches!(cargo.membership, Membership::Alone(_))
        && !is_target_ignored(project, package, package.parents());
    is_needed.then(|| edit::ignore_target(""))
}

/// Has git ignore the workspace's `target` directory.
pub fn ignore_target(plan: &mut PlanBuilder, cargo: &CargoRoot) -> Result<()> {
    if matches!(cargo.membership, Membership::Alone(_)) {
        return Ok(());
    }
    let directory = &cargo.directory;
    let path = directory.child(".gitignore");
    let directories = std::iter::once(directory.clone()).chain(directory.parents());
    let is_ignored = is_target_ignored(plan.project, directory, directories);
    if is_ignored && plan.project.read(&path)?.is_none() {
        return Ok(());
    }
    plan.edit(&path, "", |plan, path, text| {
        // Another scaffold of this plan may have added it already.
        if is_ignored || edit::ignores(text, "target").is_some() {
            return Ok(text.to_owned());
        }
        let path = plan.recorded(path);
        plan.record.shared.ignore.insert(path);
        Ok(edit::ignore_target(text))
    })
}

/// Whether the ignore files in these directories, the innermost first, have git ignore `target` in
/// `directory`, or all that is in it.
fn is_target_ignored(
    project: &Project,
    directory: &RepoPath,
    mut above: impl Iterator<Item = RepoPath>,
) -> bool {
    let root = project.root();
    let target = directory.child("target").under(root);
    let debug = target.join("debug");
    let verdict = |above: RepoPath| {
        let above = above.under(root);
        let ignored = |path| project.ignored_by(std::iter::once(above.as_path()), root, path);
        ignored(&target).or_else(|| ignored(&debug))
    };
    above.find_map(verdict).unwrap_or(false)
}
