//! Events as Cognito might send them one day: with members left out, null or unknown, with other
//! trigger sources and other characters. A handler answers them all, or refuses in words.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::handler::{Handler, Reply};
use crate::support::repeated;

/// What is done to one member of an event.
type Change = fn(&mut Value, &str);
const CHANGES: [Change; 5] = [drop_member, null_member, add_member, replace_text, retype_member];

/// How many random combinations of changes each event goes through.
const COMBINATIONS: u32 = 6;

/// The members of events: each as the pointer to its object and its name.
pub type Members = BTreeSet<(String, String)>;

/// Sends every single change of `event` to the handler, and random combinations of them. Members
/// that were changed in another event are changed in this one too if `REPEAT` says so.
pub fn survive(handler: &Handler, event: &Value, changed_before: &mut Members, what: &str) {
    for (pointer, member) in members(event) {
        let is_new = changed_before.insert((pointer.clone(), member.clone()));
        if !is_new && repeated(1) == 1 {
            continue;
        }
        for change in CHANGES {
            let mut changed = event.clone();
            change(changed.pointer_mut(&pointer).expect("an object"), &member);
            check(handler, &changed, &format!("{what}, {pointer}/{member}"));
        }
    }
    let mut unknown = event.clone();
    unknown["triggerSource"] = json!("SomeTrigger_OfTheFuture");
    for event in [event, &unknown] {
        survive_combinations(handler, event, what);
    }
}

fn survive_combinations(handler: &Handler, event: &Value, what: &str) {
    let changes = vec((any::<Index>(), select(&CHANGES[..])), 2..10);
    let config =
        Config { cases: repeated(COMBINATIONS), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&changes, |changes| {
            let mut changed = event.clone();
            for (index, change) in changes {
                let members = members(&changed);
                if members.is_empty() {
                    break;
                }
                let (pointer, member) = index.get(&members);
                change(changed.pointer_mut(pointer).expect("an object"), member);
            }
            check(handler, &changed, what);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn check(handler: &Handler, event: &Value, what: &str) {
    match handler.invoke(&event.to_string()) {
        Reply::Response(mut reply) => {
            let mut sent = event.clone();
            for side in [&mut sent, &mut reply] {
                side.as_object_mut().expect("an object").remove("response");
            }
            assert_eq!(reply, sent, "{what}: more than `response` has changed");
        }
        Reply::Error(error) => {
            assert_eq!(error["errorType"], "Refused", "{what}: {error} for {event:#}");
            let message = error["errorMessage"].as_str().unwrap_or_default();
            assert!(!message.is_empty() && !message.ends_with('.'), "{what}: {message}");
        }
    }
}

/// The members of an event and of the objects in it, but for its response.
fn members(event: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    find_members(event, "", &mut found);
    found
}

fn find_members(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    if let Value::Object(members) = value {
        for (name, member) in members {
            found.push((pointer.to_owned(), name.clone()));
            if name != "response" {
                let name = name.replace('~', "~0").replace('/', "~1");
                find_members(member, &format!("{pointer}/{name}"), found);
            }
        }
    }
}

fn drop_member(object: &mut Value, member: &str) {
    object.as_object_mut().expect("an object").remove(member);
}

fn null_member(object: &mut Value, member: &str) {
    object[member] = Value::Null;
}

fn add_member(object: &mut Value, member: &str) {
    object[format!("{member}OfTheFuture")] = json!({ "größe": [1, null, "語"] });
}

/// Another type than Cognito has sent so far.
fn retype_member(object: &mut Value, member: &str) {
    object[member] = if object[member].is_array() { json!(5) } else { json!([null, { "a": 1 }]) };
}

fn replace_text(object: &mut Value, member: &str) {
    if object[member].is_string() {
        object[member] = json!("größe \u{1F600} 語\u{0}\u{202e}");
    }
}
