//! What Cognito makes of the answer of a trigger: accepted, accepted with surprises, or refused,
//! and with which exception.
//!
//! One module for each group of rules. Their sources are the pages of the Cognito developer guide
//! about the triggers, the Cognito API, and the texts that clients have reported.

mod account;
mod challenge;
mod envelope;
mod message;
mod shape;
mod token;

use serde::Serialize;
use serde_json::Value;

use super::trigger::{is_asynchronous, name_in_errors, source_of, trigger_of};

/// What came back from the function, as Lambda hands it to Cognito.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The handler returned this text.
    Returned(String),
    /// The handler returned an error, or its process ended.
    Failed {
        /// The kind of error, such as `Runtime.ExitError`.
        error_type: String,
        /// Its text.
        message: String,
    },
    /// There was no answer within the 5 seconds that Cognito waits.
    TooLate,
}

/// How a user pool sends e-mail: its `EmailSendingAccount`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailAccount {
    /// `COGNITO_DEFAULT`: by itself.
    #[default]
    CognitoDefault,
    /// `DEVELOPER`: with Amazon SES.
    Developer,
}

/// What Cognito does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It takes the reply.
    Accepted,
    /// It takes the reply, and what it does may not be what was meant.
    Surprising,
    /// It refuses the reply.
    Rejected,
    /// There was no reply but an error.
    Failed,
}

/// An outcome and the reasons for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// What Cognito does.
    pub outcome: Outcome,
    /// The exception that the client gets, if there is one.
    pub exception: Option<Exception>,
    /// Why.
    pub findings: Vec<Finding>,
}

/// An exception of the Cognito API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// Its name, such as `UserLambdaValidationException`.
    pub name: &'static str,
    /// Its text.
    pub message: String,
}

/// Something about an answer that its author should know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    /// The member of the reply that it is about, dotted; empty when there is no reply.
    pub key: String,
    /// What is so, without a final stop.
    pub message: String,
    pub hint: String,
    /// The file and line of the handler, for whoever knows them to fill in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What Cognito does about it.
    #[serde(skip)]
    outcome: Outcome,
    #[serde(skip)]
    exception: Option<Exception>,
}

