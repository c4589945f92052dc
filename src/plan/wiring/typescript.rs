//! `amplify/<resource>/resource.ts`: which functions the resource calls.

use super::super::builder::PlanBuilder;
use super::names::Names;
use super::outcome::{
    apply_or_conflict, ensure_unused, overwrite_or_conflict, removed_or_conflict,
    switch_or_conflict,
};
use super::users::{shown, users_of};
use super::{WiringRequest, backend};
use crate::catalog::{Resource, Scaffold};
use crate::edit::dotted;
use crate::edit::typescript::{
    self as edit, DefinerKeys, Export, Handler, Refusal, RefusalKind, Replaced,
};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{App, Before, FunctionRecord, definer, hash};

/// Makes the resource call the function.
pub fn wire(plan: &mut PlanBuilder, request: &WiringRequest) -> Result<()> {
    let resource = &request.scaffold.family.resource;
    let app = App::find(plan.project, &resource.name)?;
    let names = Names::new(request.name, &resource.name, &app);
    check_login(&app, request)?;
    if backend::has_other(plan, &app, &names, request) {
        return Ok(());
    }
    if let Some(text) = &app.resource.text
        && let Err(refusal) = edit::check_not_foreign(text, &definer(resource))
        && refusal.kind == RefusalKind::Foreign
    {
        apply_or_conflict(plan, &app.resource.path, text, Err(refusal), "");
        return Ok(());
    }
    wire_resource(plan, &app, &names, request)?;
    backend::wire(plan, &app, &names, request)?;
    note_switch(plan, &app, request)
}

/// How users sign in is the app's to say, once it has a user pool.
fn check_login(app: &App, request: &WiringRequest) -> Result<()> {
    let (Some(login_with), Some(text)) = (request.login_with, &app.resource.text) else {
        return Ok(());
    };
    let hook = DefinerKeys {
        definer: definer(&request.scaffold.family.resource),
        keys: &["loginWith", login_with.key()],
    };
    match edit::handler(text, &hook) {
        Ok(Some(_)) => Ok(()),
        _ => Err(Error::usage(format!("`{}` already says how users sign in", app.resource.path))
            .hint("leave `--login-with` out, and edit `loginWith` there")),
    }
}

fn wire_resource(
    plan: &mut PlanBuilder,
    app: &App,
    names: &Names,
    request: &WiringRequest,
) -> Result<()> {
    let resource = &request.scaffold.family.resource;
    let keys = request.scaffold.wiring.define_keys();
    let hook = DefinerKeys { definer: definer(resource), keys: &keys };
    if keys.is_empty() && app.resource.text.is_some() {
        return Ok(());
    }
    let initial = request.initial_contents(&format!("amplify/{}/resource.ts", resource.name));
    plan.edit(&app.resource.path, initial, |plan, path, text| {
        let filled = match edit::is_blank(text) {
            true => edit::filled(text, initial),
            false => text.to_owned(),
        };
        if filled != text {
            let (file, hash) = (plan.recorded(path), hash(&filled));
            plan.record.shared.created.insert(file.clone(), hash);
            plan.record.shared.blank.insert(file);
        }
        let text = &filled;
        if keys.is_empty() {
            return Ok(filled);
        }
        let function = names.in_resource();
        if let Err(refusal) = edit::check_sender(text, &hook)
            && refusal.kind == RefusalKind::Occupied
        {
            let steps = "the handler is added, and sends from then on";
            overwrite_or_conflict(plan, path, text, &refusal, steps);
        }
        let outcome = edit::wire(text, &function, &hook);
        let by_hand = edit::wiring_by_hand(text, &function, &hook);
        match &outcome {
            Ok(after) => {
                if let Some(before) = request.before(text, after, &function) {
                    plan.note_before(request.name, path, before);
                }
                if let Some(depth) = edit::empty_object(text, &hook) {
                    let file = plan.recorded(path);
                    let objects = plan.record.shared.objects.entry(file).or_default();
                    objects.insert(dotted(&keys[..depth]));
                }
            }
            Err(refusal) if refusal.kind == RefusalKind::Occupied => {
                if let Ok((after, replaced)) = edit::switch(text, &function, &hook) {
                    let current = current_function(plan, path, text, &hook);
                    let change = (request.name, current, replaced);
                    switch_or_conflict(plan, path, text, refusal, change);
                    return Ok(after);
                }
            }
            Err(_) => {}
        }
        Ok(apply_or_conflict(plan, path, text, outcome, &by_hand))
    })
}

/// What is called now, for people.
fn current_function(
    plan: &PlanBuilder,
    path: &RepoPath,
    text: &str,
    hook: &DefinerKeys,
) -> &'static str {
    let handler = edit::handler(text, hook).ok().flatten();
    let module = handler.and_then(|handler| handler.module);
    let target = module.and_then(|module| plan.project.module_target(path, &module));
    let directory = target.and_then(|target| target.parent());
    match directory.is_some_and(|directory| plan.project.has(&directory, "Cargo.toml")) {
        true => "the other function",
        false => "the function in TypeScript",
    }
}

