//! `serve` and `invoke` with hostile clients, handlers and events.

mod api;

use std::fs;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cargo_amplify::cognito::{Answer, PoolSettings};
use cargo_amplify::lambda::{Deployment, Limits, Log, Pool};
use hyper::body::Bytes;
use libtest_mimic::Trial;
use serde_json::Value;

use self::api::{ASYNCHRONOUS, runtime};
use crate::scripted::{Scripted, sign_up, wait_until};
use crate::serve::{Server, serve};
use crate::support::{program, succeed};

pub fn tests() -> Vec<Trial> {
    let own = functions![
        events_keep_their_bytes,
        answers_cannot_be_forged,
        output_is_bounded,
        a_handler_gets_no_variables_but_those_that_are_named,
        #[cfg(unix)]
        a_kill_ends_the_handlers,
        #[cfg(target_os = "linux")]
        a_lack_of_files_passes,
        idle_environments_end,
    ];
    api::tests().into_iter().chain(own).collect()
}

fn events_keep_their_bytes() {
    let scripted = Scripted::new();
    let server = Server::start(&scripted);
    for event in [
        "{ \"a\": 1e2, \"a\":\t100000000000000000000000000000000000001,\r\n \"b\" : 1.0 }",
        "\"\\ud800 \\u0041\"",
        "1e999",
        &format!("{}{}", "[".repeat(500), "]".repeat(500)),
    ] {
        let (head, body) = server.invoke("scripted", "", event);
        assert!(head.starts_with("http/1.1 200 "), "{head}");
        assert_eq!(body, event);
    }

    let event = sign_up().to_string().replacen(':', " :\r\n\t", 3);
    let event = event.replacen('{', "{ \"big\": 1e2, \"big\": 12345678901234567890123, ", 1);
    let file = scripted.write("event.json", &event);
    let mut invoke = program();
    invoke
        .args(["invoke", "scripted", "-q", "--format", "json", "--event"])
        .arg(&file)
        .current_dir(scripted.directory.path())
        .env("CARGO_TARGET_DIR", scripted.target());
    let log = |invoke: &mut Command| {
        let report: Value = serde_json::from_slice(&succeed(invoke).stdout).expect("JSON");
        report["log"][0].as_str().expect("a line").to_owned()
    };
    assert_eq!(log(&mut invoke), format!("got {} bytes", event.len()));
    invoke.args(["--user-attribute", "name=Jane"]);
    assert_ne!(log(&mut invoke), format!("got {} bytes", event.len()));
}

