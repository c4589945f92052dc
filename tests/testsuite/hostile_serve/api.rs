//! The Invoke API by itself, in front of functions that need no handler.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cargo_amplify::cognito::Answer;
use cargo_amplify::lambda::{self, Bounds, Functions, InvokeError, Limits, Pool, Run, Turn};
use hyper::body::Bytes;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

tests![
    web_pages_cannot_call_functions,
    what_is_too_large_or_too_much_is_refused,
    half_sent_requests_are_closed,
];

/// A function that answers with its event, and one that never does.
struct Stub(Pool);

impl Functions for Stub {
    fn pool(&self) -> &Pool {
        &self.0
    }

    async fn invoke(&self, _turn: Turn, name: &str, event: Bytes) -> Result<Run, InvokeError> {
        match name {
            "echo" => Ok(Run {
                answer: Answer::Returned(String::from_utf8_lossy(&event).into_owned()),
                start: None,
                handler: None,
                is_healthy: true,
            }),
            "hang" => std::future::pending().await,
            _ => Err(InvokeError::Unknown),
        }
    }
}

/// The Invoke API for the stub. It is stopped when this is dropped.
struct Api {
    address: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Api {
    fn start(bounds: Bounds, limits: Limits) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            runtime().block_on(async {
                let (listener, port) = lambda::listen(0).await.expect("a free port");
                tell.send(port).expect("heard");
                let stub = Arc::new(Stub(Pool::new(limits)));
                tokio::select! {
                    () = lambda::serve(listener, bounds, stub, |error| panic!("{error}")) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address: format!("127.0.0.1:{}", told.recv().expect("it listens")),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).expect("it listens")
    }

    /// Sends a request and returns the whole answer.
    fn send(&self, head: &str, body: &[u8]) -> String {
        let mut stream = self.connect();
        let length = body.len();
        let head = format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        // It may answer and close the connection before it has read everything.
        let _ = stream.write_all(body);
        read(&mut stream)
    }

    fn invoke(&self, function: &str, headers: &str, body: &[u8]) -> String {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}");
        self.send(&head, body)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

fn read(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let long = Some(Duration::from_secs(20));
    stream.set_read_timeout(long).expect("a timeout");
    if let Err(error) = stream.read_to_end(&mut text) {
        // A reset is fine too.
        let is_open = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        assert!(!is_open, "the connection stays open");
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

pub const ASYNCHRONOUS: &str = "X-Amz-Invocation-Type: Event\r\n";

fn web_pages_cannot_call_functions() {
    let api = Api::start(Bounds::default(), Limits::default());
    let path = "/2015-03-31/functions/echo/invocations";
    let own = format!("Host: {}\r\n", api.address);
    let call = |headers: &str| {
        let answer = api.send(&format!("POST {path} HTTP/1.1\r\n{headers}"), b"{}");
        assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
        answer
    };
    for headers in [
        "",
        "Host: evil.example\r\n",
        "Host: 127.0.0.1.evil.example:9000\r\n",
        "Host: localhost:80@evil.example\r\n",
        "Host: 0.0.0.0:9000\r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
    ] {
        let answer = call(headers);
        assert_eq!(status(&answer), "403", "{headers}: {answer}");
        assert!(answer.contains("use 127.0.0.1 or localhost"), "{answer}");
    }
    for header in [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:3000",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Content-Type: text/plain\r\nOrigin: https://evil.example",
    ] {
        let answer = call(&format!("{own}{header}\r\n"));
        assert_eq!(status(&answer), "403", "{header}: {answer}");
        assert!(answer.contains("AccessDeniedException"), "{answer}");
        assert!(answer.contains("call them from a program"), "{answer}");
    }
    let absolute = format!("POST http://evil.example{path} HTTP/1.1\r\n{own}");
    assert_eq!(status(&api.send(&absolute, b"{}")), "403");

    let signed = "Authorization: AWS4-HMAC-SHA256 Credential=local\r\n";
    for headers in [
        own.clone(),
        format!("{own}{signed}"),
        format!("{own}Sec-Fetch-Site: none\r\n"),
        format!("{own}Origin: http://{}\r\n", api.address),
        "Host: LocalHost\r\n".to_owned(),
        "Host: [::1]:9000\r\n".to_owned(),
    ] {
        assert_eq!(status(&call(&headers)), "200", "{headers}");
    }
    let method = |method: &str, path: &str| {
        let answer = api.send(&format!("{method} {path} HTTP/1.1\r\n{own}"), b"");
        status(&answer).to_owned()
    };
    for other in ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"] {
        assert_eq!(method(other, path), "405", "{other}");
        assert_eq!(method(other, "/"), "404", "{other}");
    }
}

fn what_is_too_large_or_too_much_is_refused() {
    let limits = Limits { environments: 2, queued: 1, ..Limits::default() };
    let api = Api::start(Bounds::default(), limits);
    let text = |length: usize| format!("\"{}\"", "x".repeat(length - 2)).into_bytes();
    let large = text(1024 * 1024 + 1);
    assert_eq!(status(&api.invoke("echo", "", &large)), "200");
    let answer = api.invoke("echo", ASYNCHRONOUS, &large);
    assert_eq!(status(&answer), "413", "{answer}");
    let answer = api.invoke("echo", ASYNCHRONOUS, &large[1..]);
    assert_eq!(status(&answer), "400", "{answer}");
    assert_eq!(status(&api.invoke("echo", "", &text(6_291_557))), "413");
    let header = format!("X-Large: {}\r\n", "x".repeat(100_000));
    assert_eq!(status(&api.invoke("echo", &header, b"{}")), "431");
    for wrong in [&b"\"\xff\""[..], b"{}{}", b"[1,]", b"{\"a\":"] {
        assert_eq!(status(&api.invoke("echo", "", wrong)), "400");
    }

    // Two run, one waits, and there is no place for another.
    for _ in 0..3 {
        assert_eq!(status(&api.invoke("hang", ASYNCHRONOUS, b"{}")), "202");
    }
    for headers in [ASYNCHRONOUS, ""] {
        let answer = api.invoke("echo", headers, b"{}");
        assert_eq!(status(&answer), "429", "{answer}");
        assert!(answer.contains("TooManyRequestsException"), "{answer}");
    }
    assert_eq!(status(&api.invoke("echo", "X-Amz-Invocation-Type: DryRun\r\n", b"{}")), "204");
}

fn half_sent_requests_are_closed() {
    let bounds =
        Bounds { connections: 2, head_within: Duration::from_millis(500), ..Bounds::default() };
    let api = Api::start(bounds, Limits::default());
    let mut silent = api.connect();
    let mut half = api.connect();
    half.write_all(b"POST /2015-03-31/functions/echo/inv").expect("sent");
    // It waits until there is room.
    let answer = api.invoke("echo", "", b"[1]");
    assert_eq!(status(&answer), "200", "{answer}");
    for stream in [&mut silent, &mut half] {
        let answer = read(stream);
        assert!(!answer.contains("200 OK"), "{answer}");
    }
}
