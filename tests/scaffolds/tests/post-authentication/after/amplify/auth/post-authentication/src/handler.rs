//! What this trigger does. Edit this file.

use tracing::info;

use crate::error::Error;
use crate::event::Event;

/// Runs after a user has signed in, before they get their tokens.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent. It
/// does not call this trigger when tokens are refreshed.
///
/// # Errors
/// The user gets no tokens. What they see is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // PUT YOUR OWN CODE HERE: store the time of the sign-in, or notify the user of a new device
    // (`event.request.new_device_used`). If it may fail, log the error instead of using `?`.
    info!(new_device_used = event.request.new_device_used, "signed in");
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
            assert!(handler(&event).await.is_ok());
        }
    }
}
