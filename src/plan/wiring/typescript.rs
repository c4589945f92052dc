//! `amplify/auth/resource.ts`: which functions the user pool calls.

use super::super::builder::PlanBuilder;
use super::super::decision::Decision;
use super::names::Names;
use super::outcome::{apply_or_conflict, ensure_unused, removed_or_conflict};
use super::{WiringRequest, backend};
use crate::catalog::Scaffold;
use crate::edit::dotted;
use crate::edit::typescript::{self as edit, Occupied};
use crate::error::{Error, Result};
use crate::project::{App, Before, FunctionRecord, auth_keys};

/// Makes the user pool call the function.
pub fn wire(plan: &mut PlanBuilder, request: &WiringRequest) -> Result<()> {
    let app = App::find(plan.project)?;
    let names = Names::new(request.name, &app);
    check_login(&app, request)?;
    if backend::has_other_pool(plan, &app, &names, request) {
        return Ok(());
    }
    wire_auth(plan, &app, &names, request)?;
    backend::wire(plan, &app, &names, request)
}

/// How users sign in is the app's to say, once it has a user pool.
fn check_login(app: &App, request: &WiringRequest) -> Result<()> {
    let (Some(login_with), Some(text)) = (request.login_with, &app.auth.text) else {
        return Ok(());
    };
    match edit::handler(text, &["loginWith", login_with.key()]) {
        Ok(Some(_)) => Ok(()),
        _ => Err(Error::usage(format!("`{}` says already how users sign in", app.auth.path))
            .hint("leave `--login-with` out, and edit `loginWith` there")),
    }
}

fn wire_auth(
    plan: &mut PlanBuilder,
    app: &App,
    names: &Names,
    request: &WiringRequest,
) -> Result<()> {
    let keys = auth_keys(request.scaffold);
    if keys.is_empty() && app.auth.text.is_some() {
        return Ok(());
    }
    let initial = request.initial_contents("amplify/auth/resource.ts");
    plan.edit(&app.auth.path, initial, |plan, path, text| {
        if keys.is_empty() {
            return Ok(text.to_owned());
        }
        let function = names.in_auth();
        let replaced = || edit::wire(text, &function, &keys, Occupied::Replace);
        let outcome = match plan.decision(path) {
            Some(Decision::Overwrite) => replaced(),
            _ => edit::wire(text, &function, &keys, Occupied::Refuse),
        };
        // What the conflict is about, for a user who is asked.
        let undecided = outcome.is_err() && plan.decision(path).is_none();
        if let Ok(after) = &outcome {
            if let Some(before) = request.before(text, after, &function) {
                plan.note_before(request.name, path, before);
            }
            if let Some(depth) = edit::empty_object(text, &keys) {
                let file = plan.recorded(path);
                let objects = plan.record.shared.objects.entry(file).or_default();
                objects.insert(dotted(&keys[..depth]));
            }
        }
        let by_hand = edit::wiring_by_hand(&function, &keys);
        let applied = apply_or_conflict(plan, path, text, outcome, &by_hand);
        Ok(if undecided { replaced().unwrap_or(applied) } else { applied })
    })
}

/// Makes the user pool no longer call the function.
pub fn unwire(
    plan: &mut PlanBuilder,
    scaffold: &Scaffold,
    name: &str,
    function: &FunctionRecord,
) -> Result<()> {
    let app = App::find(plan.project)?;
    let (names, keys) = (Names::new(name, &app), auth_keys(scaffold));
    let [in_auth, in_backend] = [(&app.auth, names.in_auth()), (&app.backend, names.in_backend())]
        .map(|(file, export)| {
            let before = function.before.get(&plan.recorded(&file.path)).copied();
            if before == Some(Before::Wiring) && edit::imports(file.text(), &export) {
                let note = format!("{} is wired to `{name}` by hand, and stays so", file.path);
                plan.notes.push(note);
            }
            before
        });
    if !keys.is_empty() && in_auth != Some(Before::Wiring) {
        plan.edit_existing(&app.auth.path, |plan, path, text| {
            let function = names.in_auth();
            let objects = plan.record.shared.objects.get(&plan.recorded(path));
            let is_kept = |depth: &usize| {
                objects.is_some_and(|objects| objects.contains(&dotted(&keys[..*depth])))
            };
            let kept = (0..keys.len()).rev().find(is_kept).unwrap_or(0);
            let outcome = edit::unwire(text, &function, &keys, kept)
                .and_then(|after| ensure_unused(text, after, &function, in_auth));
            Ok(removed_or_conflict(plan, path, text, outcome, name))
        })?;
    }
    if in_backend == Some(Before::Wiring) {
        return Ok(());
    }
    backend::unwire(plan, &app, (&names.in_backend(), &names.export), in_backend)
}
