//! What Cognito sends to an inbound federation trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::{Map, RawValue, Value};
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
    /// What triggered the event, e.g. `InboundFederation_ExternalProvider`.
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

/// The user who signs in, as the identity provider describes them.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The name of the identity provider in the user pool.
    pub provider_name: String,
    /// `OIDC`, `SAML`, `Facebook`, `Google`, `SignInWithApple` or `LoginWithAmazon`.
    pub provider_type: String,
    /// What the provider sent about the user.
    pub attributes: Attributes,
}

/// What an identity provider sent about a user: `saml_response` if it uses SAML, the others if not.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Attributes {
    /// The response of the token endpoint, which contains the tokens.
    pub token_response: Map<String, Value>,
    /// The claims of the ID token.
    pub id_token: Map<String, Value>,
    /// The response of the user info endpoint.
    pub user_info: Map<String, Value>,
    /// The attributes of the SAML assertion.
    pub saml_response: Map<String, Value>,
}

/// Leaves out the attributes, so that tokens are not logged by mistake.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("provider_name", &self.provider_name)
            .field("provider_type", &self.provider_type)
            .finish_non_exhaustive()
    }
}

/// The maximum length of a value, in characters.
const MAX_LENGTH: usize = 2048;

/// The attributes to store, by the names that the provider uses.
#[must_use]
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    user_attributes_to_map: BTreeMap<String, String>,
}

impl Response {
    /// Stores the attributes that Cognito would store without this trigger.
    pub fn unchanged() -> Self {
        Self::default()
    }

    /// Stores all attributes that the provider sent. If an attribute is in several parts, the SAML
    /// assertion takes precedence over the user info, and the user info over the ID token.
    ///
    /// Cognito stores strings, so numbers and booleans are converted. Arrays, objects and strings
    /// of more than 2,048 characters are left out.
    pub fn all_of(attributes: &Attributes) -> Self {
        let sources = [
            &attributes.id_token,
            &attributes.user_info,
            &attributes.saml_response,
        ];
        let claims = sources.iter().copied().flatten();
        let strings = claims.filter_map(|(name, value)| Some((name.clone(), to_string(value)?)));
        Self {
            user_attributes_to_map: strings.collect(),
        }
    }

    /// Adds or replaces an attribute.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.user_attributes_to_map
            .insert(name.into(), value.into());
        self
    }

    /// Removes an attribute, also from the user's profile. If no attribute is left, the response is
    /// the same as [`Response::unchanged`].
    pub fn without(mut self, name: &str) -> Self {
        self.user_attributes_to_map.remove(name);
        self
    }
}

fn to_string(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (text.chars().count() <= MAX_LENGTH).then_some(text)
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
