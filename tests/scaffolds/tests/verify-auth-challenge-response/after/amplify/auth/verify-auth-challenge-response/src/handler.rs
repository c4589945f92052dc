//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login does not support it.

use subtle::ConstantTimeEq as _;

use crate::error::Error;
use crate::event::{Event, Response};

/// Checks the user's answer.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error ends the sign-in. What the user sees is described in `error.rs`. A wrong answer is not
/// an error, because the user may try again.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if is_correct(event)? {
        Ok(Response::correct())
    } else {
        Ok(Response::incorrect())
    }
}

/// Compares the answer with the one that `create-auth-challenge` has put into the private
/// parameters. If there is none, or the user is unknown, every answer is wrong.
fn is_correct(event: &Event) -> Result<bool, Error> {
    let expected = event.private_parameter("answer").unwrap_or_default();
    // Pasted codes often end in a blank.
    let answer = event.challenge_answer()?.trim();
    // In constant time, so that the response time does not tell how many digits are right.
    let is_equal = bool::from(expected.as_bytes().ct_eq(answer.as_bytes()));
    Ok(is_equal && !expected.is_empty() && !event.request.user_not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(expected: &str, answer: &str) -> Event {
        let mut event = Event::default();
        let parameters = &mut event.request.private_challenge_parameters;
        parameters.insert("answer".to_owned(), expected.to_owned());
        event.request.challenge_answer = Some(answer.to_owned());
        event
    }

    #[test]
    fn the_right_answer_is_correct() -> Result<(), Error> {
        assert!(is_correct(&event("012345", "012345"))?);
        assert!(is_correct(&event("012345", " 012345\n"))?);
        Ok(())
    }

    #[test]
    fn any_other_answer_is_incorrect() -> Result<(), Error> {
        for answer in ["", "012346", "112345", "12345", "0123456", "012 345"] {
            assert!(!is_correct(&event("012345", answer))?);
        }
        Ok(())
    }

    #[test]
    fn without_an_expected_answer_every_answer_is_incorrect() -> Result<(), Error> {
        for answer in ["", " ", "012345"] {
            let mut event = event("", answer);
            assert!(!is_correct(&event)?);
            event.request.private_challenge_parameters.clear();
            assert!(!is_correct(&event)?);
        }
        Ok(())
    }

    #[test]
    fn answers_of_unknown_users_are_incorrect() -> Result<(), Error> {
        let mut event = event("012345", "012345");
        event.request.user_not_found = true;
        assert!(!is_correct(&event)?);
        Ok(())
    }

    #[tokio::test]
    async fn a_wrong_answer_is_not_an_error() -> Result<(), Error> {
        let response = handler(&event("012345", "543210")).await?;
        assert_eq!(response, Response::incorrect());
        Ok(())
    }

    #[tokio::test]
    async fn a_missing_answer_is_an_error() {
        let response = handler(&Event::default()).await;
        assert!(matches!(response, Err(Error::Refused(_))));
    }
}
