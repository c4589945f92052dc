//! What Cognito sends to a define auth challenge trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What Cognito sends. `request` is this trigger's own, the rest is the same for all.
///
/// Whatever Cognito leaves out or sends as null has its default value here, and fields that
/// this type does not name still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// Why Cognito calls: `DefineAuthChallenge_Authentication`, for one. AWS adds new sources over time.
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

/// How far the user's sign-in has come.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `sub`, `cognito:user_status`. Empty for an unknown user.
    #[serde(deserialize_with = "texts")]
    pub user_attributes: BTreeMap<String, String>,
    /// What the user was asked so far, the latest last. Empty when custom authentication starts.
    pub session: Vec<Challenge>,
    /// What the app passed along when it answered a challenge.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
    /// Whether the pool has no such user. Cognito tells only when the app client has
    /// `PreventUserExistenceErrors` enabled; without it, unknown users never come here.
    pub user_not_found: bool,
}

/// A challenge that the user was given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Challenge {
    /// `CUSTOM_CHALLENGE`, or one of Cognito's own: `SRP_A`, `PASSWORD_VERIFIER`, `SMS_MFA`.
    pub challenge_name: String,
    /// Whether the user passed it.
    pub challenge_result: bool,
    /// The name that the create auth challenge trigger gave to a `CUSTOM_CHALLENGE`.
    pub challenge_metadata: String,
}

/// How the sign-in goes on: with a challenge, with tokens or not at all.
///
/// Cognito takes exactly one of the three, so each has a function that makes it.
#[must_use]
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    challenge_name: Option<String>,
    issue_tokens: bool,
    fail_authentication: bool,
}

impl Response {
    /// Asks the user for more: `CUSTOM_CHALLENGE`, `PASSWORD_VERIFIER` or
    /// `NEW_PASSWORD_REQUIRED`.
    pub fn challenge(name: impl Into<String>) -> Self {
        Self {
            challenge_name: Some(name.into()),
            issue_tokens: false,
            fail_authentication: false,
        }
    }

    /// Signs the user in.
    pub fn issue_tokens() -> Self {
        Self {
            challenge_name: None,
            issue_tokens: true,
            fail_authentication: false,
        }
    }

    /// Ends the sign-in. The user reads `Incorrect username or password.`
    pub fn fail_authentication() -> Self {
        Self {
            challenge_name: None,
            issue_tokens: false,
            fail_authentication: true,
        }
    }
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

/// Reads a map of texts, and takes a number or a boolean among them as its text.
fn texts<'de, D: Deserializer<'de>>(input: D) -> Result<BTreeMap<String, String>, D::Error> {
    let members = BTreeMap::<String, Value>::deserialize(input)?;
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(members
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect())
}
