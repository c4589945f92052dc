//! The reply as a whole: it must be the event, with `response` filled in.

use serde_json::Value;

use super::super::trigger::{source_of, trigger_of};
use super::finding::{Exception, Finding};
use super::members::same_but_for_case;
use super::rules::Rule;

/// The members that Cognito looks for, of those that it sent.
const MEMBERS: [&str; 8] = [
    "version",
    "triggerSource",
    "region",
    "userPoolId",
    "userName",
    "callerContext",
    "request",
    "response",
];

/// Reads the reply, or tells why it cannot be read.
pub fn parse(reply: &str) -> Result<Value, Vec<Finding>> {
    const INVALID: &str = "Invalid lambda function output : Invalid JSON";
    let whole = "return the whole event, with `response` filled in";
    let nothing = |message: String| {
        let finding = Finding::new(Rule::ReplyNotJson, "", message);
        let finding =
            finding.exception(Exception::reported("InvalidLambdaResponseException", INVALID));
        vec![finding.hint(whole)]
    };
    let reply: Value = serde_json::from_str(reply)
        .map_err(|error| nothing(format!("the reply is not valid JSON: {error}")))?;
    match reply {
        Value::Object(_) => Ok(reply),
        Value::Null => Err(nothing("the reply is `null`".to_owned())),
        _ => {
            let message = "the reply is not a JSON object";
            let finding = Finding::new(Rule::ReplyNotObject, "", message);
            Err(vec![finding.hint(whole)])
        }
    }
}

/// Compares all but the response with what was sent.
pub fn check(event: &Value, reply: &Value) -> Vec<Finding> {
    if event.get("response").is_none() && reply.get("response").is_none() {
        // Nobody can fill in what did not come.
        return Vec::new();
    }
    let is_missing = |name: &str| event.get(name).is_some() && reply.get(name).is_none();
    if is_missing("response") {
        return vec![absent("response", event, reply)];
    }
    let missing = MEMBERS.into_iter().filter(|name| is_missing(name));
    let missing: Vec<_> = missing.map(|name| absent(name, event, reply)).collect();
    if !missing.is_empty() {
        return missing;
    }
    let response = &reply["response"];
    if !response.is_object() {
        let rule = if response.is_null() { Rule::ResponseNull } else { Rule::ResponseType };
        let finding = Finding::new(rule, "response", "`response` is not an object");
        return vec![finding.hint("return `\"response\": {}` to change nothing")];
    }
    let changed = first_change(event, reply, "").map(|key| {
        let message = "the reply has something else here than the event; Cognito ignores it or \
                       rejects the reply";
        Finding::new(Rule::EventChanged, key, message)
            .hint("change `response` alone, in the JSON as it came")
    });
    changed.into_iter().collect()
}

fn absent(name: &str, event: &Value, reply: &Value) -> Finding {
    let rule = match (name, trigger_of(source_of(event))) {
        ("response", _) => Rule::ResponseMissing,
        (_, "UserMigration") => Rule::MigrationKeyMissing,
        _ => Rule::KeyMissing,
    };
    let mut members = reply.as_object().into_iter().flat_map(|reply| reply.keys());
    match members.find(|key| same_but_for_case(key, name)) {
        Some(key) => Finding::new(
            Rule::KeyCase,
            key.as_str(),
            format!("the reply has `{key}` where Cognito looks for `{name}`"),
        )
        .hint(format!("write `{name}`, as in the event")),
        None => Finding::new(rule, name, format!("the reply lacks `{name}`"))
            .hint("return the whole event, with `response` filled in"),
    }
}

/// The first member, dotted, that differs from the event; `response` may.
fn first_change(sent: &Value, returned: &Value, key: &str) -> Option<String> {
    let (Value::Object(before), Value::Object(after)) = (sent, returned) else {
        return (sent != returned).then(|| key.to_owned());
    };
    let added = after.keys().filter(|name| !before.contains_key(*name));
    before.keys().chain(added).find_map(|name| {
        if key.is_empty() && name == "response" {
            return None;
        }
        let below = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
        match (before.get(name), after.get(name)) {
            (Some(before), Some(after)) => first_change(before, after, &below),
            _ => Some(below),
        }
    })
}
