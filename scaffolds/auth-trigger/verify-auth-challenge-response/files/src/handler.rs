//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login does not support it.

use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::event::{Event, Request, Response};

/// Checks the user's answer.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error ends the sign-in. What the user sees is described in `error.rs`. A wrong answer is not
/// an error, because the user may try again.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    if is_correct(&event.request) {
        Ok(Response::correct())
    } else {
        Ok(Response::incorrect())
    }
}

/// Compares the answer with the one that `create-auth-challenge` has put into the private
/// parameters. If there is none, or the user is unknown, every answer is wrong.
fn is_correct(request: &Request) -> bool {
    let expected = request.private_challenge_parameters.get("answer");
    let expected = expected.map_or("", String::as_str).as_bytes();
    // Pasted codes often end in a blank.
    let answer = request.challenge_answer.trim().as_bytes();
    // In constant time, so that the response time does not tell how many digits are right.
    let is_equal = bool::from(expected.ct_eq(answer));
    is_equal && !expected.is_empty() && !request.user_not_found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(expected: &str, answer: &str) -> Request {
        let expected = ("answer".to_owned(), expected.to_owned());
        Request {
            private_challenge_parameters: [expected].into(),
            challenge_answer: answer.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn the_right_answer_is_correct() {
        assert!(is_correct(&request("012345", "012345")));
        assert!(is_correct(&request("012345", " 012345\n")));
    }

    #[test]
    fn any_other_answer_is_wrong() {
        for answer in ["", "012346", "112345", "12345", "0123456", "012 345"] {
            assert!(!is_correct(&request("012345", answer)), "{answer:?}");
        }
    }

    #[test]
    fn without_an_expected_answer_every_answer_is_wrong() {
        for answer in ["", " ", "012345"] {
            assert!(!is_correct(&request("", answer)), "{answer:?}");
            let request = Request {
                challenge_answer: answer.to_owned(),
                ..Request::default()
            };
            assert!(!is_correct(&request), "{answer:?}");
        }
    }

    #[test]
    fn answers_of_unknown_users_are_wrong() {
        let request = Request {
            user_not_found: true,
            ..request("012345", "012345")
        };
        assert!(!is_correct(&request));
    }

    #[tokio::test]
    async fn a_wrong_answer_is_not_an_error() -> Result<(), Error> {
        let event = Event {
            request: request("012345", "543210"),
            ..Event::default()
        };
        assert_eq!(handler(&event).await?, Response::incorrect());
        Ok(())
    }
}
