//! What is generated is formatted, has no warnings, passes its own tests, and answers every
//! sample event over the Lambda Runtime API with the response in the case's `replies.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cases::{BLESS, Case, folders, golden_text, load};
use crate::handler::{Handler, Reply};
use crate::mutations::survive;
use crate::support::{BUILD, cargo, read_tree, succeed, target, write_tree};

#[test]
fn generated_crates_work() {
    let _guard = BUILD
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut built = 0;
    for folder in folders() {
        let case = load(&folder);
        if case.build {
            build(&folder, &case);
            built += 1;
        }
    }
    assert!(built > 0, "no case is built");
}

fn build(folder: &Path, case: &Case) {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &read_tree(&folder.join("out")));
    let mut replies = BTreeMap::new();
    for crate_folder in &case.crates {
        let package = root.join(crate_folder);
        // Cargo finds the workspace upward, and its lock file belongs there.
        let workspace = package
            .ancestors()
            .find(|folder| is_root(folder))
            .unwrap_or(&package);
        drop(cargo(workspace));
        let name = crate_folder.rsplit('/').next().expect("a name");
        let cargo = |arguments: &[&str]| {
            let mut command = crate::support::cargo(workspace);
            succeed(command.current_dir(&package).args(arguments));
        };
        cargo(&["fmt", "--check"]);
        cargo(&["clippy", "-q", "--all-targets", "--", "-D", "warnings"]);
        cargo(&["test", "-q"]);
        cargo(&["build", "-q"]);
        replies.insert(
            name,
            answer_all(&package, &target().join("debug").join(name)),
        );
    }
    let replies = serde_json::to_string_pretty(&replies).expect("JSON") + "\n";
    golden_text(&folder.join("replies.json"), &replies).unwrap_or_else(|e| panic!("{e}\n{BLESS}"));
}

fn is_root(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.contains("[workspace]")
}

/// The `response` for each sample event; all else must come back as it was sent.
fn answer_all(package: &Path, binary: &Path) -> BTreeMap<String, Value> {
    let handler = Handler::start(binary);
    let events = read_tree(&package.join("events"));
    let answers = events.into_iter().map(|(file, event)| {
        let event = String::from_utf8(event).expect("UTF-8");
        let Reply::Response(mut reply) = handler.invoke(&event) else {
            panic!("{file} is refused");
        };
        let mut sent: Value = serde_json::from_str(&event).expect("JSON");
        survive(&handler, &sent, &format!("{}: {file}", package.display()));
        let mut response = reply["response"].take();
        mask_codes(&mut response);
        sent["response"] = Value::Null;
        assert_eq!(reply, sent, "{file}: more than `response` has changed");
        (file, response)
    });
    answers.collect()
}

/// A one-time code is another one each time: only its form can be expected.
fn mask_codes(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(mask_codes),
        Value::String(text) if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) => {
            "a code of 6 digits".clone_into(text);
        }
        _ => {}
    }
}
