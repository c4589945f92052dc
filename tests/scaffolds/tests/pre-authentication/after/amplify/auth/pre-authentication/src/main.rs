//! The Lambda entry point. What the trigger does is in `handler.rs`.

// A handler needs only a part of these two.
#[allow(dead_code)]
mod error;
#[allow(dead_code)]
mod event;
mod handler;

use std::env;

use lambda_runtime::LambdaEvent;
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
    let level = match env::var("AWS_LAMBDA_LOG_LEVEL").as_deref() {
        Ok("FATAL") => Level::ERROR, // the highest that there is here
        level => level.unwrap_or_default().parse().unwrap_or(Level::INFO),
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
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

/// Calls the handler and returns the event as it came: Cognito does not read a response.
async fn respond(members: RawEvent) -> Result<RawEvent, Error> {
    handler(&Event::read(&members)?).await?;
    Ok(members)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use lambda_runtime::{Context, Diagnostic};
    use serde_json::Value;

    use super::*;

    /// Each event in `events/` is one that Cognito sends. If `replies/` has a file of the same name,
    /// the reply must be the one in it: `cargo amplify invoke --all --bless` records replies.
    #[tokio::test]
    async fn every_sample_event_is_answered() -> Result<(), Box<dyn std::error::Error>> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut answered = 0;
        for file in fs::read_dir(package.join("events"))? {
            let file = file?;
            let name = file.path().display().to_string();
            let event = fs::read_to_string(file.path())?;
            let call = LambdaEvent::new(serde_json::from_str(&event)?, Context::default());
            let recorded = package.join("replies").join(file.file_name());
            let mut reply = match answer(call).await {
                Ok(reply) => {
                    let reply = serde_json::to_value(reply)?;
                    let mut event: Value = serde_json::from_str(&event)?;
                    assert_eq!(reply, event, "{name}: nothing may change");
                    serde_json::json!({ "response": event["response"].take() })
                }
                Err(error) => {
                    if !recorded.exists() {
                        return Err(format!("{name}: {error:?}").into());
                    }
                    serde_json::json!({ "error": Diagnostic::from(error) })
                }
            };
            if recorded.exists() {
                let recorded: Value = serde_json::from_str(&fs::read_to_string(recorded)?)?;
                // What Cognito makes of the reply is for `cargo amplify` to say.
                reply["verdict"] = recorded["verdict"].clone();
                leave_open(&mut reply, &recorded);
                assert_eq!(reply, recorded, "{name}: not the reply in `replies/`");
            }
            answered += 1;
        }
        assert!(answered > 0, "events/ has no sample event");
        Ok(())
    }

    /// Copies `"[varies]"` from the recorded reply, which equals anything.
    fn leave_open(reply: &mut Value, recorded: &Value) {
        match reply {
            _ if recorded == "[varies]" => *reply = recorded.clone(),
            Value::Object(members) => {
                for (name, value) in members {
                    leave_open(value, &recorded[name]);
                }
            }
            Value::Array(items) => {
                for (at, value) in items.iter_mut().enumerate() {
                    leave_open(value, &recorded[at]);
                }
            }
            _ => {}
        }
    }
}
