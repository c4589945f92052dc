//! What Cognito sends to a user migration trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html>

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What Cognito sends. `request` is this trigger's own, the rest is the same for all.
///
/// Whatever Cognito leaves out or sends as null has its default value here, and fields that
/// this type does not name still go back to Cognito.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// Why Cognito calls: `UserMigration_Authentication`, for one. AWS adds new sources over time.
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

/// What the user typed. The name is `user_name` of the event.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The password; none when the user has forgotten it.
    pub password: Option<Password>,
    /// What the app passed along when it began the sign-in.
    #[serde(deserialize_with = "texts")]
    pub validation_data: BTreeMap<String, String>,
    /// What the app passed along when it answered a challenge or asked for a new password.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
}

/// A password, which no log shows: `{:?}` hides it, too.
#[derive(Clone, Deserialize)]
pub struct Password(String);

impl Password {
    /// The password as text. It is for the old directory alone.
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

/// The user to create in the pool. Without attributes, there is no such user.
#[must_use]
#[derive(Debug, Default, PartialEq, Serialize)]
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

/// What a message is sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Medium {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
}

impl Response {
    /// Creates nobody, until attributes are added.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores an attribute of the user. All values are texts: `email_verified` is `"true"`.
    /// `sub` is ignored, because the pool gives each user a new one.
    pub fn user_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if name != "sub" {
            let attributes = self.user_attributes.get_or_insert_with(BTreeMap::new);
            attributes.insert(name, value.into());
        }
        self
    }

    /// Stores many attributes of the user, as [`Response::user_attribute`] does.
    pub fn user_attributes(mut self, attributes: BTreeMap<String, String>) -> Self {
        for (name, value) in attributes {
            self = self.user_attribute(name, value);
        }
        self
    }

    /// Lets the user sign in with their old password. All others must choose a new one.
    pub fn confirmed(mut self) -> Self {
        self.final_user_status = Some("CONFIRMED".to_owned());
        self
    }

    /// Keeps Cognito from welcoming the user as if they were new.
    pub fn suppress_message(mut self) -> Self {
        self.message_action = Some("SUPPRESS".to_owned());
        self
    }

    /// Sends the welcome message with this medium; with none given, it is a text message.
    pub fn deliver_with(mut self, medium: Medium) -> Self {
        let mediums = &mut self.desired_delivery_mediums;
        mediums.get_or_insert_with(Vec::new).push(medium);
        self
    }

    /// Takes the e-mail address or phone number away from another user who signs in with it.
    /// Without this, such a user is not created.
    pub fn force_alias_creation(mut self) -> Self {
        self.force_alias_creation = Some(true);
        self
    }

    /// Makes the user sign in with a code by text message as well. The pool must have MFA, and
    /// the user a `phone_number`.
    pub fn enable_sms_mfa(mut self) -> Self {
        self.enable_sms_mfa = Some(true);
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
