//! The scripted handler, which gives any reply, and commands that run it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cases::result;
use crate::support::{program, read_tree, repository, succeed, write_tree};

/// A project with the scripted handler, built.
pub struct Scripted {
    pub directory: tempfile::TempDir,
}

impl Scripted {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        write_tree(directory.path(), &read_tree(&repository().join("tests/scripted")));
        Self { directory }
    }

    /// It has no dependencies, and is built in its own directory, because other tests have a
    /// handler of the same name at the same time.
    pub fn target(&self) -> PathBuf {
        self.directory.path().join("target")
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, text).expect("written");
        path
    }

    /// Makes the user pool send email in another way.
    pub fn send_with(&self, senders: &str) {
        let file = "amplify/auth/resource.toml";
        let path = repository().join("tests/scripted").join(file);
        let resource = fs::read_to_string(path).expect("readable");
        self.write(file, &(senders.to_owned() + &resource));
    }

    /// `invoke` with a handler that does what `script` says.
    pub fn command(&self, script: &str, event: &Value) -> Command {
        let mut command = self.loud_command(script, event);
        command.args(["-q", "--format", "json"]);
        command
    }

    /// The same, with notes.
    pub fn loud_command(&self, script: &str, event: &Value) -> Command {
        let event = self.write("event.json", &event.to_string());
        let mut command = program();
        command
            .args(["invoke", "scripted", "--event"])
            .arg(event)
            .args(["--env", &format!("SCRIPT={script}")])
            .current_dir(self.directory.path())
            .env("CARGO_TARGET_DIR", self.target());
        command
    }

    pub fn run(&self, script: &str, event: &Value) -> Run {
        Run::of(self.command(script, event).output().expect("it runs"))
    }
}

/// The result of `invoke`.
pub struct Run {
    pub code: Option<i32>,
    pub report: Value,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let report = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        Self { code: output.status.code(), report }
    }

    pub fn exception(&self) -> String {
        let exception = &self.report["verdict"]["exception"];
        let text = |name: &str| exception[name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", text("name"), text("message"))
    }
}

pub fn sign_up() -> Value {
    let file = "amplify/auth/pre-sign-up/events/PreSignUp_SignUp.json";
    serde_json::from_slice(&result("pre-sign-up")[file]).expect("JSON")
}

/// Sends the signal once `sleep` runs with these seconds, and waits until it has ended.
#[cfg(unix)]
pub fn end_while_asleep(run: &mut Command, signal: &str, seconds: &str) {
    let quiet = run.stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = quiet.spawn().expect("it starts");
    let pattern = format!("^sleep {seconds}$");
    let is_asleep = || {
        let output = Command::new("pgrep").args(["-f", &pattern]).output();
        !output.expect("pgrep").stdout.is_empty()
    };
    wait_until("it sleeps", is_asleep);
    succeed(Command::new("kill").args([signal, &run.id().to_string()]));
    let mut status = None;
    wait_until("it has ended", || {
        status = run.try_wait().expect("a status");
        status.is_some()
    });
    assert_eq!(status.and_then(|status| status.code()), Some(130));
    wait_until("it sleeps no more", || !is_asleep());
}

pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "not so after 20 seconds: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
