//! The types of members of events and replies.

use serde_json::Value;

/// The type of a member.
#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    Boolean,
    String,
    Strings,
    StringMap,
    Object,
}

impl Shape {
    /// What it is, with an article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "a JSON boolean",
            Self::String => "a string",
            Self::Strings => "an array of strings",
            Self::StringMap => "an object whose values are strings",
            Self::Object => "an object",
        }
    }

    pub fn fits(self, value: &Value) -> bool {
        match self {
            Self::Boolean => value.is_boolean(),
            Self::String => value.is_string(),
            Self::Strings => {
                value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
            }
            Self::StringMap => {
                value.as_object().is_some_and(|members| members.values().all(Value::is_string))
            }
            Self::Object => value.is_object(),
        }
    }
}
