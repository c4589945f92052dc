//! What Cognito sends to a pre token generation trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, Value};
use serde_path_to_error::{Path, Segment};
use tracing::warn;

use crate::error::Error;

/// The event. `request` is specific to this trigger, the rest is the same for all.
///
/// What is absent or null has its default value here. Members that this type does not name
/// still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// What triggered the event, e.g. `TokenGeneration_Authentication`.
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

/// What the trigger is told about the user and the tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `sub`, `custom:tenant`.
    #[serde(deserialize_with = "strings")]
    pub user_attributes: BTreeMap<String, String>,
    /// The groups and roles that the tokens would carry.
    pub group_configuration: GroupConfiguration,
    /// The scopes that the access token would carry.
    pub scopes: Vec<String>,
    /// What the app passed along when it answered a challenge or refreshed.
    #[serde(deserialize_with = "strings")]
    pub client_metadata: BTreeMap<String, String>,
}

/// Groups and IAM roles: those of the user in a request, those to issue in a response.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// `cognito:groups`, in both tokens. An empty list means no group.
    pub groups_to_override: Vec<String>,
    /// `cognito:roles`, in the ID token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub iam_roles_to_override: Vec<String>,
    /// `cognito:preferred_role`, in the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_role: Option<String>,
}

/// What Cognito changes in the tokens. Nothing changes that is not named here.
#[must_use]
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    claims_and_scope_override_details: Option<Details>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token_generation: Option<TokenGeneration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_generation: Option<TokenGeneration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_override_details: Option<GroupConfiguration>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenGeneration {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    claims_to_add_or_override: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims_to_suppress: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_suppress: Vec<String>,
}

impl Response {
    /// Changes nothing, until something is added.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a claim of the ID token: a text, number, boolean, list or JSON object.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let claims = &mut self.id_token().claims_to_add_or_override;
        claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out of the ID token.
    pub fn suppress_claim(mut self, name: impl Into<String>) -> Self {
        self.id_token().claims_to_suppress.push(name.into());
        self
    }

    /// Adds or replaces a claim of the access token, with any JSON as [`Response::claim`].
    pub fn access_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let claims = &mut self.access_token().claims_to_add_or_override;
        claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out of the access token.
    pub fn suppress_access_claim(mut self, name: impl Into<String>) -> Self {
        self.access_token().claims_to_suppress.push(name.into());
        self
    }

    /// Adds a scope to the access token. A scope has no blanks.
    pub fn scope(mut self, name: impl Into<String>) -> Self {
        self.access_token().scopes_to_add.push(name.into());
        self
    }

    /// Leaves a scope out of the access token.
    pub fn suppress_scope(mut self, name: impl Into<String>) -> Self {
        self.access_token().scopes_to_suppress.push(name.into());
        self
    }

    /// Puts the user into a group, in both tokens. The groups named here replace all others.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        let details = &mut self.details().group_override_details;
        let groups = details.get_or_insert_with(GroupConfiguration::default);
        groups.groups_to_override.push(name.into());
        self
    }

    /// Replaces all groups and roles. Start from `event.request.group_configuration` to keep
    /// those the user has.
    pub fn groups(mut self, groups: GroupConfiguration) -> Self {
        self.details().group_override_details = Some(groups);
        self
    }

    fn id_token(&mut self) -> &mut TokenGeneration {
        let token = &mut self.details().id_token_generation;
        token.get_or_insert_with(TokenGeneration::default)
    }

    fn access_token(&mut self) -> &mut TokenGeneration {
        let token = &mut self.details().access_token_generation;
        token.get_or_insert_with(TokenGeneration::default)
    }

    fn details(&mut self) -> &mut Details {
        self.claims_and_scope_override_details
            .get_or_insert_with(Details::default)
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
