//! A template as YAML.

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_saphyr::DoubleQuoted;

use crate::error::{Error, Result};

/// Writes a value as YAML, with a final newline.
pub fn to_yaml(value: &Value) -> Result<String> {
    serde_saphyr::to_string(&Quoted(value))
        .map_err(|error| Error::failed(format!("the template cannot be written as YAML: {error}")))
}

/// A value whose strings are in double quotes, so that every character of them can be escaped.
struct Quoted<'a>(&'a Value);

impl Serialize for Quoted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, Quoted(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Quoted)),
            Value::String(text) => DoubleQuoted(text).serialize(serializer),
            other => other.serialize(serializer),
        }
    }
}
