//! How an event differs from all that Cognito sends, which is not the fault of its handler.
//!
//! Source: the "common parameters" and the request parameters of each trigger in the Cognito
//! developer guide.

use serde_json::Value;

use super::shape::Shape;
use super::trigger::{is_asynchronous, source_of};

/// Members that each event has.
const COMMON: [(&str, Shape); 7] = [
    ("version", Shape::String),
    ("region", Shape::String),
    ("userPoolId", Shape::String),
    ("userName", Shape::String),
    ("callerContext", Shape::Object),
    ("request", Shape::Object),
    ("response", Shape::Object),
];

/// Members of some requests, each `null` or of this shape.
const REQUEST: [(&str, Shape); 8] = [
    ("userAttributes", Shape::StringMap),
    ("clientMetadata", Shape::StringMap),
    ("validationData", Shape::StringMap),
    ("groupConfiguration", Shape::Object),
    ("groupConfiguration/groupsToOverride", Shape::Strings),
    ("groupConfiguration/iamRolesToOverride", Shape::Strings),
    ("groupConfiguration/preferredRole", Shape::String),
    ("scopes", Shape::Strings),
];

/// What is unlike Cognito in an event, each as a phrase.
pub fn unlike_cognito(event: &Value) -> Vec<String> {
    let is_sent = |name: &str| name != "response" || !is_asynchronous(source_of(event));
    let common = COMMON.into_iter().filter(|(name, _)| is_sent(name));
    let common = common.filter_map(|(name, shape)| match event.get(name) {
        None => Some(format!("it has no `{name}`")),
        Some(value) => mismatch(name, value, shape),
    });
    let request = REQUEST.into_iter().filter_map(|(path, shape)| {
        let value = event["request"].pointer(&format!("/{path}"))?;
        let name = format!("request.{}", path.replace('/', "."));
        (!value.is_null()).then(|| mismatch(&name, value, shape))?
    });
    common.chain(request).collect()
}

fn mismatch(name: &str, value: &Value, shape: Shape) -> Option<String> {
    // Values can be null, as in the events of senders.
    if let (Shape::StringMap, Value::Object(members)) = (shape, value) {
        let mut members = members.iter();
        let (key, value) = members.find(|(_, value)| !value.is_string() && !value.is_null())?;
        return mismatch(&format!("{name}.{key}"), value, Shape::String);
    }
    (!shape.fits(value)).then(|| format!("`{name}` is {value}, and not {}", shape.name()))
}
