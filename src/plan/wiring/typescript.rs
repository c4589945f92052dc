//! `amplify/auth/resource.ts`, and what `defineAuth` cannot say in `amplify/backend.ts`.

use serde_json::json;

use super::super::draft::{Decision, Draft};
use super::super::record::recorded;
use super::super::remove::take_out;
use super::super::{LoginWith, Request};
use super::Wish;
use super::app::{App, File};
use crate::catalog::{Answers, OverrideRule, Scaffold, identifier, render};
use crate::edit::typescript::{
    self as edit, Export, Occupied, Override, Permission, Refusal, RefusalKind,
};
use crate::error::{Error, Result};
use crate::workspace::{RepoPath, Workspace};

/// The function that is wired to a trigger.
pub fn wired(workspace: &Workspace, scaffold: &Scaffold) -> Result<Option<String>> {
    let app = App::find(workspace)?;
    let keys = keys(scaffold);
    let (file, handler) = match (keys.as_slice(), &scaffold.wiring.r#override) {
        ([], Some(rule)) => {
            let text = app.backend.text.as_deref().unwrap_or_default();
            (&app.backend, edit::overriding_handler(text, &rule.property))
        }
        (keys, _) => {
            let text = app.auth.text.as_deref().unwrap_or_default();
            (&app.auth, edit::handler(text, keys))
        }
    };
    match handler {
        Ok(handler) => Ok(handler.map(|handler| function_name(&handler))),
        Err(refusal) if refusal.kind == RefusalKind::Syntax => {
            let text = file.text.as_deref().unwrap_or_default();
            Err(Error::in_file(&file.path, told(&refusal, text))
                .hint("mend the file and run the command again"))
        }
        // What cannot be followed may call whatever it likes.
        Err(_) => Ok(None),
    }
}

/// The folder of the function, or what the code calls it.
fn function_name(handler: &edit::Handler) -> String {
    let folder = handler
        .module
        .as_deref()
        .and_then(|module| module.strip_suffix("/resource"));
    let name = folder.and_then(|folder| folder.rsplit('/').next());
    name.unwrap_or(&handler.text).to_owned()
}

