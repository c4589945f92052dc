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
    use crate::event::Request;

    #[tokio::test]
    async fn everyone_may_sign_in() -> Result<(), Error> {
        handler(&Event::default()).await
    }

    #[tokio::test]
    async fn an_unknown_user_is_treated_the_same() -> Result<(), Error> {
        let event = Event {
            request: Request {
                user_not_found: true,
                ..Request::default()
            },
            ..Event::default()
        };
        handler(&event).await
    }
}
