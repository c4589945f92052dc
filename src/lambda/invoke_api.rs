//! The Invoke API of AWS Lambda on loopback, as the AWS SDKs call it.
//!
//! Source: `Invoke` in the AWS Lambda API reference, and "Lambda quotas" of the developer guide.

use std::io;
use std::sync::Arc;

use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, HeaderName};
use hyper::{Method, Request, StatusCode};
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::net::TcpListener;

use super::environment::Run;
use super::http::{self, BodyError, Bounds, Reply, read_body, refusal_of_web_page, set};
use super::pool::{Pool, Turn};
use super::runtime_api::LARGEST_PAYLOAD;
use crate::cognito::Answer;

/// The most bytes that an asynchronous event may have.
const LARGEST_ASYNCHRONOUS: usize = 1024 * 1024;

/// What can be invoked.
pub trait Functions: Send + Sync + 'static {
    /// Where events wait for their turn.
    fn pool(&self) -> &Pool;

    /// Runs an event, which is JSON, on the function called `name`.
    fn invoke(
        &self,
        turn: Turn,
        name: &str,
        event: Bytes,
    ) -> impl Future<Output = Result<Run, Refusal>> + Send;
}

/// Why a function did not get an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such function.
    Unknown,
    /// It could not be built or started.
    Broken(String),
}

/// Serves the functions until the task is ended.
pub async fn serve<F: Functions>(
    listener: TcpListener,
    bounds: Bounds,
    functions: Arc<F>,
    tell: impl Fn(&io::Error),
) {
    http::serve(listener, bounds, functions, respond, tell).await;
}

async fn respond<F: Functions>(functions: Arc<F>, request: Request<Incoming>) -> Reply {
    if let Some(why) = refusal_of_web_page(&request) {
        return refusal(StatusCode::FORBIDDEN, "AccessDeniedException", &why);
    }
    let path = request.uri().path();
    let function = path
        .strip_prefix("/2015-03-31/functions/")
        .and_then(|rest| rest.strip_suffix("/invocations"));
    let message = format!(
        "there is no {} {path}, only POST /2015-03-31/functions/NAME/invocations",
        request.method()
    );
    let kind = "UnknownOperationException";
    let Some(function) = function else {
        return refusal(StatusCode::NOT_FOUND, kind, &message);
    };
    if request.method() != Method::POST {
        let mut reply = refusal(StatusCode::METHOD_NOT_ALLOWED, kind, &message);
        set(reply.headers_mut(), ALLOW, "POST");
        return reply;
    }
    let name = function_name(function);
    let kind = request.headers().get("x-amz-invocation-type");
    let kind = kind.and_then(|kind| kind.to_str().ok());
    match kind.unwrap_or("RequestResponse").to_owned().as_str() {
        "DryRun" => event(request, LARGEST_PAYLOAD)
            .await
            .map(|_| http::reply(StatusCode::NO_CONTENT, Bytes::new())),
        "Event" => event(request, LARGEST_ASYNCHRONOUS)
            .await
            .and_then(|event| invoke_later(functions, name, event)),
        _ => match event(request, LARGEST_PAYLOAD).await {
            Ok(event) => invoke(&*functions, &name, event).await,
            Err(refusal) => Err(refusal),
        },
    }
    .unwrap_or_else(|refusal| refusal)
}

/// The event in a request, as the bytes that came.
async fn event(request: Request<Incoming>, most: usize) -> Result<Bytes, Reply> {
    let body = read_body(request, most).await;
    let body = body.map_err(|error| match error {
        BodyError::TooLarge => {
            let message = format!(
                "Request must be smaller than {most} bytes for the InvokeFunction operation"
            );
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            refusal(status, "RequestTooLargeException", &message)
        }
        BodyError::Incomplete(problem) => not_json(&problem),
    })?;
    if body.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    let text = str::from_utf8(&body).map_err(|error| not_json(&error.to_string()))?;
    let read = serde_json::from_str::<IgnoredAny>(text);
    read.map_err(|error| not_json(&error.to_string()))?;
    Ok(body)
}

/// Puts the event into the queue.
fn invoke_later<F: Functions>(
    functions: Arc<F>,
    name: String,
    event: Bytes,
) -> Result<Reply, Reply> {
    let place = functions.pool().queue();
    let place = place.ok_or_else(|| too_many("too many asynchronous events wait"))?;
    tokio::spawn(async move {
        if let Some(turn) = place.turn().await {
            // The functions tell what they were not called for.
            let _ = functions.invoke(turn, &name, event).await;
        }
    });
    Ok(http::reply(StatusCode::ACCEPTED, Bytes::new()))
}

async fn invoke(functions: &impl Functions, name: &str, event: Bytes) -> Result<Reply, Reply> {
    let turn = functions.pool().turn();
    let turn = turn.ok_or_else(|| too_many("too many functions run at once"))?;
    match functions.invoke(turn, name, event).await {
        Ok(run) => Ok(payload(run)),
        Err(Refusal::Unknown) => {
            let message = format!("Function not found: {name}");
            let status = StatusCode::NOT_FOUND;
            Err(refusal(status, "ResourceNotFoundException", &message))
        }
        Err(Refusal::Broken(problem)) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Err(refusal(status, "ServiceException", &problem))
        }
    }
}

fn payload(run: Run) -> Reply {
    let (text, is_error) = match run.answer {
        Answer::Returned(text) => (text, false),
        Answer::Failed {
            error_type,
            message,
        } => {
            let error = json!({ "errorType": error_type, "errorMessage": message });
            (error.to_string(), true)
        }
        Answer::TooLate => (String::new(), true),
    };
    let mut reply = http::reply(StatusCode::OK, text.into());
    let header = HeaderName::from_static;
    set(
        reply.headers_mut(),
        header("x-amz-executed-version"),
        "$LATEST",
    );
    if is_error {
        set(
            reply.headers_mut(),
            header("x-amz-function-error"),
            "Unhandled",
        );
    }
    reply
}

/// The name in a name, an ARN or a part of one, with or without a version.
fn function_name(function: &str) -> String {
    let decoded = function.replace("%3A", ":").replace("%3a", ":");
    let name = decoded
        .rsplit_once("function:")
        .map_or(decoded.as_str(), |(_, name)| name);
    name.split(':').next().unwrap_or_default().to_owned()
}

fn not_json(problem: &str) -> Reply {
    let message = format!("Could not parse request body into json: {problem}");
    refusal(
        StatusCode::BAD_REQUEST,
        "InvalidRequestContentException",
        &message,
    )
}

/// SDKs try again by themselves.
fn too_many(what: &str) -> Reply {
    let message = format!("Rate Exceeded: {what}, wait until some have answered");
    refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "TooManyRequestsException",
        &message,
    )
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Reply {
    let mut reply = http::json(status, &json!({ "Type": "User", "Message": message }));
    set(
        reply.headers_mut(),
        HeaderName::from_static("x-amzn-errortype"),
        kind,
    );
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_called_by_name_or_arn() {
        for name in [
            "pre-sign-up",
            "pre-sign-up:live",
            "123456789012:function:pre-sign-up",
            "arn:aws:lambda:us-east-1:123456789012:function:pre-sign-up:1",
            "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Apre-sign-up",
        ] {
            assert_eq!(function_name(name), "pre-sign-up", "{name}");
        }
    }
}
