//! Makes an event of a trigger's sample, changed as the user says.

use serde_json::{Map, Value, json};

use super::event::{Event, parse};
use super::functions::{Caller, LocalFunction, suggest};
use crate::catalog::{Answers, Catalog, sample_events};
use crate::cognito::{EventVersion, is_token_trigger, source_of, trigger_of};
use crate::error::{Error, Result};
use crate::program::command;

/// What the user changes of an event.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct EventChanges {
    pub attributes: Vec<(String, String)>,
    pub groups: Vec<String>,
    /// What the app passes along.
    pub metadata: Vec<(String, String)>,
    pub scopes: Vec<String>,
}

/// Makes an event of the function's trigger, as Cognito sends it.
///
/// # Errors
/// When nothing is known to call the function, or not for the source or in the version asked for.
pub fn make(
    catalog: &Catalog,
    function: &LocalFunction,
    source: Option<&str>,
    version: Option<&str>,
) -> Result<Event> {
    let caller = caller(function, source)?;
    let scaffold = &caller.scaffold;
    let has_choice = scaffold.versioned().is_some_and(|some| some.versions.len() > 1);
    let wired = caller.event_version.filter(|_| has_choice).map(|version| version.to_string());
    let version = version.map(str::to_owned).or(wired);
    let given = version.clone().map(|version| ("event-version".to_owned(), version));
    let answers = Answers::new(scaffold, None, &given.into_iter().collect())?;
    let source = source.or(scaffold.sources().first().map(String::as_str));
    let mut events = Vec::new();
    for (path, text) in sample_events(catalog, scaffold, &answers)? {
        events.push((path.len(), parse(text, &path)?));
    }
    events.retain(|(_, event)| source.is_none_or(|source| source_of(&event.value) == source));
    // The plainest sample is called as its source, and others have a suffix.
    let plainest = events.into_iter().min_by_key(|(length, _)| *length);
    plainest.map(|(_, event)| event).ok_or_else(|| {
        let of = version.map_or(String::new(), |version| format!(" of version {version}"));
        let source = source.unwrap_or(&scaffold.name);
        let service = &scaffold.family.resource.service;
        Error::usage(format!("{service} sends no event{of} for `{source}`"))
            .hint("choose another `--event-version` or `--trigger-source`")
    })
}

/// The trigger that calls the function for `source`; the first one without.
fn caller<'a>(function: &'a LocalFunction, source: Option<&str>) -> Result<&'a Caller> {
    let name = &function.name;
    let Some(first) = function.triggers.first() else {
        return Err(Error::failed(format!("no trigger is known to call `{name}`"))
            .hint(format!("wire it in `{}`", function.wired_in))
            .hint("or give the event with `--event FILE`"));
    };
    let Some(source) = source else {
        return Ok(first);
    };
    let sources = |caller: &Caller| caller.scaffold.sources().to_owned();
    let named = |caller: &&Caller| sources(caller).iter().any(|known| known == source);
    function.triggers.iter().find(named).ok_or_else(|| {
        let error = Error::usage(format!("`{name}` is not called for `{source}`"));
        let known: Vec<_> = function.triggers.iter().flat_map(sources).collect();
        suggest(error, source, &known)
    })
}

/// The version that the user pool would send, when it is another one than the event has.
pub fn other_version(event: &Value, function: &LocalFunction) -> Option<EventVersion> {
    let declared = function.caller(source_of(event))?.event_version;
    declared.filter(|declared| EventVersion::of_event(event) != Some(*declared))
}

/// Changes the event as the user says. Without a change its text stays as it is.
pub fn change(event: &mut Event, changes: &EventChanges) -> Result<()> {
    if *changes != EventChanges::default() {
        change_value(&mut event.value, changes)?;
        event.text = event.value.to_string();
    }
    Ok(())
}

fn change_value(event: &mut Value, changes: &EventChanges) -> Result<()> {
    let source = source_of(event).to_owned();
    let has_scopes = event["request"]["scopes"].is_array();
    let Some(request) = event["request"].as_object_mut() else {
        return Err(Error::failed("the event has no `request`"));
    };
    let lacks = |what: &str| Error::usage(format!("a `{source}` event has no {what}"));
    if !changes.attributes.is_empty() {
        let attributes = request.get_mut("userAttributes").and_then(Value::as_object_mut);
        extend(attributes.ok_or_else(|| lacks("user attributes"))?, &changes.attributes);
    }
    if !changes.groups.is_empty() {
        if !is_token_trigger(&source) {
            return Err(lacks("groups"));
        }
        let configuration = object_in(request, "groupConfiguration");
        configuration.insert("groupsToOverride".to_owned(), json!(changes.groups));
    }
    if !changes.scopes.is_empty() {
        if !has_scopes {
            let error = lacks("scopes");
            return Err(match is_token_trigger(&source) {
                true => error.hint("events have them from `--event-version V2_0` on"),
                false => error,
            });
        }
        request.insert("scopes".to_owned(), json!(changes.scopes));
    }
    if !changes.metadata.is_empty() {
        // At sign-in the app's metadata reach this trigger under another name.
        let member = match trigger_of(&source) {
            "PreAuthentication" => "validationData",
            _ => "clientMetadata",
        };
        extend(object_in(request, member), &changes.metadata);
    }
    Ok(())
}

/// The object that is a member of `request`, which is made when there is none.
fn object_in<'a>(request: &'a mut Map<String, Value>, member: &str) -> &'a mut Map<String, Value> {
    let value = request.entry(member).or_insert(Value::Null);
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(members) => members,
        _ => unreachable!("it was made an object"),
    }
}

fn extend(map: &mut Map<String, Value>, members: &[(String, String)]) {
    let members = members.iter().map(|(name, value)| (name.clone(), json!(value)));
    map.extend(members);
}

/// Makes sure that the event is one that the function is called with.
///
/// # Errors
/// When it is of a trigger that calls another function, with the right one.
pub fn check_recipient(
    event: &Value,
    function: &LocalFunction,
    all: &[LocalFunction],
) -> Result<()> {
    if function.pool.is_none() {
        return Ok(());
    }
    let source = source_of(event);
    if let Some(other) = event.get("triggerSource").filter(|other| !other.is_string()) {
        return Err(Error::failed(format!(
            "the event's `triggerSource` is {other}, and not a string"
        ))
        .hint("write it as Cognito does, such as `\"PreSignUp_SignUp\"`"));
    }
    if source.is_empty() {
        return Err(Error::failed("the event has no `triggerSource`, so it is not from Cognito")
            .hint("take one of the sample events in the function's `events/` as a start"));
    }
    let takes = |function: &LocalFunction| function.caller(source).is_some();
    if function.triggers.is_empty() || takes(function) {
        return Ok(());
    }
    let name = &function.name;
    let error = Error::failed(format!("Cognito sends no `{source}` event to `{name}`"));
    Err(match all.iter().find(|other| takes(other)) {
        Some(right) => error.hint(format!("run it on `{}`, which takes it", right.name)),
        None => error.hint(format!(
            "make a function for it: `{}` shows which takes `{source}`",
            command("list")
        )),
    })
}
