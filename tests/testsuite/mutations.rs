//! Events as Cognito might send them one day: with members left out, null or unknown, with other
//! trigger sources and other characters. A handler answers them all, or refuses in words.

use serde_json::{Value, json};

use crate::handler::{Handler, Reply};

/// What is done to one member of an event.
const CHANGES: [fn(&mut Value, &str); 4] = [drop_member, null_member, add_member, replace_text];

/// Sends every single change of `event` to the handler.
pub fn survive(handler: &Handler, event: &Value, what: &str) {
    let mut objects = Vec::new();
    find_objects(event, "", &mut objects);
    for pointer in &objects {
        let object = event
            .pointer(pointer)
            .and_then(Value::as_object)
            .expect("an object");
        for member in object.keys() {
            for change in CHANGES {
                let mut changed = event.clone();
                change(changed.pointer_mut(pointer).expect("an object"), member);
                check(handler, &changed, &format!("{what}, {pointer}/{member}"));
            }
        }
    }
    let mut unknown = event.clone();
    unknown["triggerSource"] = json!("SomeTrigger_OfTheFuture");
    check(handler, &unknown, what);
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
            assert_eq!(
                error["errorType"], "Refused",
                "{what}: {error} for {event:#}"
            );
            let message = error["errorMessage"].as_str().unwrap_or_default();
            assert!(
                !message.is_empty() && !message.ends_with('.'),
                "{what}: {message}"
            );
        }
    }
}

/// The objects of an event that its trigger reads: the event and all below `request`.
fn find_objects(value: &Value, pointer: &str, objects: &mut Vec<String>) {
    if let Value::Object(members) = value {
        objects.push(pointer.to_owned());
        for (name, member) in members.iter().filter(|(name, _)| *name != "response") {
            let name = name.replace('~', "~0").replace('/', "~1");
            find_objects(member, &format!("{pointer}/{name}"), objects);
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

/// Only in texts: another type is no event of Cognito.
fn replace_text(object: &mut Value, member: &str) {
    if object[member].is_string() {
        object[member] = json!("größe \u{1F600} 語\u{0}\u{202e}");
    }
}
