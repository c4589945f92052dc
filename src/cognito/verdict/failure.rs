//! Answers that are no replies: an error, the end of the process, or silence.

use serde_json::Value;

use super::super::trigger::{is_asynchronous, name_in_errors, source_of, trigger_of};
use super::breach::{Breach, Exception};
use super::rules::Rule;

/// The errors that Cognito passes on end with a full stop of its own.
pub fn failed(event: &Value, error_type: &str, message: &str) -> Vec<Breach> {
    if is_asynchronous(source_of(event)) {
        let message = format!("the handler failed: {message}");
        let hint = "Cognito does not wait for this trigger: only its log has the error, and Lambda \
                    tries twice more";
        return vec![Breach::new(Rule::HandlerError, "", message, hint)];
    }
    let shown = format!("{} failed with error {message}.", name_in_errors(event));
    let by_lambda = OF_LAMBDA.iter().any(|kind| error_type.starts_with(kind));
    let is_read = !by_lambda && trigger_of(source_of(event)) != "UserMigration";
    let hint = match is_read {
        true => "the user reads this text; return an error only to refuse what they do",
        false if by_lambda => "the handler's log says what it did last",
        false => "the user does not read this text: the log has it",
    };
    let failed = format!("the handler failed ({error_type})");
    let exception = Exception::reported("UserLambdaValidationException", shown);
    let mut findings = vec![Breach::new(Rule::HandlerError, "", failed, hint).exception(exception)];
    let internal = INTERNALS.iter().find(|mark| message.contains(*mark));
    if let Some(internal) = internal.filter(|_| is_read) {
        let message = format!("the user sees `{internal}`, which reveals how the handler works");
        let hint = "log what happened, and return a sentence that is meant for the user";
        findings.push(Breach::new(Rule::ErrorShowsInternals, "", message, hint));
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

pub fn too_late(event: &Value) -> Breach {
    let rule = match trigger_of(source_of(event)) {
        "CustomMessage" => Rule::TooLateMessage,
        _ => Rule::TooLate,
    };
    let shown = format!(
        "{} invocation failed due to error Socket timeout while invoking Lambda function.",
        name_in_errors(event)
    );
    let message = "there was no answer within the 5 seconds that Cognito waits";
    let hint = "Cognito calls up to three times: answer faster, or leave the work to something that runs later";
    Breach::new(rule, "", message, hint)
        .exception(Exception::reported("UnexpectedLambdaException", shown))
}
