//! An HTTP/1.1 server on loopback for programs on this machine, but not for web pages.

use std::convert::Infallible;
use std::io;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::error::{Error, Result};

/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;

/// How long the body of a request may take.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// How long the server pauses when it cannot accept a connection.
const REST: Duration = Duration::from_millis(100);

pub type Reply = Response<Full<Bytes>>;

/// Why a request failed: a status, the API's name of the error, and a message.
pub struct Problem(pub StatusCode, pub &'static str, pub String);

/// The limits of a server.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most open connections, below the systems' limits for open files; others wait.
    pub connections: usize,
    /// How long the head of a request may take.
    pub head_within: Duration,
    /// Whether a connection accepts more than one request.
    pub keep_alive: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 64, head_within: Duration::from_secs(30), keep_alive: true }
    }
}

/// Listens on loopback; for port 0, on a free port.
///
/// # Errors
/// When the port is in use.
pub async fn listen(port: u16) -> Result<(TcpListener, u16)> {
    let failed = |error| {
        let failed = Error::failed(format!("cannot listen on 127.0.0.1:{port}")).with_source(error);
        match port {
            0 => failed,
            _ => failed.hint("choose another port with `--port`; `--port 0` takes a free one"),
        }
    };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address.port()))
}

/// Serves programs, but no web pages, until the task is cancelled. `respond` answers, and `refuse`
/// turns a problem into the API's form. The first error of accepting a connection is reported to
/// `tell`.
pub async fn serve<S, F>(
    listener: TcpListener,
    bounds: Bounds,
    state: Arc<S>,
    respond: fn(Arc<S>, Request<Incoming>) -> F,
    refuse: fn(Problem) -> Reply,
    tell: impl Fn(&io::Error),
) where
    S: Send + Sync + 'static,
    F: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .keep_alive(bounds.keep_alive)
        .header_read_timeout(bounds.head_within)
        .max_header_size(LARGEST_HEAD);
    let slots = Arc::new(Semaphore::new(bounds.connections));
    let mut is_told = false;
    loop {
        let slot = Arc::clone(&slots).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                let service = service_fn(move |request| {
                    let state = Arc::clone(&state);
                    async move {
                        let reply = match check_origin(&request) {
                            Ok(()) => respond(state, request).await,
                            Err(problem) => Err(problem),
                        };
                        Ok::<_, Infallible>(reply.unwrap_or_else(refuse))
                    }
                });
                let connection = http.serve_connection(TokioIo::new(stream), service);
                tokio::spawn(async move {
                    // A client that disconnects does not matter to others.
                    let _ = connection.await;
                    drop(slot);
                });
            }
            Err(error) => {
                if !mem::replace(&mut is_told, true) {
                    tell(&error);
                }
                sleep(REST).await;
            }
        }
    }
}

/// Checks that a request is from a program and for this server.
///
/// A web page can make a browser send requests to loopback, through a domain name that resolves to
/// it or across origins. Browsers report this in headers that pages cannot change.
fn check_origin(request: &Request<Incoming>) -> Result<(), Problem> {
    let denied = |why| Err(Problem(StatusCode::FORBIDDEN, "AccessDeniedException", why));
    let headers = request.headers();
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let target = request.uri().authority().map(|target| target.as_str());
    let own = host.filter(|host| is_loopback(host) && hosts.next().is_none());
    let Some(own) = own.filter(|_| target.is_none_or(is_loopback)) else {
        let host = target.or(host).unwrap_or_default();
        return denied(format!(
            "the host `{host}` is not this machine: use 127.0.0.1 or localhost in the endpoint URL"
        ));
    };
    let foreign = |name: &str, own: &[&str]| {
        let mut values = headers.get_all(name).iter();
        values.find(|value| !own.iter().any(|own| *value == own))
    };
    let foreign = foreign("origin", &[&format!("http://{own}")])
        .or_else(|| foreign("sec-fetch-site", &["none", "same-origin"]));
    let Some(origin) = foreign.map(|origin| String::from_utf8_lossy(origin.as_bytes())) else {
        return Ok(());
    };
    denied(format!(
        "a web page must not call functions (`{origin}`): call them from a program, such as one \
        with an AWS SDK"
    ))
}

/// Whether `HOST` or `HOST:PORT` is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host.eq_ignore_ascii_case(name))
}

/// Why a body was not read.
#[derive(Debug)]
pub enum BodyError {
    TooLarge,
    /// The connection failed, or it took too long.
    Incomplete(String),
}

/// The body of a request, with at most `most` bytes.
pub async fn read_body(request: Request<Incoming>, most: usize) -> Result<Bytes, BodyError> {
    let body = Limited::new(request.into_body(), most);
    match timeout(BODY_WITHIN, body.collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(error)) => Err(BodyError::Incomplete(error.to_string())),
        Err(late) => Err(BodyError::Incomplete(late.to_string())),
    }
}

pub fn json(status: StatusCode, value: &Value) -> Reply {
    reply(status, value.to_string().into())
}

/// A reply whose body is JSON.
pub fn reply(status: StatusCode, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    set(&mut reply, "content-type", "application/json");
    reply
}

pub fn set(reply: &mut Reply, name: &'static str, value: &'static str) {
    let headers = reply.headers_mut();
    headers.insert(name, HeaderValue::from_static(value));
}
