//! The Lambda Runtime API on loopback, as far as one handler needs it.
//!
//! The real one is described in the AWS Lambda developer guide, "Using the Lambda runtime API".

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What a handler made of an event.
#[derive(Debug, PartialEq)]
pub enum Reply {
    /// It posted a response.
    Response(Value),
    /// It posted an error, which Cognito shows to the user.
    Error(Value),
}

/// A running handler. It is stopped when this is dropped.
pub struct Handler {
    process: Child,
    events: Sender<String>,
    replies: Receiver<Reply>,
}

impl Handler {
    /// Starts the handler at `binary`.
    pub fn start(binary: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (events, waiting) = channel();
        let (answered, replies) = channel();
        thread::spawn(move || {
            for (index, connection) in listener.incoming().flatten().enumerate() {
                // The handler asks on one connection; a second one would steal its events.
                assert_eq!(index, 0, "the handler opened another connection");
                serve(&connection, &waiting, &answered);
            }
        });
        let process = Command::new(binary)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "function")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
            .stderr(Stdio::null())
            .spawn()
            .expect("the handler starts");
        Self {
            process,
            events,
            replies,
        }
    }

    /// Sends an event and waits for the reply.
    pub fn invoke(&self, event: &str) -> Reply {
        self.events.send(event.to_owned()).expect("the server runs");
        match self.replies.recv_timeout(Duration::from_secs(20)) {
            Ok(reply) => reply,
            Err(RecvTimeoutError::Timeout) => panic!("the handler does not answer"),
            Err(RecvTimeoutError::Disconnected) => panic!("the handler went away"),
        }
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(connection: &TcpStream, events: &Receiver<String>, replies: &Sender<Reply>) {
    let mut writer = connection;
    let mut reader = BufReader::new(connection);
    while let Some((target, body)) = read_request(&mut reader) {
        let (_, action) = target.rsplit_once('/').expect("a path");
        let answer = match action {
            "next" => {
                let Ok(event) = events.recv() else { return };
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                     Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                     Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
                     Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:function\r\n\
                     Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n\
                     Content-Length: {}\r\n\r\n{event}",
                    event.len()
                )
            }
            "response" | "error" => {
                let body = serde_json::from_slice(&body).expect("JSON");
                let reply = match action {
                    "error" => Reply::Error(body),
                    _ => Reply::Response(body),
                };
                if replies.send(reply).is_err() {
                    return;
                }
                "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".to_owned()
            }
            _ => panic!("no such route: {target}"),
        };
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The target and the body of the next request; `None` when the handler hung up.
fn read_request(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().expect("a length");
            }
            Some((name, _)) => assert!(
                !name.eq_ignore_ascii_case("transfer-encoding"),
                "this server takes no chunks"
            ),
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((target, body))
}
