//! Sample events: whether they are events of the trigger, and whether each source has one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Subject;
use crate::cognito::{EventVersion, source_of, unlike_cognito};
use crate::source::Diagnostic;

pub fn check(subject: &Subject, problems: &mut Vec<Diagnostic>) {
    let Some(trigger) = &subject.scaffold.trigger else {
        return;
    };
    let mut sampled = BTreeSet::new();
    for rendering in &subject.renderings {
        let events = rendering.files.iter().filter(|(target, _)| is_event(target));
        for (target, text) in events {
            // Whether it is JSON is looked at with all texts.
            let Ok(event) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            let file = subject.catalog.source(&rendering.sources[target]);
            let start = file.text().find("\"triggerSource\"").unwrap_or_default();
            let mut add = |problem: String, label: &str| {
                problems.push(file.at(start..start).problem(problem, label));
            };
            let source = source_of(&event);
            sampled.insert(source.to_owned());
            if !trigger.sources.iter().any(|known| known == source) {
                add(format!("`{source}` is not one of the trigger's `sources`"), "");
            } else if !file_name(target).starts_with(source) {
                add(format!("the file is not called as its trigger source, `{source}`"), "");
            }
            for problem in unlike_cognito(&event) {
                add(format!("Cognito does not send such an event: {problem}"), "");
            }
            let versions = trigger.versioned.iter().flat_map(|versioned| &versioned.versions);
            let versions: Vec<_> = versions.collect();
            let version = EventVersion::of_event(&event);
            if !versions.is_empty() && !version.is_some_and(|it| versions.contains(&&it)) {
                add("the event has another `version` than the trigger".to_owned(), "");
            }
        }
    }
    for source in trigger.sources.iter().filter(|_| !subject.renderings.is_empty()) {
        if !sampled.contains(source) {
            let place = subject.declared(&format!("\"{source}\""));
            let hint = format!("add `{}/{source}.json`", subject.scaffold.events);
            problems
                .push(place.problem(format!("no sample event has the source `{source}`"), hint));
        }
    }
}

fn is_event(target: &str) -> bool {
    target.contains("/events/") && target.ends_with(".json")
}

fn file_name(target: &str) -> &str {
    target.rsplit('/').next().unwrap_or(target)
}
