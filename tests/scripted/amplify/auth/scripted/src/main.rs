//! A handler that does what it is told to: `SCRIPT`, or `script` of the event, says what; `BODY`
//! names the file with the text.
//!
//! It speaks the Lambda Runtime API by itself, so that it can also do what no runtime would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::{env, fs, process, thread, time::Duration};

fn main() {
    let script = env::var("SCRIPT").unwrap_or_default();
    let body = env::var("BODY").map(|file| fs::read_to_string(file).expect("a body"));
    let body = body.unwrap_or_default();
    match script.as_str() {
        "exit-at-start" => process::exit(3),
        "hang-at-start" => forever(),
        "init-error" => {
            let error = r#"{"errorType":"Config","errorMessage":"TABLE is not set"}"#;
            post("init/error", error.as_bytes());
            process::exit(1);
        }
        _ => {}
    }
    let mut told = String::new();
    loop {
        let (id, event) = next();
        eprintln!("got {} bytes", event.len());
        let script = scripted(&event).unwrap_or(script.clone());
        let answer = |what: &str, text: &[u8]| post(&format!("invocation/{id}/{what}"), text);
        match script.as_str() {
            "exit" => process::exit(129),
            "panic" => panic!("the handler panicked"),
            "hang" => forever(),
            "error" => drop(answer("error", body.as_bytes())),
            "big" => drop(answer("response", &vec![b'1'; 6 * 1024 * 1024 + 101])),
            "wrong-id" => {
                let status = post("invocation/no-such-id/response", event.as_bytes());
                answer("error", error("the API said", &status).as_bytes());
            }
            "no-route" => drop(answer("error", error("the API said", &post("nowhere", b"")).as_bytes())),
            "environment" => {
                let value = |name: &str| format!("{name}={}", env::var(name).unwrap_or_default());
                let names = ["LOG_FORMAT", "LOG_LEVEL", "FUNCTION_NAME", "FUNCTION_MEMORY_SIZE"];
                let names = names.map(|name| format!("AWS_LAMBDA_{name}"));
                let names = ["GREETING"].into_iter().chain(names.iter().map(String::as_str));
                let values: Vec<_> = names.map(value).collect();
                answer("error", error("environment", &values.join(" ")).as_bytes());
            }
            "variables" => {
                let variables = env::vars_os().map(|(name, value)| format!("{name:?}:{value:?}"));
                let variables: Vec<_> = variables.collect();
                drop(answer("response", format!("{{{}}}", variables.join(",")).as_bytes()));
            }
            "twice" => {
                let first = answer("response", event.as_bytes());
                told = format!("{id} {first} {}", answer("response", b"\"forged\""));
            }
            "told" => drop(answer("response", format!("{told:?}").as_bytes())),
            "page" => {
                let page = request("POST", "Origin: null\r\n", &format!("invocation/{id}/response"), b"forged");
                let head = page.0.lines().next().unwrap_or_default().to_owned();
                drop(answer("error", error("the API said", &head).as_bytes()));
            }
            "flood" => {
                let mut output = std::io::stdout().lock();
                output.write_all(&vec![b'x'; 100 * 1024]).expect("written");
                for _ in 0..200_000 {
                    output.write_all(b"\nagain and again and again and again and again and again").expect("written");
                }
                drop(answer("response", event.as_bytes()));
            }
            "slow" => {
                thread::sleep(Duration::from_millis(500));
                drop(answer("response", process::id().to_string().as_bytes()));
            }
            "who" => drop(answer("response", process::id().to_string().as_bytes())),
            "child" => {
                // A process of its own, which must end with it.
                let seconds = env::var("SECONDS").unwrap_or("613".to_owned());
                let child = process::Command::new("sleep").arg(seconds).spawn().expect("started");
                eprintln!("child {}", child.id());
                forever();
            }
            _ if body.is_empty() => drop(answer("response", event.as_bytes())),
            _ => drop(answer("response", body.as_bytes())),
        }
    }
}

/// What the event itself says to do.
fn scripted(event: &str) -> Option<String> {
    let (_, rest) = event.split_once(r#""script":""#)?;
    Some(rest.split('"').next()?.to_owned())
}

fn forever() -> ! {
    loop {
        thread::sleep(Duration::from_secs(60));
    }
}

fn error(kind: &str, message: &str) -> String {
    format!(r#"{{"errorType":"{kind}","errorMessage":"{message}"}}"#)
}

/// The id and the text of the next event.
fn next() -> (String, String) {
    let (head, body) = request("GET", "", "invocation/next", b"");
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name));
        let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned());
        value.unwrap_or_else(|| panic!("no {name} in {head}"))
    };
    let deadline = header("lambda-runtime-deadline-ms");
    assert!(deadline.len() == 13 && deadline.bytes().all(|digit| digit.is_ascii_digit()), "{deadline}");
    let arn = header("lambda-runtime-invoked-function-arn");
    assert!(arn.starts_with("arn:aws:lambda:") && arn.ends_with(":function:scripted"), "{arn}");
    assert!(header("lambda-runtime-trace-id").starts_with("Root=1-"));
    (header("lambda-runtime-aws-request-id"), body)
}

fn post(route: &str, body: &[u8]) -> String {
    let (head, _) = request("POST", "", route, body);
    head.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn request(method: &str, headers: &str, route: &str, body: &[u8]) -> (String, String) {
    let api = env::var("AWS_LAMBDA_RUNTIME_API").expect("set by Lambda");
    let mut stream = TcpStream::connect(&api).expect("the API listens");
    let head = format!(
        "{method} /2018-06-01/runtime/{route} HTTP/1.1\r\nHost: {api}\r\nConnection: close\r\n{headers}\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    // The API may answer, and hang up, before it has read all.
    let _ = stream.write_all(body);
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 || line == "\r\n" {
            break;
        }
        head += &line;
    }
    let mut text = String::new();
    let _ = reader.read_to_string(&mut text);
    (head, text)
}
