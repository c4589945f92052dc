//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Customizes the ID token, and the groups in both tokens, at each sign-in and each refresh.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// No tokens are issued. The user sees the message of an [`Error::Refused`].
pub async fn handler(event: &Event) -> Result<Response, Error> {
    let mut response = Response::to(event);
    // Replaces the groups of the user. Without this line they stay, and `add_group` adds to them.
    response.replace_groups(["amplify_group_1"]);
    // A claim from an attribute of the user:
    // if let Some(tenant) = event.attribute("custom:tenant") {
    //     response.claim("tenant", tenant);
    // }
    response.claim("amplfy_attribute", "amplify_gen_2");
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
            "claimsOverrideDetails": {
                "claimsToAddOrOverride": {
                    "amplfy_attribute": "amplify_gen_2",
                },
                "groupOverrideDetails": {
                    "groupsToOverride": ["amplify_group_1"],
                },
            },
        });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }
}
