//! What this trigger does. Edit this file.

use tracing::warn;

use crate::error::Error;
use crate::event::Event;

/// Sends each SMS that Cognito would otherwise send itself.
///
/// Cognito calls this trigger asynchronously: it does not wait for the answer, and the user does
/// not see errors.
///
/// # Errors
/// Lambda logs the error and calls up to two more times with the same event.
pub async fn handler(event: &Event) -> Result<(), Error> {
    let Some((address, encrypted)) = recipient(event) else {
        return Ok(());
    };
    send(event, address, encrypted).await
}

/// The address of the user and the encrypted code.
fn recipient(event: &Event) -> Option<(&str, &str)> {
    let address = event.attribute("phone_number")?;
    let encrypted = event.request.code.as_deref()?;
    Some((address, encrypted))
}

/// Sends the SMS. `event.trigger_source` says what it is for. PUT YOUR OWN CODE HERE.
///
/// `encrypted` is in base64, encrypted with the AWS Encryption SDK and the KMS key of the user
/// pool. `kms:Decrypt` alone cannot decrypt it. To generate code that can, run
/// `cargo amplify new auth-trigger custom-sms-sender --input decrypt=true`.
///
/// To send nothing twice, return an error only if nothing was sent, set the timeout of your client
/// below that of the function, and if your service supports idempotency keys, use a hash of
/// `event.request.code`: it is the same when Lambda retries.
#[allow(clippy::unused_async)] // It is to await your service.
async fn send(_event: &Event, _address: &str, _encrypted: &str) -> Result<(), Error> {
    warn!("nothing was sent: `send` in handler.rs is not implemented yet");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_sent_to_the_address_of_the_user() {
        let mut event = Event::default();
        event.request.code = Some("AYADeILxywKhhaq8".to_owned());
        let attributes = &mut event.request.user_attributes;
        attributes.insert("phone_number".to_owned(), "+12065550100".to_owned());
        let expected = Some(("+12065550100", "AYADeILxywKhhaq8"));
        assert_eq!(recipient(&event), expected);
    }

    #[tokio::test]
    async fn nothing_is_sent_without_an_address_or_a_code() {
        let mut event = Event::default();
        assert_eq!(recipient(&event), None);
        event.request.code = Some("AYADeILxywKhhaq8".to_owned());
        assert_eq!(recipient(&event), None);
        assert!(handler(&event).await.is_ok());
    }
}
