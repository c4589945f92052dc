//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code, and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login never runs custom authentication.

use crate::error::Error;
use crate::event::{Challenge, Event, Request, Response};

/// How many codes a user may answer before the sign-in fails.
const ATTEMPTS: usize = 3;

/// Decides what the user must answer next, and when they get tokens.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error ends the sign-in, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    Ok(next_step(&event.request))
}

/// Looks at the names in the session and not at its length: Cognito adds entries of its own, for
/// passwords, MFA and remembered devices.
///
/// A user that does not exist takes the same steps, so that nobody learns who has an account.
fn next_step(request: &Request) -> Response {
    let session = &request.session;
    let Some(last) = session.last() else {
        // The app began with `CUSTOM_CHALLENGE`: the code alone signs the user in. To insist on a
        // password as well, fail here.
        return Response::challenge("CUSTOM_CHALLENGE");
    };
    if !last.challenge_result {
        let codes = session.iter().filter(|entry| is_code(entry)).count();
        return if is_code(last) && codes < ATTEMPTS {
            Response::challenge("CUSTOM_CHALLENGE")
        } else {
            Response::fail_authentication()
        };
    }
    match last.challenge_name.as_str() {
        // The app began with a password, which comes before the code.
        "SRP_A" => Response::challenge("PASSWORD_VERIFIER"),
        "PASSWORD_VERIFIER" if must_change_password(request) => {
            Response::challenge("NEW_PASSWORD_REQUIRED")
        }
        // The verify auth challenge response trigger never says so, and it would be wrong.
        "CUSTOM_CHALLENGE" if request.user_not_found => Response::fail_authentication(),
        "CUSTOM_CHALLENGE" => Response::issue_tokens(),
        // What Cognito may still ask for after the right code.
        "SMS_MFA"
        | "EMAIL_OTP"
        | "SOFTWARE_TOKEN_MFA"
        | "DEVICE_PASSWORD_VERIFIER"
        | "NEW_PASSWORD_REQUIRED"
            if code_was_right(request) =>
        {
            Response::issue_tokens()
        }
        // Whatever else the user has passed, the code is still to come.
        _ => Response::challenge("CUSTOM_CHALLENGE"),
    }
}

fn is_code(entry: &Challenge) -> bool {
    entry.challenge_name == "CUSTOM_CHALLENGE"
}

/// Whether the user has passed the latest code of this sign-in.
fn code_was_right(request: &Request) -> bool {
    let latest = request.session.iter().rev().find(|entry| is_code(entry));
    latest.is_some_and(|entry| entry.challenge_result) && !request.user_not_found
}

