//! `amplify/backend.ts`: what is deployed, and what `defineAuth` cannot say.

use serde_json::json;

use super::super::draft::Draft;
use super::super::remove::take_out;
use super::Wish;
use super::app::{App, Names};
use super::typescript::{gone, keys, left, settle};
use crate::catalog::{Answers, Catalog, Scaffold, render};
use crate::edit::typescript::{self as edit, Constant, Override, Permission, Refusal, RefusalKind};
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::Before;

/// The property of the user pool that has the function with the version of its event.
pub fn property(scaffold: &Scaffold) -> Option<String> {
    let versioned = scaffold.trigger.versioned.as_ref()?;
    Some(format!("LambdaConfig.{}", versioned.property))
}

/// Has the function itself ask for its version of the event, with an Aspect in its `resource.ts`,
/// where the backend is not to be edited but nothing in it speaks against it.
pub fn prepare(
    draft: &Draft,
    catalog: &Catalog,
    scaffold: &Scaffold,
    answers: &mut Answers,
) -> Result<()> {
    let rendering = render(catalog, scaffold, answers)?;
    let app = App::find(draft.project)?;
    let wish = Wish {
        name: &answers.name,
        scaffold,
        rendering: &rendering,
        login_with: None,
        recorded: None,
        asks_itself: false,
    };
    let (Some(beyond), Some(text)) = (Beyond::of(&wish), planned(draft, &app)) else {
        return Ok(());
    };
    let Err(refusal) = edited(&text, &app, &wish, None) else {
        return Ok(());
    };
    let possible = beyond.permission == Permission::Given
        && matches!(refusal.kind, RefusalKind::NoHandle | RefusalKind::Unclear);
    if possible {
        let Beyond { property, version, comment, .. } = beyond;
        let event = json!({ "property": property, "version": version, "comment": comment });
        answers.tell("event_override", event);
    }
    Ok(())
}

/// An app has one user pool. Where `amplify/auth/resource.ts` is not there, but the backend has a
/// pool from elsewhere, that is where the function is to be wired, by hand.
pub fn has_other_pool(draft: &mut Draft, app: &App, wish: &Wish) -> bool {
    let (None, Some(text)) = (&app.auth.text, planned(draft, app)) else {
        return false;
    };
    let names = Names::new(wish.name, app);
    let Err(refusal) = edit::add_to_backend(&text, &names.auth()) else {
        return false;
    };
    let lines = edit::wiring_by_hand(&names.in_backend(), &keys(wish.scaffold));
    settle(draft, &app.backend.path, &text, Err(refusal), &lines);
    true
}

/// The backend gets a user pool that it did not have, and what `defineAuth` cannot say.
pub fn wire(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let has_auth = app.auth.text.is_some();
    let fresh = wish.fresh("amplify/backend.ts");
    if has_auth && planned(draft, app).is_none() {
        if let Some(beyond) = Beyond::of(wish) {
            let version = beyond.version;
            let reason =
                format!("does not exist, and is where event version {version} is asked for");
            let steps = format!("make it, and run the command again:\n\n{fresh}");
            draft.conflict(&app.backend.path, reason, Remedy::ByHand(steps));
        }
        return Ok(());
    }
    let made = wish.has_wired(&draft.recorded(&app.backend.path));
    let constant = constant(draft, app);
    let outcome = |text: &str| edited(text, app, wish, made.then_some(constant));
    let nothing_to_say = has_auth && Beyond::of(wish).is_none();
    if nothing_to_say && planned(draft, app).is_some_and(|text| outcome(&text) == Ok(text.clone()))
    {
        return Ok(());
    }
    let created = app.backend.text.is_none();
    draft.edit(&app.backend.path, fresh, |draft, path, text| {
        let outcome = outcome(text);
        match &outcome {
            Ok(after) => note_changes(draft, app, wish, (text, after), created),
            Err(_) if wish.recorded.is_none() => draft.note_before(wish.name, path, Before::Wiring),
            Err(_) => {}
        }
        let by_hand = by_hand(app, wish);
        Ok(settle(draft, path, text, outcome, &by_hand))
    })
}

/// Records what `remove` has to know of an edit.
fn note_changes(
    draft: &mut Draft,
    app: &App,
    wish: &Wish,
    (before, after): (&str, &str),
    created: bool,
) {
    let path = &app.backend.path;
    let file = draft.recorded(path);
    if app.auth.text.is_none() && !created && before != after {
        draft.record.shared.backend.insert(file.clone());
    }
    let function = Names::new(wish.name, app);
    if Beyond::of(wish).is_some()
        && let Some(before) = wish.before(before, after, &function.in_backend())
    {
        draft.note_before(wish.name, path, before);
    }
    match (edit::keeps_result(before), edit::keeps_result(after)) {
        (false, true) => drop(draft.record.shared.constants.insert(file)),
        (true, false) => drop(draft.record.shared.constants.remove(&file)),
        _ => {}
    }
}

