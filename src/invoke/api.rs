//! The Lambda Runtime API for one execution environment, on loopback.
//!
//! Source: "Using the Lambda runtime API for custom runtimes" of the AWS Lambda developer guide.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The most that Lambda takes as an event or as a response, in bytes.
pub const LARGEST_PAYLOAD: usize = 6_291_556;

const PREFIX: &str = "/2018-06-01/runtime/";

/// An event on its way to the handler.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The request id, which the handler's answer must name.
    pub id: String,
    /// When Lambda ends the handler, in milliseconds since 1970.
    pub deadline: u128,
    /// The ARN of the function.
    pub arn: String,
    /// The header of AWS X-Ray.
    pub trace: String,
    /// The event.
    pub payload: Bytes,
}

/// What the handler has said.
#[derive(Debug)]
pub enum Posted {
    /// It asks for an event: it is there.
    Asked,
    /// It has answered.
    Response(Bytes),
    /// It has answered with more than Lambda takes.
    TooLarge,
    /// It has failed, on an event or before the first one.
    Error(Failure),
}

/// The error of a handler, as the runtime reports it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Failure {
    /// The kind of error.
    pub error_type: String,
    /// Its text.
    pub error_message: String,
}

/// What the routes share.
struct Api {
    invocations: tokio::sync::Mutex<mpsc::Receiver<Invocation>>,
    posted: mpsc::UnboundedSender<Posted>,
    /// The id of the event that the handler works on.
    current: Mutex<Option<String>>,
}

/// Serves the API until the task is ended.
pub async fn serve(
    listener: TcpListener,
    invocations: mpsc::Receiver<Invocation>,
    posted: mpsc::UnboundedSender<Posted>,
) {
    let api = Arc::new(Api {
        invocations: tokio::sync::Mutex::new(invocations),
        posted,
        current: Mutex::new(None),
    });
    while let Ok((stream, _)) = listener.accept().await {
        let api = Arc::clone(&api);
        let service = service_fn(move |request| {
            let api = Arc::clone(&api);
            async move { Ok::<_, Infallible>(respond(&api, request).await) }
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn respond(api: &Api, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let parts: Vec<_> = path
        .strip_prefix(PREFIX)
        .unwrap_or_default()
        .split('/')
        .collect();
    match (request.method(), parts.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(api).await,
        (&Method::POST, ["invocation", id, "response"]) => answered(api, id, request).await,
        (&Method::POST, ["invocation", id, "error"]) => {
            if !api.finish(id) {
                return unknown_id(id);
            }
            failed(api, request).await
        }
        (&Method::POST, ["init", "error"]) => failed(api, request).await,
        _ => refusal(
            StatusCode::NOT_FOUND,
            "NotFound",
            &format!("there is no {path}"),
        ),
    }
}

/// Waits for the next event.
async fn next(api: &Api) -> Response<Full<Bytes>> {
    api.post(Posted::Asked);
    let Some(invocation) = api.invocations.lock().await.recv().await else {
        return refusal(StatusCode::GONE, "Gone", "there are no more events");
    };
    api.start(&invocation.id);
    let response = Response::builder()
        .header("Content-Type", "application/json")
        .header("Lambda-Runtime-Aws-Request-Id", invocation.id)
        .header(
            "Lambda-Runtime-Deadline-Ms",
            invocation.deadline.to_string(),
        )
        .header("Lambda-Runtime-Invoked-Function-Arn", invocation.arn)
        .header("Lambda-Runtime-Trace-Id", invocation.trace)
        .body(Full::new(invocation.payload));
    response.unwrap_or_else(|error| {
        refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal",
            &error.to_string(),
        )
    })
}

async fn answered(api: &Api, id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if !api.finish(id) {
        return unknown_id(id);
    }
    match Limited::new(request.into_body(), LARGEST_PAYLOAD)
        .collect()
        .await
    {
        Ok(body) => {
            api.post(Posted::Response(body.to_bytes()));
            accepted()
        }
        Err(error) if error.is::<LengthLimitError>() => {
            api.post(Posted::TooLarge);
            let message = format!("a response has at most {LARGEST_PAYLOAD} bytes");
            refusal(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                &message,
            )
        }
        Err(error) => refusal(StatusCode::BAD_REQUEST, "BadRequest", &error.to_string()),
    }
}

async fn failed(api: &Api, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let body = Limited::new(request.into_body(), LARGEST_PAYLOAD)
        .collect()
        .await;
    let failure = body
        .ok()
        .and_then(|body| serde_json::from_slice(&body.to_bytes()).ok());
    api.post(Posted::Error(failure.unwrap_or_default()));
    accepted()
}

impl Api {
    fn post(&self, posted: Posted) {
        // Nobody listens once the environment is on its way out.
        let _ = self.posted.send(posted);
    }

    fn start(&self, id: &str) {
        *self.current() = Some(id.to_owned());
    }

    /// Ends the work on the event `id`; `false` when the handler does not work on it.
    fn finish(&self, id: &str) -> bool {
        let mut current = self.current();
        let is_current = current.as_deref() == Some(id);
        if is_current {
            *current = None;
        }
        is_current
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accepted() -> Response<Full<Bytes>> {
    with_status(StatusCode::ACCEPTED, r#"{"status":"OK"}"#.to_owned())
}

fn unknown_id(id: &str) -> Response<Full<Bytes>> {
    let message = format!("no event {id} is being worked on");
    refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", &message)
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response<Full<Bytes>> {
    let body = serde_json::json!({ "errorType": kind, "errorMessage": message });
    with_status(status, body.to_string())
}

fn with_status(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
}
