//! What Cognito sends to a create auth challenge trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html>

use std::collections::BTreeMap;

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
    /// What triggered the event, e.g. `CreateAuthChallenge_Authentication`.
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

/// The user to challenge, and the challenge to create.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `sub`, `phone_number`. Empty for an unknown user.
    #[serde(deserialize_with = "strings")]
    pub user_attributes: BTreeMap<String, String>,
    /// The challenge to create, named by the define auth challenge trigger.
    pub challenge_name: String,
    /// The previous challenges of this sign-in, the latest last.
    pub session: Vec<Challenge>,
    /// The `ClientMetadata` that the app sent with its answer to a challenge.
    #[serde(deserialize_with = "strings")]
    pub client_metadata: BTreeMap<String, String>,
    /// Whether the user is unknown. Cognito calls this trigger for unknown users only if the app
    /// client has `PreventUserExistenceErrors` enabled.
    pub user_not_found: bool,
}

/// A challenge that the user was asked to answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Challenge {
    /// `CUSTOM_CHALLENGE`, or a challenge of Cognito: `SRP_A`, `PASSWORD_VERIFIER`, `SMS_MFA`.
    #[serde(rename = "challengeName")]
    pub name: String,
    /// Whether the user passed it.
    #[serde(rename = "challengeResult")]
    pub passed: bool,
    /// The metadata that this trigger gave to a `CUSTOM_CHALLENGE`.
    #[serde(rename = "challengeMetadata")]
    pub metadata: String,
}

impl Event {
    /// A user attribute by its name, e.g. `email` or `custom:tenant`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.request.user_attributes.get(name);
        value.map(String::as_str)
    }

    /// What the app passed as `ClientMetadata`, by its key.
    pub fn client_metadata(&self, name: &str) -> Option<&str> {
        let value = self.request.client_metadata.get(name);
        value.map(String::as_str)
    }
}

/// The question for the app, and the answer for the verify auth challenge response trigger.
///
/// Does not implement `Debug`, so that the answer is not logged by mistake.
#[must_use]
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    public_challenge_parameters: Option<BTreeMap<String, String>>,
    private_challenge_parameters: Option<BTreeMap<String, String>>,
    challenge_metadata: Option<String>,
}

impl Response {
    /// A challenge without parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter for the app, such as the question. Whoever signs in can read it.
    pub fn public(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameters = &mut self.public_challenge_parameters;
        let parameters = parameters.get_or_insert_with(BTreeMap::new);
        parameters.insert(name.into(), value.into());
        self
    }

    /// Adds a parameter for the verify auth challenge response trigger, such as the answer. The app
    /// does not get it.
    pub fn private(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameters = &mut self.private_challenge_parameters;
        let parameters = parameters.get_or_insert_with(BTreeMap::new);
        parameters.insert(name.into(), value.into());
        self
    }

    /// Sets the metadata of the challenge in the session of later events. Not for secrets.
    pub fn metadata(mut self, name: impl Into<String>) -> Self {
        self.challenge_metadata = Some(name.into());
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
