//! What this trigger does. Edit this file.

use tracing::info;

use crate::error::Error;
use crate::event::Event;

/// Runs once a new user has confirmed their account.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// What the user sees is described in `error.rs`. The account stays confirmed.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Cognito also calls this trigger after a password reset.
    if event.is_sign_up() {
        welcome(event).await?;
    }
    Ok(())
}

/// Creates a database row or sends a greeting: PUT YOUR OWN CODE HERE. Use `sub` as the key, so
/// that a retry changes nothing.
#[allow(clippy::unused_async)] // It is to await your service.
async fn welcome(event: &Event) -> Result<(), Error> {
    info!(user_id = event.attribute("sub"), "new user");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(trigger_source: &str) -> Event {
        Event {
            trigger_source: trigger_source.to_owned(),
            ..Event::default()
        }
    }

    #[tokio::test]
    async fn new_users_are_welcomed() -> Result<(), Error> {
        let event = event("PostConfirmation_ConfirmSignUp");
        assert!(event.is_sign_up());
        handler(&event).await
    }

    #[tokio::test]
    async fn a_password_reset_is_not_a_sign_up() -> Result<(), Error> {
        let event = event("PostConfirmation_ConfirmForgotPassword");
        assert!(!event.is_sign_up());
        handler(&event).await
    }
}
