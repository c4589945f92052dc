//! `amplify/auth/resource.ts`: which functions the user pool calls.

use super::super::decision::Decision;
use super::super::draft::Draft;
use super::super::reverse::take_out;
use super::app::{self, App, Names, keys};
use super::backend;
use super::outcome::{gone, left, settle, told};
use super::wired::Wired;
use super::wish::Wish;
use crate::catalog::Scaffold;
use crate::edit::typescript::{self as edit, Handler, Occupied, Refusal, RefusalKind};
use crate::error::{Error, Result};
use crate::project::{Before, Function, Project};
use crate::source::Place;

/// The function that is wired to a trigger.
pub fn wired(project: &Project, scaffold: &Scaffold) -> Result<Option<Wired>> {
    let app = App::find(project)?;
    let (file, handler) = handler(project, &app, scaffold)?;
    match handler {
        Ok(Some(handler)) => {
            let folder = folder(&handler);
            let place = file.place(handler.span.clone());
            let own = folder.map(|folder| app::function_file(project, folder));
            // An Aspect is the last to be asked.
            let files = [own.transpose()?, Some(app.backend)];
            Ok(Some(Wired {
                function: folder.unwrap_or(&handler.text).to_owned(),
                version: version(files.into_iter().flatten(), scaffold, &place),
                place,
            }))
        }
        Ok(None) => Ok(None),
        Err(refusal) if refusal.kind == RefusalKind::Syntax => {
            Err(Error::in_file(&file.path, told(&refusal, file.text()))
                .hint("fix the file and run the command again"))
        }
        // What cannot be followed may call whatever it likes.
        Err(_) => Ok(None),
    }
}

/// What the code calls for a trigger, and the file that says so.
fn handler<'a>(
    project: &Project,
    app: &'a App,
    scaffold: &Scaffold,
) -> Result<(&'a app::File, Result<Option<Handler>, Refusal>)> {
    Ok(match (keys(scaffold).as_slice(), scaffold.versioned_property()) {
        ([], Some(property)) => (&app.backend, asking_handler(project, app, &property)?),
        (keys, _) => (&app.auth, edit::handler(app.auth.text(), keys)),
    })
}

