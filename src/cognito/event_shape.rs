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

/// What Cognito does not send in an event.
#[derive(Debug, PartialEq)]
pub struct Unlike {
    /// The keys to the member.
    pub path: Vec<String>,
    /// What it is, as a phrase.
    pub problem: String,
}

/// What is unlike Cognito in an event.
pub fn unlike_cognito(event: &Value) -> Vec<Unlike> {
    let is_sent = |name: &str| name != "response" || !is_asynchronous(source_of(event));
    let common = COMMON.into_iter().filter(|(name, _)| is_sent(name));
    let common = common.filter_map(|(name, shape)| match event.get(name) {
        None => Some(Unlike { path: Vec::new(), problem: format!("it has no `{name}`") }),
        Some(value) => mismatch(&[name], value, shape),
    });
    let request = REQUEST.into_iter().filter_map(|(path, shape)| {
        let value = event["request"].pointer(&format!("/{path}"))?;
        let path: Vec<_> = ["request"].into_iter().chain(path.split('/')).collect();
        (!value.is_null()).then(|| mismatch(&path, value, shape))?
    });
    common.chain(request).collect()
}

fn mismatch(path: &[&str], value: &Value, shape: Shape) -> Option<Unlike> {
    // Values can be null, as in the events of senders.
    if let (Shape::StringMap, Value::Object(members)) = (shape, value) {
        let mut members = members.iter();
        let (key, value) = members.find(|(_, value)| !value.is_string() && !value.is_null())?;
        return mismatch(&[path, &[key]].concat(), value, Shape::String);
    }
    let name = path.join(".");
    (!shape.fits(value)).then(|| Unlike {
        path: path.iter().copied().map(str::to_owned).collect(),
        problem: format!("`{name}` is {value}, and not {}", shape.name()),
    })
}
