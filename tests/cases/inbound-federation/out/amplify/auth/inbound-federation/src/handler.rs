//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides what the user pool stores of a user who signs in through an identity provider.
///
/// What is left out of a response is dropped from the profile, so it starts from all attributes.
/// Add, replace and remove from there; `Response::unchanged()` leaves all to Cognito.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
/// Never log the attributes: the provider's tokens are among them.
///
/// # Errors
/// An error ends the sign-in, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    Ok(Response::all_of(&event.request.attributes))
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
    async fn all_attributes_are_kept() -> Result<(), Error> {
        let event = event(&json!({
            "tokenResponse": { "access_token": "secret" },
            "idToken": { "sub": "1", "email": "old@example.com", "email_verified": true },
            "userInfo": { "email": "new@example.com", "roles": ["a"], "age": 42 },
        }))?;
        let response = handler(&event).await?;
        // The user info is what the provider says last, and only texts can be stored.
        let expected = json!({ "userAttributesToMap": {
            "sub": "1", "email": "new@example.com", "email_verified": "true", "age": "42",
        }});
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }

    #[tokio::test]
    async fn an_assertion_is_kept_too() -> Result<(), Error> {
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
    fn what_cognito_cannot_store_is_left_out() -> Result<(), Error> {
        let event = event(&json!({ "idToken": { "a": "x".repeat(2049), "b": "y" } }))?;
        let expected = json!({ "userAttributesToMap": { "b": "y" } });
        let response = Response::all_of(&event.request.attributes);
        assert_eq!(serde_json::to_value(response)?, expected);
        Ok(())
    }
}
