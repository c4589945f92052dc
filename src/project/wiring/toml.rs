//! `amplify/auth/resource.toml`.

use super::super::Project;
use super::wired::{Callee, Language, SentVersion, Wired};
use crate::catalog::Scaffold;
use crate::edit::{self, EditError};
use crate::error::{Error, ErrorKind, Result};
use crate::source::SourceFile;

/// The file that says which functions the user pool calls.
pub const AUTH_RESOURCE: &str = "amplify/auth/resource.toml";

/// A file that only a project in Rust has, if there is one.
pub(super) fn exists(project: &Project) -> Result<Option<String>> {
    let files = project.files_below(&project.auth()?)?;
    let resource = files.iter().find(|file| file.as_str().ends_with("/resource.toml"));
    Ok(resource.map(ToString::to_string))
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
    ErrorKind::Invalid(vec![file.not_toml(error.span(), error.message())]).into()
}
