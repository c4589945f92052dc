//! An event that was run, and what Cognito makes of it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde::Serialize;
use serde_json::{Value, json};

use super::event::Event;
use crate::cognito::{
    Answer, COGNITO_TIMEOUT, Outcome, Tokens, Verdict, base_tokens, is_asynchronous,
    is_token_trigger, judge, merge, source_of, unlike_cognito,
};
use crate::error::Result;
use crate::lambda::{Deployment, Environment, Log, Run};
use crate::path::RepoPath;
use crate::project::Project;

/// All that there is to say about one event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub function: String,
    pub sample: Option<String>,
    pub event: Value,
    /// How the event differs from all that Cognito sends.
    pub event_problems: Vec<String>,
    /// The `response` that came back, or all that did where it is not Cognito's.
    pub response: Value,
    /// The error that came back instead.
    pub error: Option<Value>,
    /// What Cognito makes of the answer; none for a function that something else calls.
    pub verdict: Option<Verdict>,
    /// The tokens, for a trigger that changes them.
    pub tokens: Option<TokenChange>,
    pub timings: Timings,
    /// What the handler has printed.
    pub log: Vec<String>,
    pub recording: Recording,
}

/// What the recorded reply to a sample event says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recording {
    /// None is recorded.
    #[default]
    None,
    /// The same.
    Same,
    /// Something else.
    Different,
    /// A reply that Cognito accepts, and it rejects this one.
    #[serde(rename = "different")]
    NoLongerAccepted,
}

impl Recording {
    /// Whether the reply is not as it is recorded.
    pub fn differs(self) -> bool {
        matches!(self, Self::Different | Self::NoLongerAccepted)
    }
}

impl Report {
    /// What becomes of the answer.
    pub fn outcome(&self) -> Outcome {
        match (&self.verdict, &self.error) {
            (Some(verdict), _) => verdict.outcome,
            (None, None) => Outcome::Accepted,
            (None, Some(_)) => Outcome::Rejected,
        }
    }
}

/// Tokens before and after the trigger.
#[derive(Debug, Serialize)]
pub struct TokenChange {
    pub before: Tokens,
    pub after: Tokens,
}

/// Times in milliseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// From the start of the process until it asks for an event.
    pub start_ms: Option<f64>,
    /// From the event to the answer.
    pub handler_ms: Option<f64>,
}

/// Runs the event in a new environment, as Cognito would.
pub async fn run_event(deployment: &Deployment, event: Event) -> Result<Report> {
    let (sink, lines) = mpsc::channel();
    // The receiver is there as long as the handler.
    let log: Log = Arc::new(move |line| drop(sink.send(line.to_owned())));
    let waits = deployment.pool.is_some() && !is_asynchronous(source_of(&event.value));
    let timeout = waits.then_some(COGNITO_TIMEOUT);
    let mut environment = Environment::start(deployment, &log).await?;
    let run = environment.invoke(event.text.into(), timeout).await;
    environment.stop().await;
    Ok(Report { log: lines.try_iter().collect(), ..report(deployment, event.value, &run?) })
}

/// What Cognito makes of how the event went.
pub(super) fn report(deployment: &Deployment, event: Value, run: &Run) -> Report {
    let mut verdict = deployment.pool.map(|pool| judge(&event, &run.answer, pool));
    let event_problems = verdict.iter().flat_map(|_| unlike_cognito(&event));
    let event_problems: Vec<_> = event_problems.map(|it| it.problem).collect();
    if !event_problems.is_empty() && matches!(run.answer, Answer::Failed { .. }) {
        for finding in verdict.iter_mut().flat_map(|verdict| &mut verdict.findings) {
            finding.hint =
                "correct the event first: it is unlike those that Cognito sends".to_owned();
        }
    }
    let (response, error) = match &run.answer {
        Answer::Returned(reply) => {
            let reply: Value = serde_json::from_str(reply).unwrap_or_default();
            (if verdict.is_some() { reply["response"].clone() } else { reply }, None)
        }
        Answer::Failed { error_type, message } => {
            let error = json!({ "errorType": error_type, "errorMessage": message });
            (Value::Null, Some(error))
        }
        Answer::TooLate => (Value::Null, Some(json!({ "errorType": "too-late" }))),
    };
    Report {
        function: deployment.name.clone(),
        sample: None,
        tokens: verdict.as_ref().and_then(|verdict| change(&event, &response, verdict)),
        event,
        event_problems,
        response,
        error,
        verdict,
        timings: Timings {
            start_ms: run.start.map(milliseconds),
            handler_ms: run.handler.map(milliseconds),
        },
        log: Vec::new(),
        recording: Recording::None,
    }
}

fn change(event: &Value, response: &Value, verdict: &Verdict) -> Option<TokenChange> {
    let applied = verdict.outcome != Outcome::Rejected;
    (applied && is_token_trigger(source_of(event))).then(|| {
        let before = base_tokens(event);
        let after = merge(&before, event, response);
        TokenChange { before, after }
    })
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 1e2
}

/// Adds to each finding the line that it is most likely about, of `handler.rs` of the function in a
/// directory.
pub fn locate(report: &mut Report, directory: &RepoPath, project: &Project) -> Result<()> {
    let path = directory.child("src/handler.rs");
    let Some(code) = project.read_text(&path)? else {
        return Ok(());
    };
    // Tests come last, and say much the same.
    let lines: Vec<_> = code.lines().take_while(|line| line.trim() != "#[cfg(test)]").collect();
    for finding in report.verdict.iter_mut().flat_map(|verdict| &mut verdict.findings) {
        let literal = finding.literal.iter().map(|literal| format!("\"{literal}\""));
        let line = literal.chain(needles(&finding.key)).find_map(|needle| {
            lines.iter().position(|line| is_code(line) && line.contains(&needle))
        });
        finding.place = line.map(|index| format!("{path}:{}", index + 1));
    }
    Ok(())
}

fn is_code(line: &str) -> bool {
    !line.trim_start().starts_with("//")
}

/// What the code about a member of the reply most likely says: its name as a literal, the longest
/// first, for a claim's may have dots; then its field, method or variant.
fn needles(key: &str) -> Vec<String> {
    let starts = key.match_indices('.').map(|(index, _)| index + 1);
    let literals = starts.clone().map(|start| format!("\"{}\"", &key[start..]));
    let last = key.rsplit('.').next().unwrap_or_default();
    let snake = last.to_snake_case();
    let method = snake.split('_').next().unwrap_or_default().trim_end_matches('s').to_owned();
    let mut needles: Vec<_> = literals.collect();
    if !last.is_empty() {
        needles.push(snake);
        needles.push(format!(".{method}"));
        needles.push(format!("_{method}"));
        needles.push(format!("::{}", method.to_upper_camel_case()));
    }
    needles
}
