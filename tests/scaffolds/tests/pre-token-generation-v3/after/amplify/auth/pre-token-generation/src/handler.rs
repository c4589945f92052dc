//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Customizes tokens: those of a user at each sign-in and each refresh, and that of a machine.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// No tokens are issued. The user sees the message of an [`Error::Refused`].
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if event.is_client_credentials() {
        Ok(for_machine(event))
    } else {
        Ok(for_user(event))
    }
}

/// A machine only gets an access token. It has no ID token and no groups.
fn for_machine(event: &Event) -> Response {
    let mut response = Response::to(event);
    response.access_claim("amplfy_attribute", "amplify_gen_2");
    response
}

/// A user gets an ID token and an access token.
fn for_user(event: &Event) -> Response {
    let mut response = Response::to(event);
    // Replaces the groups of the user. Without this line they stay, and `add_group` adds to them.
    response.replace_groups(["amplify_group_1"]);
    // A claim from an attribute of the user:
    // if let Some(tenant) = event.attribute("custom:tenant") {
    //     response.claim("tenant", tenant);
    // }
    response.claim("amplfy_attribute", "amplify_gen_2");
    response.access_claim("amplfy_attribute", "amplify_gen_2");
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn the_tokens_of_a_user_are_customized() -> Result<(), Error> {
        let response = handler(&Event::default()).await?;
        let expected = json!({
            "claimsAndScopeOverrideDetails": {
                "idTokenGeneration": {
                    "claimsToAddOrOverride": {
                        "amplfy_attribute": "amplify_gen_2",
                    },
                },
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {
                        "amplfy_attribute": "amplify_gen_2",
                    },
                },
                "groupOverrideDetails": {
                    "groupsToOverride": ["amplify_group_1"],
                },
            },
        });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }

    #[tokio::test]
    async fn a_machine_only_has_an_access_token() -> Result<(), Error> {
        let event = Event {
            trigger_source: "TokenGeneration_ClientCredentials".to_owned(),
            ..Event::default()
        };
        let response = serde_json::to_value(handler(&event).await?)?;
        let details = &response["claimsAndScopeOverrideDetails"];
        let claims = json!({
            "amplfy_attribute": "amplify_gen_2",
        });
        assert_eq!(
            details["accessTokenGeneration"]["claimsToAddOrOverride"],
            claims
        );
        assert!(details["idTokenGeneration"].is_null());
        assert!(details["groupOverrideDetails"].is_null());
        Ok(())
    }
}
