//! What this trigger does. Edit this file.
//!
//! Custom authentication takes three triggers: `define-auth-challenge` decides what comes next,
//! `create-auth-challenge` sends a code and `verify-auth-challenge-response` checks the answer.
//! The app client must allow `ALLOW_CUSTOM_AUTH`. Managed login does not support it.

use crate::error::Error;
use crate::event::{Challenge, Event, Request, Response};

/// How many codes the user may enter before the sign-in fails.
const MAX_ATTEMPTS: usize = 3;

/// Decides which challenge the user must answer next, and when they get tokens.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error ends the sign-in. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    Ok(next_step(event))
}

/// Looks for names in the session rather than at its length: Cognito adds entries for passwords,
/// MFA and remembered devices.
///
/// Unknown users get the same challenges, so that nobody learns who has an account.
fn next_step(event: &Event) -> Response {
    let request = &event.request;
    let session = &request.session;
    let Some(last) = session.last() else {
        // The app started with `CUSTOM_CHALLENGE`, so the code is enough to sign in. To require a
        // password too, return `Response::FailAuthentication` here.
        return Response::Challenge("CUSTOM_CHALLENGE");
    };
    if !last.passed {
        let attempts = session.iter().filter(|entry| is_code(entry)).count();
        return if is_code(last) && attempts < MAX_ATTEMPTS {
            Response::Challenge("CUSTOM_CHALLENGE")
        } else {
            Response::FailAuthentication
        };
    }
    match last.name.as_str() {
        // The app started with a password (SRP), which comes before the code.
        "SRP_A" => Response::Challenge("PASSWORD_VERIFIER"),
        "PASSWORD_VERIFIER" if must_change_password(event) => {
            Response::Challenge("NEW_PASSWORD_REQUIRED")
        }
        "CUSTOM_CHALLENGE" if request.user_not_found => Response::FailAuthentication,
        "CUSTOM_CHALLENGE" => Response::IssueTokens,
        // Cognito may ask for more after the code.
        "SMS_MFA"
        | "EMAIL_OTP"
        | "SOFTWARE_TOKEN_MFA"
        | "DEVICE_PASSWORD_VERIFIER"
        | "NEW_PASSWORD_REQUIRED"
            if has_passed_code(request) =>
        {
            Response::IssueTokens
        }
        // Anything else does not replace the code.
        _ => Response::Challenge("CUSTOM_CHALLENGE"),
    }
}

fn is_code(entry: &Challenge) -> bool {
    entry.name == "CUSTOM_CHALLENGE"
}

/// Whether the user has entered the latest code correctly.
fn has_passed_code(request: &Request) -> bool {
    let latest = request.session.iter().rev().find(|entry| is_code(entry));
    latest.is_some_and(|entry| entry.passed) && !request.user_not_found
}

