//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::Event;

/// Does what is due for a new user. Cognito also calls after each password reset, which is not
/// for us.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// Cognito shows the text of an error to the user: see `error.rs`. The account stays confirmed.
pub async fn handler(event: &Event) -> Result<(), Error> {
    if event.is_sign_up() {
        welcome(event).await?;
    }
    Ok(())
}

/// Put your own code here: create the user's row in a database, send a greeting. Use the user's
/// `sub` as the key, so that doing it again changes nothing.
async fn welcome(event: &Event) -> Result<(), Error> {
    // Standard error goes to the function's log.
    eprintln!("new user {:?}", event.request.user_attributes.get("sub"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_new_user_is_welcome() -> Result<(), Error> {
        let mut event = Event {
            trigger_source: "PostConfirmation_ConfirmSignUp".to_owned(),
            ..Event::default()
        };
        let attributes = &mut event.request.user_attributes;
        attributes.insert("sub".to_owned(), "a1b2c3d4".to_owned());
        assert!(event.is_sign_up());
        handler(&event).await
    }

    #[tokio::test]
    async fn a_password_reset_is_no_sign_up() -> Result<(), Error> {
        let event = Event {
            trigger_source: "PostConfirmation_ConfirmForgotPassword".to_owned(),
            ..Event::default()
        };
        assert!(!event.is_sign_up());
        handler(&event).await
    }
}
