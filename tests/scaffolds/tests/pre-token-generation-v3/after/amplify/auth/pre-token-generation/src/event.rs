//! What Cognito sends to a pre token generation trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

use std::borrow::Cow;
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

/// The user and the tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The attributes of the user, e.g. `email`, `sub` or `custom:tenant`.
    /// A machine has none.
    #[serde(deserialize_with = "strings")]
    pub user_attributes: BTreeMap<String, String>,
    /// The groups and IAM roles of the user.
    pub group_configuration: GroupConfiguration,
    /// The scopes of the access token.
    pub scopes: Vec<String>,
    /// What the app passed as `ClientMetadata` when it answered a challenge or refreshed tokens.
    /// A machine passes it when it asks for its token.
    #[serde(deserialize_with = "strings")]
    pub client_metadata: BTreeMap<String, String>,
}

/// Groups and IAM roles: those of the user in an event, those to issue in a response.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// The claim `cognito:groups` of both tokens.
    pub groups_to_override: Vec<String>,
    /// The claim `cognito:roles` of the ID token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub iam_roles_to_override: Vec<String>,
    /// The claim `cognito:preferred_role` of the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_role: Option<String>,
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

    /// The groups of the user.
    pub fn groups(&self) -> &[String] {
        &self.request.group_configuration.groups_to_override
    }

    /// Whether a machine asks for a token, with the client credentials grant.
    pub fn is_client_credentials(&self) -> bool {
        self.trigger_source == "TokenGeneration_ClientCredentials"
    }
}

/// What Cognito changes in the tokens. Everything else stays as it is.
#[must_use]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    #[serde(skip)]
    current_groups: GroupConfiguration,
    claims_and_scope_override_details: Option<Overrides>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token_generation: Option<TokenGeneration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_generation: Option<TokenGeneration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_override_details: Option<GroupConfiguration>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenGeneration {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    claims_to_add_or_override: BTreeMap<String, ClaimValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims_to_suppress: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_suppress: Vec<String>,
}

/// The value of a claim: a string, a number, a boolean, an array or any other JSON.
#[derive(Debug, Serialize)]
pub struct ClaimValue(Value);

macro_rules! claim_value_from {
    ($($from:ty)*) => {$(
        impl From<$from> for ClaimValue {
            fn from(value: $from) -> Self {
                Self(value.into())
            }
        }
    )*};
}

claim_value_from!(&str String Cow<'_, str> bool i32 u32 i64 u64 f64);
claim_value_from!(Vec<String> &[String] Vec<&str> Value);

impl From<&String> for ClaimValue {
    fn from(value: &String) -> Self {
        Self(value.as_str().into())
    }
}

impl Response {
    /// Changes nothing, until something is added.
    pub fn to(event: &Event) -> Self {
        Self {
            current_groups: event.request.group_configuration.clone(),
            claims_and_scope_override_details: None,
        }
    }

    /// Adds or replaces a claim of the ID token.
    pub fn claim(&mut self, name: impl Into<String>, value: impl Into<ClaimValue>) -> &mut Self {
        let claims = &mut self.id_token().claims_to_add_or_override;
        claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out of the ID token.
    pub fn suppress_claim(&mut self, name: impl Into<String>) -> &mut Self {
        self.id_token().claims_to_suppress.push(name.into());
        self
    }

    /// Adds or replaces a claim of the access token.
    pub fn access_claim(
        &mut self,
        name: impl Into<String>,
        value: impl Into<ClaimValue>,
    ) -> &mut Self {
        let claims = &mut self.access_token().claims_to_add_or_override;
        claims.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out of the access token.
    pub fn suppress_access_claim(&mut self, name: impl Into<String>) -> &mut Self {
        self.access_token().claims_to_suppress.push(name.into());
        self
    }

    /// Adds a scope to the access token. A scope has no blanks.
    pub fn scope(&mut self, name: impl Into<String>) -> &mut Self {
        self.access_token().scopes_to_add.push(name.into());
        self
    }

    /// Leaves a scope out of the access token.
    pub fn suppress_scope(&mut self, name: impl Into<String>) -> &mut Self {
        self.access_token().scopes_to_suppress.push(name.into());
        self
    }

    /// Adds a group to those that the user has, in both tokens.
    pub fn add_group(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        let groups = &mut self.groups().groups_to_override;
        if !groups.contains(&name) {
            groups.push(name);
        }
        self
    }

    /// Replaces all groups that the user has, in both tokens, and removes their IAM roles.
    pub fn replace_groups<I>(&mut self, names: I) -> &mut Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        *self.groups() = GroupConfiguration {
            groups_to_override: names.into_iter().map(Into::into).collect(),
            ..GroupConfiguration::default()
        };
        self
    }

    /// Sets the IAM roles of the user in the ID token. The groups stay as they are.
    pub fn replace_roles<I>(&mut self, roles: I, preferred: Option<String>) -> &mut Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let groups = self.groups();
        groups.iam_roles_to_override = roles.into_iter().map(Into::into).collect();
        groups.preferred_role = preferred;
        self
    }

    /// Those to issue. Cognito replaces groups and roles as a whole, so start with all of them.
    fn groups(&mut self) -> &mut GroupConfiguration {
        let current = self.current_groups.clone();
        let groups = &mut self.details().group_override_details;
        groups.get_or_insert(current)
    }

    fn id_token(&mut self) -> &mut TokenGeneration {
        self.details().id_token_generation.get_or_insert_default()
    }

    fn access_token(&mut self) -> &mut TokenGeneration {
        let token = &mut self.details().access_token_generation;
        token.get_or_insert_default()
    }

    fn details(&mut self) -> &mut Overrides {
        let details = &mut self.claims_and_scope_override_details;
        details.get_or_insert_default()
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