/// The function in the backend that itself sets a property of the user pool.
fn asking_handler(
    project: &Project,
    app: &App,
    property: &str,
) -> Result<Result<Option<Handler>, Refusal>> {
    let text = app.backend.text();
    let members = edit::check_not_overridden(text, property).and_then(|()| edit::members(text));
    let members = match members {
        Ok(members) => members,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for member in members {
        if let Some(folder) = folder(&member) {
            let file = app::function_file(project, folder)?;
            let unset = edit::check_not_overridden(file.text(), property);
            if unset.is_err_and(|refusal| refusal.kind == RefusalKind::Overridden) {
                return Ok(Ok(Some(member)));
            }
        }
    }
    Ok(Ok(None))
}

/// The version of the event that is asked for, by the backend or by the function itself. Without
/// a word it is the first, which `place` stands for.
fn version(
    files: impl Iterator<Item = app::File>,
    scaffold: &Scaffold,
    place: &Place,
) -> Option<(String, Place)> {
    let property = scaffold.versioned_property()?;
    for file in files {
        match edit::overridden_version(file.text(), &property) {
            Ok(Some((version, span))) => return Some((version, file.place(span))),
            Ok(None) => {}
            Err(_) => return None,
        }
    }
    let first = scaffold.trigger.versioned.as_ref()?.versions.first()?;
    Some((first.clone(), place.clone()))
}

/// The folder of a function in `amplify/auth/`, as its module names it.
fn folder(handler: &Handler) -> Option<&str> {
    let module = handler.module.as_deref()?.strip_suffix("/resource")?;
    let (above, folder) = module.rsplit_once('/')?;
    let is_there = !above.starts_with('.') || matches!(above, "." | "./auth");
    is_there.then_some(folder)
}

/// Whether the code tells which function is called for a trigger.
pub fn is_clear(project: &Project, scaffold: &Scaffold) -> Result<bool> {
    let app = App::find(project)?;
    let (_, handler) = handler(project, &app, scaffold)?;
    let unclear = |refusal: Refusal| app.auth.text.is_some() && refusal.kind != RefusalKind::Syntax;
    Ok(!handler.is_err_and(unclear))
}

/// The files of the app that are no TypeScript, with the reasons.
pub fn unreadable(project: &Project) -> Result<Vec<(String, Place)>> {
    let app = App::find(project)?;
    let errors = [&app.auth, &app.backend].into_iter().filter_map(|file| {
        let refusal = edit::syntax_error(file.text.as_deref()?)?;
        let span = refusal.span.unwrap_or_default();
        Some((refusal.reason, file.place(span)))
    });
    Ok(errors.collect())
}

/// Makes the user pool call the function.
pub fn wire(draft: &mut Draft, wish: &Wish) -> Result<()> {
    let app = App::find(draft.project)?;
    check_login(&app, wish)?;
    if backend::has_other_pool(draft, &app, wish) {
        return Ok(());
    }
    wire_auth(draft, &app, wish)?;
    backend::wire(draft, &app, wish)
}

/// How users sign in is the app's to say, once it has a user pool.
fn check_login(app: &App, wish: &Wish) -> Result<()> {
    let (Some(login_with), Some(text)) = (wish.login_with, &app.auth.text) else {
        return Ok(());
    };
    match edit::handler(text, &["loginWith", login_with.key()]) {
        Ok(Some(_)) => Ok(()),
        _ => Err(Error::usage(format!("`{}` says already how users sign in", app.auth.path))
            .hint("leave `--login-with` out, and edit `loginWith` there")),
    }
}

fn wire_auth(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let keys = keys(wish.scaffold);
    if keys.is_empty() && app.auth.text.is_some() {
        return Ok(());
    }
    let fresh = wish.fresh("amplify/auth/resource.ts");
    let names = Names::new(wish.name, app);
    draft.edit(&app.auth.path, fresh, |draft, path, text| {
        if keys.is_empty() {
            return Ok(text.to_owned());
        }
        let function = names.in_auth();
        let replaced = || edit::wire(text, &function, &keys, Occupied::Replace);
        let outcome = match draft.decision(path) {
            Some(Decision::Overwrite) => replaced(),
            _ => edit::wire(text, &function, &keys, Occupied::Refuse),
        };
        // What the conflict is about, for a user who is asked.
        let undecided = outcome.is_err() && draft.decision(path).is_none();
        if let Ok(after) = &outcome
            && let Some(before) = wish.before(text, after, &function)
        {
            draft.note_before(wish.name, path, before);
        }
        if let (Ok(_), Some(depth)) = (&outcome, edit::empty_object(text, &keys)) {
            let file = draft.recorded(path);
            let objects = draft.record.shared.objects.entry(file).or_default();
            objects.insert(keys[..depth].join("."));
        }
        let by_hand = edit::wiring_by_hand(&function, &keys);
        let settled = settle(draft, path, text, outcome, &by_hand);
        Ok(match undecided {
            true => replaced().unwrap_or(settled),
            false => settled,
        })
    })
}

/// Makes the user pool no longer call the function.
pub fn unwire(
    draft: &mut Draft,
    scaffold: &Scaffold,
    name: &str,
    function: &Function,
) -> Result<()> {
    let app = App::find(draft.project)?;
    let (names, keys) = (Names::new(name, &app), keys(scaffold));
    let before = |file: &app::File| {
        let file = draft.recorded(&file.path);
        function.before.get(&file).copied()
    };
    let (in_auth, in_backend) = (before(&app.auth), before(&app.backend));
    let keeping =
        [(&app.auth, in_auth, names.in_auth()), (&app.backend, in_backend, names.in_backend())];
    for (file, before, function) in keeping {
        if before == Some(Before::Wiring) && edit::imports(file.text(), &function) {
            let note = format!("{} is wired to `{name}` by hand, and stays so", file.path);
            draft.notes.push(note);
        }
    }
    if !keys.is_empty() && in_auth != Some(Before::Wiring) {
        take_out(draft, &app.auth.path, |draft, path, text| {
            let function = names.in_auth();
            let objects = draft.record.shared.objects.get(&draft.recorded(path));
            let is_kept = |depth: &usize| {
                objects.is_some_and(|objects| objects.contains(&keys[..*depth].join(".")))
            };
            let kept = (0..keys.len()).rev().find(is_kept).unwrap_or(0);
            let outcome = edit::unwire(text, &function, &keys, kept);
            let outcome = outcome.and_then(|after| gone(text, after, &function, in_auth));
            Ok(left(draft, path, text, outcome, name))
        })?;
    }
    match in_backend {
        Some(Before::Wiring) => Ok(()),
        _ => backend::unwire(draft, &app, &names, in_backend),
    }
}
