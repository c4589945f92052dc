//! The Invoke API of AWS Lambda on loopback, as the AWS SDKs call it.
//!
//! Source: `Invoke` in the AWS Lambda API reference.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::api::LARGEST_PAYLOAD;
use super::environment::Run;
use super::fleet::{Fleet, Refusal};
use crate::cognito::Answer;
use crate::error::{Error, Result};

/// Listens on loopback; port 0 takes a free one.
///
/// # Errors
/// When the port is in use.
pub async fn listen(port: u16) -> Result<(TcpListener, u16)> {
    let failed = |error| {
        Error::failed(format!("cannot listen on 127.0.0.1:{port}"))
            .with_source(error)
            .hint("choose another port with `--port`; `--port 0` takes a free one")
    };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address.port()))
}

/// Serves the functions until the task is ended.
pub async fn serve(listener: TcpListener, fleet: Arc<Fleet>) {
    while let Ok((stream, _)) = listener.accept().await {
        let fleet = Arc::clone(&fleet);
        let service = service_fn(move |request| {
            let fleet = Arc::clone(&fleet);
            async move { Ok::<_, Infallible>(respond(&fleet, request).await) }
        });
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond(fleet: &Arc<Fleet>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let function = path
        .strip_prefix("/2015-03-31/functions/")
        .and_then(|rest| rest.strip_suffix("/invocations"));
    let (&Method::POST, Some(function)) = (request.method(), function) else {
        let message = format!(
            "there is no {} {path}, only POST /2015-03-31/functions/NAME/invocations",
            request.method()
        );
        return refusal(StatusCode::NOT_FOUND, "UnknownOperationException", &message);
    };
    let name = function_name(function);
    let kind = request.headers().get("X-Amz-Invocation-Type");
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("RequestResponse")
        .to_owned();
    let Ok(body) = Limited::new(request.into_body(), LARGEST_PAYLOAD)
        .collect()
        .await
    else {
        let message = format!(
            "Request must be smaller than {LARGEST_PAYLOAD} bytes for the InvokeFunction operation"
        );
        return refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestTooLargeException",
            &message,
        );
    };
    let body = body.to_bytes();
    let event = match serde_json::from_slice(if body.is_empty() { b"{}" } else { &body }) {
        Ok(event) => event,
        Err(error) => {
            let message = format!("Could not parse request body into json: {error}");
            return refusal(
                StatusCode::BAD_REQUEST,
                "InvalidRequestContentException",
                &message,
            );
        }
    };
    match kind.as_str() {
        "DryRun" => with_status(StatusCode::NO_CONTENT, String::new()),
        "Event" => {
            let fleet = Arc::clone(fleet);
            tokio::spawn(async move { invoke(&fleet, &name, event).await });
            with_status(StatusCode::ACCEPTED, String::new())
        }
        _ => invoke(fleet, &name, event).await,
    }
}

async fn invoke(fleet: &Fleet, name: &str, event: Value) -> Response<Full<Bytes>> {
    match fleet.invoke(name, event).await {
        Ok(run) => payload(&run),
        Err(Refusal::Unknown) => {
            let message = format!("Function not found: {name}");
            refusal(StatusCode::NOT_FOUND, "ResourceNotFoundException", &message)
        }
        Err(Refusal::Broken(problem)) => refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ServiceException",
            &problem,
        ),
    }
}

fn payload(run: &Run) -> Response<Full<Bytes>> {
    let (text, is_error) = match &run.answer {
        Answer::Returned(text) => (text.clone(), false),
        Answer::Failed {
            error_type,
            message,
        } => {
            let error = json!({ "errorType": error_type, "errorMessage": message });
            (error.to_string(), true)
        }
        Answer::TooLate => (String::new(), true),
    };
    let mut response = with_status(StatusCode::OK, text);
    let headers = response.headers_mut();
    headers.insert(
        "X-Amz-Executed-Version",
        hyper::header::HeaderValue::from_static("$LATEST"),
    );
    if is_error {
        headers.insert(
            "X-Amz-Function-Error",
            hyper::header::HeaderValue::from_static("Unhandled"),
        );
    }
    response
}

/// The name in a name, an ARN or a part of one, with or without a version.
fn function_name(function: &str) -> String {
    let decoded = function.replace("%3A", ":").replace("%3a", ":");
    let name = decoded
        .rsplit_once("function:")
        .map_or(decoded.as_str(), |(_, name)| name);
    name.split(':').next().unwrap_or_default().to_owned()
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Response<Full<Bytes>> {
    let mut response = with_status(
        status,
        json!({ "Type": "User", "Message": message }).to_string(),
    );
    let headers = response.headers_mut();
    headers.insert(
        "X-Amzn-ErrorType",
        hyper::header::HeaderValue::from_static(kind),
    );
    response
}

fn with_status(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        "Content-Type",
        hyper::header::HeaderValue::from_static("application/json"),
    );
    response
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
