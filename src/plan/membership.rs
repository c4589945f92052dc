//! A crate's place in its Cargo workspace, and what git ignores there.

use super::builder::PlanBuilder;
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{Alone, CargoRoot, Language, Membership, Neighbours, Project};

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

/// Whether one of the ignore files in these folders, the innermost first, ignores `target` in
/// `folder`, or all that is in it.
fn is_target_ignored(
    draft: &PlanBuilder,
    folder: &RepoPath,
    above: impl Iterator<Item = RepoPath>,
) -> Result<bool> {
    for above in above {
        let text = draft.project.read_text(&join(&above, ".gitignore")?)?.unwrap_or_default();
        let target = format!("{folder}/target");
        let target = RepoPath::new(target).unwrap_or_default();
        let target = target.below(&above).unwrap_or_default();
        let verdict = edit::ignores(&text, target);
        let verdict = verdict.or_else(|| edit::ignores(&text, &format!("{target}/debug")));
        if let Some(is_ignored) = verdict {
            return Ok(is_ignored);
        }
    }
    Ok(false)
}

/// What the user should know of the workspace.
pub fn notes(cargo: &CargoRoot, draft: &PlanBuilder) -> Vec<String> {
    let project = draft.project;
    let manifest = cargo.folder.under(project.root()).join("Cargo.toml");
    let manifest = manifest.display();
    let mut notes = Vec::new();
    match &cargo.membership {
        Membership::Alone(reason) => notes.extend(why_alone(reason, project)),
        Membership::Missing { exclude } if !exclude.is_empty() => {
            let folders: Vec<_> = exclude.iter().map(RepoPath::as_str).collect();
            let folders = folders.join("`, `");
            notes.push(format!(
                "`{folders}` is excluded in {manifest}: a glob in `members` takes it for a crate"
            ));
        }
        _ if cargo.folder != *project.folder() => {
            notes.push(format!("the Cargo workspace is {manifest}"));
        }
        _ => {}
    }
    let has_profile = draft.changes.iter().any(|(path, change)| {
        let text = change.after().unwrap_or_default();
        let has = edit::is_written(text, &["profile", "release"]);
        path.as_str().ends_with("Cargo.toml") && has.unwrap_or(false)
    });
    if !has_profile && cargo.membership != Membership::Member {
        notes.push(format!(
            "{manifest} keeps its release profile; `opt-level = \"z\"`, `lto = true` and \
             `strip = true` make a smaller function"
        ));
    }
    notes
}

/// Why a crate is part of no workspace, unless the user has made it so.
fn why_alone(reason: &Alone, project: &Project) -> Option<String> {
    let manifest = |folder: &RepoPath| folder.under(project.root()).join("Cargo.toml");
    let others = match reason {
        Alone::Own => return None,
        Alone::Excluded(folder) => {
            let manifest = manifest(folder);
            let manifest = manifest.display();
            return Some(format!("{manifest} excludes the directory, so the crate stands alone"));
        }
        Alone::Beside(Neighbours::Unknown) => "crates among the many directories below".to_owned(),
        Alone::Beside(Neighbours::These(folders)) => {
            let named: Vec<_> =
                folders.iter().take(3).map(|folder| format!("`{folder}`")).collect();
            match folders.len() - named.len() {
                0 => named.join(", "),
                more => format!("{} and {more} more", named.join(", ")),
            }
        }
    };
    let manifest = manifest(project.folder());
    let manifest = manifest.display();
    Some(format!(
        "the crate is a workspace of its own: one in {manifest} would change how Cargo builds {others}"
    ))
}

fn join(folder: &RepoPath, file: &str) -> Result<RepoPath> {
    folder.join(file).ok_or_else(|| Error::failed(format!("`{file}` leaves `{folder}`")))
}