/// Whose the backend's constant is.
fn constant(draft: &Draft, app: &App) -> Constant {
    let file = draft.recorded(&app.backend.path);
    match draft.record.shared.constants.contains(&file) {
        true => Constant::Ours,
        false => Constant::Theirs,
    }
}

/// The text of the backend with all that it needs. An override that an earlier run has made goes,
/// with `made`, and any other is refused, where the function needs none.
fn edited(text: &str, app: &App, wish: &Wish, made: Option<Constant>) -> Result<String, Refusal> {
    let names = Names::new(wish.name, app);
    let mut text = text.to_owned();
    if app.auth.text.is_none() {
        text = edit::add_to_backend(&text, &names.auth())?;
    }
    if !wish.scaffold.wiring.define_auth().is_empty() {
        let trigger = format!("LambdaConfig.{}", wish.scaffold.trigger.cloudformation);
        edit::check_not_overridden(&text, &trigger)?;
    }
    match (Beyond::of(wish), made) {
        (Some(beyond), _) => {
            edit::set_override(&text, &names.auth(), &names.in_backend(), &beyond.wanted())
        }
        (None, Some(constant)) => cleared(&text, wish.scaffold, &names, constant),
        (None, None) => {
            if let Some(property) = property(wish.scaffold) {
                edit::check_not_overridden(&text, &property)?;
            }
            Ok(text)
        }
    }
}

fn by_hand(app: &App, wish: &Wish) -> String {
    let names = Names::new(wish.name, app);
    match Beyond::of(wish) {
        Some(beyond) => edit::override_by_hand(&names.in_backend(), &beyond.wanted()),
        None if app.auth.text.is_none() => edit::backend_by_hand(&names.auth()),
        // Nothing but what is there already.
        None => String::new(),
    }
}

/// Takes out what `defineAuth` cannot say.
pub fn unwire(
    draft: &mut Draft,
    app: &App,
    scaffold: &Scaffold,
    names: &Names,
    before: Option<Before>,
) -> Result<()> {
    let constant = constant(draft, app);
    take_out(draft, &app.backend.path, |draft, path, text| {
        let function = names.in_backend();
        let outcome = cleared(text, scaffold, names, constant)
            .and_then(|after| gone(text, after, &function, before));
        if outcome
            .as_ref()
            .is_ok_and(|after| edit::keeps_result(text) && !edit::keeps_result(after))
        {
            let file = draft.recorded(path);
            draft.record.shared.constants.remove(&file);
        }
        Ok(left(draft, path, text, outcome, &names.export))
    })
}

/// Takes the user pool out of a backend that it was added to, when its file goes.
pub fn remove_auth(draft: &mut Draft, backend: &RepoPath) -> Result<()> {
    let app = App::find(draft.project)?;
    let names = Names::new("auth", &app);
    take_out(draft, backend, |draft, path, text| {
        let outcome = edit::remove_from_backend(text, &names.auth(), Constant::Theirs);
        Ok(left(draft, path, text, outcome, "auth"))
    })
}

/// The text without the override of a function.
fn cleared(
    text: &str,
    scaffold: &Scaffold,
    names: &Names,
    constant: Constant,
) -> Result<String, Refusal> {
    let (Some(rule), Some(property)) = (&scaffold.wiring.r#override, property(scaffold)) else {
        return Ok(text.to_owned());
    };
    let comment = |version: &str| rule.comment(version);
    let made = (permission(scaffold), constant);
    edit::clear_override(text, &names.in_backend(), &property, &comment, made)
}

/// What a wish needs beyond what `defineAuth` can say.
struct Beyond {
    property: String,
    version: String,
    comment: String,
    permission: Permission,
}

impl Beyond {
    /// None when `defineAuth` can say it all, or the function itself says it.
    fn of(wish: &Wish) -> Option<Self> {
        let rule = wish.scaffold.wiring.r#override.as_ref()?;
        let version = wish.rendering.override_version.clone();
        let version = version.filter(|_| !wish.asks_itself)?;
        Some(Self {
            property: property(wish.scaffold)?,
            comment: rule.comment(&version),
            version,
            permission: permission(wish.scaffold),
        })
    }

    fn wanted(&self) -> Override<'_> {
        Override {
            property: &self.property,
            version: &self.version,
            comment: &self.comment,
            permission: self.permission,
        }
    }
}

fn permission(scaffold: &Scaffold) -> Permission {
    match scaffold.wiring.define_auth() {
        [] => Permission::Added,
        _ => Permission::Given,
    }
}

/// The text that the backend has by now, if it is there.
fn planned(draft: &Draft, app: &App) -> Option<String> {
    let change = draft.changes.get(&app.backend.path);
    let planned = change.and_then(|change| change.after.clone());
    planned.or_else(|| app.backend.text.clone())
}
