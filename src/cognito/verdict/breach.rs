//! What is to be said about an answer, and the exception that follows.

use serde::Serialize;
use serde_json::Value;

use super::super::trigger::{is_for_machine, source_of, trigger_of};
use super::rules::{Evidence, Outcome, Rule};

/// An exception of the Cognito API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// Its name, such as `UserLambdaValidationException`.
    pub name: &'static str,
    /// Its text.
    pub message: String,
    /// What proves that it is this one.
    pub evidence: Evidence,
}

impl Exception {
    /// One that users have reported, or that AWS documents.
    pub fn reported(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into(), evidence: Evidence::Reported }
    }

    /// One that nobody has reported.
    pub fn inferred(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into(), evidence: Evidence::Inferred }
    }
}

/// A rule that an answer breaks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breach {
    pub rule: Rule,
    /// What proves the rule.
    pub evidence: Evidence,
    /// The member of the reply that it is about, dotted; empty when there is no reply.
    pub key: String,
    /// What is so, without a final stop.
    pub message: String,
    pub hint: String,
    /// What the handler most likely has as a literal, where the key names a whole list.
    #[serde(skip)]
    pub literal: Option<String>,
    /// The file and line of the handler, for whoever knows them to fill in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What clients get, where it is not the exception of all wrong replies.
    #[serde(skip)]
    exception: Option<Exception>,
}

impl Breach {
    pub fn new(
        rule: Rule,
        key: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            evidence: rule.facts().evidence,
            key: key.into(),
            message: message.into(),
            hint: hint.into(),
            literal: None,
            place: None,
            exception: None,
        }
    }

    pub fn literal(self, literal: &str) -> Self {
        Self { literal: Some(literal.to_owned()), ..self }
    }

    pub fn exception(self, exception: Exception) -> Self {
        Self { exception: Some(exception), ..self }
    }

    pub fn outcome(&self) -> Outcome {
        self.rule.outcome()
    }

    /// The exception that a client gets. User migration has words of its own.
    pub fn shown(&self, event: &Value) -> Option<Exception> {
        let source = source_of(event);
        match trigger_of(source) {
            _ if self.outcome() != Outcome::Rejected => None,
            "CustomEmailSender" | "CustomSMSSender" => None,
            "UserMigration" => Some(self.migration_exception(event)),
            _ => {
                let usual = || {
                    let text = "Unrecognizable lambda output";
                    Exception::reported("InvalidLambdaResponseException", text)
                };
                let exception = self.exception.clone().unwrap_or_else(usual);
                // Those who sign in with a provider, and machines, do not call the API.
                let is_elsewhere = source.ends_with("_ExternalProvider") || is_for_machine(source);
                Some(match is_elsewhere {
                    true => Exception { evidence: Evidence::Inferred, ..exception },
                    false => exception,
                })
            }
        }
    }

    /// Source: re:Post QU3VgGes1IRne3OVkCDMjrBA for the replies `null`, `""` and `{}`, boto3#2747 for one
    /// with a `sub`.
    fn migration_exception(&self, event: &Value) -> Exception {
        let wrong_reply = "Incorrect username or password.";
        let client = event["callerContext"]["clientId"].as_str().unwrap_or_default();
        let no_reply = format!("Exception migrating user in app client {client}");
        let is_reported = source_of(event) == "UserMigration_Authentication";
        match self.rule {
            Rule::ReplyNotJson | Rule::ReplyNotObject | Rule::ResponseMissing if is_reported => {
                Exception::reported("UserNotFoundException", no_reply)
            }
            Rule::ReplyNotJson
            | Rule::ReplyNotObject
            | Rule::ResponseMissing
            | Rule::HandlerError
            | Rule::TooLate => Exception::inferred("UserNotFoundException", no_reply),
            Rule::SubReturned if is_reported => {
                Exception::reported("NotAuthorizedException", wrong_reply)
            }
            _ => Exception::inferred("NotAuthorizedException", wrong_reply),
        }
    }
}
