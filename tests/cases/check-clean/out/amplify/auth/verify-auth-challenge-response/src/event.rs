//! What Cognito sends to a verify auth challenge response trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html>

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
    /// Why Cognito calls: `VerifyAuthChallengeResponse_Authentication`, for one. AWS adds new sources over time.
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

/// The user's answer, and what it is checked against.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `sub`. Empty for an unknown user.
    #[serde(deserialize_with = "texts")]
    pub user_attributes: BTreeMap<String, String>,
    /// What the create auth challenge trigger has put there, such as the right answer.
    #[serde(deserialize_with = "texts")]
    pub private_challenge_parameters: BTreeMap<String, String>,
    /// The user's answer.
    pub challenge_answer: String,
    /// What the app passed along with the answer.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
    /// Whether the pool has no such user. Cognito tells only when the app client has
    /// `PreventUserExistenceErrors` enabled; without it, unknown users never come here.
    pub user_not_found: bool,
}

/// Whether the answer is right. The define auth challenge trigger finds it in its session, as
/// `challenge_result`.
#[must_use]
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    answer_correct: bool,
}

impl Response {
    /// The answer is right, or it is not.
    pub fn answer_correct(answer_correct: bool) -> Self {
        Self { answer_correct }
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
