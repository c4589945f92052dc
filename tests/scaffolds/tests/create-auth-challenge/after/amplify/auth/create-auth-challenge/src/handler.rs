//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login does not support it.

use tracing::{error, warn};

use crate::error::Error;
use crate::event::{Event, Response};

/// Creates a one-time code for the user who signs in, and sends it.
///
/// Each attempt gets a new code, so that nobody can guess twice at the same code.
///
/// Cognito waits 5 seconds and may call up to three times. The user then gets several codes, of
/// which the last one counts.
///
/// # Errors
/// An error ends the sign-in. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if event.request.challenge_name != "CUSTOM_CHALLENGE" {
        return Ok(Response::new());
    }
    let code = new_code()?;
    let address = verified_address(event);
    // Only logged: an error for users who have an account would tell who has one.
    if let Err(error) = deliver(address, &code).await {
        error!(?error, "the code was not sent");
    }
    // The app sees the public parameters. They are the same for everyone, so that they do not tell
    // who has an account. Without an answer, every code that the user enters is wrong.
    let question = Response::new()
        .public("codeLength", code.len().to_string())
        .metadata("ONE_TIME_CODE");
    Ok(match address {
        Some(_) => question.private("answer", code),
        None => question.private("noAnswer", "there is no verified address"),
    })
}

/// Sends the code to the user. PUT YOUR OWN CODE HERE.
///
/// - If the address contains an `@`, send an e-mail, for example with Amazon SES (crate
///   `aws-sdk-sesv2`, permission `ses:SendEmail`).
/// - Otherwise it is a phone number: send an SMS, for example with Amazon SNS (crate
///   `aws-sdk-sns`, permission `sns:Publish`).
///
/// The address is `None` if the user is unknown or has no verified address. Take equally long in
/// this case, or the response time tells who has an account: for example, put every code into an
/// Amazon SQS queue and send it from there.
///
/// Anyone who has the code can sign in: never log it.
#[allow(clippy::unused_async)] // It is to await your service.
async fn deliver(_address: Option<&str>, _code: &str) -> Result<(), Error> {
    warn!("no code was sent: `deliver` in handler.rs is not implemented yet");
    Ok(())
}

/// The address to send the code to. One that is not verified may belong to someone else.
fn verified_address(event: &Event) -> Option<&str> {
    if event.request.user_not_found {
        return None;
    }
    let verified = |address, flag| {
        // Some tools write `True`.
        let is_verified = event.attribute(flag)?.eq_ignore_ascii_case("true");
        let address = event.attribute(address)?;
        (is_verified && !address.is_empty()).then_some(address)
    };
    verified("email", "email_verified")
        .or_else(|| verified("phone_number", "phone_number_verified"))
}

/// Six random digits from the operating system, which are safe for secrets.
fn new_code() -> Result<String, getrandom::Error> {
    // With 64 bits, every code is practically equally likely.
    Ok(format!("{:06}", getrandom::u64()? % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn event(attributes: &[(&str, &str)]) -> Event {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let mut event = Event::default();
        event.request.challenge_name = "CUSTOM_CHALLENGE".to_owned();
        event.request.user_attributes = attributes.iter().map(owned).collect();
        event
    }

    fn jane() -> Event {
        event(&[("email", "jane@example.com"), ("email_verified", "true")])
    }

    async fn respond(event: &Event) -> Result<Value, Error> {
        Ok(serde_json::to_value(handler(event).await?)?)
    }

    #[tokio::test]
    async fn only_the_private_parameters_have_the_code() -> Result<(), Error> {
        let mut response = respond(&jane()).await?;
        let answer = response["privateChallengeParameters"]["answer"].take();
        let code = answer.as_str().unwrap_or_default();
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(!response.to_string().contains(code));
        Ok(())
    }

    #[test]
    fn each_attempt_gets_a_new_code() -> Result<(), Error> {
        let codes = [new_code()?, new_code()?, new_code()?, new_code()?];
        assert!(codes.iter().any(|code| *code != codes[0]));
        Ok(())
    }

    #[tokio::test]
    async fn the_app_cannot_tell_who_has_an_account() -> Result<(), Error> {
        let mut unknown = event(&[]);
        unknown.request.user_not_found = true;
        let (jane, unknown) = (respond(&jane()).await?, respond(&unknown).await?);
        for member in ["publicChallengeParameters", "challengeMetadata"] {
            assert!(!unknown[member].is_null());
            assert_eq!(unknown[member], jane[member]);
        }
        assert!(unknown["privateChallengeParameters"]["answer"].is_null());
        Ok(())
    }

    #[tokio::test]
    async fn other_challenges_are_left_to_cognito() -> Result<(), Error> {
        let mut event = jane();
        event.request.challenge_name = "PASSWORD_VERIFIER".to_owned();
        let unchanged = serde_json::to_value(Response::new())?;
        assert_eq!(respond(&event).await?, unchanged);
        Ok(())
    }

    #[test]
    fn only_verified_addresses_get_a_code() {
        let email = ("email", "jane@example.com");
        let phone = ("phone_number", "+15555550100");
        for flag in ["true", "True", "TRUE"] {
            let by_email = event(&[email, phone, ("email_verified", flag)]);
            assert_eq!(verified_address(&by_email), Some("jane@example.com"));
            let by_phone = event(&[email, phone, ("phone_number_verified", flag)]);
            assert_eq!(verified_address(&by_phone), Some("+15555550100"));
        }
        for flag in ["false", ""] {
            let unverified = event(&[email, ("email_verified", flag)]);
            assert_eq!(verified_address(&unverified), None);
        }
        assert_eq!(verified_address(&event(&[email])), None);
        let mut unknown = jane();
        unknown.request.user_not_found = true;
        assert_eq!(verified_address(&unknown), None);
    }
}
