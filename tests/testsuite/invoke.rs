//! `invoke` on the command line, with a scripted handler that breaks every rule, and with generated
//! handlers.

use std::fs;

use serde_json::{Value, json};

use crate::cases::result;
use crate::scripted::{Run, Scripted, end_while_asleep, sign_up};
use crate::support::program;
use crate::verdicts;

tests![
    a_handler_that_breaks_a_rule_is_told,
    a_handler_that_ends_is_a_crash,
    the_api_refuses_what_lambda_refuses,
    a_handler_that_never_answers_is_given_up,
    the_function_has_its_environment_and_its_log,
    a_function_without_resource_file_has_defaults,
    #[cfg(unix)]
    a_signal_ends_the_handler_and_what_it_has_started,
    #[cfg(unix)]
    a_signal_ends_the_build,
    a_build_that_fails_is_cargos_to_explain,
    without_cargo_there_is_a_hint,
    a_finding_names_the_line_that_it_is_about,
];

const SES: &str = "senders = { email = { fromEmail = \"no-reply@example.com\" } }\n";

/// From a handler that really gives it, one of each kind, and of those that are no object, and of
/// errors, all: `verdicts.rs` has the others.
const JUDGED: [&str; 14] = [
    "accepted--email-with-ses",
    "accepted--v1",
    "email-needs-ses",
    "error-shows-internals",
    "handler-error",
    "handler-error--crash",
    "handler-error--versioned",
    "key-case--response",
    "reply-not-json--null",
    "reply-not-json--text",
    "reply-not-object--list",
    "reserved-claim--sub",
    "value-type--groups",
    "wrong-container--v2",
];

fn a_handler_that_breaks_a_rule_is_told() {
    let scripted = Scripted::new();
    let cases = verdicts::all();
    for name in JUDGED {
        let case = &cases[name];
        let (script, body) = match case.error() {
            Some(error) => ("error", error),
            None => ("reply", case.reply()),
        };
        let body = scripted.write("body", &body);
        scripted.send_with(if case.ses { SES } else { "" });
        let output = scripted
            .command(script, &case.event())
            .args(["--env", &format!("BODY={}", body.display())])
            .output();
        let run = Run::of(output.expect("it runs"));
        let refused = case.verdict["outcome"] == "rejected";
        let mut verdict = run.report["verdict"].clone();
        for finding in verdict["findings"].as_array_mut().expect("findings") {
            finding.as_object_mut().expect("an object").remove("place");
        }
        assert_eq!(verdict, case.verdict, "{name}");
        assert_eq!(run.code, Some(i32::from(refused)), "{name}");
    }
}

fn a_handler_that_ends_is_a_crash() {
    let scripted = Scripted::new();
    for (script, expected) in [
        ("exit", "Error: Runtime exited with error: exit status 129."),
        ("panic", "Error: Runtime exited with error: exit status 101."),
        ("exit-at-start", "Error: Runtime exited with error: exit status 3."),
        ("init-error", "PreSignUp failed with error TABLE is not set."),
        ("big", "maximum allowed payload size (6291556 bytes).."),
    ] {
        let run = scripted.run(script, &sign_up());
        let exception = run.exception();
        assert_eq!(run.code, Some(1), "{script}");
        assert!(
            exception.starts_with("UserLambdaValidationException: PreSignUp failed with error "),
            "{exception}"
        );
        assert!(exception.ends_with(expected), "{script}: {exception}");
        assert_eq!(run.report["verdict"]["outcome"], "rejected");
    }
    let log = scripted.run("panic", &sign_up()).report["log"].to_string();
    assert!(log.contains("the handler panicked"), "{log}");
}

fn the_api_refuses_what_lambda_refuses() {
    let scripted = Scripted::new();
    for (script, status) in [("wrong-id", "400"), ("no-route", "404")] {
        let exception = scripted.run(script, &sign_up()).exception();
        assert!(exception.ends_with(&format!("failed with error {status}.")), "{exception}");
    }
    let mut event = sign_up();
    event["request"]["clientMetadata"] = json!({ "large": "x".repeat(6 * 1024 * 1024 + 101) });
    let exception = scripted.run("reply", &event).exception();
    assert!(exception.contains("Request payload size exceeded"), "{exception}");
}

/// Cognito waits for 5 seconds, including the start of the function; Lambda for the function's
/// timeout.
fn a_handler_that_never_answers_is_given_up() {
    let scripted = Scripted::new();
    for script in ["hang", "hang-at-start"] {
        let run = scripted.run(script, &sign_up());
        assert_eq!(run.code, Some(1));
        assert_eq!(
            run.exception(),
            "UnexpectedLambdaException: PreSignUp invocation failed due to \
            error Socket timeout while invoking Lambda function."
        );
    }
    let resource = "amplify/auth/scripted/resource.toml";
    scripted.write(resource, "name = \"scripted\"\ntimeoutSeconds = 1\n");
    let exception = scripted.run("hang", &sign_up()).exception();
    assert!(exception.ends_with("Error: Task timed out after 1.00 seconds."), "{exception}");
}

