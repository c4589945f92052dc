//! What a trigger is called, and how Cognito calls it.

use std::time::Duration;

use serde_json::Value;

use super::event_version::EventVersion;

/// How long Cognito waits for an answer, the start of the function included. Source: "Customizing
/// user pool workflows with Lambda triggers" of the Cognito developer guide.
pub const COGNITO_TIMEOUT: Duration = Duration::from_secs(5);

/// The trigger that a `triggerSource` belongs to: `TokenGeneration` of
/// `TokenGeneration_HostedAuth`.
pub fn trigger_of(source: &str) -> &str {
    source.split('_').next().unwrap_or(source)
}

/// The `triggerSource` of an event; empty when it has none.
pub fn source_of(event: &Value) -> &str {
    event["triggerSource"].as_str().unwrap_or_default()
}

/// Whether Cognito neither waits for the trigger nor reads what it returns.
pub fn is_asynchronous(source: &str) -> bool {
    matches!(trigger_of(source), "CustomEmailSender" | "CustomSMSSender")
}

/// Whether the trigger decides what goes into tokens.
pub fn is_token_trigger(source: &str) -> bool {
    trigger_of(source) == "TokenGeneration"
}

/// Whether the tokens are those of a machine, which has an access token alone.
pub fn is_for_machine(source: &str) -> bool {
    source == "TokenGeneration_ClientCredentials"
}

/// The name of the trigger in errors that clients see. That of a token trigger has the version of
/// the event, except for the first.
pub fn name_in_errors(event: &Value) -> String {
    let source = source_of(event);
    if !is_token_trigger(source) {
        return trigger_of(source).to_owned();
    }
    match later_version(event) {
        Some(version) => format!("PreTokenGeneration{version}"),
        None => "PreTokenGeneration".to_owned(),
    }
}

/// The member of `response` that a token trigger fills in, in the version of this event.
pub fn token_container(event: &Value) -> &'static str {
    match later_version(event) {
        Some(_) => "claimsAndScopeOverrideDetails",
        None => "claimsOverrideDetails",
    }
}

fn later_version(event: &Value) -> Option<EventVersion> {
    EventVersion::of_event(event).filter(|version| version.is_for_access_tokens())
}
