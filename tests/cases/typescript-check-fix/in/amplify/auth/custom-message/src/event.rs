//! What Cognito sends to a custom message trigger, and what it accepts back.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html>

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
    /// Why Cognito calls: `CustomMessage_SignUp`, for one. AWS adds new sources over time.
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

/// What the trigger is told about the user and the message.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes: `email`, `locale`, `custom:tenant`.
    #[serde(deserialize_with = "texts")]
    pub user_attributes: BTreeMap<String, String>,
    /// What stands for the code, or the temporary password, in a text: `{####}`.
    pub code_parameter: String,
    /// What stands for a link in the e-mails of a pool that verifies by link: `{##Click Here##}`.
    pub link_parameter: String,
    /// What stands for the user name in a text: `{username}`. Only a user whom an administrator
    /// creates gets one, else this is empty.
    pub username_parameter: String,
    /// What the app passed along.
    #[serde(deserialize_with = "texts")]
    pub client_metadata: BTreeMap<String, String>,
}

/// The texts to send. Cognito uses its own for those that are not set.
///
/// In all of them, Cognito refuses control characters and the invisible joiners that some emoji
/// have.
#[must_use]
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    sms_message: Option<String>,
    email_message: Option<String>,
    email_subject: Option<String>,
}

impl Response {
    /// Leaves all texts to Cognito, until one is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the text of an SMS: one line of 6 to 140 characters, with the placeholder of the code.
    pub fn sms(mut self, message: impl Into<String>) -> Self {
        self.sms_message = Some(message.into());
        self
    }

    /// Sets an e-mail: a subject of 1 to 140 characters, and a message of 6 to 20000 with the
    /// placeholder of the code. The message is HTML: escape what users have written.
    ///
    /// Only for a pool that sends e-mail with Amazon SES. With Cognito's own account
    /// (`COGNITO_DEFAULT`), a reply with an e-mail makes the user's request fail.
    pub fn email(mut self, subject: impl Into<String>, message: impl Into<String>) -> Self {
        self.email_subject = Some(subject.into());
        self.email_message = Some(message.into());
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
