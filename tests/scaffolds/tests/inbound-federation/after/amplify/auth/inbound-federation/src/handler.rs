//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides which attributes the user pool stores for a user who signs in through an identity
/// provider. Attributes that are not in the response are removed from the user's profile.
///
/// If an attribute is in several parts of what the provider sent, the SAML assertion takes
/// precedence over the user info, and the user info over the ID token.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error ends the sign-in. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    // Never log the attributes, because they contain the tokens of the provider.
    let response = Response::all_of(&event.request.attributes);
    // let response = response.attribute("department", "Engineering").without("locale");
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(attributes: &serde_json::Value) -> Result<Event, Error> {
        let event = json!({ "request": { "attributes": attributes } });
        Event::from_json(&event.to_string())
    }

    #[tokio::test]
    async fn user_info_takes_precedence_over_the_id_token() -> Result<(), Error> {
        let event = event(&json!({
            "tokenResponse": { "access_token": "secret" },
            "idToken": { "sub": "1", "email": "old@example.com", "email_verified": true },
            "userInfo": { "email": "new@example.com", "age": 42 },
        }))?;
        let response = handler(&event).await?;
        let expected = json!({ "userAttributesToMap": {
            "sub": "1", "email": "new@example.com", "email_verified": "true", "age": "42",
        }});
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }

    #[tokio::test]
    async fn saml_attributes_are_kept() -> Result<(), Error> {
        let event = event(&json!({ "samlResponse": { "department": "Engineering" } }))?;
        let response = handler(&event).await?;
        let expected = json!({ "userAttributesToMap": { "department": "Engineering" } });
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }

    #[test]
    fn attributes_are_added_and_removed() -> Result<(), Error> {
        let event = event(&json!({ "samlResponse": { "a": "1", "b": "2" } }))?;
        let response = Response::all_of(&event.request.attributes)
            .attribute("c", "3")
            .without("b");
        let expected = json!({ "userAttributesToMap": { "a": "1", "c": "3" } });
        assert_eq!(serde_json::to_value(response)?, expected);
        assert_eq!(
            serde_json::to_value(Response::unchanged())?,
            json!({ "userAttributesToMap": {} })
        );
        Ok(())
    }

    #[test]
    fn values_that_cognito_cannot_store_are_left_out() -> Result<(), Error> {
        let event = event(&json!({ "idToken": { "a": "x".repeat(2049), "b": ["x"], "c": "y" } }))?;
        let expected = json!({ "userAttributesToMap": { "c": "y" } });
        let response = Response::all_of(&event.request.attributes);
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }
}