impl Finding {
    /// The reply is accepted, and this is what surprises.
    fn surprise(rule: &'static str, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            key: key.into(),
            message: message.into(),
            hint: String::new(),
            place: None,
            outcome: Outcome::Surprising,
            exception: None,
        }
    }

    /// The reply is refused as `Unrecognizable lambda output`.
    fn rejection(rule: &'static str, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Rejected,
            exception: Some(Exception {
                name: "InvalidLambdaResponseException",
                message: "Unrecognizable lambda output".to_owned(),
            }),
            ..Self::surprise(rule, key, message)
        }
    }

    /// There is no reply.
    fn failure(rule: &'static str, message: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, ..Self::surprise(rule, "", message) }
    }

    fn exception(mut self, name: &'static str, message: impl Into<String>) -> Self {
        self.exception = Some(Exception { name, message: message.into() });
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// What Cognito makes of the answer to `event`, in a pool that sends e-mail with `account`.
pub fn judge(event: &Value, answer: &Answer, account: EmailAccount) -> Verdict {
    let findings = match answer {
        Answer::Returned(_) if is_asynchronous(source_of(event)) => Vec::new(),
        Answer::Returned(reply) => returned(event, reply, account),
        Answer::Failed { error_type, message } => failed(event, error_type, message),
        Answer::TooLate => vec![too_late(event)],
    };
    let outcome = findings.iter().map(|finding| finding.outcome).max();
    let outcome = outcome.unwrap_or(Outcome::Accepted);
    let exception = match trigger_of(source_of(event)) {
        "UserMigration" => account::migration_exception(event, outcome, &findings),
        _ => findings.iter().find_map(|finding| finding.exception.clone()),
    };
    Verdict { outcome, exception, findings }
}

fn returned(event: &Value, reply: &str, account: EmailAccount) -> Vec<Finding> {
    let reply = match envelope::parse(reply) {
        Ok(reply) => reply,
        Err(findings) => return findings,
    };
    let mut findings = envelope::check(event, &reply);
    if findings.iter().any(|finding| finding.outcome == Outcome::Rejected) {
        return findings;
    }
    let response = &reply["response"];
    findings.extend(match trigger_of(source_of(event)) {
        "PreSignUp" => account::sign_up(event, response),
        "UserMigration" => account::migration(event, response),
        "InboundFederation" => account::federation(event, response),
        "CustomMessage" => message::message(event, response, account),
        "DefineAuthChallenge" => challenge::define(event, response),
        "CreateAuthChallenge" => challenge::create(response),
        "VerifyAuthChallengeResponse" => challenge::verify(response),
        "TokenGeneration" => token::check(event, response),
        _ => Vec::new(),
    });
    findings
}

/// The errors that Cognito passes on end with a full stop of its own.
fn failed(event: &Value, error_type: &str, message: &str) -> Vec<Finding> {
    if is_asynchronous(source_of(event)) {
        let finding = Finding::failure("handler-error", format!("the handler failed: {message}"));
        return vec![finding.hint(
            "Cognito does not wait for this trigger: only its log has the error, and Lambda tries \
             twice more",
        )];
    }
    let shown = format!("{} failed with error {message}.", name_in_errors(event));
    let finding = Finding::failure("handler-error", format!("the handler failed ({error_type})"))
        .exception("UserLambdaValidationException", shown);
    if OF_LAMBDA.iter().any(|kind| error_type.starts_with(kind)) {
        return vec![finding.hint("the handler's log says what it did last")];
    }
    if trigger_of(source_of(event)) == "UserMigration" {
        return vec![finding.hint("the user does not read this text: the log has it")];
    }
    let mut findings =
        vec![finding.hint("the user reads this text; return an error only to refuse what they do")];
    if let Some(internal) = INTERNALS.iter().find(|mark| message.contains(*mark)) {
        let message = format!("the user reads `{internal}`, which says how the handler is made");
        findings.push(
            Finding::surprise("error-shows-internals", "", message)
                .hint("log what happened, and return a sentence that is meant for the user"),
        );
    }
    findings
}

/// What the kinds of errors start with that are Lambda's own, and not of the handler's making.
const OF_LAMBDA: [&str; 3] = ["Runtime.", "Sandbox.", "Function."];

/// Texts that no sentence for a user has.
const INTERNALS: [&str; 9] = [
    "failed to deserialize",
    "missing field",
    "invalid type",
    "panicked",
    "unwrap()",
    ".rs:",
    "RequestId:",
    "http://",
    "https://",
];

fn too_late(event: &Value) -> Finding {
    let trigger = name_in_errors(event);
    Finding::failure("too-late", "there was no answer within the 5 seconds that Cognito waits")
        .exception(
            "UnexpectedLambdaException",
            format!("{trigger} invocation failed due to error Socket timeout while invoking Lambda function."),
        )
        .hint("Cognito calls up to three times: answer faster, or leave the work to something that runs later")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_answer_is_a_failure_with_the_text_that_clients_see() {
        let event = json!({ "triggerSource": "PostAuthentication_Authentication" });
        let verdict = judge(&event, &Answer::TooLate, EmailAccount::default());
        assert_eq!(verdict.outcome, Outcome::Failed);
        let exception = verdict.exception.expect("an exception");
        assert_eq!(exception.name, "UnexpectedLambdaException");
        assert!(exception.message.starts_with("PostAuthentication invocation failed"));
    }

    #[test]
    fn nobody_sees_what_a_sender_returns() {
        let event = json!({ "triggerSource": "CustomEmailSender_SignUp" });
        let judged = |answer| judge(&event, &answer, EmailAccount::default());
        let returned = judged(Answer::Returned("null".to_owned()));
        assert_eq!((returned.outcome, returned.findings.len()), (Outcome::Accepted, 0));
        let failed =
            judged(Answer::Failed { error_type: "E".to_owned(), message: "no".to_owned() });
        assert_eq!((failed.outcome, failed.exception), (Outcome::Failed, None));
    }
}
