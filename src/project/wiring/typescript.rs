//! `amplify/<resource>/resource.ts` and what it imports.

use super::super::Project;
use super::app::{App, AppFile, definer};
use super::wired::{Callee, Language, SentVersion, Wired, Wiring};
use crate::catalog::Scaffold;
use crate::cognito::AUTH;
use crate::edit::typescript::{self as edit, DefinerKeys, Handler, Refusal, RefusalKind};
use crate::error::{Error, Result};

/// What the code calls for a trigger.
pub(super) fn wiring(project: &Project, scaffold: &Scaffold) -> Result<Wiring> {
    let resource = &scaffold.family.resource;
    let app = App::find(project, &resource.name)?;
    if app.backend.text.is_none() && app.resource.text.is_none() {
        return Ok(Wiring::Unwired);
    }
    let keys = scaffold.wiring.define_keys();
    let hook = DefinerKeys { definer: definer(resource), keys: &keys };
    let (file, handler) = match (keys.as_slice(), scaffold.versioned_property()) {
        ([], Some(property)) => (&app.backend, overriding_function(project, &app, &property)?),
        _ => (&app.resource, edit::handler(app.resource.text(), &hook)),
    };
    match handler {
        Ok(Some(handler)) => {
            let directory = directory(&handler, &resource.name);
            let own = directory.map(|name| AppFile::of_function(project, &resource.name, name));
            let own = own.transpose()?;
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
        Err(_) if app.resource.text.is_none() => Ok(Wiring::Unwired),
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
    problem.hint("fix the file and run the command again").into()
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
        if let Some(directory) = directory(&member, AUTH) {
            let file = AppFile::of_function(project, AUTH, directory)?;
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

/// The directory of a function, in that of a resource, that its module is in.
fn directory<'a>(handler: &'a Handler, resource: &str) -> Option<&'a str> {
    let module = handler.module.as_deref()?.strip_suffix("/resource")?;
    let (above, directory) = module.rsplit_once('/')?;
    let is_there =
        !above.starts_with('.') || above == "." || above.strip_prefix("./") == Some(resource);
    is_there.then_some(directory)
}
