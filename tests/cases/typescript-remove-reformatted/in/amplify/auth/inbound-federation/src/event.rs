//! What Cognito sends to an inbound federation trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What Cognito sends. `request` is this trigger's own, the rest is the same for all.
///
/// Whatever Cognito leaves out or sends as null has its default value here, and fields that
/// this type does not name still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// Why Cognito calls: `InboundFederation_ExternalProvider`, for one. AWS adds new sources over time.
    pub trigger_source: String,
    /// The AWS region of the user pool.
    pub region: String,
    /// The user pool.
    pub user_pool_id: String,
    /// The user, as the user pool knows them.
    pub user_name: String,
    /// Who called Cognito.
    pub caller_context: CallerContext,
    /// What this trigger is asked about.
    pub request: Request,
}

/// The app that called Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CallerContext {
    /// The AWS SDK of the caller.
    pub aws_sdk_version: String,
    /// The app client; empty for calls from the AWS console.
    pub client_id: String,
}

/// What the trigger is told about the user who signs in.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The identity provider, as the user pool names it.
    pub provider_name: String,
    /// `OIDC`, `SAML`, `Facebook`, `Google`, `SignInWithApple` or `LoginWithAmazon`.
    pub provider_type: String,
    /// What the provider says about the user.
    pub attributes: Attributes,
}

/// What an identity provider says about a user. A SAML provider has only `saml_response`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Attributes {
    /// The answer of the token endpoint, tokens included.
    pub token_response: Map<String, Value>,
    /// The claims of the ID token.
    pub id_token: Map<String, Value>,
    /// The answer of the user info endpoint.
    pub user_info: Map<String, Value>,
    /// The attributes of the SAML assertion.
    pub saml_response: Map<String, Value>,
}

/// Names the provider and leaves out what it says, so that no token gets into a log.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("provider_name", &self.provider_name)
            .field("provider_type", &self.provider_type)
            .finish_non_exhaustive()
    }
}

/// The longest value that Cognito stores, in characters.
const LONGEST_VALUE: usize = 2048;

/// The attributes to store, by the names that the provider has for them.
#[must_use]
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    user_attributes_to_map: BTreeMap<String, String>,
}

impl Response {
    /// Lets Cognito store what it would have stored without this trigger.
    pub fn unchanged() -> Self {
        Self::default()
    }

    /// Stores all that the provider says: user info before ID token, and the SAML assertion.
    ///
    /// Cognito stores texts, so numbers and booleans become texts. Lists, objects and texts that
    /// are too long are left out.
    pub fn all_of(attributes: &Attributes) -> Self {
        let sources = [
            &attributes.id_token,
            &attributes.user_info,
            &attributes.saml_response,
        ];
        let claims = sources.into_iter().flatten();
        let texts = claims.filter_map(|(name, value)| Some((name.clone(), text(value)?)));
        Self {
            user_attributes_to_map: texts.collect(),
        }
    }

    /// Adds or replaces an attribute.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.user_attributes_to_map
            .insert(name.into(), value.into());
        self
    }

    /// Leaves an attribute out, which drops it from the user's profile. With the last one gone
    /// this is the same as [`Response::unchanged`].
    pub fn without(mut self, name: &str) -> Self {
        self.user_attributes_to_map.remove(name);
        self
    }
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (text.chars().count() <= LONGEST_VALUE).then_some(text)
}

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// Fails when `text` is not JSON, or when a field has another type than here.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let mut event = serde_json::from_str(text)?;
        remove_nulls(&mut event);
        serde_json::from_value(event)
    }
}

/// Makes "null" and "left out" the same: Cognito uses both for "nothing".
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}
