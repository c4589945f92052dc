//! What Cognito makes of the answer of a trigger: accepted, accepted with warnings, or rejected,
//! and with which exception.
//!
//! One module for each group of rules; [`rules`] lists them all with their evidence.

mod account;
mod breach;
mod challenge;
mod envelope;
mod failure;
mod members;
mod message;
mod rules;
mod token;

use serde::Serialize;
use serde_json::Value;

use super::trigger::{is_asynchronous, source_of, trigger_of};

pub use breach::{Breach, Exception};
pub use rules::{Evidence, Outcome, Rule};

/// What came back from the function, as Lambda hands it to Cognito.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The handler returned these bytes, as a string.
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

/// The settings of a user pool that verdicts depend on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolSettings {
    /// Its `EmailSendingAccount`.
    pub email_account: EmailAccount,
    /// Its `DefaultEmailOption`.
    pub verification: Verification,
}

/// How a user pool sends e-mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailAccount {
    /// `COGNITO_DEFAULT`: by itself.
    #[default]
    CognitoDefault,
    /// `DEVELOPER`: with Amazon SES.
    Developer,
}

/// How a user pool verifies the e-mail address of someone who signs up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verification {
    /// The settings of the pool are not known.
    #[default]
    Unknown,
    /// `CONFIRM_WITH_CODE`.
    Code,
    /// `CONFIRM_WITH_LINK`.
    Link,
}

/// An outcome and the reasons for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// What Cognito does.
    pub outcome: Outcome,
    /// The exception that the client gets, if there is one.
    pub exception: Option<Exception>,
    /// Why.
    pub findings: Vec<Breach>,
}

/// What Cognito makes of the answer to `event` in a pool with these settings.
pub fn judge(event: &Value, answer: &Answer, pool: PoolSettings) -> Verdict {
    let findings = match answer {
        Answer::Returned(_) if is_asynchronous(source_of(event)) => Vec::new(),
        Answer::Returned(reply) => returned(event, reply, pool),
        Answer::Failed { error_type, message } => failure::failed(event, error_type, message),
        Answer::TooLate => vec![failure::too_late(event)],
    };
    let outcome = findings.iter().map(Breach::outcome).max();
    Verdict {
        outcome: outcome.unwrap_or(Outcome::Accepted),
        exception: findings.iter().find_map(|finding| finding.shown(event)),
        findings,
    }
}

fn returned(event: &Value, reply: &str, pool: PoolSettings) -> Vec<Breach> {
    let reply = match envelope::parse(reply) {
        Ok(reply) => reply,
        Err(findings) => return findings,
    };
    let mut findings = envelope::check(event, &reply);
    if findings.iter().any(|finding| finding.outcome() == Outcome::Rejected) {
        return findings;
    }
    let response = &reply["response"];
    findings.extend(match trigger_of(source_of(event)) {
        _ if response.is_null() => Vec::new(),
        "PreSignUp" => account::sign_up(event, response),
        "UserMigration" => account::migration(event, response),
        "InboundFederation" => account::federation(event, response),
        "CustomMessage" => message::message(event, response, pool),
        "DefineAuthChallenge" => challenge::define(event, response),
        "CreateAuthChallenge" => challenge::create(response),
        "VerifyAuthChallengeResponse" => challenge::verify(response),
        "TokenGeneration" => token::check(event, response),
        _ => Vec::new(),
    });
    findings
}
