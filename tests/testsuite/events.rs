//! Events that the user gives to `invoke`.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::scripted::{Run, Scripted, sign_up};
use crate::support::program;

tests![
    an_event_may_come_from_standard_input,
    the_encoding_of_an_event_is_said_as_what_it_is,
    what_is_unlike_cognito_in_an_event_is_not_the_handlers,
];

fn an_event_may_come_from_standard_input() {
    let scripted = Scripted::new();
    let mut piped = program();
    piped
        .args(["invoke", "scripted", "-q", "--format", "json", "--event", "-"])
        .current_dir(scripted.directory.path())
        .env("CARGO_TARGET_DIR", scripted.target())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut run = piped.spawn().expect("it starts");
    let mut input = run.stdin.take().expect("piped");
    input.write_all(sign_up().to_string().as_bytes()).expect("written");
    drop(input);
    let run = Run::of(run.wait_with_output().expect("it ends"));
    assert_eq!(run.report["event"], sign_up());
}

/// A byte order mark is none of the event; editors on Windows write it, and UTF-16.
fn the_encoding_of_an_event_is_said_as_what_it_is() {
    let scripted = Scripted::new();
    let text = sign_up().to_string();
    let run = |bytes: Vec<u8>| {
        let mut command = scripted.command("reply", &sign_up());
        fs::write(scripted.directory.path().join("event.json"), bytes).expect("written");
        Run::of(command.output().expect("it runs"))
    };
    let marked = run(format!("\u{feff}{text}").into_bytes());
    assert_eq!((marked.code, &marked.report["event"]), (Some(0), &sign_up()));
    let wide =
        |mark: &str| format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [wide("\u{feff}"), wide("")] {
        let error = run(bytes).report["error"]["message"].to_string();
        assert!(error.contains("the event is UTF-16"), "{error}");
    }
    let error = run(b"{\"a\": \"\xe9\"}".to_vec()).report["error"]["message"].to_string();
    assert!(error.contains("not UTF-8 from byte 7 on"), "{error}");
}

fn what_is_unlike_cognito_in_an_event_is_not_the_handlers() {
    let scripted = Scripted::new();
    let mut event = sign_up();
    event["version"] = json!(1);
    event["request"]["userAttributes"] = json!({ "a": null, "custom:n": 7 });
    event["request"]["groupConfiguration"] = json!({ "preferredRole": ["x"] });
    event.as_object_mut().expect("an object").shift_remove("response");
    let echoed = scripted.run("reply", &event).report;
    assert_eq!(echoed["verdict"]["outcome"], "accepted");
    assert_eq!(
        echoed["eventProblems"],
        json!([
            "`version` is 1, and not a string",
            "it has no `response`",
            "`request.userAttributes.custom:n` is 7, and not a string",
            "`request.groupConfiguration.preferredRole` is [\"x\"], and not a string",
        ])
    );
    let failed = scripted.run("error", &event).report;
    let hint = failed["verdict"]["findings"][0]["hint"].to_string();
    assert!(hint.contains("correct the event first"), "{hint}");
    let fine = scripted.run("reply", &sign_up()).report;
    assert_eq!(fine["eventProblems"], json!([]));
}