/// Tells what is no longer called, and what still uses it.
fn note_switch(plan: &mut PlanBuilder, app: &App, request: &WiringRequest) -> Result<()> {
    let replaced = |function: &FunctionRecord| function.replaced.is_some();
    let is_new = !request.recorded.is_some_and(replaced)
        && plan.record.functions.get(request.name).is_some_and(replaced);
    let Resource { service, .. } = &request.scaffold.family.resource;
    let keys = request.scaffold.wiring.define_keys();
    let hook = DefinerKeys { definer: definer(&request.scaffold.family.resource), keys: &keys };
    let before = edit::handler(app.resource.text(), &hook);
    let (true, Ok(Some(Handler { text, module, .. }))) = (is_new, before) else {
        return Ok(());
    };
    let name = request.name;
    let target = module.as_ref().and_then(|it| plan.project.module_target(&app.resource.path, it));
    let users = target.map_or(Ok(Vec::new()), |target| users_of(plan, &target))?;
    let places = users.iter().flat_map(|user| std::iter::once(&user.place).chain(&user.uses));
    let lines = shown(places);
    let Some(old) = shown_name(&text, module.as_deref()) else {
        let note =
            format!("{service} calls `{name}` instead of the function that was defined here");
        plan.notes.push(note);
        return Ok(());
    };
    let note = format!("{service} calls `{name}` instead of {old}, which stays");
    plan.notes.push(if lines.is_empty() {
        format!("{note}: delete it when you are done")
    } else {
        format!("{note}; these lines still refer to it: change or delete them\n\n{lines}")
    });
    Ok(())
}

/// What people know a function by: its module, or its name. None for one without either.
fn shown_name(handler: &str, module: Option<&str>) -> Option<String> {
    let is_name = handler.chars().all(|letter| letter.is_alphanumeric() || "_$.".contains(letter));
    let module = module.map(|module| format!("'{module}'"));
    module.or_else(|| is_name.then(|| format!("`{handler}`")))
}

/// Makes the resource no longer call the function.
pub fn unwire(
    plan: &mut PlanBuilder,
    scaffold: &Scaffold,
    name: &str,
    function: &FunctionRecord,
) -> Result<()> {
    let resource = &scaffold.family.resource;
    let app = App::find(plan.project, &resource.name)?;
    let names = Names::new(name, &resource.name, &app);
    let keys = scaffold.wiring.define_keys();
    let hook = DefinerKeys { definer: definer(resource), keys: &keys };
    let [in_resource, in_backend] =
        [(&app.resource, names.in_resource()), (&app.backend, names.in_backend())].map(
            |(file, export)| {
                let before = function.before.get(&plan.recorded(&file.path)).copied();
                if before == Some(Before::Wiring) && edit::imports(file.text(), &export) {
                    let note = format!("{} is wired to `{name}` by hand, and stays so", file.path);
                    plan.notes.push(note);
                }
                before
            },
        );
    if !keys.is_empty() && in_resource != Some(Before::Wiring) {
        let replaced = function.replaced.as_ref();
        plan.edit_existing(&app.resource.path, |plan, path, text| {
            let function = names.in_resource();
            let objects = plan.record.shared.objects.get(&plan.recorded(path));
            let is_kept = |depth: &usize| {
                objects.is_some_and(|objects| objects.contains(&dotted(&keys[..*depth])))
            };
            let kept = (0..keys.len()).rev().find(is_kept).unwrap_or(0);
            let outcome = match called_again(
                plan,
                path,
                text,
                (&function, &hook),
                (replaced, &resource.service),
            ) {
                Ok(Some(after)) => Ok(after),
                Ok(None) => edit::unwire(text, &function, &hook, kept)
                    .and_then(|after| ensure_unused(text, after, &function, in_resource)),
                Err(refusal) => Err(refusal),
            };
            Ok(removed_or_conflict(plan, path, text, outcome, name))
        })?;
    }
    if in_backend == Some(Before::Wiring) {
        return Ok(());
    }
    backend::unwire(plan, &app, (&names.in_backend(), &names.export), in_backend)
}

/// The text that calls what the function has taken the place of, if that is still there.
fn called_again(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    text: &str,
    (function, hook): (&Export, &DefinerKeys),
    (replaced, service): (Option<&Replaced>, &str),
) -> Result<Option<String>, Refusal> {
    let Some(replaced) = replaced else {
        return Ok(None);
    };
    let Some(after) = edit::switch_back(text, function, hook, replaced)? else {
        return Ok(None);
    };
    let Ok(Some(Handler { text, module, .. })) = edit::handler(&after, hook) else {
        return Ok(None);
    };
    let old = shown_name(&text, module.as_deref());
    let old = old.unwrap_or_else(|| "the function that was defined here".to_owned());
    let target = module.as_ref().and_then(|module| plan.project.module_target(path, module));
    if target.is_some_and(|target| !plan.project.has_module(&target)) {
        plan.notes
            .push(format!("{service} calls nothing instead: {old}, which it called, is gone"));
        return Ok(None);
    }
    plan.notes.push(format!("{service} calls {old} again"));
    Ok(Some(after))
}
