//! The keywords of a JSON Schema that offer a choice.

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

/// The schemas of which one must fit, unless they are only strings to choose from.
pub fn alternatives(schema: &Value) -> Option<&[Value]> {
    let branches = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    let branches = branches.as_array()?;
    let objects = branches.iter().any(|branch| branch.get("type").is_some_and(|t| t != "string"));
    (objects || branches.iter().all(|branch| choices(branch).is_none())).then_some(branches)
}

/// The key that distinguishes several tables, because each has a different constant there.
pub fn told_apart<'a, 'v, 'i>(
    branches: &[&'a Value],
    value: &'v DeValue<'i>,
) -> Option<(&'a str, &'v Spanned<DeValue<'i>>)> {
    let (first, rest) = branches.split_first()?;
    let is_fixed = |branch: &Value, key: &str| branch["properties"][key].get("const").is_some();
    let mut keys = first["properties"].as_object()?.keys();
    let key = keys.find(|key| {
        is_fixed(first, key) && !rest.is_empty() && rest.iter().all(|branch| is_fixed(branch, key))
    })?;
    Some((key, value.as_table()?.get(key.as_str())?))
}

/// The strings to choose from.
pub fn choices(schema: &Value) -> Option<Vec<&str>> {
    if let Some(only) = schema.get("const") {
        return Some(only.as_str().into_iter().collect());
    }
    if let Some(several) = schema.get("enum") {
        return Some(several.as_array()?.iter().filter_map(Value::as_str).collect());
    }
    let branches = schema.get("oneOf")?.as_array()?;
    let texts: Option<Vec<_>> = branches.iter().map(choices).collect();
    Some(texts?.concat())
}

/// Whether a schema allows values of this type.
pub fn takes(schema: &Value, value: &DeValue) -> bool {
    types(schema).contains(&type_of(value))
}

/// What JSON Schema calls the type of a value; the last three are names of our own.
pub fn type_of(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

/// The types that a schema allows.
pub fn types(schema: &Value) -> Vec<&str> {
    match alternatives(schema) {
        Some(branches) => branches.iter().flat_map(types).collect(),
        None => vec![schema["type"].as_str().unwrap_or("string")],
    }
}

/// What people call a type.
pub fn in_words(name: &str) -> &str {
    match name {
        "object" => "a table",
        "array" => "an array",
        "string" => "a string",
        "integer" => "an integer",
        "boolean" => "`true` or `false`",
        "number" => "a decimal number",
        "date" => "a date",
        other => other,
    }
}
