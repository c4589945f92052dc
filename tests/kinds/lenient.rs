//! Part of a generated crate in `generated.rs`: what the crate makes of an event that Cognito has not
//! sent so far.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::event::Event;

const EVENT: &str = r#"{
    "userName": 5,
    "callerContext": "secret",
    "request": {
        "userAttributes": {
            "null": null, "number": 7, "flag": true, "half": "\ud83d", "big": 1e999, "email": "a@b"
        },
        "groupConfiguration": {
            "groupsToOverride": [null, "a", {"secret": 1}, "b"], "preferredRole": ["secret"]
        },
        "clientMetadata": "secret"
    },
    "response": "anything"
}"#;

#[test]
fn what_is_of_another_type_is_absent_and_logged_by_its_path() -> Result<(), crate::error::Error> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone());
    let event = tracing::subscriber::with_default(subscriber.finish(), || Event::from_json(EVENT))?;
    let attributes = ["null", "number", "flag", "half", "big", "email"].map(|name| event.attribute(name));
    assert_eq!(attributes, [None, Some("7"), Some("true"), None, None, Some("a@b")]);
    assert_eq!(event.groups(), ["a", "b"]);
    assert_eq!(event.request.group_configuration.preferred_role, None);
    assert_eq!((event.user_name.as_str(), event.client_metadata("any")), ("", None));
    let log = String::from_utf8_lossy(&log.0.lock().expect("a log")).into_owned();
    for path in [
        "userName",
        "callerContext",
        "request.userAttributes.half",
        "request.userAttributes.big",
        "request.groupConfiguration.groupsToOverride[1]",
        "request.groupConfiguration.preferredRole",
        "request.clientMetadata",
    ] {
        assert!(log.contains(&format!("\"path\":\"{path}\"")), "{path}: {log}");
    }
    assert!(!log.contains("secret"), "{log}");
    Ok(())
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
