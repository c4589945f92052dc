//! A crate's place in its Cargo workspace, and what git ignores there.

use super::builder::{PlanBuilder, in_file};
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, Language, Membership};

/// Where a workspace lists its members.
pub const MEMBERS: [&str; 2] = ["workspace", "members"];

/// Where it lists what its globs are not to take for members.
pub const EXCLUDE: [&str; 2] = ["workspace", "exclude"];

/// Makes all crates of functions members of a workspace that is made for them, so that the next one
/// needs no edit.
///
/// Cargo does not load a workspace with a glob for a folder without a manifest: in an Amplify app
/// there are functions in TypeScript, and elsewhere may be anything. Then each crate is named.
pub fn join_new_workspace(
    draft: &mut PlanBuilder,
    (cargo, package): (&CargoRoot, &RepoPath),
    language: Language,
    fresh: &str,
) -> Result<()> {
    let fresh = &edit::fit_resolver(fresh, cargo.inherited.toolchain)
        .map_err(in_file(&join(&cargo.folder, "Cargo.toml")?))?;
    let auth = draft.project.auth()?;
    let others = draft.project.folders(&auth)?.into_iter().filter_map(|name| auth.join(&name));
    let is_crate = |folder: RepoPath| {
        folder == *package || folder.under(draft.project.root()).join("Cargo.toml").is_file()
    };
    let is_new = cargo.membership == Membership::New && language == Language::Toml;
    if !is_new || !others.into_iter().all(is_crate) {
        return join_workspace(draft, cargo, package, fresh);
    }
    let glob = join(&auth, "*")?;
    join_workspace(draft, cargo, &glob, fresh)?;
    let manifest = draft.recorded(&join(&cargo.folder, "Cargo.toml")?);
    let glob = glob.below(&cargo.folder).unwrap_or(glob.as_str()).to_owned();
    draft.record.shared.members.entry(manifest).or_default().insert(glob);
    Ok(())
}

/// Makes a crate a member of its workspace; a manifest that has to be created begins as `fresh`.
pub fn join_workspace(
    draft: &mut PlanBuilder,
    cargo: &CargoRoot,
    package: &RepoPath,
    fresh: &str,
) -> Result<()> {
    let exclude = match &cargo.membership {
        Membership::Member | Membership::Alone(_) => return Ok(()),
        Membership::New => &Vec::new(),
        Membership::Missing { exclude } => exclude,
    };
    let manifest = join(&cargo.folder, "Cargo.toml")?;
    let member = package.below(&cargo.folder).unwrap_or(package.as_str());
    draft.edit(&manifest, fresh, |draft, manifest, text| {
        let mut after = edit::push_string(text, &MEMBERS, member)?;
        draft.record_keys(manifest, text, &after, &MEMBERS)?;
        for folder in exclude {
            after = exclude_folder(draft, manifest, &after, folder)?;
        }
        Ok(after)
    })
}

/// Keeps a folder out of the workspace of the functions.
pub fn exclude(draft: &mut PlanBuilder, folder: &RepoPath) -> Result<()> {
    let cargo = draft.project.cargo_root(&join(&draft.project.auth()?, "x")?)?;
    let folder = RepoPath::new(folder.below(&cargo.folder).unwrap_or_default()).unwrap_or_default();
    draft.edit(&join(&cargo.folder, "Cargo.toml")?, "", |draft, manifest, text| {
        exclude_folder(draft, manifest, text, &folder)
    })
}

/// Has the workspace exclude a folder, seen from its own.
fn exclude_folder(
    draft: &mut PlanBuilder,
    manifest: &RepoPath,
    text: &str,
    folder: &RepoPath,
) -> Result<String, EditError> {
    let after = edit::push_string(text, &EXCLUDE, folder.as_str())?;
    draft.record_keys(manifest, text, &after, &EXCLUDE)?;
    if after != text {
        let manifest = draft.recorded(manifest);
        let folders = draft.record.shared.exclude.entry(manifest).or_default();
        folders.insert(folder.to_string());
    }
    Ok(after)
}

/// The ignore file of a crate that stands alone, if it needs one.
pub fn own_ignore_file(
    draft: &PlanBuilder,
    cargo: &CargoRoot,
    package: &RepoPath,
) -> Result<Option<String>> {
    let is_needed = matches!(cargo.membership, Membership::Alone(_))
        && !is_target_ignored(draft, package, package.parents())?;
    Ok(is_needed.then(|| edit::ignore_target("")))
}

/// Has git ignore the workspace's `target` folder.
pub fn ignore_target(draft: &mut PlanBuilder, cargo: &CargoRoot) -> Result<()> {
    if matches!(cargo.membership, Membership::Alone(_)) {
        return Ok(());
    }
    let folder = &cargo.folder;
    let path = join(folder, ".gitignore")?;
    let folders = std::iter::once(folder.clone()).chain(folder.parents());
    let is_ignored = is_target_ignored(draft, folder, folders)?;
    if is_ignored && draft.project.read(&path)?.is_none() {
        return Ok(());
    }
    draft.edit(&path, "", |draft, path, text| {
        // Another scaffold of this plan may have added it already.
        if is_ignored || edit::ignores(text, "target").is_some() {
            return Ok(text.to_owned());
        }
        let path = draft.recorded(path);
        draft.record.shared.ignore.insert(path);
        Ok(edit::ignore_target(text))
    })
}

/// Whether the ignore files in these folders, the innermost first, have git ignore `target` in
/// `folder`, or all that is in it.
fn is_target_ignored(
    draft: &PlanBuilder,
    folder: &RepoPath,
    above: impl Iterator<Item = RepoPath>,
) -> Result<bool> {
    let target = join(folder, "target")?;
    for above in above {
        let verdict = ignored_by(draft, &above, &target)?;
        let verdict = verdict.or(ignored_by(draft, &above, &join(&target, "debug")?)?);
        if let Some(is_ignored) = verdict {
            return Ok(is_ignored);
        }
    }
    Ok(false)
}

/// What the ignore file in the folder `above` says of a path.
fn ignored_by(draft: &PlanBuilder, above: &RepoPath, path: &RepoPath) -> Result<Option<bool>> {
    let text = draft.project.read_text(&join(above, ".gitignore")?)?.unwrap_or_default();
    Ok(edit::ignores(&text, path.below(above).unwrap_or_default()))
}

/// Whether git ignores a path, or a folder that it is in.
pub fn is_ignored(draft: &PlanBuilder, path: &RepoPath) -> Result<bool> {
    for path in std::iter::once(path.clone()).chain(path.parents()) {
        let verdicts = path.parents().map(|above| ignored_by(draft, &above, &path));
        let verdicts = verdicts.collect::<Result<Vec<_>>>()?;
        if verdicts.into_iter().flatten().next() == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn join(folder: &RepoPath, file: &str) -> Result<RepoPath> {
    folder.join(file).ok_or_else(|| Error::failed(format!("`{file}` leaves `{folder}`")))
}
