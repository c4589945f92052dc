//! A crate's place in its Cargo workspace, and what git ignores there.

use super::draft::Draft;
use super::request::Language;
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, Membership};

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
    draft: &mut Draft,
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
    draft: &mut Draft,
    cargo: &CargoRoot,
    package: &RepoPath,
    fresh: &str,
) -> Result<()> {
    let exclude = match &cargo.membership {
        Membership::Member | Membership::Excluded => return Ok(()),
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

/// Keeps a folder out of a workspace whose `members` have a glob that takes it for a crate.
fn exclude_folder(
    draft: &mut Draft,
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
    draft: &Draft,
    cargo: &CargoRoot,
    package: &RepoPath,
) -> Result<Option<String>> {
    if cargo.membership != Membership::Excluded {
        return Ok(None);
    }
    Ok(edit::ignore_target("", &ignore_files_above(draft, package)?))
}

/// Has git ignore the workspace's `target` folder.
pub fn ignore_target(draft: &mut Draft, cargo: &CargoRoot) -> Result<()> {
    if cargo.membership == Membership::Excluded {
        return Ok(());
    }
    let path = join(&cargo.folder, ".gitignore")?;
    let inherited = ignore_files_above(draft, &cargo.folder)?;
    if draft.project.read(&path)?.is_none() && edit::ignore_target("", &inherited).is_none() {
        return Ok(());
    }
    draft.edit(&path, "", |draft, path, text| {
        let Some(after) = edit::ignore_target(text, &inherited) else {
            return Ok(text.to_owned());
        };
        let path = draft.recorded(path);
        draft.record.shared.ignore.insert(path);
        Ok(after)
    })
}

fn ignore_files_above(draft: &Draft, folder: &RepoPath) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    let mut parent = folder.parent();
    while let Some(above) = parent {
        texts.extend(draft.project.read_text(&join(&above, ".gitignore")?)?);
        parent = above.parent();
    }
    Ok(texts)
}

/// What the user should know of the workspace.
pub fn notes(cargo: &CargoRoot, draft: &Draft) -> Vec<String> {
    let project = draft.project;
    let manifest = cargo.folder.under(project.root()).join("Cargo.toml");
    let manifest = manifest.display();
    let mut notes = Vec::new();
    match &cargo.membership {
        Membership::Excluded => {
            notes.push(format!("{manifest} excludes the directory, so the crate stands alone"));
        }
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
        let text = change.after.as_deref().unwrap_or_default();
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

fn join(folder: &RepoPath, file: &str) -> Result<RepoPath> {
    folder.join(file).ok_or_else(|| Error::failed(format!("`{file}` leaves `{folder}`")))
}
