//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Customizes the ID token and the access token, at each sign-in and each refresh.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// No tokens are issued. The user sees the message of an [`Error::Refused`].
pub async fn handler(event: &Event) -> Result<Response, Error> {
    let mut response = Response::to(event);
    // Replaces the groups of the user. Without this line they stay, and `add_group` adds to them.
    response.replace_groups(["größe{{name}}"]);
    // A claim from an attribute of the user:
    // if let Some(tenant) = event.attribute("custom:tenant") {
    //     response.claim("tenant", tenant);
    // }
    response.claim("quote\"\\", "a\\\"b");
    response.claim(
        //
        "https://example.com/claims/the-organisation",
        "a name that is longer than a line should be",
    );
    response.access_claim("quote\"\\", "a\\\"b");
    response.access_claim(
        //
        "https://example.com/claims/the-organisation",
        "a name that is longer than a line should be",
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn the_tokens_are_customized() -> Result<(), Error> {
        let response = handler(&Event::default()).await?;
        let expected = json!({
            "claimsAndScopeOverrideDetails": {
                "idTokenGeneration": {
                    "claimsToAddOrOverride": {
                        "quote\"\\": "a\\\"b",
                        "https://example.com/claims/the-organisation": "a name that is longer than a line should be",
                    },
                },
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {
                        "quote\"\\": "a\\\"b",
                        "https://example.com/claims/the-organisation": "a name that is longer than a line should be",
                    },
                },
                "groupOverrideDetails": {
                    "groupsToOverride": ["größe{{name}}"],
                },
            },
        });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }
}
