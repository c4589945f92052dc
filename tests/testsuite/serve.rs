//! `serve`: the Invoke API of AWS Lambda in front of the scripted handler.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};

use crate::invoke::with_blank_in_scope;
use crate::scripted::{Scripted, sign_up, wait_until};
use crate::support::{program, succeed};

tests![
    functions_are_invoked_as_in_lambda,
    events_at_once_have_an_environment_each,
    a_changed_source_is_built_before_the_next_event,
    a_changed_dependency_is_built_before_the_next_event,
    a_port_in_use_is_told,
    a_rejected_reply_is_told_with_its_line,
    #[cfg(unix)]
    ctrl_c_ends_the_server_and_its_handlers,
];

/// A running server. It is stopped when this is dropped.
pub struct Server {
    pub process: Child,
    pub address: String,
}

impl Server {
    pub fn start(scripted: &Scripted) -> Self {
        Self::run(&mut serve(scripted, "0"))
    }

    pub fn run(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        let mut text = String::new();
        while !text.contains("http://") {
            assert!(output.read_line(&mut text).expect("readable") > 0, "it ended: {text}");
        }
        let (_, address) = text.split_once("http://").expect("an endpoint");
        let address = address.trim_end().trim_end_matches(['"', ',']).to_owned();
        Self { process, address }
    }

    pub fn invoke(&self, function: &str, headers: &str, body: &str) -> (String, String) {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        self.request("POST", &path, headers, body)
    }

    fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        let _ = stream.write_all(body.as_bytes());
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
        (head.to_lowercase(), body.to_owned())
    }

    /// The id of the process that answers.
    pub fn who(&self, script: &str) -> String {
        self.invoke("scripted", "", &json!({ "script": script }).to_string()).1
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn serve(scripted: &Scripted, port: &str) -> Command {
    let mut command = program();
    command
        .args(["serve", "-q", "--port", port])
        .current_dir(scripted.directory.path())
        .env("CARGO_TARGET_DIR", scripted.target());
    command
}

fn functions_are_invoked_as_in_lambda() {
    let scripted = Scripted::new();
    let server = Server::start(&scripted);
    let event = sign_up().to_string();
    for name in [
        "scripted",
        "scripted:live",
        "123456789012:function:scripted",
        "arn:aws:lambda:us-east-1:123456789012:function:scripted:1",
        "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Ascripted",
    ] {
        let (head, body) = server.invoke(name, "", &event);
        assert!(head.starts_with("http/1.1 200 "), "{head}");
        assert!(head.contains("x-amz-executed-version: $latest"), "{head}");
        assert!(!head.contains("x-amz-function-error"), "{head}");
        assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON"), sign_up());
    }
    for (script, error_type) in [
        ("exit", "Runtime.ExitError"),
        ("panic", "Runtime.ExitError"),
        ("environment", "environment"),
        ("big", "Function.ResponseSizeTooLarge"),
    ] {
        let (head, body) = server.invoke("scripted", "", &json!({ "script": script }).to_string());
        assert!(head.starts_with("http/1.1 200 "), "{head}");
        assert!(head.contains("x-amz-function-error: unhandled"), "{head}");
        let error: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(error["errorType"], error_type);
        assert!(error["errorMessage"].is_string(), "{error}");
    }
    for (function, headers, body, status, kind) in [
        ("nope", "", "{}", "404", "resourcenotfoundexception"),
        ("scripted", "", "{", "400", "invalidrequestcontentexception"),
        ("scripted", "X-Amz-Invocation-Type: Event\r\n", "{}", "202", ""),
        ("scripted", "X-Amz-Invocation-Type: DryRun\r\n", "{}", "204", ""),
        ("scripted", "", &"1".repeat(6_291_557), "413", "requesttoolargeexception"),
    ] {
        let (head, _) = server.invoke(function, headers, body);
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
        assert!(head.contains(kind), "{head}");
    }
    let (head, body) = server.request("GET", "/", "", "");
    assert!(
        head.starts_with("http/1.1 404 ") && body.contains("POST /2015-03-31/functions/"),
        "{body}"
    );
}

/// An environment answers one event after the other; events at once have one each.
fn events_at_once_have_an_environment_each() {
    let scripted = Scripted::new();
    let server = Server::start(&scripted);
    assert_eq!(server.who("who"), server.who("who"), "an idle environment is used again");
    let start = Instant::now();
    let mut answered: Vec<_> = thread::scope(|scope| {
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(|| server.who("slow"))).collect();
        calls.into_iter().map(|call| call.join().expect("answered")).collect()
    });
    assert!(start.elapsed().as_millis() < 1500, "{:?}", start.elapsed());
    answered.sort();
    answered.dedup();
    assert_eq!(answered.len(), 4);
}