/// To answer, a program must know the ID of the event, and only the first answer counts.
fn answers_cannot_be_forged() {
    let scripted = Scripted::new();
    let server = Server::start(&scripted);
    let ids: Vec<_> = (0..2)
        .map(|_| {
            let (_, body) = server.invoke("scripted", "", r#"{"script":"twice"}"#);
            assert_eq!(body, r#"{"script":"twice"}"#);
            let seen = server.who("told");
            let seen = seen.trim_matches('"').to_owned();
            let (id, statuses) = seen.split_once(' ').expect("an ID");
            assert_eq!(statuses, "202 400");
            id.to_owned()
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
    for id in &ids {
        let parts: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(&id[14..15], "4", "{id}");
        assert!("89ab".contains(&id[19..20]), "{id}");
    }
    // More than a counter differs.
    let differ = ids[0].bytes().zip(ids[1].bytes()).filter(|(a, b)| a != b);
    assert!(differ.count() > 8, "{ids:?}");

    let (_, body) = server.invoke("scripted", "", r#"{"script":"page"}"#);
    assert!(body.contains("403 Forbidden"), "{body}");
}

fn output_is_bounded() {
    let scripted = Scripted::new();
    let output = scripted.command("flood", &sign_up()).output();
    let output = output.expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let log = report["log"].as_array().expect("lines");
    let size: usize = log.iter().map(|line| line.as_str().expect("a line").len()).sum();
    assert!(size < 1024 * 1024 + 1024, "{size} bytes");
    assert!(log.len() < 50_000, "{} lines", log.len());
    let line = |index: usize| log[index].as_str().expect("a line");
    assert!(line(1).ends_with("xxx… dropped 36864 more bytes of this line"));
    assert_eq!(line(2), "again and again and again and again and again and again");
    let last = line(log.len() - 1);
    assert!(last.starts_with("… further output was dropped"), "{last}");
    assert_eq!(report["verdict"]["outcome"], "accepted");
}

fn a_handler_gets_no_variables_but_those_that_are_named() {
    let scripted = Scripted::new();
    let resource = "amplify/auth/scripted/resource.toml";
    scripted.write(
        resource,
        "name = \"scripted\"\n[environment]\nGREETING = \"hello\"\nKEY = { secret = \"KEY\" }\n\
         STAGE = { parameter = \"STAGE\", default = \"dev\" }\nTABLE = { parameter = \"TABLE\" }\n",
    );
    let unset = scripted.loud_command("ok", &sign_up()).output().expect("it runs");
    let unset = String::from_utf8_lossy(&unset.stderr).into_owned();
    for note in ["`KEY` is a secret: set the", "`TABLE` is a parameter without a default: set the"]
    {
        assert!(unset.contains(note), "{unset}");
    }
    assert!(!unset.contains("`STAGE`"), "{unset}");
    let mut command = serve(&scripted, "0");
    command
        .args(["--env", "MINE", "--env", "GIVEN=a=b", "--env", "GREETING=hi", "--env", "EMPTY="])
        .env("MINE", "mine")
        .env("KEY", "secret")
        .env("TABLE", "tenants")
        .env("STAGE", "prod")
        .env("GITHUB_TOKEN", "token")
        .env("AWS_PROFILE", "dev")
        .env("AWS_ENDPOINT_URL_S3", "http://localhost:4566")
        .env("AWS_LAMBDA_EXEC_WRAPPER", "/wrapper")
        .env("AWS_REGION", "eu-central-1")
        .env("https_proxy", "http://localhost:1");
    let server = Server::run(&mut command);
    let variables: Value = serde_json::from_str(&server.who("variables")).expect("JSON");
    for (name, value) in [
        ("MINE", "mine"),
        ("GIVEN", "a=b"),
        ("GREETING", "hi"),
        ("EMPTY", ""),
        ("KEY", "secret"),
        ("TABLE", "tenants"),
        ("STAGE", "dev"),
        ("AWS_PROFILE", "dev"),
        ("AWS_ENDPOINT_URL_S3", "http://localhost:4566"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "scripted"),
        ("TZ", ":UTC"),
        ("_HANDLER", "bootstrap"),
        ("https_proxy", "http://localhost:1"),
        ("PATH", &std::env::var("PATH").expect("set")),
    ] {
        assert_eq!(variables[name], value, "{name}");
    }
    for name in ["GITHUB_TOKEN", "AWS_LAMBDA_EXEC_WRAPPER", "CARGO_TARGET_DIR", "COLUMNS"] {
        assert_eq!(variables[name], Value::Null, "{name}");
    }

    for (given, hint) in [("NOT_SET", "`--env NOT_SET=VALUE`"), ("=1", "`--env NAME`")] {
        let output = serve(&scripted, "0").args(["--env", given]).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(hint), "{stderr}");
    }
}

/// A handler that hangs and its children are killed when `serve` or `invoke` exits for any reason.
#[cfg(unix)]
fn a_kill_ends_the_handlers() {
    let scripted = Scripted::new();
    let seconds = (1_000_000 + std::process::id()).to_string();
    let pattern = format!("^sleep {seconds}$");
    let seconds = format!("SECONDS={seconds}");
    let is_asleep = || {
        let output = Command::new("pgrep").args(["-f", &pattern]).output();
        !output.expect("pgrep").stdout.is_empty()
    };
    let mut server = Server::run(serve(&scripted, "0").args(["--env", &seconds]));
    let answer = server.invoke("scripted", ASYNCHRONOUS, r#"{"script":"child"}"#);
    assert!(answer.0.starts_with("http/1.1 202 "), "{}", answer.0);
    wait_until("it sleeps", is_asleep);
    // SIGKILL
    server.process.kill().expect("killed");
    wait_until("it sleeps no more", || !is_asleep());

    let mut invoke = scripted.command("child", &sign_up());
    invoke.args(["--env", &seconds]);
    let quiet = invoke.stdout(Stdio::null()).stderr(Stdio::null());
    let mut invoke = quiet.spawn().expect("it starts");
    wait_until("it sleeps", is_asleep);
    invoke.kill().expect("killed");
    invoke.wait().expect("ended");
    wait_until("it sleeps no more", || !is_asleep());
}

/// Without a free file descriptor no connection is accepted. The error is reported once, and the
/// server recovers.
#[cfg(target_os = "linux")]
fn a_lack_of_files_passes() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let scripted = Scripted::new();
    let log = scripted.write("log", "");
    let mut command = serve(&scripted, "0");
    command.stderr(fs::File::create(&log).expect("created"));
    let server = Server::run(&mut command);
    let first = server.who("who");
    let pid = server.process.id();
    let open = fs::read_dir(format!("/proc/{pid}/fd")).expect("readable").count();
    let limit = |files: u64| {
        let limit = Rlimit { current: Some(files), ..getrlimit(Resource::Nofile) };
        prlimit(Pid::from_raw(pid.cast_signed()), Resource::Nofile, limit).expect("limited");
    };
    limit(open as u64 + 2);
    let connect = |_| TcpStream::connect(&server.address).expect("the system takes it");
    let open: Vec<_> = (0..6).map(connect).collect();
    let log_text = || fs::read_to_string(&log).expect("readable");
    wait_until("it is reported", || log_text().contains("cannot accept a connection"));
    drop(open);
    limit(200);
    assert_eq!(server.who("who"), first, "it goes on");
    assert_eq!(log_text().matches("cannot accept a connection").count(), 1, "{}", log_text());
    assert!(log_text().contains("`ulimit -n 4096`"), "{}", log_text());
}

fn idle_environments_end() {
    let scripted = Scripted::new();
    succeed(&mut scripted.command("reply", &sign_up()));
    let function = |name: &str| {
        Arc::new(Deployment {
            name: name.to_owned(),
            binary: scripted.target().join("debug/scripted"),
            timeout: Duration::from_secs(20),
            memory: 128,
            environment: [("SCRIPT".to_owned(), "who".into())].into(),
            pool: Some(PoolSettings::default()),
        })
    };
    let log: Log = Arc::new(|_| {});
    let limits = Limits { environments: 1, ..Limits::default() };
    let never = Limits { idle: Duration::ZERO, ..limits };
    let runtime = runtime();
    let who = |pool: &Pool, function: &Arc<Deployment>| {
        let turn = pool.turn().expect("it is free");
        assert!(pool.turn().is_none(), "another one is");
        let run = pool.run(turn, function, &log, Bytes::from_static(b"{}"));
        match runtime.block_on(run).expect("it runs").answer {
            Answer::Returned(pid) => pid,
            other => panic!("{other:?}"),
        }
    };
    let is_gone = |pid: &str| {
        wait_until("it has ended", || {
            // Lets the runtime reap it.
            runtime.block_on(tokio::task::yield_now());
            let output = Command::new("kill").args(["-0", pid]).output();
            !output.expect("kill").status.success()
        });
    };
    let function = function("scripted");
    let pool = Pool::new(limits);
    let first = who(&pool, &function);
    assert_eq!(who(&pool, &function), first);
    // Another function replaces it.
    let other = Arc::new((*function).clone());
    assert_ne!(who(&pool, &other), first);
    is_gone(&first);
    // The build is gone.
    let last = who(&pool, &other);
    drop(other);
    pool.clean();
    is_gone(&last);

    let pool = Pool::new(never);
    let first = who(&pool, &function);
    pool.clean();
    is_gone(&first);
}
