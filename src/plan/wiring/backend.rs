//! `amplify/backend.ts`: what is deployed, and what `defineAuth` cannot say.

use serde_json::json;

use super::super::draft::Draft;
use super::super::record::recorded;
use super::super::remove::take_out;
use super::Wish;
use super::app::{App, Names};
use super::typescript::{left, settle};
use crate::catalog::{Answers, Catalog, Scaffold, render};
use crate::edit::typescript::{self as edit, Override, Permission, Refusal, RefusalKind};
use crate::error::Result;
use crate::workspace::RepoPath;

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
    let app = App::find(draft.workspace)?;
    let wish = Wish {
        name: &answers.name,
        scaffold,
        rendering: &rendering,
        login_with: None,
        asks_itself: false,
    };
    let (Some(beyond), Some(text)) = (Beyond::of(&wish), planned(draft, &app)) else {
        return Ok(());
    };
    let Err(refusal) = edited(&text, &app, &wish) else {
        return Ok(());
    };
    let possible = beyond.permission == Permission::Given
        && matches!(refusal.kind, RefusalKind::NoHandle | RefusalKind::Unclear);
    if possible {
        let Beyond {
            property,
            version,
            comment,
            ..
        } = beyond;
        let event = json!({ "property": property, "version": version, "comment": comment });
        answers.tell("event_override", event);
    }
    Ok(())
}

/// The backend gets a user pool that it did not have, and what `defineAuth` cannot say.
pub fn wire(draft: &mut Draft, app: &App, wish: &Wish) -> Result<()> {
    let has_auth = app.auth.text.is_some();
    if has_auth && planned(draft, app).is_none() {
        if let Some(beyond) = Beyond::of(wish) {
            let version = beyond.version;
            let reason =
                format!("does not exist, and is where event version {version} is asked for");
            draft.conflict(&app.backend.path, reason, false);
        }
        return Ok(());
    }
    let nothing_to_say = has_auth && Beyond::of(wish).is_none();
    if nothing_to_say
        && planned(draft, app).is_some_and(|text| edited(&text, app, wish) == Ok(text.clone()))
    {
        return Ok(());
    }
    let created = app.backend.text.is_none();
    let fresh = wish.fresh("amplify/backend.ts");
    draft.edit(&app.backend.path, fresh, |draft, path, text| {
        let outcome = edited(text, app, wish);
        if !has_auth && !created && outcome.as_ref().is_ok_and(|edited| edited != text) {
            let file = recorded(path, draft.workspace);
            draft.record.shared.backend.insert(file);
        }
        let by_hand = by_hand(app, wish);
        Ok(settle(draft, path, text, outcome, &by_hand))
    })
}

/// The text of the backend with all that it needs.
fn edited(text: &str, app: &App, wish: &Wish) -> Result<String, Refusal> {
    let names = Names::new(wish.name, app);
    let mut text = text.to_owned();
    if app.auth.text.is_none() {
        text = edit::add_to_backend(&text, &names.auth())?;
    }
    match Beyond::of(wish) {
        Some(beyond) => {
            edit::set_override(&text, &names.auth(), &names.in_backend(), &beyond.wanted())
        }
        None => cleared(&text, wish.scaffold, &names),
    }
}

fn by_hand(app: &App, wish: &Wish) -> String {
    let names = Names::new(wish.name, app);
    match Beyond::of(wish) {
        Some(beyond) => edit::override_by_hand(&names.in_backend(), &beyond.wanted()),
        None => edit::backend_by_hand(&names.auth()),
    }
}

/// Takes out what `defineAuth` cannot say.
pub fn unwire(draft: &mut Draft, app: &App, scaffold: &Scaffold, names: &Names) -> Result<()> {
    if scaffold.wiring.r#override.is_none() {
        return Ok(());
    }
    take_out(draft, &app.backend.path, |draft, path, text| {
        let outcome = cleared(text, scaffold, names);
        Ok(left(draft, path, text, outcome, &names.export))
    })
}

/// Takes the user pool out of a backend that it was added to, when its file goes.
pub fn remove_auth(draft: &mut Draft, backend: &RepoPath) -> Result<()> {
    let app = App::find(draft.workspace)?;
    let names = Names::new("auth", &app);
    take_out(draft, backend, |draft, path, text| {
        let outcome = edit::remove_from_backend(text, &names.auth());
        Ok(left(draft, path, text, outcome, "auth"))
    })
}

/// The text without the override of a function; one that cannot be followed has none of ours.
fn cleared(text: &str, scaffold: &Scaffold, names: &Names) -> Result<String, Refusal> {
    let (Some(rule), Some(property)) = (&scaffold.wiring.r#override, property(scaffold)) else {
        return Ok(text.to_owned());
    };
    let comment = |version: &str| rule.comment(version);
    let permission = permission(scaffold);
    match edit::clear_override(text, &names.in_backend(), &property, &comment, permission) {
        Err(refusal) if refusal.kind != RefusalKind::Syntax => Ok(text.to_owned()),
        outcome => outcome,
    }
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
