//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code, and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login never runs custom authentication.

use crate::error::Error;
use crate::event::{Event, Request, Response};

/// Makes a one-time code for the user who signs in, and sends it.
///
/// Each attempt has a code of its own, so that a code can be guessed at only once. Using one code
/// for all attempts would take `challengeMetadata` to remember it, and the code would no longer be
/// in the private parameters alone.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm. The
/// user then gets two codes, and the later one counts.
///
/// # Errors
/// An error ends the sign-in, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if event.request.challenge_name != "CUSTOM_CHALLENGE" {
        return Ok(Response::new());
    }
    let code = new_code()?;
    let address = address(&event.request);
    // A failure is only logged: an error for those who have an account would tell who has one.
    if let Err(error) = deliver(address, &code).await {
        eprintln!("ERROR the code was not sent: {error:?}");
    }
    Ok(challenge(&code, address))
}

/// Sends the code to the user. PUT YOUR OWN WAY OF SENDING HERE.
///
/// - An e-mail address has an `@`: send with Amazon SES, from an address that you have verified
///   there (crate `aws-sdk-sesv2`, permission `ses:SendEmail`).
/// - Any other address is a phone number: send with Amazon SNS (crate `aws-sdk-sns`, permission
///   `sns:Publish`).
///
/// There is no address for a user who does not exist, or cannot be reached. Take as long for them
/// as for others, or the time tells who has an account. A good way is to put the address and the
/// code into an Amazon SQS queue for all, and to send from there.
///
/// The code signs the user in: never write it to the log.
async fn deliver(_address: Option<&str>, _code: &str) -> Result<(), Error> {
    eprintln!("WARN no code was sent: `deliver` in handler.rs does not send yet");
    Ok(())
}

/// The address that the code goes to. One that is not verified may belong to somebody else.
fn address(request: &Request) -> Option<&str> {
    let text = |name: &str| request.user_attributes.get(name).map_or("", String::as_str);
    let verified = |name, flag| {
        // AWS itself writes `True` in places.
        let is_verified = text(flag).eq_ignore_ascii_case("true");
        Some(text(name)).filter(|address| is_verified && !address.is_empty())
    };
    verified("email", "email_verified")
        .or_else(|| verified("phone_number", "phone_number_verified"))
        .filter(|_| !request.user_not_found)
}

/// The question is the same for all, and does not say where the code went: that would tell who
/// has an account. Without an address there is no answer, so that nobody can guess it.
fn challenge(code: &str, address: Option<&str>) -> Response {
    let question = Response::new()
        .public("codeLength", code.len().to_string())
        .metadata("ONE_TIME_CODE");
    match address {
        Some(_) => question.private("answer", code),
        None => question.private("noAnswer", "there is no verified address"),
    }
}

/// Six digits from the random numbers of the operating system, which are made for secrets.
fn new_code() -> Result<String, getrandom::Error> {
    loop {
        if let Some(code) = to_code(getrandom::u32()?) {
            return Ok(code);
        }
    }
}

/// The last six digits of a random number, each code as likely as any other.
///
/// `u32` ends within a million: the few numbers of that million would make low codes likelier, so
/// they give no code.
fn to_code(number: u32) -> Option<String> {
    const CODES: u32 = 1_000_000;
    let whole_millions = u32::MAX / CODES * CODES;
    (number < whole_millions).then(|| format!("{:06}", number % CODES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn event(text: &str) -> Result<Event, Error> {
        Event::from_json(text)
    }

    async fn respond(text: &str) -> Result<Value, Error> {
        Ok(serde_json::to_value(handler(&event(text)?).await?)?)
    }

    const JANE: &str = r#"{"request": {
        "challengeName": "CUSTOM_CHALLENGE",
        "userAttributes": {"email": "jane@example.com", "email_verified": "true"}
    }}"#;
    const NOBODY: &str = r#"{"request": {
        "challengeName": "CUSTOM_CHALLENGE", "userAttributes": {}, "userNotFound": true
    }}"#;

    #[tokio::test]
    async fn the_code_is_only_in_the_private_parameters() -> Result<(), Error> {
        let mut response = respond(JANE).await?;
        let answer = response["privateChallengeParameters"]["answer"].take();
        let code = answer.as_str().unwrap_or_default();
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(!response.to_string().contains(code));
        Ok(())
    }

    #[tokio::test]
    async fn each_attempt_has_a_code_of_its_own() -> Result<(), Error> {
        let mut codes = Vec::new();
        for _ in 0..5 {
            let response = respond(JANE).await?;
            codes.push(response["privateChallengeParameters"]["answer"].to_string());
        }
        // Five equal codes by chance are less likely than a broken computer.
        codes.dedup();
        assert!(codes.len() > 1);
        Ok(())
    }

    #[tokio::test]
    async fn the_app_cannot_tell_who_exists() -> Result<(), Error> {
        let (jane, nobody) = (respond(JANE).await?, respond(NOBODY).await?);
        for part in ["publicChallengeParameters", "challengeMetadata"] {
            assert!(!nobody[part].is_null());
            assert_eq!(nobody[part], jane[part]);
        }
        assert!(nobody["privateChallengeParameters"]["answer"].is_null());
        Ok(())
    }

    #[tokio::test]
    async fn other_challenges_are_left_alone() -> Result<(), Error> {
        let text = JANE.replace("CUSTOM_CHALLENGE", "PASSWORD_VERIFIER");
        let response = respond(&text).await?;
        assert_eq!(response, serde_json::to_value(Response::new())?);
        Ok(())
    }

    #[test]
    fn only_a_verified_address_gets_a_code() -> Result<(), Error> {
        let phone = JANE
            .replace("jane@example.com", "+15555550100")
            .replace("email", "phone_number");
        let not_verified = JANE.replace("true", "false");
        let not_found = JANE.replace(r#""request": {"#, r#""request": {"userNotFound": true,"#);
        assert_eq!(address(&event(JANE)?.request), Some("jane@example.com"));
        assert_eq!(address(&event(&phone)?.request), Some("+15555550100"));
        assert_eq!(address(&event(&not_verified)?.request), None);
        assert_eq!(address(&event(&not_found)?.request), None);
        Ok(())
    }

    #[test]
    fn all_codes_are_equally_likely() {
        assert_eq!(to_code(0).as_deref(), Some("000000"));
        assert_eq!(to_code(1_000_042).as_deref(), Some("000042"));
        assert_eq!(to_code(4_293_999_999).as_deref(), Some("999999"));
        assert_eq!(to_code(4_294_000_000), None);
        assert_eq!(to_code(u32::MAX), None);
    }
}