/// Whether an administrator has set or reset the password.
fn must_change_password(request: &Request) -> bool {
    let status = request.user_attributes.get("cognito:user_status");
    status.is_some_and(|status| status == "FORCE_CHANGE_PASSWORD" || status == "RESET_REQUIRED")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "CUSTOM_CHALLENGE";

    fn request(session: &[(&str, bool)]) -> Request {
        let entry = |&(name, passed): &(&str, bool)| Challenge {
            challenge_name: name.to_owned(),
            challenge_result: passed,
            ..Challenge::default()
        };
        Request {
            session: session.iter().map(entry).collect(),
            ..Request::default()
        }
    }

    fn after(session: &[(&str, bool)]) -> Response {
        next_step(&request(session))
    }

    fn after_for_nobody(session: &[(&str, bool)]) -> Response {
        next_step(&Request {
            user_not_found: true,
            ..request(session)
        })
    }

    #[test]
    fn the_right_code_is_enough() {
        assert_eq!(after(&[]), Response::challenge(CODE));
        assert_eq!(after(&[(CODE, true)]), Response::issue_tokens());
    }

    #[test]
    fn there_are_three_attempts() {
        let wrong = (CODE, false);
        assert_eq!(after(&[wrong]), Response::challenge(CODE));
        assert_eq!(after(&[wrong, wrong]), Response::challenge(CODE));
        assert_eq!(
            after(&[wrong, wrong, (CODE, true)]),
            Response::issue_tokens()
        );
        assert_eq!(
            after(&[wrong, wrong, wrong]),
            Response::fail_authentication()
        );
    }

    #[test]
    fn a_password_comes_before_the_code() {
        let start = ("SRP_A", true);
        let password = ("PASSWORD_VERIFIER", true);
        assert_eq!(after(&[start]), Response::challenge("PASSWORD_VERIFIER"));
        assert_eq!(after(&[start, password]), Response::challenge(CODE));
        assert_eq!(
            after(&[start, password, (CODE, true)]),
            Response::issue_tokens()
        );
        assert_eq!(
            after(&[start, ("PASSWORD_VERIFIER", false)]),
            Response::fail_authentication()
        );
    }

    #[test]
    fn attempts_are_counted_past_entries_of_cognito() {
        let password = [("SRP_A", true), ("PASSWORD_VERIFIER", true)];
        for other in ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "DEVICE_PASSWORD_VERIFIER"] {
            let mut session = password.to_vec();
            session.push((other, true));
            assert_eq!(after(&session), Response::challenge(CODE), "{other}");
            session.extend([(CODE, false), (CODE, false)]);
            assert_eq!(after(&session), Response::challenge(CODE), "{other}");
            session.push((CODE, false));
            assert_eq!(after(&session), Response::fail_authentication(), "{other}");
        }
    }

    #[test]
    fn tokens_need_the_right_code() {
        for other in ["SMS_MFA", "EMAIL_OTP", "NEW_PASSWORD_REQUIRED"] {
            let passed = (other, true);
            assert_eq!(after(&[passed]), Response::challenge(CODE));
            assert_eq!(after(&[(CODE, true), passed]), Response::issue_tokens());
            assert_eq!(
                after(&[(CODE, false), passed]),
                Response::challenge(CODE),
                "{other}"
            );
            assert_eq!(
                after(&[(CODE, true), (other, false)]),
                Response::fail_authentication(),
                "{other}"
            );
        }
        let unheard_of = ("PALM_READING", true);
        assert_eq!(
            after(&[(CODE, true), unheard_of]),
            Response::challenge(CODE)
        );
    }

    #[test]
    fn a_password_to_change_is_changed_before_the_code() {
        let step = |session: &[(&str, bool)]| {
            let mut request = request(session);
            let status = ("cognito:user_status", "FORCE_CHANGE_PASSWORD");
            let attributes = &mut request.user_attributes;
            attributes.insert(status.0.to_owned(), status.1.to_owned());
            next_step(&request)
        };
        let password = [("SRP_A", true), ("PASSWORD_VERIFIER", true)];
        let changed = [password.as_slice(), &[("NEW_PASSWORD_REQUIRED", true)]].concat();
        assert_eq!(
            step(&password),
            Response::challenge("NEW_PASSWORD_REQUIRED")
        );
        assert_eq!(step(&changed), Response::challenge(CODE));
    }

    #[test]
    fn a_user_that_does_not_exist_sees_the_same_but_tokens() {
        let wrong = (CODE, false);
        let sessions: [&[(&str, bool)]; 6] = [
            &[],
            &[wrong],
            &[wrong, wrong],
            &[wrong, wrong, wrong],
            &[("SRP_A", true)],
            &[("SRP_A", true), ("PASSWORD_VERIFIER", false)],
        ];
        for session in sessions {
            assert_eq!(after_for_nobody(session), after(session), "{session:?}");
        }
        let right = (CODE, true);
        for session in [vec![right], vec![right, ("SMS_MFA", true)]] {
            assert_ne!(after_for_nobody(&session), Response::issue_tokens());
        }
    }

    #[test]
    fn the_response_is_what_cognito_reads() -> Result<(), Error> {
        let response = serde_json::to_value(Response::challenge(CODE))?;
        let expected = serde_json::json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "issueTokens": false,
            "failAuthentication": false,
        });
        assert_eq!(response, expected);
        Ok(())
    }
}
