//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Writes the message that Cognito is about to send. Cognito picks the SMS or the e-mail, and puts
/// the real code in place of `code`.
///
/// Remove all calls of `email` if the pool sends e-mail with Cognito's own account
/// (`COGNITO_DEFAULT`, which is so until you set up Amazon SES): it would refuse the whole reply.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no message, and Cognito shows its text to the user: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    let code = &event.request.code_parameter;
    let username = &event.request.username_parameter;
    if code.is_empty() {
        // Cognito refuses a text without it.
        return Ok(Response::new());
    }
    Ok(match event.trigger_source.as_str() {
        "CustomMessage_SignUp" | "CustomMessage_ResendCode" => Response::new()
            .sms(format!("Your code to confirm your account: {code}"))
            .email(
                "Confirm your account",
                format!("Welcome! Your code to confirm your account: {code}"),
            ),
        // The temporary password takes the place of `code`. The user needs both.
        "CustomMessage_AdminCreateUser" if !username.is_empty() => Response::new()
            .sms(format!(
                "Your user name: {username} Your temporary password: {code}"
            ))
            .email(
                "Your new account",
                format!("Your user name: {username}<br>Your temporary password: {code}"),
            ),
        "CustomMessage_ForgotPassword" => Response::new()
            .sms(format!("Your code to reset your password: {code}"))
            .email(
                "Reset your password",
                format!("Your code to reset your password: {code}"),
            ),
        "CustomMessage_UpdateUserAttribute" | "CustomMessage_VerifyUserAttribute" => {
            Response::new()
                .sms(format!("Your code to verify this phone number: {code}"))
                .email(
                    "Verify your e-mail address",
                    format!("Your code to verify this e-mail address: {code}"),
                )
        }
        // Multi-factor authentication by SMS.
        "CustomMessage_Authentication" => {
            Response::new().sms(format!("Your code to sign in: {code}"))
        }
        // What AWS may add later.
        _ => Response::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Request;
    use serde_json::json;

    const SOURCES: &[&str] = &[
        "CustomMessage_SignUp",
        "CustomMessage_AdminCreateUser",
        "CustomMessage_ResendCode",
        "CustomMessage_ForgotPassword",
        "CustomMessage_UpdateUserAttribute",
        "CustomMessage_VerifyUserAttribute",
        "CustomMessage_Authentication",
    ];

    /// The reply, as Cognito reads it.
    async fn reply(source: &str, code: &str, username: &str) -> Result<serde_json::Value, Error> {
        let event = Event {
            trigger_source: source.to_owned(),
            request: Request {
                code_parameter: code.to_owned(),
                username_parameter: username.to_owned(),
                ..Request::default()
            },
            ..Event::default()
        };
        Ok(serde_json::to_value(handler(&event).await?)?)
    }

    fn is_text(text: &str, shortest: usize, longest: usize) -> bool {
        (shortest..=longest).contains(&text.chars().count())
            // Of blanks, Cognito takes those of ASCII alone: no no-break space.
            && text.chars().all(|c| !(c.is_control() || c.is_whitespace()) || " \t\r\n".contains(c))
    }

    #[tokio::test]
    async fn cognito_accepts_all_texts() -> Result<(), Error> {
        for source in SOURCES {
            let reply = reply(source, "{####}", "{username}").await?;
            let text = |name: &str| reply[name].as_str();
            let sms = text("smsMessage").unwrap_or_default();
            assert!(is_text(sms, 6, 140) && sms.contains("{####}"), "{source}");
            if let Some(email) = text("emailMessage") {
                let subject = text("emailSubject").unwrap_or_default();
                assert!(is_text(email, 6, 20_000), "{source}");
                assert!(email.contains("{####}"), "{source}");
                assert!(is_text(subject, 1, 140), "{source}");
            }
        }
        Ok(())
    }

    #[tokio::test]
    async fn the_placeholders_are_those_of_the_request() -> Result<(), Error> {
        for source in SOURCES {
            let reply = reply(source, "{code}", "{name}").await?.to_string();
            assert!(reply.contains("{code}"), "{source}");
            assert!(!reply.contains("{####}"), "{source}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn an_invitation_has_name_and_password() -> Result<(), Error> {
        let reply = reply("CustomMessage_AdminCreateUser", "{code}", "{name}").await?;
        for text in ["smsMessage", "emailMessage"] {
            let text = reply[text].as_str().unwrap_or_default();
            assert!(text.contains("{code}") && text.contains("{name}"), "{text}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_second_factor_comes_by_sms_alone() -> Result<(), Error> {
        let reply = reply("CustomMessage_Authentication", "{####}", "").await?;
        assert!(reply["smsMessage"].is_string());
        assert!(reply["emailMessage"].is_null() && reply["emailSubject"].is_null());
        Ok(())
    }

    #[tokio::test]
    async fn cognito_has_its_own_texts_for_all_else() -> Result<(), Error> {
        let own = json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null });
        assert_eq!(reply("CustomMessage_New", "{####}", "").await?, own);
        assert_eq!(reply("CustomMessage_SignUp", "", "").await?, own);
        let invitation = "CustomMessage_AdminCreateUser";
        assert_eq!(reply(invitation, "{####}", "").await?, own);
        Ok(())
    }
}
