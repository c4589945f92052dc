//! What this trigger does. Edit this file.

mod decrypt;

use crate::error::Error;
use crate::event::Event;

/// Sends an SMS that Cognito would have sent, for each purpose that `trigger_source` names.
///
/// Cognito does not wait for the answer, and Lambda may call up to three times with the same
/// event: sending again must do no harm.
///
/// # Errors
/// An error reaches nobody but the function's log, and makes Lambda try again.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Standard error goes to the function's log. Codes and addresses do not belong there.
    eprintln!("{}", event.trigger_source);
    let Some((address, encrypted)) = recipient(event) else {
        return Ok(());
    };
    match decrypt::keyring().await? {
        Some(keyring) => send(address, &decrypt::decrypt(encrypted, keyring).await?).await,
        None => {
            eprintln!("WARN nothing was sent: KMS_KEY_ARN is not set");
            Ok(())
        }
    }
}

/// The address and the encrypted code. A notification about a suspicious sign-in has no code: the
/// attributes say what happened.
fn recipient(event: &Event) -> Option<(&str, &str)> {
    let address = event.request.user_attributes.get("phone_number")?;
    let encrypted = event.request.code.as_deref()?;
    Some((address, encrypted))
}

/// Sends the code, or the temporary password of an invitation
/// (`CustomSMSSender_AdminCreateUser`). PUT YOUR OWN WAY OF SENDING HERE.
///
/// The code lets its reader into the account: never write it to the log.
async fn send(_address: &str, _code: &str) -> Result<(), Error> {
    eprintln!("WARN nothing was sent: `send` in handler.rs does not send yet");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_to_the_address_of_the_user() {
        let mut event = Event::default();
        event.request.code = Some("AYADeILxywKhhaq8".to_owned());
        let attributes = &mut event.request.user_attributes;
        attributes.insert("phone_number".to_owned(), "+12065550100".to_owned());
        let expected = Some(("+12065550100", "AYADeILxywKhhaq8"));
        assert_eq!(recipient(&event), expected);
    }

    #[tokio::test]
    async fn without_code_or_address_nothing_is_sent() {
        let mut event = Event::default();
        assert_eq!(recipient(&event), None);
        event.request.code = Some("AYADeILxywKhhaq8".to_owned());
        assert_eq!(recipient(&event), None);
        assert!(handler(&event).await.is_ok());
    }
}
