//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::Event;

/// Does what is due after a sign-in. The user gets their tokens when it is done.
///
/// It is not called when tokens are refreshed.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no tokens, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Standard error goes to the function's log.
    eprintln!("{}", event.trigger_source);

    // Put your own code here: note the time of the sign-in, tell the user about a new device
    // (`event.request.new_device_used`). Log what may fail without harm, in place of `?`.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn users_get_their_tokens_on_any_device() {
        for new_device_used in [None, Some(false), Some(true)] {
            let mut event = Event::default();
            event.request.new_device_used = new_device_used;
            assert!(handler(&event).await.is_ok(), "{new_device_used:?}");
        }
    }
}
