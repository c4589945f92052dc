//! What Cognito sends to a pre sign-up trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html>

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
    /// Why Cognito calls: `PreSignUp_SignUp`, for one. AWS adds new sources over time.
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

/// What the trigger is told about the person who wants to sign up.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The attributes of the new user: `email`, `birthdate`, `custom:tenant`. Those of an external
    /// provider are the ones that the pool maps.
    #[serde(deserialize_with = "texts")]
    pub user_attributes: BTreeMap<String, String>,
    /// What the app sent along for this check alone. The pool does not keep it.
    #[serde(deserialize_with = "texts")]
    pub validation_data: BTreeMap<String, String>,
    /// What the app passed along.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
}

/// What Cognito does for the new user on its own. It ignores all of it for users whom an
/// administrator creates.
#[must_use]
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    auto_confirm_user: bool,
    auto_verify_email: bool,
    auto_verify_phone: bool,
}

impl Response {
    /// Lets the user sign up, and has Cognito confirm and verify as usual.
    pub fn new() -> Self {
        Self::default()
    }

    /// Confirms the user at once: nobody has to enter a code, so nothing proves that the e-mail
    /// address or phone number is theirs.
    pub fn auto_confirm_user(mut self) -> Self {
        self.auto_confirm_user = true;
        self
    }

    /// Marks the e-mail address as verified. The sign-up fails without an `email` attribute, and
    /// for a user who is not confirmed as well.
    ///
    /// Where users sign in with their e-mail address as an alias, the alias moves here from the
    /// user who has had it.
    pub fn auto_verify_email(mut self) -> Self {
        self.auto_verify_email = true;
        self
    }

    /// Marks the phone number as verified. The sign-up fails without a `phone_number`
    /// attribute, and for a user who is not confirmed as well.
    ///
    /// Where users sign in with their phone number as an alias, the alias moves here from the
    /// user who has had it.
    pub fn auto_verify_phone(mut self) -> Self {
        self.auto_verify_phone = true;
        self
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
