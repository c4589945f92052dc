//! The Lambda entry point. What the trigger does is in `handler.rs`.

// A handler needs only a part of these two.
#[allow(dead_code)]
mod error;
#[allow(dead_code)]
mod event;
mod handler;

use std::env;

use lambda_runtime::LambdaEvent;
use serde_json::value::to_raw_value;
use tracing::{Instrument as _, Level};

use crate::error::Error;
use crate::event::{Event, RawEvent};
use crate::handler::handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    start_log();
    lambda_runtime::run(lambda_runtime::service_fn(answer)).await
}

/// Logs in the format and from the level that the function's configuration asks for. Lambda sets
/// these variables from it.
fn start_log() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let level = level.and_then(|level| level.parse().ok());
    let log = tracing_subscriber::fmt()
        .with_max_level(level.unwrap_or(Level::INFO))
        .with_ansi(false)
        .without_time();
    match env::var("AWS_LAMBDA_LOG_FORMAT").as_deref() {
        Ok("JSON") => log.json().init(),
        _ => log.init(),
    }
}

/// Answers an event, in a task of its own: so a panic is an internal error, which is logged and
/// not shown to the user.
async fn answer(event: LambdaEvent<RawEvent>) -> Result<RawEvent, Error> {
    let source = event.payload.get("triggerSource");
    let source = source.map(|json| json.get().trim_matches('"'));
    let span = tracing::error_span!("trigger", source);
    let answer = tokio::spawn(respond(event.payload).instrument(span.clone())).await;
    let answer = answer.unwrap_or_else(|panic| Err(panic.into()));
    answer.inspect_err(|error| span.in_scope(|| error.log()))
}

/// Calls the handler and fills in `response`. Everything else goes back to Cognito as it came.
async fn respond(mut members: RawEvent) -> Result<RawEvent, Error> {
    let response = handler(&Event::read(&members)?).await?;
    members.insert("response".to_owned(), to_raw_value(&response)?);
    Ok(members)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    /// Each event in `events/` is one that Cognito sends.
    #[tokio::test]
    async fn every_sample_event_is_answered() -> Result<(), Box<dyn std::error::Error>> {
        let mut answered = 0;
        for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/events"))? {
            let path = file?.path();
            let name = path.display();
            let event = fs::read_to_string(&path)?;
            let reply = respond(serde_json::from_str(&event)?).await;
            let reply = reply.map_err(|error| format!("{name}: {error:?}"))?;
            let mut reply = serde_json::to_value(reply)?;
            let mut event: Value = serde_json::from_str(&event)?;
            let (_, response) = (event["response"].take(), reply["response"].take());
            if !response.is_object() {
                return Err(format!("{name}: the reply has no response").into());
            }
            assert_eq!(reply, event, "{name}: only `response` may change");
            answered += 1;
        }
        assert!(answered > 0, "events/ has no sample event");
        Ok(())
    }
}
