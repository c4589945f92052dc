//! `amplify/backend.ts`: what is deployed.

use super::super::builder::PlanBuilder;
use super::super::change::Change;
use super::WiringRequest;
use super::names::Names;
use super::outcome::{
    apply_or_conflict, ensure_unused, overwrite_or_conflict, removed_or_conflict,
};
use crate::edit::typescript::{self as edit, DefinerKeys, Export, Refusal, RefusalKind};
use crate::error::{Remedy, Result};
use crate::project::{App, Before, definer};

/// An app has one user pool, and of other resources one of the name. Where the resource's own file does
/// not exist, but the backend has one from elsewhere, the function is to be wired there, manually.
pub fn has_other(
    plan: &mut PlanBuilder,
    app: &App,
    names: &Names,
    request: &WiringRequest,
) -> bool {
    let (None, Some(text)) = (&app.resource.text, planned(plan, app)) else {
        return false;
    };
    let keys = request.scaffold.wiring.define_keys();
    let hook = DefinerKeys { definer: definer(&request.scaffold.family.resource), keys: &keys };
    let Err(refusal) = edit::check_no_other(&text, &names.resource(), &hook.definer) else {
        return false;
    };
    let lines = edit::wiring_by_hand(&text, &names.in_backend(), &hook);
    apply_or_conflict(plan, &app.backend.path, &text, Err(refusal), &lines);
    true
}

/// Adds a resource that the backend does not have, and a function that nothing else names: one for a
/// trigger that the resource's definition does not know.
pub fn wire(
    plan: &mut PlanBuilder,
    app: &App,
    names: &Names,
    request: &WiringRequest,
) -> Result<()> {
    let path = &app.backend.path;
    let has_resource = app.resource.text.is_some();
    let nothing_to_add = has_resource && !is_member(request);
    let initial = request.initial_contents("amplify/backend.ts");
    let planned = planned(plan, app);
    let properties =
        properties_to_leave(plan, planned.as_deref().unwrap_or(initial), app, request)?;
    match planned {
        None if nothing_to_add => {
            let what = &request.scaffold.family.resource.what;
            plan.notes.push(format!("{path} does not exist, and is what deploys the {what}"));
            return Ok(());
        }
        None if has_resource => {
            let reason = format!("does not exist, and is what names `{}`", names.export);
            let steps = format!("make it, and run the command again:\n\n{initial}");
            plan.conflict(path, reason, Remedy::ByHand(steps));
            return Ok(());
        }
        Some(text) if nothing_to_add && edited(&text, app, names, request, &properties).is_ok() => {
            if let Some(before) = request.before(&text, &text, &names.in_backend()) {
                plan.note_before(request.name, path, before);
            }
            return Ok(());
        }
        _ => {}
    }
    let created = app.backend.text.is_none();
    plan.edit(path, initial, |plan, path, text| {
        let outcome = edited(text, app, names, request, &properties);
        match &outcome {
            Ok(after) => {
                let added = edit::add_to_backend(text, &names.resource());
                let is_added = added.is_ok_and(|added| added != text);
                if !has_resource && !created && is_added {
                    let file = plan.recorded(path);
                    let resource = request.scaffold.family.resource.name.clone();
                    plan.record.shared.backend.entry(file).or_default().insert(resource);
                }
                if let Some(before) = request.before(text, after, &names.in_backend()) {
                    plan.note_before(request.name, path, before);
                }
            }
            Err(_) if request.recorded.is_none() => {
                plan.note_before(request.name, path, Before::Wiring);
            }
            Err(_) => {}
        }
        let is_deployed =
            !outcome.as_ref().is_err_and(|refusal| refusal.kind == RefusalKind::NotDeployed);
        let resource =
            (!has_resource || !is_deployed).then(|| edit::backend_by_hand(text, &names.resource()));
        let function = is_member(request).then(|| edit::backend_by_hand(text, &names.in_backend()));
        let by_hand: Vec<_> = resource.into_iter().chain(function).collect();
        Ok(apply_or_conflict(plan, path, text, outcome, &by_hand.join("\n")))
    })
}

