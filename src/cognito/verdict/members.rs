//! Whether the members of a response have the types that Cognito reads.

use serde_json::Value;

use super::breach::Breach;
use super::rules::Rule;
use crate::cognito::shape::Shape;

/// Holds the members of `object`, which is at `at` in the reply, against those that Cognito reads.
pub fn check(object: &Value, at: &str, members: &[(&str, Shape)]) -> Vec<Breach> {
    let mut findings = Vec::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        let key = format!("{at}.{name}");
        match members.iter().find(|(known, _)| known == name) {
            Some((_, shape)) if value.is_null() || shape.fits(value) => {}
            Some((_, shape)) => findings.push(wrong_type(key, value, *shape)),
            None => findings.push(unknown(key, name, members)),
        }
    }
    findings
}

fn wrong_type(mut key: String, value: &Value, shape: Shape) -> Breach {
    if let (Shape::StringMap, Value::Object(members)) = (shape, value) {
        let wrong = members.iter().find(|(_, value)| !value.is_string());
        if let Some((name, value)) = wrong {
            key = format!("{key}.{name}");
            let hint = match value {
                Value::Null => "leave it out".to_owned(),
                value => format!("write it as a string: {}", Value::from(value.to_string())),
            };
            let message = format!("`{name}` is {value}, and Cognito accepts only strings here");
            return Breach::new(Rule::ValueNotString, key, message, hint);
        }
    }
    let name = key.rsplit('.').next().unwrap_or_default();
    let message = format!("`{name}` is {value}, and not {}", shape.name());
    Breach::new(Rule::ValueType, key, message, format!("make it {}", shape.name()))
}

fn unknown(key: String, name: &str, members: &[(&str, Shape)]) -> Breach {
    if let Some((known, _)) = members.iter().find(|(known, _)| same_but_for_case(known, name)) {
        let message = format!("the response has `{name}` where Cognito looks for `{known}`");
        return Breach::new(Rule::KeyCase, key, message, format!("write `{known}`"));
    }
    let known: Vec<_> = members.iter().map(|(known, _)| *known).collect();
    let hint = format!("it reads: {}", known.join(", "));
    Breach::new(Rule::KeyUnknown, key, format!("Cognito does not read `{name}`"), hint)
}

/// Whether two names differ, in nothing but case and underscores.
pub fn same_but_for_case(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    plain(one) == plain(other)
}
