//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::Event;

/// Decides who may sign in, before Cognito checks the password. Accepts everyone.
///
/// It is not called when tokens are refreshed.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error refuses the sign-in, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Standard error goes to the function's log. Leave the user name out of it: nobody has
    // checked it yet, and people type passwords there by mistake.
    eprintln!("{}", event.trigger_source);

    // Decide here, from `event.request` and `event.caller_context.client_id`. Say the same for
    // `event.request.user_not_found` as for a user you refuse, or it tells which users exist:
    // return Err(Error::Refused("you may not sign in here".to_owned()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everyone_may_sign_in() {
        assert!(handler(&Event::default()).await.is_ok());
    }

    /// Another answer would tell which users exist.
    #[tokio::test]
    async fn an_unknown_user_gets_the_same_answer() {
        let known = Event::default();
        let mut unknown = Event::default();
        unknown.request.user_not_found = true;
        let answers = (handler(&known).await, handler(&unknown).await);
        assert_eq!(format!("{:?}", answers.0), format!("{:?}", answers.1));
    }
}