/// Whether the backend itself has to name the function, as the resource's definition does not.
fn is_member(request: &WiringRequest) -> bool {
    request.scaffold.wiring.define_keys().is_empty()
}

/// The properties of the user pool that the backend must not set itself: those of the trigger, but
/// for one that the function sets after it. To switch to such a function is the user's choice.
fn properties_to_leave(
    plan: &mut PlanBuilder,
    text: &str,
    app: &App,
    request: &WiringRequest,
) -> Result<Vec<String>> {
    let Some(trigger) = &request.scaffold.trigger else {
        return Ok(Vec::new());
    };
    let trigger = format!("LambdaConfig.{}", trigger.cloudformation);
    let versioned = request.scaffold.versioned_property();
    let resource = &request.scaffold.family.resource.name;
    let own = plan.project.function(resource, request.name)?.child("resource.ts");
    let sets = |text: &str, property: &String| {
        edit::check_not_overridden(text, property)
            .is_err_and(|refusal| refusal.kind == RefusalKind::Overridden)
    };
    let own_text = plan.changes.get(&own).and_then(Change::after).unwrap_or_default();
    // Which of two aspects is the last is not plain to see.
    let set_last =
        versioned.clone().filter(|property| sets(own_text, property) && !text.contains("Aspects"));
    if let Some(property) = &set_last
        && let Err(refusal) = edit::check_not_overridden(text, property)
        && refusal.kind == RefusalKind::Overridden
        && !sets(&plan.project.read_text(&own)?.unwrap_or_default(), property)
    {
        let steps = "the function sets it after this line, which you can delete then";
        if let Some(line) = overwrite_or_conflict(plan, &app.backend.path, text, &refusal, steps) {
            let note = "is no longer in effect: the function sets the property after it";
            plan.notes.push(format!("{}:{line} {note}", app.backend.path));
        }
    }
    let properties = [Some(trigger), versioned].into_iter().flatten();
    Ok(properties.filter(|property| Some(property) != set_last.as_ref()).collect())
}

/// The text of the backend with all that it needs. A property that it sets itself is refused.
fn edited(
    text: &str,
    app: &App,
    names: &Names,
    request: &WiringRequest,
    properties: &[String],
) -> Result<String, Refusal> {
    let mut text = text.to_owned();
    if app.resource.text.is_none() {
        let definer = definer(&request.scaffold.family.resource);
        edit::check_no_other(&text, &names.resource(), &definer)?;
        text = edit::add_to_backend(&text, &names.resource())?;
    } else {
        edit::check_deployed(&text, &names.resource())?;
    }
    for property in properties {
        edit::check_not_overridden(&text, property)?;
    }
    if is_member(request) {
        text = edit::add_to_backend(&text, &names.in_backend())?;
    }
    Ok(text)
}

/// Removes a member, which is called `name`, from the backend.
pub fn unwire(
    plan: &mut PlanBuilder,
    app: &App,
    (member, name): (&Export, &str),
    before: Option<Before>,
) -> Result<()> {
    plan.edit_existing(&app.backend.path, |plan, path, text| {
        let outcome = edit::remove_from_backend(text, member)
            .and_then(|after| ensure_unused(text, after, member, before));
        Ok(removed_or_conflict(plan, path, text, outcome, name))
    })
}

/// Removes a resource from a backend that stays, when the resource's own file is deleted.
pub fn remove_resource(plan: &mut PlanBuilder, resource: &str) -> Result<()> {
    let app = App::find(plan.project, resource)?;
    let is_gone = |path| {
        let change = plan.changes.get(path);
        change.is_some_and(|change| change.after().is_none_or(edit::is_blank))
    };
    if !is_gone(&app.resource.path) || is_gone(&app.backend.path) {
        return Ok(());
    }
    let names = Names::new(resource, resource, &app);
    let resource = names.resource();
    unwire(plan, &app, (&resource, resource.name), None)
}

/// The text that the backend has by now, if it exists.
fn planned(plan: &PlanBuilder, app: &App) -> Option<String> {
    let planned = plan.changes.get(&app.backend.path).and_then(Change::after);
    planned.or(app.backend.text.as_deref()).map(str::to_owned)
}
