//! What this trigger does. Edit this file.

use tracing::info;

use crate::error::Error;
use crate::event::Event;

/// Decides who may sign in, before Cognito checks the password. Accepts everyone.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent. It
/// does not call this trigger when tokens are refreshed.
///
/// # Errors
/// An error rejects the sign-in. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Do not log the user name: Cognito has not checked it, and some users enter their password
    // there by mistake.
    info!(client_id = event.caller_context.client_id, "sign-in");

    // To reject a sign-in:
    // if event.caller_context.client_id == "1example23456789" {
    //     return Err(Error::Refused("you cannot sign in to this app".to_owned()));
    // }
    // If the decision depends on the user, also reject `event.request.user_not_found`, or the
    // error tells who has an account.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everyone_may_sign_in() {
        assert!(handler(&Event::default()).await.is_ok());
    }

    /// A different answer would tell who has an account.
    #[tokio::test]
    async fn unknown_users_get_the_same_answer() {
        let known = Event::default();
        let mut unknown = Event::default();
        unknown.request.user_not_found = true;
        let answers = (handler(&known).await, handler(&unknown).await);
        assert_eq!(format!("{:?}", answers.0), format!("{:?}", answers.1));
    }
}
