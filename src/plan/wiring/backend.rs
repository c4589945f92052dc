//! `amplify/backend.ts`: what is deployed.

use super::super::draft::Draft;
use super::super::reverse::take_out;
use super::app::{App, Names, keys};
use super::outcome::{gone, left, settle};
use super::wish::Wish;
use crate::edit::typescript::{self as edit, Refusal};
use crate::error::{Remedy, Result};
use crate::project::Before;

/// An app has one user pool. Where `amplify/auth/resource.ts` is not there, but the backend has a
/// pool from elsewhere, that is where the function is to be wired, by hand.
pub fn has_other_pool(draft: &mut Draft, app: &App, wish: &Wish) -> bool {
    let (None, Some(text)) = (&app.auth.text, planned(draft, app)) else {
        return false;
    };
    let names = Names::new(wish.name, app);
    let Err(refusal) = edit::check_no_other_pool(&text, &names.auth()) else {
        return false;
    };
    let lines = edit::wiring_by_hand(&names.in_backend(), &keys(wish.scaffold));
    settle(draft, &app.backend.path, &text, Err(refusal), &lines);
    true
}

/// The backend gets a user pool that it did not have, and a function that nothing else names: one
/// for a trigger that `defineAuth` does not know.
pub fn wire(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let path = &app.backend.path;
    let has_auth = app.auth.text.is_some();
    let nothing_to_add = has_auth && !is_member(wish);
    let fresh = wish.fresh("amplify/backend.ts");
    let names = Names::new(wish.name, app);
    match planned(draft, app) {
        None if nothing_to_add => return Ok(()),
        None if has_auth => {
            let reason = format!("does not exist, and is what names `{}`", names.export);
            let steps = format!("make it, and run the command again:\n\n{fresh}");
            draft.conflict(path, reason, Remedy::ByHand(steps));
            return Ok(());
        }
        Some(text) if nothing_to_add && edited(&text, app, wish).is_ok() => {
            note_before(draft, app, wish, (&text, &text));
            return Ok(());
        }
        _ => {}
    }
    let created = app.backend.text.is_none();
    draft.edit(path, fresh, |draft, path, text| {
        let outcome = edited(text, app, wish);
        match &outcome {
            Ok(after) => {
                if !has_auth && !created && text != after {
                    let file = draft.recorded(path);
                    draft.record.shared.backend.insert(file);
                }
                note_before(draft, app, wish, (text, after));
            }
            Err(_) if wish.recorded.is_none() => draft.note_before(wish.name, path, Before::Wiring),
            Err(_) => {}
        }
        let auth = (!has_auth).then(|| edit::backend_by_hand(&names.auth()));
        let function = is_member(wish).then(|| edit::backend_by_hand(&names.in_backend()));
        let by_hand: Vec<_> = auth.into_iter().chain(function).collect();
        Ok(settle(draft, path, text, outcome, &by_hand.join("\n")))
    })
}

/// Whether the backend itself has to name the function, as `defineAuth` does not.
fn is_member(wish: &Wish) -> bool {
    wish.scaffold.wiring.define_auth().is_empty()
}

/// Records what the backend has of the function without us.
fn note_before(draft: &mut Draft, app: &App, wish: &Wish, (before, after): (&str, &str)) {
    let names = Names::new(wish.name, app);
    if let Some(before) = wish.before(before, after, &names.in_backend()) {
        draft.note_before(wish.name, &app.backend.path, before);
    }
}

/// The text of the backend with all that it needs. A trigger that it sets by itself is refused.
fn edited(text: &str, app: &App, wish: &Wish) -> Result<String, Refusal> {
    let names = Names::new(wish.name, app);
    let mut text = text.to_owned();
    if app.auth.text.is_none() {
        edit::check_no_other_pool(&text, &names.auth())?;
        text = edit::add_to_backend(&text, &names.auth())?;
    }
    let trigger = format!("LambdaConfig.{}", wish.scaffold.trigger.cloudformation);
    for property in [Some(trigger), wish.scaffold.versioned_property()].into_iter().flatten() {
        edit::check_not_overridden(&text, &property)?;
    }
    if is_member(wish) {
        text = edit::add_to_backend(&text, &names.in_backend())?;
    }
    Ok(text)
}

/// Takes the function out of the backend.
pub fn unwire(draft: &mut Draft, app: &App, names: &Names, before: Option<Before>) -> Result<()> {
    take_out(draft, &app.backend.path, |draft, path, text| {
        let function = names.in_backend();
        let outcome = edit::remove_from_backend(text, &function)
            .and_then(|after| gone(text, after, &function, before));
        Ok(left(draft, path, text, outcome, &names.export))
    })
}

/// Takes the user pool out of a backend that stays, when the pool's own file goes.
pub fn remove_auth(draft: &mut Draft) -> Result<()> {
    let app = App::find(draft.project)?;
    let goes = |path| draft.changes.get(path).is_some_and(|change| change.after.is_none());
    if !goes(&app.auth.path) || goes(&app.backend.path) {
        return Ok(());
    }
    let names = Names::new("auth", &app);
    take_out(draft, &app.backend.path, |draft, path, text| {
        let auth = names.auth();
        let outcome =
            edit::remove_from_backend(text, &auth).and_then(|after| gone(text, after, &auth, None));
        Ok(left(draft, path, text, outcome, "auth"))
    })
}

/// The text that the backend has by now, if it is there.
fn planned(draft: &Draft, app: &App) -> Option<String> {
    let change = draft.changes.get(&app.backend.path);
    let planned = change.and_then(|change| change.after.clone());
    planned.or_else(|| app.backend.text.clone())
}
