//! The Invoke API of AWS Lambda on loopback, as the AWS SDKs call it.
//!
//! Source: `Invoke` in the AWS Lambda API reference, and "Lambda quotas" of the developer guide.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, StatusCode};
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::net::TcpListener;

use super::environment::Run;
use super::http::{self, BodyError, Bounds, Problem, Reply, read_body, set};
use super::pool::{Pool, Turn};
use super::runtime_api::LARGEST_PAYLOAD;
use crate::cognito::Answer;

/// The largest asynchronous event, in bytes.
const LARGEST_ASYNCHRONOUS: usize = 1024 * 1024;

/// The functions that can be invoked.
pub trait Functions: Send + Sync + 'static {
    /// The pool that events wait for.
    fn pool(&self) -> &Pool;

    /// Runs an event, which is JSON, on the function called `name`.
    fn invoke(
        &self,
        turn: Turn,
        name: &str,
        event: Bytes,
    ) -> impl Future<Output = Result<Run, InvokeError>> + Send;
}

/// Why an event was not sent to a function.
#[derive(Debug, PartialEq, Eq)]
pub enum InvokeError {
    /// There is no such function.
    Unknown,
    /// The function could not be built or started.
    Broken(String),
}

/// Serves the functions until the task is cancelled.
pub async fn serve<F: Functions>(
    listener: TcpListener,
    bounds: Bounds,
    functions: Arc<F>,
    tell: impl Fn(&io::Error),
) {
    http::serve(listener, bounds, functions, answer, refuse, tell).await;
}

fn refuse(Problem(status, kind, message): Problem) -> Reply {
    let mut reply = http::json(status, &json!({ "Type": "User", "Message": message }));
    set(&mut reply, "x-amzn-errortype", kind);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        set(&mut reply, "allow", "POST");
    }
    reply
}

async fn answer<F: Functions>(
    functions: Arc<F>,
    request: Request<Incoming>,
) -> Result<Reply, Problem> {
    let path = request.uri().path();
    let function = path
        .strip_prefix("/2015-03-31/functions/")
        .and_then(|rest| rest.strip_suffix("/invocations"));
    let (&Method::POST, Some(function)) = (request.method(), function) else {
        let status = match function {
            Some(_) => StatusCode::METHOD_NOT_ALLOWED,
            None => StatusCode::NOT_FOUND,
        };
        let message = format!(
            "there is no {} {path}, only POST /2015-03-31/functions/NAME/invocations",
            request.method()
        );
        return Err(Problem(status, "UnknownOperationException", message));
    };
    let name = function_name(function);
    match request.headers().get("x-amz-invocation-type") {
        Some(kind) if kind == "DryRun" => {
            event(request, LARGEST_PAYLOAD).await?;
            Ok(http::reply(StatusCode::NO_CONTENT, Bytes::new()))
        }
        Some(kind) if kind == "Event" => {
            let event = event(request, LARGEST_ASYNCHRONOUS).await?;
            invoke_later(functions, name, event)
        }
        _ => {
            let event = event(request, LARGEST_PAYLOAD).await?;
            invoke(&*functions, &name, event).await
        }
    }
}

/// The event in a request, byte for byte.
async fn event(request: Request<Incoming>, most: usize) -> Result<Bytes, Problem> {
    let not_json = |problem: &dyn Display| {
        let message = format!("Could not parse request body into json: {problem}");
        Problem(StatusCode::BAD_REQUEST, "InvalidRequestContentException", message)
    };
    let body = read_body(request, most).await.map_err(|error| match error {
        BodyError::TooLarge => {
            let message = format!(
                "Request must be smaller than {most} bytes for the InvokeFunction operation"
            );
            Problem(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", message)
        }
        BodyError::Incomplete(problem) => not_json(&problem),
    })?;
    if body.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    let text = str::from_utf8(&body).map_err(|error| not_json(&error))?;
    let read = serde_json::from_str::<IgnoredAny>(text);
    read.map_err(|error| not_json(&error))?;
    Ok(body)
}

fn invoke_later<F: Functions>(
    functions: Arc<F>,
    name: String,
    event: Bytes,
) -> Result<Reply, Problem> {
    let place = functions.pool().queue();
    let place = place.ok_or_else(|| too_many("too many asynchronous events wait"))?;
    tokio::spawn(async move {
        if let Some(turn) = place.turn().await {
            // An asynchronous event has no answer.
            let _ = functions.invoke(turn, &name, event).await;
        }
    });
    Ok(http::reply(StatusCode::ACCEPTED, Bytes::new()))
}

async fn invoke(functions: &impl Functions, name: &str, event: Bytes) -> Result<Reply, Problem> {
    let turn = functions.pool().turn();
    let turn = turn.ok_or_else(|| too_many("too many functions run at once"))?;
    match functions.invoke(turn, name, event).await {
        Ok(run) => Ok(payload(run)),
        Err(InvokeError::Unknown) => {
            let message = format!("Function not found: {name}");
            Err(Problem(StatusCode::NOT_FOUND, "ResourceNotFoundException", message))
        }
        Err(InvokeError::Broken(problem)) => {
            Err(Problem(StatusCode::INTERNAL_SERVER_ERROR, "ServiceException", problem))
        }
    }
}

/// SDKs retry after this.
fn too_many(what: &str) -> Problem {
    let message = format!("Rate Exceeded: {what}, wait until some have answered");
    Problem(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", message)
}

fn payload(run: Run) -> Reply {
    let (text, is_error) = match run.answer {
        Answer::Returned(text) => (text, false),
        Answer::Failed { error_type, message } => {
            let error = json!({ "errorType": error_type, "errorMessage": message });
            (error.to_string(), true)
        }
        Answer::TooLate => (String::new(), true),
    };
    let mut reply = http::reply(StatusCode::OK, text.into());
    set(&mut reply, "x-amz-executed-version", "$LATEST");
    if is_error {
        set(&mut reply, "x-amz-function-error", "Unhandled");
    }
    reply
}

/// The function's name in a name, ARN or partial ARN, with or without a version.
fn function_name(function: &str) -> String {
    let decoded = function.replace("%3A", ":").replace("%3a", ":");
    let name = decoded.rsplit_once("function:").map_or(decoded.as_str(), |(_, name)| name);
    name.split(':').next().unwrap_or_default().to_owned()
}
