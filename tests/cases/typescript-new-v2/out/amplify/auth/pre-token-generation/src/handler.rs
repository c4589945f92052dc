//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides what goes into the tokens that Cognito is about to issue, at sign-in and at refresh.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no tokens, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(_event: &Event) -> Result<Response, Error> {
    Ok(Response::new()
        .group("amplify_group_1")
        .claim("amplfy_attribute", "amplify_gen_2")
        .access_claim("amplfy_attribute", "amplify_gen_2"))
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
}
