//! What Cognito sends to a post confirmation trigger. It reads no response.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What Cognito sends. `request` is this trigger's own, the rest is the same for all.
///
/// Whatever Cognito leaves out or sends as null has its default value here, and fields that
/// this type does not name still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// Why Cognito calls: `PostConfirmation_ConfirmSignUp`, for one. AWS adds new sources over time.
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

/// What the trigger is told about the user.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `sub`, `custom:tenant`.
    #[serde(deserialize_with = "texts")]
    pub user_attributes: BTreeMap<String, String>,
    /// What the app passed along.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
}

impl Event {
    /// Whether a new user has confirmed their account, and not a new password. Also so when an
    /// administrator has confirmed it, and at the first sign-in with an external provider.
    #[must_use]
    pub fn is_sign_up(&self) -> bool {
        self.trigger_source == "PostConfirmation_ConfirmSignUp"
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
