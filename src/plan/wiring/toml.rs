//! `amplify/auth/resource.toml`.

use super::super::draft::{Draft, in_file};
use super::super::request::LoginWith;
use super::super::reverse::{remove_bare_keys, take_out};
use super::wired::Wired;
use super::wish::Wish;
use crate::catalog::Scaffold;
use crate::edit::{self, EditError};
use crate::error::Result;
use crate::project::Project;
use crate::source::SourceFile;

/// The file that says which functions the user pool calls.
pub const AUTH_RESOURCE: &str = "amplify/auth/resource.toml";

/// A file that only a project in Rust has, if there is one.
pub fn exists(project: &Project) -> Result<Option<String>> {
    let files = project.files_below(&project.auth()?)?;
    let resource = files.iter().find(|file| file.as_str().ends_with("/resource.toml"));
    Ok(resource.map(ToString::to_string))
}

/// The function that is wired to a trigger.
pub fn wired(project: &Project, scaffold: &Scaffold) -> Result<Option<Wired>> {
    let path = project.path(AUTH_RESOURCE)?;
    let text = project.read_text(&path)?.unwrap_or_default();
    let Some(function) = wired_in(&text, scaffold).map_err(in_file(&path))? else {
        return Ok(None);
    };
    let keys = scaffold.wiring.keys();
    let place = SourceFile::new(&path, text.as_str()).at(edit::place(&text, &keys, None));
    let version = match &scaffold.trigger.versioned {
        Some(versioned) => {
            let key = [keys.as_slice(), &["eventVersion"]].concat();
            let chosen = edit::text_at(&text, &key, "").map_err(in_file(&path))?;
            chosen.or_else(|| versioned.versions.first().cloned())
        }
        None => None,
    };
    Ok(Some(Wired { function, version: version.map(|version| (version, place.clone())), place }))
}

/// Makes the user pool call the function.
pub fn wire(draft: &mut Draft, wish: &Wish) -> Result<()> {
    let path = draft.project.path(AUTH_RESOURCE)?;
    let fresh = wish.fresh(AUTH_RESOURCE);
    let exists = draft.project.read(&path)?.is_some();
    let login_with = match (wish.login_with, exists) {
        (None, true) => None,
        (None, false) => Some(LoginWith::Email),
        (chosen, _) => chosen,
    };
    let key = wish.scaffold.wiring.keys();
    let value = &wish.rendering.wiring;
    draft.edit(&path, fresh, |draft, path, before| {
        let mut text = before.to_owned();
        if let Some(login_with) = login_with {
            let key = ["loginWith", login_with.key()];
            text = draft.set(path, &text, &key, "true")?;
            draft.record_keys(path, before, &text, &key)?;
        }
        // The same function with another version of the event is not another function.
        let is_ours = wired_in(&text, wish.scaffold)?.as_deref() == Some(wish.name);
        let after = if is_ours {
            edit::set_value(&text, &key, value)?
        } else {
            draft.set(path, &text, &key, value)?
        };
        draft.record_keys(path, &text, &after, &key[..key.len() - 1])?;
        Ok(after)
    })
}

/// Makes the user pool no longer call the function.
pub fn unwire(draft: &mut Draft, scaffold: &Scaffold, name: &str) -> Result<()> {
    let path = draft.project.path(AUTH_RESOURCE)?;
    let key = scaffold.wiring.keys();
    take_out(draft, &path, |draft, path, text| {
        if wired_in(text, scaffold)?.as_deref() != Some(name) {
            return Ok(text.to_owned());
        }
        let text = edit::remove_key(text, &key)?;
        remove_bare_keys(draft, path, text)
    })
}

/// The function that `text`, the file's, names for a trigger.
fn wired_in(text: &str, scaffold: &Scaffold) -> Result<Option<String>, EditError> {
    edit::text_at(text, &scaffold.wiring.keys(), "handler")
}