/// Tells the templates how the function will be wired.
pub fn prepare(
    draft: &Draft,
    request: &Request,
    scaffold: &Scaffold,
    answers: &mut Answers,
) -> Result<()> {
    answers.tell("wiring", "typescript");
    answers.tell("resource_file", "resource.ts");
    let login_with = request.login_with.unwrap_or(LoginWith::Email);
    answers.tell("login_with", login_with.key());
    let rendering = render(request.catalog, scaffold, answers)?;
    let (Some(rule), Some(version)) = (&scaffold.wiring.r#override, &rendering.override_version)
    else {
        return Ok(());
    };
    let app = App::find(draft.workspace)?;
    let Some(text) = planned(draft, &app.backend) else {
        return Ok(());
    };
    let wish = Wish {
        name: &answers.name,
        scaffold,
        rendering: &rendering,
        login_with: None,
        asks_itself: false,
    };
    let outcome = edited_backend(&text, &app, &wish);
    if outcome.is_err_and(|refusal| can_ask_itself(&refusal, scaffold)) {
        let comment = rule.comment(version);
        answers.tell(
            "event_override",
            json!({ "property": rule.property, "version": version, "comment": comment }),
        );
    }
    Ok(())
}

/// Whether the function can ask for its version of the event by itself, with an Aspect in its own
/// `resource.ts`: the backend is not to be edited, but nothing in it speaks against it.
fn can_ask_itself(refusal: &Refusal, scaffold: &Scaffold) -> bool {
    let known = permission(scaffold) == Permission::Given;
    known && matches!(refusal.kind, RefusalKind::NoHandle | RefusalKind::Unclear)
}

/// Makes the user pool call the function.
pub fn wire(draft: &mut Draft, wish: &Wish) -> Result<()> {
    let app = App::find(draft.workspace)?;
    if wish.login_with.is_some() && app.auth.text.is_some() {
        return Err(Error::usage(format!(
            "`{}` says already how users sign in",
            app.auth.path
        ))
        .hint("leave `--login-with` out, and edit `loginWith` there"));
    }
    wire_auth(draft, &app, wish)?;
    let rule = wish.scaffold.wiring.r#override.as_ref();
    let version = wish.rendering.override_version.as_ref();
    if app.auth.text.is_none() || planned(draft, &app.backend).is_some() {
        return wire_backend(draft, &app, wish);
    }
    if let (Some(_), Some(version), false) = (rule, version, wish.asks_itself) {
        let reason = format!("does not exist, and event version {version} is asked for there");
        draft.conflict(&app.backend.path, reason, false);
    }
    Ok(())
}

fn wire_auth(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let fresh = fresh(wish, "amplify/auth/resource.ts");
    let keys = keys(wish.scaffold);
    if keys.is_empty() && app.auth.text.is_some() {
        return Ok(());
    }
    let (name, extension) = (identifier(wish.name), app.extension());
    let module = format!("./{}/resource", wish.name);
    let function = Export {
        name: &name,
        module: &module,
        extension: &extension,
    };
    draft.edit(&app.auth.path, fresh, |draft, path, text| {
        if keys.is_empty() {
            return Ok(text.to_owned());
        }
        let decision = draft.decision(path);
        let occupied = match decision {
            Some(Decision::Overwrite) => Occupied::Replace,
            _ => Occupied::Refuse,
        };
        let outcome = edit::wire(text, &function, &keys, occupied);
        let by_hand = edit::wiring_by_hand(&function, &keys);
        Ok(settle(draft, path, text, outcome, &by_hand))
    })
}

/// The edited text; or the text as it is, with a conflict, or with a note for a user who keeps it.
fn settle(
    draft: &mut Draft,
    path: &RepoPath,
    text: &str,
    outcome: Result<String, Refusal>,
    by_hand: &str,
) -> String {
    let refusal = match outcome {
        Ok(edited) => return edited,
        Err(refusal) => refusal,
    };
    let lines = by_hand.lines().map(|line| format!("    {line}"));
    let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
    let lines = lines.join("\n");
    match draft.decision(path) {
        Some(Decision::Keep | Decision::Beside | Decision::Write(_)) => {
            let note = format!("{path} stays as it is; what it needs is\n\n{lines}\n");
            draft.notes.push(note);
        }
        _ => {
            let decidable = refusal.kind == RefusalKind::Occupied;
            let told = told(&refusal, text);
            let then = match decidable {
                true => "",
                false => ", and run the command again with `--on-conflict skip`",
            };
            let reason = format!("{told}\n  add by hand{then}:\n\n{lines}\n");
            draft.conflict(path, reason, decidable);
        }
    }
    text.to_owned()
}

/// A refusal with the line that it is about.
fn told(refusal: &Refusal, text: &str) -> String {
    let Some(place) = refusal.place else {
        return refusal.reason.clone();
    };
    let line = text.lines().nth(place.line - 1).unwrap_or_default();
    let line = line.trim_start_matches('\u{feff}').replace('\t', " ");
    let number = place.line.to_string();
    let blank = " ".repeat(number.len());
    let caret = " ".repeat(place.column - 1);
    format!(
        "{} (line {number}, column {})\n  {blank} |\n  {number} | {line}\n  {blank} | {caret}^",
        refusal.reason, place.column
    )
}

/// The backend gets a user pool that it did not have, and what `defineAuth` cannot say.
fn wire_backend(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let fresh = fresh(wish, "amplify/backend.ts");
    let created = app.backend.text.is_none();
    if created && wish.rendering.override_version.is_none() && app.auth.text.is_some() {
        return Ok(());
    }
    draft.edit(&app.backend.path, fresh, |draft, path, text| {
        let outcome = edited_backend(text, app, wish);
        let had_auth = outcome.as_ref().is_ok_and(|(_, had_auth)| *had_auth);
        if app.auth.text.is_none() && !had_auth && !created {
            let file = recorded(path, draft.workspace);
            draft.record.shared.backend.insert(file);
        }
        let outcome = outcome.map(|(edited, _)| edited);
        let by_hand = backend_by_hand(app, wish);
        Ok(settle(draft, path, text, outcome, &by_hand))
    })
}

/// The text of the backend with all that it needs, and whether it had the user pool before.
fn edited_backend(text: &str, app: &App, wish: &Wish) -> Result<(String, bool), Refusal> {
    let (name, extension) = (identifier(wish.name), app.extension());
    let module = format!("./auth/{}/resource", wish.name);
    let function = Export {
        name: &name,
        module: &module,
        extension: &extension,
    };
    let auth = Export {
        extension: &extension,
        ..AUTH
    };
    let (mut edited, mut had_auth) = (text.to_owned(), true);
    if app.auth.text.is_none() {
        edited = edit::add_to_backend(text, &auth)?;
        had_auth = edited == text;
    }
    let Some(rule) = &wish.scaffold.wiring.r#override else {
        return Ok((edited, had_auth));
    };
    let version = wish
        .rendering
        .override_version
        .as_ref()
        .filter(|_| !wish.asks_itself);
    let edited = match version {
        Some(version) => {
            let comment = rule.comment(version);
            let permission = permission(wish.scaffold);
            let wanted = Override {
                property: &rule.property,
                version,
                comment: &comment,
                permission,
            };
            edit::set_override(&edited, &auth, &function, &wanted)?
        }
        None => cleared(&edited, rule, wish.scaffold, &function)?,
    };
    Ok((edited, had_auth))
}

