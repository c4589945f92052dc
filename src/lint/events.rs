//! Sample events: whether they are events of the trigger, whether the types of the handler read
//! them, and whether each source has one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;

use super::Rendered;
use super::types::{Definitions, mismatches};
use crate::catalog::Trigger;
use crate::cognito::{EventVersion, source_of, unlike_cognito};
use crate::source::Diagnostic;

/// The file of the function that defines the type of events, [`ROOT`].
const TYPES: &str = "/src/event.rs";
const ROOT: &str = "Event";

pub fn check(subject: &Rendered, problems: &mut Vec<Diagnostic>) {
    let trigger = subject.scaffold.trigger.as_ref();
    let mut sampled = BTreeSet::new();
    let mut sources = BTreeMap::new();
    for rendering in &subject.renderings {
        let source = rendering.files.iter().find(|(target, _)| target.ends_with(TYPES));
        let source = source.map_or("", |(_, text)| text);
        let types = sources.entry(source).or_insert_with(|| Definitions::of(source));
        let events = rendering.files.iter().filter(|(target, _)| is_event(target));
        for (target, text) in events {
            // Whether it is JSON is looked at with all texts.
            let Ok(event) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            sampled.insert(source_of(&event).to_owned());
            for (path, problem) in check_event(trigger, types, target, event) {
                let offset = locate(text, &path);
                let place = subject.place(&rendering.sources[target], text, offset);
                problems.push(place.problem(problem, ""));
            }
        }
    }
    let sources = trigger.iter().flat_map(|trigger| &trigger.sources);
    for source in sources.filter(|_| !subject.renderings.is_empty()) {
        if !sampled.contains(source) {
            let place = subject.declared(&format!("\"{source}\""));
            let hint = format!("add `{}/{source}.json`", subject.scaffold.events);
            problems
                .push(place.problem(format!("no sample event has the source `{source}`"), hint));
        }
    }
}

/// What is wrong with an event, each with the keys to the member.
fn check_event(
    trigger: Option<&Trigger>,
    types: &Definitions,
    target: &str,
    mut event: Value,
) -> Vec<(Vec<String>, String)> {
    let unlike = trigger.map(|trigger| unlike_trigger(trigger, target, &event));
    // A trigger makes the response, and does not read it.
    if let (Some(_), Some(members)) = (trigger, event.as_object_mut()) {
        members.remove("response");
    }
    let unread = mismatches(types, ROOT, &event);
    // A mistake is told once.
    let is_told = |path: &[String]| {
        !path.is_empty() && unread.iter().any(|(unread, _)| unread.starts_with(path))
    };
    let unlike = unlike.into_iter().flatten().filter(|(path, _)| !is_told(path));
    let unlike: Vec<_> = unlike.collect();
    unlike.into_iter().chain(unread).collect()
}

/// How an event differs from those that Cognito sends to a trigger.
fn unlike_trigger(trigger: &Trigger, target: &str, event: &Value) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let source = source_of(event);
    let mut add = |name: &str, problem: String| found.push((vec![name.to_owned()], problem));
    if !trigger.sources.iter().any(|known| known == source) {
        add("triggerSource", format!("`{source}` is not one of the trigger's `sources`"));
    } else if !file_name(target).starts_with(source) {
        add("triggerSource", format!("the file is not called as its trigger source, `{source}`"));
    }
    let mut versions =
        trigger.versioned.iter().flat_map(|versioned| &versioned.versions).peekable();
    let version = EventVersion::of_event(event);
    if versions.peek().is_some() && !versions.any(|known| version == Some(*known)) {
        add("version", "the event has another `version` than the trigger".to_owned());
    }
    found.extend(unlike_cognito(event).into_iter().map(|unlike| {
        let problem = format!("Cognito does not send such an event: {}", unlike.problem);
        (unlike.path, problem)
    }));
    found
}

/// Where the value is that these keys and indices lead to, as far as there is one.
fn locate(json: &str, path: &[String]) -> usize {
    let Ok(root) = serde_json::from_str::<&RawValue>(json) else {
        return 0;
    };
    let mut value = root.get();
    for key in path {
        let member = match serde_json::from_str::<Vec<&RawValue>>(value) {
            Ok(items) => key.parse().ok().and_then(|index: usize| items.get(index).copied()),
            Err(_) => serde_json::from_str::<BTreeMap<String, &RawValue>>(value)
                .ok()
                .and_then(|mut members| members.remove(key)),
        };
        let Some(member) = member else {
            break;
        };
        value = member.get();
    }
    value.as_ptr().addr() - json.as_ptr().addr()
}

fn is_event(target: &str) -> bool {
    target.contains("/events/") && target.ends_with(".json")
}

fn file_name(target: &str) -> &str {
    target.rsplit('/').next().unwrap_or(target)
}
