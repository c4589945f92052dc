//! Versions of the events that Cognito sends.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A version of a trigger's event: `V2_0` in settings of the user pool, `"2"` in the event itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventVersion(u32);

impl EventVersion {
    /// Whether the response can change access tokens, in a member of another name.
    pub fn is_for_access_tokens(self) -> bool {
        self.0 >= 2
    }

    /// Whether Cognito also sends events of machines in this version.
    pub fn is_for_machines(self) -> bool {
        self.0 >= 3
    }

    /// The version that an event has. People also write it as a number, and as in settings.
    pub fn of_event(event: &Value) -> Option<Self> {
        let version = match &event["version"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        version.parse().map(Self).ok().or_else(|| version.parse().ok())
    }
}

impl FromStr for EventVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_prefix('V').and_then(|text| text.strip_suffix("_0"));
        let number = number.and_then(|number| number.parse().ok());
        number.map(Self).ok_or_else(|| format!("`{text}` is not an event version such as `V1_0`"))
    }
}

impl fmt::Display for EventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V{}_0", self.0)
    }
}

impl TryFrom<String> for EventVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<EventVersion> for String {
    fn from(version: EventVersion) -> Self {
        version.to_string()
    }
}
