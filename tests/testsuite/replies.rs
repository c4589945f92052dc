//! Replies that are recorded, and compared with those of a scripted handler.

use std::fs;

use serde_json::{Value, json};

use crate::scripted::{Scripted, sign_up};
use crate::support::program;

tests![replies_are_compared_with_those_that_are_recorded];

/// A recorded refusal is a test, and what differs from the record is a difference.
fn replies_are_compared_with_those_that_are_recorded() {
    let scripted = Scripted::new();
    let root = scripted.directory.path();
    fs::create_dir(root.join("amplify/auth/scripted/events")).expect("created");
    scripted.write("amplify/auth/scripted/events/one.json", &sign_up().to_string());
    let run = |arguments: &[&str], script: &str, body: &str| {
        let body = scripted.write("body", body);
        let mut command = program();
        command.args(["invoke", "scripted", "--all"]).args(arguments);
        command.args(["--env", &format!("SCRIPT={script}")]);
        command.args(["--env", &format!("BODY={}", body.display())]);
        command.current_dir(root).env("CARGO_TARGET_DIR", scripted.target());
        let output = command.output().expect("it runs");
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(printed).expect("UTF-8"))
    };
    let refusal = |text: &str| format!("{{\"errorType\":\"Refused\",\"errorMessage\":\"{text}\"}}");
    assert_eq!(run(&[], "error", &refusal("no")).0, Some(1));

    let (code, printed) = run(&["--bless"], "error", &refusal("no"));
    assert_eq!(code, Some(0), "{printed}");
    let file = "amplify/auth/scripted/replies/one.json";
    assert!(printed.contains(&format!("create  {file}")), "{printed}");
    let recorded: Value =
        serde_json::from_slice(&fs::read(root.join(file)).expect("recorded")).expect("JSON");
    let error = json!({ "errorType": "Refused", "errorMessage": "no" });
    assert_eq!(recorded, json!({ "error": error, "verdict": "rejected" }));
    assert_eq!(run(&[], "error", &refusal("no")).0, Some(0));

    let (code, printed) = run(&[], "error", &refusal("never"));
    assert_eq!(code, Some(4), "{printed}");
    let diff = "-    \"errorMessage\": \"no\"\n+    \"errorMessage\": \"never\"\n";
    assert!(printed.contains(diff), "{printed}");
    assert_eq!(run(&[], "reply", "").0, Some(4));

    // The identifier in Lambda's words is another in each run.
    let (_, printed) = run(&["--bless"], "exit", "");
    assert!(printed.contains(&format!("update  {file}")), "{printed}");
    let recorded = fs::read_to_string(root.join(file)).expect("recorded");
    assert!(recorded.contains("\"errorMessage\": \"[varies]\""), "{recorded}");
    assert_eq!(run(&[], "exit", "").0, Some(0));
    let (_, printed) = run(&["--bless"], "exit", "");
    assert!(printed.contains("Nothing to do"), "{printed}");

    fs::rename(
        root.join("amplify/auth/scripted/events/one.json"),
        root.join("amplify/auth/scripted/events/two.json"),
    )
    .expect("renamed");
    let (_, printed) = run(&["--bless"], "reply", "");
    assert!(printed.contains(&format!("delete  {file}")), "{printed}");
    // A reply that is rejected from now on is not only a difference.
    let (code, printed) = run(&[], "error", &refusal("no"));
    assert_eq!(code, Some(1), "{printed}");
}
