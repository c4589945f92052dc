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
    // A claim from an attribute of the user:
    // if let Some(tenant) = event.attribute("custom:tenant") {
    //     response.claim("tenant", tenant);
    // }
    response.claim("tenant", "acme");
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
                    "tenant": "acme",
                },
            },
        });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }
}
