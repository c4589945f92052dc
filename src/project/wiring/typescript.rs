//! `amplify/auth/resource.ts` and what it imports.

use super::super::Project;
use super::app::{App, AppFile, auth_keys};
use super::wired::{Callee, Language, SentVersion, Wired, Wiring};
use crate::catalog::Scaffold;
use crate::edit::typescript::{self as edit, Handler, Refusal, RefusalKind};
use crate::error::{Error, ErrorKind, Result};

/// What the code calls for a trigger.
pub(super) fn wiring(project: &Project, scaffold: &Scaffold) -> Result<Wiring> {
    let app = App::find(project)?;
    if app.exists().is_none() || scaffold.trigger.is_none() {
        return Ok(Wiring::Unwired);
    }
    let (file, handler) = match (auth_keys(scaffold).as_slice(), scaffold.versioned_property()) {
        ([], Some(property)) => (&app.backend, overriding_function(project, &app, &property)?),
        (keys, _) => (&app.auth, edit::handler(app.auth.text(), keys)),
    };
    match handler {
        Ok(Some(handler)) => {
            let directory = directory(&handler);
            let own = directory.map(|name| AppFile::of_function(project, name)).transpose()?;
            Ok(Wiring::Wired(Wired {
                callee: match directory {
                    Some(name) => Callee::Function(name.to_owned()),
                    None => Callee::Expression(handler.text.clone()),
                },
                language: Language::TypeScript,
                place: file.place(handler.span.clone()),
                // What the function sets itself, as an Aspect, is set last.
                version: version(own.iter().chain([&app.backend]), scaffold),
            }))
        }
        Ok(None) => Ok(Wiring::Unwired),
        Err(refusal) if refusal.kind == RefusalKind::Syntax => Err(syntax_error(file, refusal)),
        Err(_) if app.auth.text.is_none() => Ok(Wiring::Unwired),
        Err(Refusal { reason, span: Some(span), kind: RefusalKind::Mistaken }) => {
            Ok(Wiring::Mistaken(file.place(span), reason))
        }
        Err(Refusal { reason, span, .. }) => {
            Ok(Wiring::Unclear(file.place(span.unwrap_or_default()), reason))
        }
    }
}

fn syntax_error(file: &AppFile, refusal: Refusal) -> Error {
    let problem = file.place(refusal.span.unwrap_or_default()).problem(refusal.reason, "");
    ErrorKind::Invalid(vec![problem.hint("fix the file and run the command again")]).into()
}

/// The function in the backend that sets a property of the user pool itself.
fn overriding_function(
    project: &Project,
    app: &App,
    property: &str,
) -> Result<Result<Option<Handler>, Refusal>> {
    let text = app.backend.text();
    let members = match edit::members(text) {
        Ok(members) => members,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for member in members.known {
        if let Some(directory) = directory(&member) {
            let file = AppFile::of_function(project, directory)?;
            let unset = edit::check_not_overridden(file.text(), property);
            if unset.is_err_and(|refusal| refusal.kind == RefusalKind::Overridden) {
                return Ok(Ok(Some(member)));
            }
        }
    }
    // A function, as an aspect, sets it after the backend has.
    let unset = edit::check_not_overridden(text, property);
    Ok(unset.and(members.rest.map_or(Ok(None), Err)))
}

/// The version of the event that the first of `files` asks for that asks for one.
fn version<'a>(files: impl Iterator<Item = &'a AppFile>, scaffold: &Scaffold) -> SentVersion {
    let (Some(property), Some(versioned)) = (scaffold.versioned_property(), scaffold.versioned())
    else {
        return SentVersion::Unversioned;
    };
    for file in files {
        match edit::overridden_version(file.text(), &property) {
            Ok(Some((version, span))) => {
                return version.parse().map_or(SentVersion::Unclear, |version| {
                    SentVersion::Requested(version, file.place(span))
                });
            }
            Ok(None) => {}
            Err(_) => return SentVersion::Unclear,
        }
    }
    SentVersion::default_of(&versioned.versions)
}

/// The directory in `amplify/auth/` that a function's module is in.
fn directory(handler: &Handler) -> Option<&str> {
    let module = handler.module.as_deref()?.strip_suffix("/resource")?;
    let (above, directory) = module.rsplit_once('/')?;
    let is_there = !above.starts_with('.') || matches!(above, "." | "./auth");
    is_there.then_some(directory)
}