/// Whether an administrator has set or reset the password.
fn must_change_password(event: &Event) -> bool {
    matches!(
        event.attribute("cognito:user_status"),
        Some("FORCE_CHANGE_PASSWORD" | "RESET_REQUIRED")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CODE: Response = Response::Challenge("CUSTOM_CHALLENGE");
    const RIGHT: (&str, bool) = ("CUSTOM_CHALLENGE", true);
    const WRONG: (&str, bool) = ("CUSTOM_CHALLENGE", false);
    const PASSWORD: [(&str, bool); 2] = [("SRP_A", true), ("PASSWORD_VERIFIER", true)];

    fn event(session: &[(&str, bool)]) -> Event {
        let entry = |&(name, passed): &(&str, bool)| Challenge {
            name: name.to_owned(),
            passed,
            ..Challenge::default()
        };
        let mut event = Event::default();
        event.request.session = session.iter().map(entry).collect();
        event
    }

    fn after(session: &[(&str, bool)]) -> Response {
        next_step(&event(session))
    }

    fn after_for_unknown_user(session: &[(&str, bool)]) -> Response {
        let mut event = event(session);
        event.request.user_not_found = true;
        next_step(&event)
    }

    #[test]
    fn the_right_code_is_enough() {
        assert_eq!(after(&[]), CODE);
        assert_eq!(after(&[RIGHT]), Response::IssueTokens);
    }

    #[test]
    fn there_are_three_attempts() {
        assert_eq!(after(&[WRONG]), CODE);
        assert_eq!(after(&[WRONG, WRONG]), CODE);
        assert_eq!(after(&[WRONG, WRONG, RIGHT]), Response::IssueTokens);
        let failed = after(&[WRONG, WRONG, WRONG]);
        assert_eq!(failed, Response::FailAuthentication);
    }

    #[test]
    fn a_password_comes_before_the_code() {
        let verifier = Response::Challenge("PASSWORD_VERIFIER");
        assert_eq!(after(&PASSWORD[..1]), verifier);
        assert_eq!(after(&PASSWORD), CODE);
        let failed = after(&[("SRP_A", true), ("PASSWORD_VERIFIER", false)]);
        assert_eq!(failed, Response::FailAuthentication);
    }

    #[test]
    fn attempts_are_counted_despite_entries_of_cognito() {
        for other in ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "DEVICE_PASSWORD_VERIFIER"] {
            let mut session = PASSWORD.to_vec();
            session.push((other, true));
            assert_eq!(after(&session), CODE, "{other}");
            session.extend([WRONG, WRONG]);
            assert_eq!(after(&session), CODE, "{other}");
            session.push(WRONG);
            assert_eq!(after(&session), Response::FailAuthentication, "{other}");
        }
    }

    #[test]
    fn nothing_replaces_the_code() {
        for other in ["SMS_MFA", "EMAIL_OTP", "NEW_PASSWORD_REQUIRED"] {
            let passed = (other, true);
            assert_eq!(after(&[passed]), CODE, "{other}");
            assert_eq!(after(&[WRONG, passed]), CODE, "{other}");
            let signed_in = after(&[RIGHT, passed]);
            assert_eq!(signed_in, Response::IssueTokens, "{other}");
            let failed = after(&[RIGHT, (other, false)]);
            assert_eq!(failed, Response::FailAuthentication, "{other}");
        }
        assert_eq!(after(&[RIGHT, ("SOMETHING_NEW", true)]), CODE);
    }

    #[test]
    fn a_temporary_password_is_changed_before_the_code() {
        let mut event = event(&PASSWORD);
        event.request.user_attributes.insert(
            "cognito:user_status".to_owned(),
            "FORCE_CHANGE_PASSWORD".to_owned(),
        );
        let new_password = Response::Challenge("NEW_PASSWORD_REQUIRED");
        assert_eq!(next_step(&event), new_password);
        event.request.session.push(Challenge {
            name: "NEW_PASSWORD_REQUIRED".to_owned(),
            passed: true,
            ..Challenge::default()
        });
        assert_eq!(next_step(&event), CODE);
    }

    #[test]
    fn unknown_users_get_the_same_challenges_but_never_tokens() {
        let sessions: [&[(&str, bool)]; 6] = [
            &[],
            &[WRONG],
            &[WRONG, WRONG],
            &[WRONG, WRONG, WRONG],
            &[("SRP_A", true)],
            &[("SRP_A", true), ("PASSWORD_VERIFIER", false)],
        ];
        for session in sessions {
            let unknown = after_for_unknown_user(session);
            assert_eq!(unknown, after(session), "{session:?}");
        }
        for session in [vec![RIGHT], vec![RIGHT, ("SMS_MFA", true)]] {
            let unknown = after_for_unknown_user(&session);
            assert_ne!(unknown, Response::IssueTokens, "{session:?}");
        }
    }

    #[test]
    fn exactly_one_outcome_is_set() -> Result<(), Error> {
        for (response, expected) in [
            (CODE, json!(["CUSTOM_CHALLENGE", false, false])),
            (Response::IssueTokens, json!([null, true, false])),
            (Response::FailAuthentication, json!([null, false, true])),
        ] {
            let sent = serde_json::to_value(response)?;
            let members = ["challengeName", "issueTokens", "failAuthentication"];
            assert_eq!(json!(members.map(|member| &sent[member])), expected);
        }
        Ok(())
    }
}
