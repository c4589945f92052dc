//! Answers that are no replies: an error, the end of the process, or silence.

use serde_json::Value;

use super::super::trigger::{is_asynchronous, name_in_errors, source_of, trigger_of};
use super::finding::{Exception, Finding};
use super::rules::Rule;

/// The errors that Cognito passes on end with a full stop of its own.
pub fn failed(event: &Value, error_type: &str, message: &str) -> Vec<Finding> {
    if is_asynchronous(source_of(event)) {
        let message = format!("the handler failed: {message}");
        return vec![Finding::new(Rule::HandlerError, "", message).hint(
            "Cognito does not wait for this trigger: only its log has the error, and Lambda tries \
             twice more",
        )];
    }
    let shown = format!("{} failed with error {message}.", name_in_errors(event));
    let finding =
        Finding::new(Rule::HandlerError, "", format!("the handler failed ({error_type})"))
            .exception(Exception::reported("UserLambdaValidationException", shown));
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
            Finding::new(Rule::ErrorShowsInternals, "", message)
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

pub fn too_late(event: &Value) -> Finding {
    let rule = match trigger_of(source_of(event)) {
        "CustomMessage" => Rule::TooLateMessage,
        _ => Rule::TooLate,
    };
    let shown = format!(
        "{} invocation failed due to error Socket timeout while invoking Lambda function.",
        name_in_errors(event)
    );
    Finding::new(rule, "", "there was no answer within the 5 seconds that Cognito waits")
        .exception(Exception::reported("UnexpectedLambdaException", shown))
        .hint("Cognito calls up to three times: answer faster, or leave the work to something that runs later")
}