fn the_function_has_its_environment_and_its_log() {
    let scripted = Scripted::new();
    let run = scripted.run("environment", &sign_up());
    let said = "GREETING=hello AWS_LAMBDA_LOG_FORMAT=JSON AWS_LAMBDA_LOG_LEVEL=DEBUG \
        AWS_LAMBDA_FUNCTION_NAME=scripted AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256.";
    assert!(run.exception().ends_with(said), "{}", run.exception());
    // A relative path is that of the user, and not of the crate where Cargo runs.
    let mut command = scripted.command("reply", &sign_up());
    let run = Run::of(command.env("CARGO_TARGET_DIR", "here").output().expect("it runs"));
    assert!(scripted.directory.path().join("here/debug/scripted").exists());
    assert_eq!(run.code, Some(0));
    let log = run.report["log"][0].as_str().expect("a line");
    assert!(log.starts_with("got ") && log.ends_with(" bytes"), "{log}");
    assert_eq!(run.report["event"], sign_up());
    assert_eq!(run.report["response"], sign_up()["response"]);
    let timings = &run.report["timings"];
    assert!(timings["startMs"].is_number() && timings["handlerMs"].is_number(), "{timings}");
}

/// In a TypeScript app there is no `resource.toml`: the sample events tell what calls the function.
fn a_function_without_resource_file_has_defaults() {
    let scripted = Scripted::new();
    let auth = scripted.directory.path().join("amplify/auth");
    for file in ["resource.toml", "scripted/resource.toml"] {
        fs::remove_file(auth.join(file)).expect("removed");
    }
    fs::write(auth.join("scripted/resource.ts"), "// defineFunction").expect("written");
    fs::create_dir(auth.join("scripted/events")).expect("created");
    scripted.write("amplify/auth/scripted/events/one.json", &sign_up().to_string());
    let run = scripted.run("environment", &sign_up());
    assert!(
        run.exception().ends_with("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512."),
        "{}",
        run.exception()
    );
    // The event that is made for a source is the sample with its name, and not one with a suffix.
    for source in ["PreSignUp_AdminCreateUser", "PreSignUp_SignUp"] {
        let mut made = program();
        let output = made
            .args(["invoke", "-q", "--format", "json", "--trigger-source", source])
            .current_dir(scripted.directory.path())
            .env("CARGO_TARGET_DIR", scripted.target())
            .output();
        let run = Run::of(output.expect("it runs"));
        let file = format!("amplify/auth/pre-sign-up/events/{source}.json");
        let sample: Value = serde_json::from_slice(&result("pre-sign-up")[&file]).expect("JSON");
        assert_eq!(run.report["event"], sample);
    }
}

/// Neither Ctrl-C nor a termination signal leaves a handler or its children behind.
#[cfg(unix)]
fn a_signal_ends_the_handler_and_what_it_has_started() {
    let scripted = Scripted::new();
    for signal in ["-INT", "-TERM"] {
        let mut run = scripted.command("child", &sign_up());
        end_while_asleep(&mut run, signal, "613");
    }
}

/// Nor do they leave Cargo or its children behind.
#[cfg(unix)]
fn a_signal_ends_the_build() {
    let scripted = Scripted::new();
    let build =
        "fn main() { std::process::Command::new(\"sleep\").arg(\"614\").status().unwrap(); }";
    scripted.write("amplify/auth/scripted/build.rs", build);
    for signal in ["-INT", "-TERM"] {
        let mut run = scripted.command("reply", &sign_up());
        end_while_asleep(&mut run, signal, "614");
    }
}

fn a_build_that_fails_is_cargos_to_explain() {
    let scripted = Scripted::new();
    let source = "amplify/auth/scripted/src/main.rs";
    scripted.write(source, "fn main() { let x: u32 = \"text\"; }");
    let output = scripted.command("reply", &sign_up()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let cargo = String::from_utf8_lossy(&output.stderr);
    assert!(cargo.contains("error[E0308]") && cargo.contains("--> "), "{cargo}");
    let error: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.starts_with("`cargo build` failed in `"), "{message}");
}

fn without_cargo_there_is_a_hint() {
    let scripted = Scripted::new();
    let mut command = scripted.command("reply", &sign_up());
    let output = command.env("CARGO", "/no/such/cargo").output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let error: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(error["error"]["hints"][0].to_string().contains("rustup.rs"), "{error}");
}

/// The line with its literal, else with its field, its method or its variant, as far as one is code.
fn a_finding_names_the_line_that_it_is_about() {
    let scripted = Scripted::new();
    let event = with_blank_in_scope();
    for (code, line) in [
        ("fn f() {\n    reply.scope(\"a\");\n    reply.scope(\"b c\");\n}\n", json!(3)),
        ("fn f() {\n    reply.scope(x);\n    // \"b c\"\n    it.scopes_to_add = y;\n}\n", json!(4)),
        ("fn f() {\n    reply.add_scope(x);\n    reply.scope(x);\n}\n", json!(3)),
        ("fn f() {\n    take(Change::Scopes(x));\n}\n", json!(2)),
        ("fn f() {}\n", Value::Null),
    ] {
        scripted.write("amplify/auth/scripted/src/handler.rs", code);
        let run = scripted.run("", &event);
        let findings = run.report["verdict"]["findings"].as_array().expect("findings").clone();
        let finding = findings.iter().find(|finding| finding["rule"] == "scope-blank");
        let place = finding.expect("the finding")["place"].clone();
        let expected =
            line.as_u64().map(|line| format!("amplify/auth/scripted/src/handler.rs:{line}"));
        assert_eq!(place, json!(expected), "{code}");
    }
}

/// An event whose response has a scope with a blank, so that it is a reply.
pub fn with_blank_in_scope() -> Value {
    let file = "amplify/auth/pre-token-generation/events/TokenGeneration_Authentication.json";
    let mut event: Value =
        serde_json::from_slice(&result("pre-token-generation-v2")[file]).expect("JSON");
    event["response"] = json!({ "claimsAndScopeOverrideDetails": {
        "accessTokenGeneration": { "scopesToAdd": ["a", "b c"] }
    } });
    event
}
