//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides what goes into the tokens that Cognito is about to issue, at sign-in and at refresh.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no tokens, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if event.is_client_credentials() {
        for_machine(event)
    } else {
        for_user(event)
    }
}

/// A machine gets an access token alone: it has no ID token and no groups.
fn for_machine(_event: &Event) -> Result<Response, Error> {
    Ok(Response::new())
}

/// A user gets an ID token and an access token.
fn for_user(_event: &Event) -> Result<Response, Error> {
    Ok(Response::new().group("admins").group("staff"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn the_tokens_change() -> Result<(), Error> {
        let response = handler(&Event::default()).await?;
        let expected = json!({
            "claimsAndScopeOverrideDetails": {
                "groupOverrideDetails": {
                    "groupsToOverride": ["admins", "staff"],
                },
            },
        });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }

    #[tokio::test]
    async fn a_machine_has_only_an_access_token() -> Result<(), Error> {
        let event = Event {
            trigger_source: "TokenGeneration_ClientCredentials".to_owned(),
            ..Event::default()
        };
        let response = handler(&event).await?;
        assert_eq!(response, Response::new());
        Ok(())
    }
}
