//! `amplify/<resource>/resource.toml`.

use super::super::Project;
use super::wired::{Callee, Language, SentVersion, Wired};
use crate::catalog::Scaffold;
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::source::SourceFile;

/// A file that only a project in Rust has, if there is one.
pub(super) fn exists(project: &Project) -> Result<Option<String>> {
    for resource in project.resources()? {
        let resource = project.resource(&resource)?;
        let functions = project.directories(&resource)?.into_iter();
        let mut directories = functions.map(|name| resource.child(&name));
        let has_file = |directory: &RepoPath| project.has(directory, "resource.toml");
        let found = directories.find(has_file).or_else(|| Some(resource).filter(has_file));
        if let Some(directory) = found {
            return Ok(Some(directory.child("resource.toml").to_string()));
        }
    }
    Ok(None)
}

/// The function that is wired to a trigger.
pub(super) fn wired(project: &Project, scaffold: &Scaffold) -> Result<Option<Wired>> {
    let file = project.source(&project.path(&scaffold.family.resource.file())?)?;
    let Some(function) =
        function_in(file.text(), scaffold).map_err(|error| failure(&file, error))?
    else {
        return Ok(None);
    };
    let keys = scaffold.wiring.keys();
    let place = file.at(edit::place(file.text(), &keys, None));
    let version = match scaffold.versioned() {
        None => SentVersion::Unversioned,
        Some(versioned) => {
            let key = [keys.as_slice(), &["eventVersion"]].concat();
            let version = edit::string_at(file.text(), &key, "");
            match version.map_err(|error| failure(&file, error))? {
                None => SentVersion::default_of(&versioned.versions),
                // One that is not a version is a problem of its own.
                Some(version) => version.parse().map_or(SentVersion::Unclear, |version| {
                    SentVersion::Requested(version, place.clone())
                }),
            }
        }
    };
    let callee = Callee::Function(function);
    Ok(Some(Wired { callee, language: Language::Toml, place, version }))
}

/// The function that the text of the file names for a trigger.
pub fn function_in(text: &str, scaffold: &Scaffold) -> Result<Option<String>, EditError> {
    edit::string_at(text, &scaffold.wiring.keys(), "handler")
}

fn failure(file: &SourceFile, error: EditError) -> Error {
    let EditError::Syntax(error) = error else {
        return Error::in_file(file.path(), error);
    };
    file.not_toml(error.span(), error.message()).into()
}