fn a_changed_source_is_built_before_the_next_event() {
    let scripted = Scripted::new();
    let server = Server::start(&scripted);
    let first = server.who("who");
    let file = "amplify/auth/scripted/src/main.rs";
    let source = std::fs::read_to_string(scripted.directory.path().join(file)).expect("readable");
    let answer = r#"answer("response", process::id().to_string().as_bytes())"#;
    assert!(source.contains(answer));
    scripted.write(file, &source.replace(answer, r#"answer("response", b"\"changed\"")"#));
    assert_eq!(server.who("who"), "\"changed\"");
    let old = Command::new("kill").args(["-0", &first]).output().expect("kill");
    assert!(!old.status.success(), "the old handler is still there");

    scripted.write(file, "fn main() { broken }");
    let (head, body) = server.invoke("scripted", "", "{}");
    assert!(
        head.starts_with("http/1.1 500 ") && body.contains("`cargo build` failed"),
        "{head} {body}"
    );
    scripted.write(file, &source);
    assert_ne!(server.who("who"), "\"changed\"");
}

/// All sources of a function are watched, in any directory.
fn a_changed_dependency_is_built_before_the_next_event() {
    let scripted = Scripted::new();
    let sandbox = tempfile::tempdir().expect("a directory");
    let outside = sandbox.path().join("with a blank");
    let library = outside.join("src/lib.rs");
    fs::create_dir_all(outside.join("src")).expect("created");
    let say = |word: &str| {
        let code = format!("pub fn word() -> &'static str {{ include_str!(\"{word}\") }}");
        fs::write(&library, code).expect("written");
    };
    fs::write(outside.join("src/one"), "\"one\"").expect("written");
    fs::write(outside.join("src/two"), "\"two\"").expect("written");
    say("one");
    let manifest = "[package]\nname = \"word\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::write(outside.join("Cargo.toml"), manifest).expect("written");
    let directory = scripted.directory.path().join("amplify/auth/scripted");
    let mut manifest = fs::read_to_string(directory.join("Cargo.toml")).expect("readable");
    manifest += &format!("\n[dependencies]\nword = {{ path = {outside:?} }}\n");
    scripted.write("amplify/auth/scripted/Cargo.toml", &manifest);
    let file = "amplify/auth/scripted/src/main.rs";
    let source = fs::read_to_string(scripted.directory.path().join(file)).expect("readable");
    let answer = r#"answer("response", process::id().to_string().as_bytes())"#;
    assert!(source.contains(answer));
    let source = source.replace(answer, r#"answer("response", word::word().as_bytes())"#);
    scripted.write(file, &source);

    let server = Server::start(&scripted);
    assert_eq!(server.who("who"), "\"one\"");
    say("two");
    assert_eq!(server.who("who"), "\"two\"");
    fs::write(outside.join("src/two"), "\"three\"").expect("written");
    assert_eq!(server.who("who"), "\"three\"");
}

fn a_port_in_use_is_told() {
    let scripted = Scripted::new();
    let other = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = other.local_addr().expect("an address").port().to_string();
    let output = serve(&scripted, &port).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{told}");
    assert!(told.contains("`--port 0`"), "{told}");
}

fn a_rejected_reply_is_told_with_its_line() {
    let scripted = Scripted::new();
    let code = "fn f() {\n    reply.scope(\"b c\");\n}\n";
    scripted.write("amplify/auth/scripted/src/handler.rs", code);
    let told = scripted.write("told", "");
    let mut serve = program();
    serve.args(["serve", "--port", "0"]).current_dir(scripted.directory.path());
    let file = fs::File::create(&told).expect("created");
    let server = Server::run(serve.env("CARGO_TARGET_DIR", scripted.target()).stderr(file));
    server.invoke("scripted", "", &with_blank_in_scope().to_string());
    let place = "at amplify/auth/scripted/src/handler.rs:2, ";
    wait_until("the line is named", || {
        let told = fs::read_to_string(&told).expect("readable");
        told.contains("scope-blank: ") && told.contains(place)
    });
}

/// Ctrl-C is how serving ends: with success, and without a handler left behind.
#[cfg(unix)]
fn ctrl_c_ends_the_server_and_its_handlers() {
    let scripted = Scripted::new();
    let mut server = Server::start(&scripted);
    let handler = server.who("who");
    let is_there = || {
        let output = Command::new("kill").args(["-0", &handler]).output();
        output.expect("kill").status.success()
    };
    assert!(is_there());
    succeed(Command::new("kill").args(["-INT", &server.process.id().to_string()]));
    assert_eq!(server.process.wait().expect("it ends").code(), Some(0));
    wait_until("the handler has ended", || !is_there());
}
