//! The reply as a whole: it must be the event, with `response` filled in.

use serde_json::Value;

use super::super::trigger::{source_of, trigger_of};
use super::breach::{Breach, Exception};
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

const WHOLE: &str = "return the whole event, with `response` filled in";

/// Reads the reply, or tells why it cannot be read.
pub fn parse(reply: &str) -> Result<Value, Vec<Breach>> {
    const INVALID: &str = "Invalid lambda function output : Invalid JSON";
    let nothing = |message: String| {
        let exception = Exception::reported("InvalidLambdaResponseException", INVALID);
        vec![Breach::new(Rule::ReplyNotJson, "", message, WHOLE).exception(exception)]
    };
    let reply: Value = serde_json::from_str(reply)
        .map_err(|error| nothing(format!("the reply is not valid JSON: {error}")))?;
    match reply {
        Value::Object(_) => Ok(reply),
        Value::Null => Err(nothing("the reply is `null`".to_owned())),
        _ => {
            let message = "the reply is not a JSON object";
            Err(vec![Breach::new(Rule::ReplyNotObject, "", message, WHOLE)])
        }
    }
}

/// Compares all but the response with what was sent.
pub fn check(event: &Value, reply: &Value) -> Vec<Breach> {
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
        let hint = "return `\"response\": {}` to change nothing";
        return vec![Breach::new(rule, "response", "`response` is not an object", hint)];
    }
    let changed = first_change(event, reply, "").map(|key| {
        let message = "the reply has something else here than the event; Cognito ignores it or \
                       rejects the reply";
        let hint = "change `response` alone, in the JSON as it came";
        Breach::new(Rule::EventChanged, key, message, hint)
    });
    changed.into_iter().collect()
}

fn absent(name: &str, event: &Value, reply: &Value) -> Breach {
    let rule = match (name, trigger_of(source_of(event))) {
        ("response", _) => Rule::ResponseMissing,
        (_, "UserMigration") => Rule::MigrationKeyMissing,
        _ => Rule::KeyMissing,
    };
    let mut members = reply.as_object().into_iter().flat_map(|reply| reply.keys());
    match members.find(|key| same_but_for_case(key, name)) {
        Some(key) => {
            let message = format!("the reply has `{key}` where Cognito looks for `{name}`");
            Breach::new(Rule::KeyCase, key, message, format!("write `{name}`, as in the event"))
        }
        None => Breach::new(rule, name, format!("the reply lacks `{name}`"), WHOLE),
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
