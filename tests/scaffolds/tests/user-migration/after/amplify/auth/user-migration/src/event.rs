//! What Cognito sends to a user migration trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html>

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, Value};
use serde_path_to_error::{Path, Segment};
use tracing::warn;

use crate::error::Error;

/// The event. `request` is specific to this trigger, the rest is the same for all.
///
/// What is absent or null has its default value here.
/// Members that this type does not name still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// What triggered the event, e.g. `UserMigration_Authentication`.
    /// AWS adds new ones over time.
    pub trigger_source: String,
    /// The AWS region of the user pool.
    pub region: String,
    /// The ID of the user pool.
    pub user_pool_id: String,
    /// The user's name in the user pool.
    pub user_name: String,
    /// The app that called Cognito.
    pub caller_context: CallerContext,
    /// The input of this trigger.
    pub request: Request,
}

/// The app that called Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CallerContext {
    /// The AWS SDK of the caller.
    pub aws_sdk_version: String,
    /// The ID of the app client; empty for calls from the AWS console.
    pub client_id: String,
}

/// What the user entered, except for the name, which is `user_name` in the event.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The password. `None` if the user has forgotten it.
    pub password: Option<Password>,
    /// The `ClientMetadata` that the app sent when it started the sign-in.
    #[serde(deserialize_with = "strings")]
    pub validation_data: BTreeMap<String, String>,
    /// The `ClientMetadata` that the app sent when it reset the password.
    #[serde(deserialize_with = "strings")]
    pub client_metadata: BTreeMap<String, String>,
}

/// A password. `{:?}` does not show it, so that it is not logged by mistake.
#[derive(Clone, Deserialize)]
pub struct Password(String);

impl Password {
    /// The password itself, for the old directory only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(hidden)")
    }
}

impl Event {
    /// What the app passed as validation data, by its key.
    pub fn validation_data(&self, name: &str) -> Option<&str> {
        let value = self.request.validation_data.get(name);
        value.map(String::as_str)
    }

    /// What the app passed as `ClientMetadata`, by its key.
    pub fn client_metadata(&self, name: &str) -> Option<&str> {
        let value = self.request.client_metadata.get(name);
        value.map(String::as_str)
    }

    /// The password that the user has entered.
    ///
    /// # Errors
    /// When the event has none, as after a forgotten password.
    pub fn password(&self) -> Result<&Password, Error> {
        let password = self.request.password.as_ref();
        password.ok_or_else(|| Error::Refused("the password is missing".to_owned()))
    }
}

/// The user to create in the pool. Without attributes, no user is created.
#[must_use]
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    user_attributes: Option<BTreeMap<String, String>>,
    final_user_status: Option<String>,
    message_action: Option<String>,
    desired_delivery_mediums: Option<Vec<Medium>>,
    force_alias_creation: Option<bool>,
    #[serde(rename = "enableSMSMFA")]
    enable_sms_mfa: Option<bool>,
}

/// How a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Medium {
    /// E-mail.
    Email,
    /// SMS.
    Sms,
}

impl Response {
    /// Creates no user: the app gets the error for an unknown user or a wrong password.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute. All values are strings: `email_verified` is `"true"`. `sub` is ignored,
    /// because the pool gives each user a new one.
    pub fn user_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if name != "sub" {
            let attributes = self.user_attributes.get_or_insert_with(BTreeMap::new);
            attributes.insert(name, value.into());
        }
        self
    }

    /// Adds attributes, as [`Response::user_attribute`] does.
    pub fn user_attributes(mut self, attributes: BTreeMap<String, String>) -> Self {
        for (name, value) in attributes {
            self = self.user_attribute(name, value);
        }
        self
    }

    /// Keeps the password. Without this, the user must choose a new one.
    pub fn confirmed(mut self) -> Self {
        self.final_user_status = Some("CONFIRMED".to_owned());
        self
    }

    /// Sends no welcome message.
    pub fn suppress_message(mut self) -> Self {
        self.message_action = Some("SUPPRESS".to_owned());
        self
    }

    /// Sends the welcome message this way. The default is an SMS.
    pub fn deliver_with(mut self, medium: Medium) -> Self {
        let mediums = &mut self.desired_delivery_mediums;
        mediums.get_or_insert_with(Vec::new).push(medium);
        self
    }

    /// Moves the alias (e-mail address or phone number) from a user who already has it. Without
    /// this, the user is not created.
    pub const fn force_alias_creation(mut self) -> Self {
        self.force_alias_creation = Some(true);
        self
    }

    /// Enables MFA by SMS. The pool must support MFA, and the user must have a `phone_number`.
    pub const fn enable_sms_mfa(mut self) -> Self {
        self.enable_sms_mfa = Some(true);
        self
    }
}

/// An event by its top-level members, each still the JSON that Cognito sent.
pub type RawEvent = BTreeMap<String, Box<RawValue>>;

impl Event {
    /// Reads an event from JSON.
    ///
    /// # Errors
    /// When it is not a JSON object.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Self::read(&serde_json::from_str(json)?)
    }

    /// Reads an event. A member that has another type than here is read as absent, so that no
    /// change of AWS to the event locks users out.
    ///
    /// # Errors
    /// When a member is missing that has no default value here.
    pub fn read(members: &RawEvent) -> Result<Self, Error> {
        let members = members.iter().filter(|(name, _)| *name != "response");
        let mut event: Value = members
            .map(|(name, json)| (name.clone(), parse(json, name)))
            .collect();
        loop {
            remove_nulls(&mut event);
            let error = match serde_path_to_error::deserialize(&event) {
                Ok(event) => return Ok(event),
                Err(error) => error,
            };
            let path = error.path();
            if set_to_null(&mut event, path).is_none() {
                return Err(error.into());
            }
            warn!(%path, "ignored a member of another type than expected");
        }
    }
}

/// Parses JSON. What Rust cannot represent, such as half a surrogate pair, becomes null.
fn parse(json: &RawValue, path: &str) -> Value {
    if let Ok(value) = serde_json::from_str(json.get()) {
        return value;
    }
    let Ok(members) = serde_json::from_str::<RawEvent>(json.get()) else {
        warn!(path, "ignored a member that cannot be represented");
        return Value::Null;
    };
    let members = members.iter();
    members
        .map(|(name, json)| (name.clone(), parse(json, &format!("{path}.{name}"))))
        .collect()
}

/// Cognito sends null for some members that are absent in other events.
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(remove_nulls);
        }
        _ => {}
    }
}

/// Sets the member at `path` to null. There may be none.
fn set_to_null(event: &mut Value, path: &Path) -> Option<()> {
    let mut member = event;
    for segment in path {
        member = match segment {
            Segment::Map { key } => member.get_mut(key),
            Segment::Seq { index } => member.get_mut(index),
            Segment::Enum { .. } | Segment::Unknown => None,
        }?;
    }
    (!member.take().is_null()).then_some(())
}

/// Reads a map of strings. A number or a boolean is read as the string that shows it.
fn strings<'de, D: Deserializer<'de>>(input: D) -> Result<BTreeMap<String, String>, D::Error> {
    let members = BTreeMap::<String, Value>::deserialize(input)?;
    let string = |value| match value {
        Value::String(string) => string,
        other => other.to_string(),
    };
    Ok(members
        .into_iter()
        .map(|(name, value)| (name, string(value)))
        .collect())
}