/// The text without the override of a function; a text that cannot be followed has none of ours.
fn cleared(
    text: &str,
    rule: &OverrideRule,
    scaffold: &Scaffold,
    function: &Export,
) -> Result<String, Refusal> {
    let comment = |version: &str| rule.comment(version);
    match edit::clear_override(
        text,
        function,
        &rule.property,
        &comment,
        permission(scaffold),
    ) {
        Err(refusal) if refusal.kind != RefusalKind::Syntax => Ok(text.to_owned()),
        outcome => outcome,
    }
}

fn backend_by_hand(app: &App, wish: &Wish) -> String {
    let (name, extension) = (identifier(wish.name), app.extension());
    let module = format!("./auth/{}/resource", wish.name);
    let function = Export {
        name: &name,
        module: &module,
        extension: &extension,
    };
    let auth = Export {
        extension: &extension,
        ..AUTH
    };
    match (
        &wish.scaffold.wiring.r#override,
        &wish.rendering.override_version,
    ) {
        (Some(rule), Some(version)) => {
            let comment = rule.comment(version);
            let permission = permission(wish.scaffold);
            let wanted = Override {
                property: &rule.property,
                version,
                comment: &comment,
                permission,
            };
            edit::override_by_hand(&function, &wanted)
        }
        _ => edit::backend_by_hand(&auth),
    }
}

/// Makes the user pool no longer call the function.
pub fn unwire(draft: &mut Draft, scaffold: &Scaffold, name: &str) -> Result<()> {
    let app = App::find(draft.workspace)?;
    let (export, keys) = (identifier(name), keys(scaffold));
    let module = format!("./{name}/resource");
    let function = Export {
        name: &export,
        module: &module,
        extension: "",
    };
    take_out(draft, &app.auth.path, |draft, path, text| {
        let outcome = match keys.as_slice() {
            [] => Ok(text.to_owned()),
            keys => edit::unwire(text, &function, keys),
        };
        Ok(left(draft, path, text, outcome, name))
    })?;
    let Some(rule) = &scaffold.wiring.r#override else {
        return Ok(());
    };
    let module = format!("./auth/{name}/resource");
    let function = Export {
        name: &export,
        module: &module,
        extension: "",
    };
    take_out(draft, &app.backend.path, |draft, path, text| {
        let outcome = cleared(text, rule, scaffold, &function);
        Ok(left(draft, path, text, outcome, name))
    })
}

/// Takes the user pool out of a backend that it was added to, when its file goes.
pub fn remove_auth(draft: &mut Draft, backend: &RepoPath) -> Result<()> {
    take_out(draft, backend, |draft, path, text| {
        let outcome = edit::remove_from_backend(text, &AUTH);
        Ok(left(draft, path, text, outcome, "auth"))
    })
}

/// The text without something; or as it is, with a conflict.
fn left(
    draft: &mut Draft,
    path: &RepoPath,
    text: &str,
    outcome: Result<String, Refusal>,
    name: &str,
) -> String {
    match outcome {
        Ok(edited) => edited,
        // A text that nothing can be found in has nothing of ours, unless it says the name.
        Err(refusal) if text.contains(name) || refusal.kind == RefusalKind::Syntax => {
            if draft.decision(path) != Some(Decision::Keep) {
                draft.conflict(path, told(&refusal, text), false);
            }
            text.to_owned()
        }
        Err(_) => text.to_owned(),
    }
}

const AUTH: Export = Export {
    name: "auth",
    module: "./auth/resource",
    extension: "",
};

/// The text that a file has by now, if it is there.
fn planned(draft: &Draft, file: &File) -> Option<String> {
    let change = draft.changes.get(&file.path);
    change
        .and_then(|change| change.after.clone())
        .or_else(|| file.text.clone())
}

fn fresh<'a>(wish: &'a Wish, path: &str) -> &'a str {
    wish.rendering.project.get(path).map_or("", String::as_str)
}

fn permission(scaffold: &Scaffold) -> Permission {
    match scaffold.wiring.define_auth() {
        [] => Permission::Added,
        _ => Permission::Given,
    }
}

fn keys(scaffold: &Scaffold) -> Vec<&str> {
    scaffold
        .wiring
        .define_auth()
        .iter()
        .map(String::as_str)
        .collect()
}
