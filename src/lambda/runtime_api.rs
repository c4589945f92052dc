//! The Lambda Runtime API for one execution environment, on loopback.
//!
//! To answer an event, a program must know its ID, which cannot be guessed. The protocol has no
//! other secret: a program on this machine that finds the port can get an event before the handler
//! does.
//!
//! Source: "Using the Lambda runtime API for custom runtimes" of the AWS Lambda developer guide.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::body::{Bytes, Incoming};
use hyper::header::InvalidHeaderValue;
use hyper::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::http::{self, BodyError, Bounds, Problem, Reply, read_body};

/// The largest event or response of Lambda, in bytes.
pub const LARGEST_PAYLOAD: usize = 6_291_556;

const PREFIX: &str = "/2018-06-01/runtime/";

/// A handler has one connection, and a few more if it fails while it waits for an event. Each
/// request has its own, so that none is closed as idle just when the handler answers.
const BOUNDS: Bounds =
    Bounds { connections: 8, head_within: Duration::from_secs(10), keep_alive: false };

/// An event on its way to the handler.
#[derive(Debug)]
pub struct Invocation {
    /// The request ID, which the answer must have.
    pub id: String,
    /// When Lambda stops the handler, in milliseconds since 1970.
    pub deadline: u128,
    pub arn: String,
    /// The trace header of AWS X-Ray.
    pub trace: String,
    pub payload: Bytes,
    pub answer: oneshot::Sender<RuntimeAnswer>,
}

/// A handler's answer to an event.
#[derive(Debug)]
pub enum RuntimeAnswer {
    Response(Bytes),
    /// A response that is too large for Lambda.
    TooLarge,
    Error(Failure),
}

/// The error of a handler, as the runtime reports it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Failure {
    pub error_type: String,
    pub error_message: String,
}

struct Api {
    invocations: tokio::sync::Mutex<mpsc::Receiver<Invocation>>,
    /// Sent once, when the handler asks for its first event or has failed before.
    started: Mutex<Option<oneshot::Sender<Result<(), Failure>>>>,
    /// The ID of the current event, and the receiver of the answer.
    current: Mutex<Option<(String, oneshot::Sender<RuntimeAnswer>)>>,
}

/// Serves the API until the task is cancelled.
pub async fn serve(
    listener: TcpListener,
    invocations: mpsc::Receiver<Invocation>,
    started: oneshot::Sender<Result<(), Failure>>,
    tell: impl Fn(&io::Error),
) {
    let api = Api {
        invocations: tokio::sync::Mutex::new(invocations),
        started: Mutex::new(Some(started)),
        current: Mutex::default(),
    };
    http::serve(listener, BOUNDS, Arc::new(api), answer, refuse, tell).await;
}

fn refuse(Problem(status, kind, message): Problem) -> Reply {
    http::json(status, &json!({ "errorType": kind, "errorMessage": message }))
}

async fn answer(api: Arc<Api>, request: Request<Incoming>) -> Result<Reply, Problem> {
    let path = request.uri().path().to_owned();
    let route = path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<_> = route.split('/').collect();
    match (request.method(), parts.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(&api).await,
        (&Method::POST, ["invocation", id, "response"]) => {
            answered(&api, id, request, response).await
        }
        (&Method::POST, ["invocation", id, "error"]) => answered(&api, id, request, error).await,
        (&Method::POST, ["init", "error"]) => {
            let body = read_body(request, LARGEST_PAYLOAD).await;
            api.start(Err(failure(&body.unwrap_or_default())));
            Ok(accepted())
        }
        _ => {
            let message = format!("there is no {} {path}", request.method());
            Err(Problem(StatusCode::NOT_FOUND, "NotFound", message))
        }
    }
}

async fn next(api: &Api) -> Result<Reply, Problem> {
    api.start(Ok(()));
    let Some(invocation) = api.invocations.lock().await.recv().await else {
        return Err(Problem(StatusCode::GONE, "Gone", "there are no more events".to_owned()));
    };
    let mut reply = http::reply(StatusCode::OK, invocation.payload);
    for (name, value) in [
        ("lambda-runtime-aws-request-id", invocation.id.clone()),
        ("lambda-runtime-deadline-ms", invocation.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", invocation.arn),
        ("lambda-runtime-trace-id", invocation.trace),
    ] {
        let value = value.try_into().map_err(|error: InvalidHeaderValue| {
            Problem(StatusCode::INTERNAL_SERVER_ERROR, "Internal", error.to_string())
        })?;
        reply.headers_mut().insert(name, value);
    }
    *api.current() = Some((invocation.id, invocation.answer));
    Ok(reply)
}

/// Accepts the answer to the current event, once.
async fn answered(
    api: &Api,
    id: &str,
    request: Request<Incoming>,
    read: fn(Result<Bytes, BodyError>) -> Result<RuntimeAnswer, String>,
) -> Result<Reply, Problem> {
    let unknown_id = || {
        let message = format!("no event {id} is being worked on");
        Problem(StatusCode::BAD_REQUEST, "InvalidRequestID", message)
    };
    let is_current = |current: &mut (String, oneshot::Sender<RuntimeAnswer>)| current.0 == id;
    if !api.current().as_mut().is_some_and(is_current) {
        return Err(unknown_id());
    }
    let body = read_body(request, LARGEST_PAYLOAD).await;
    let answer =
        read(body).map_err(|problem| Problem(StatusCode::BAD_REQUEST, "BadRequest", problem))?;
    let current = api.current().take_if(is_current);
    let (_, waiting) = current.ok_or_else(unknown_id)?;
    let is_too_large = matches!(answer, RuntimeAnswer::TooLarge);
    // The receiver is gone if the environment is being stopped.
    let _ = waiting.send(answer);
    if is_too_large {
        let message = format!("a response has at most {LARGEST_PAYLOAD} bytes");
        return Err(Problem(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message));
    }
    Ok(accepted())
}

fn response(body: Result<Bytes, BodyError>) -> Result<RuntimeAnswer, String> {
    match body {
        Ok(body) => Ok(RuntimeAnswer::Response(body)),
        Err(BodyError::TooLarge) => Ok(RuntimeAnswer::TooLarge),
        Err(BodyError::Incomplete(problem)) => Err(problem),
    }
}

/// An error counts even if its body cannot be read.
fn error(body: Result<Bytes, BodyError>) -> Result<RuntimeAnswer, String> {
    Ok(RuntimeAnswer::Error(failure(&body.unwrap_or_default())))
}

fn failure(body: &[u8]) -> Failure {
    serde_json::from_slice(body).unwrap_or_default()
}

fn accepted() -> Reply {
    http::json(StatusCode::ACCEPTED, &json!({ "status": "OK" }))
}

impl Api {
    fn start(&self, how: Result<(), Failure>) {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(started) = started.take() {
            let _ = started.send(how);
        }
    }

    fn current(&self) -> MutexGuard<'_, Option<(String, oneshot::Sender<RuntimeAnswer>)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
