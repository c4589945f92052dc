//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code, and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login never runs custom authentication.

use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::event::{Event, Request, Response};

/// Decides whether the user's answer is right.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error ends the sign-in, and Cognito shows its text to the user: see `error.rs`. A wrong
/// answer is no error, because the user may try again.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    Ok(Response::answer_correct(is_right(&event.request)))
}

/// Compares the answer with the one that `create-auth-challenge` has left in the private
/// parameters. Without one, and for a user who does not exist, every answer is wrong.
fn is_right(request: &Request) -> bool {
    let expected = request.private_challenge_parameters.get("answer");
    let expected = expected.map_or("", String::as_str).as_bytes();
    // A code that is pasted often has a blank at its end.
    let answer = request.challenge_answer.trim().as_bytes();
    // It takes the same time wherever the two differ: a comparison that stops at the first wrong
    // digit would tell how many are right.
    let same = bool::from(expected.ct_eq(answer));
    same && !expected.is_empty() && !request.user_not_found
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
    fn the_right_answer_is_right() {
        assert!(is_right(&request("012345", "012345")));
        assert!(is_right(&request("012345", " 012345\n")));
    }

    #[test]
    fn any_other_answer_is_wrong() {
        for answer in ["", "012346", "112345", "12345", "0123456", "012 345"] {
            assert!(!is_right(&request("012345", answer)), "{answer:?}");
        }
    }

    #[test]
    fn without_an_expected_answer_all_are_wrong() {
        for answer in ["", " ", "012345"] {
            assert!(!is_right(&request("", answer)), "{answer:?}");
            let request = Request {
                challenge_answer: answer.to_owned(),
                ..Request::default()
            };
            assert!(!is_right(&request), "{answer:?}");
        }
    }

    #[test]
    fn a_user_that_does_not_exist_is_never_right() {
        let request = Request {
            user_not_found: true,
            ..request("012345", "012345")
        };
        assert!(!is_right(&request));
    }

    #[tokio::test]
    async fn a_wrong_answer_is_no_error() -> Result<(), Error> {
        let event = Event {
            request: request("012345", "543210"),
            ..Event::default()
        };
        let response = serde_json::to_value(handler(&event).await?)?;
        assert_eq!(response, serde_json::json!({ "answerCorrect": false }));
        Ok(())
    }
}
