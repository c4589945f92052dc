//! What this trigger does. Edit this file.

use crate::error::Error;
use crate::event::{Event, Response};

/// Writes the SMS that Cognito is about to send. E-mails, and all messages of other sources, keep
/// the text of the user pool.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// Nothing is sent. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    // Placeholders that Cognito replaces. It rejects messages without them.
    let code = &event.request.code_parameter;
    let username = &event.request.username_parameter;
    if code.is_empty() {
        return Ok(Response::new());
    }
    let message = match event.trigger_source.as_str() {
        "CustomMessage_SignUp" | "CustomMessage_ResendCode" => {
            format!("Your code to confirm your account: {code}")
        }
        // An invitation, in which `code` stands for the temporary password.
        "CustomMessage_AdminCreateUser" if !username.is_empty() => {
            format!("Your user name: {username} Your temporary password: {code}")
        }
        "CustomMessage_ForgotPassword" => format!("Your code to reset your password: {code}"),
        "CustomMessage_UpdateUserAttribute" | "CustomMessage_VerifyUserAttribute" => {
            format!("Your verification code: {code}")
        }
        // Multi-factor authentication.
        "CustomMessage_Authentication" => format!("Your code to sign in: {code}"),
        _ => return Ok(Response::new()),
    };
    Ok(Response::new()
        // Only if the pool sends e-mail with Amazon SES. Otherwise, Cognito rejects these texts:
        // .email_subject("Your account")
        // .email_message(format!("<p>{message}</p>"))
        .sms_message(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Request;

    const SOURCES: &[&str] = &[
        "CustomMessage_SignUp",
        "CustomMessage_AdminCreateUser",
        "CustomMessage_ResendCode",
        "CustomMessage_ForgotPassword",
        "CustomMessage_UpdateUserAttribute",
        "CustomMessage_VerifyUserAttribute",
        "CustomMessage_Authentication",
    ];

    async fn respond(source: &str, code: &str, username: &str) -> Result<Response, Error> {
        let event = Event {
            trigger_source: source.to_owned(),
            request: Request {
                code_parameter: code.to_owned(),
                username_parameter: username.to_owned(),
                ..Request::default()
            },
            ..Event::default()
        };
        handler(&event).await
    }

    #[tokio::test]
    async fn every_message_has_the_placeholders_and_a_valid_length() -> Result<(), Error> {
        for source in SOURCES {
            let response = serde_json::to_value(respond(source, "{code}", "{name}").await?)?;
            let sms = response["smsMessage"].as_str().unwrap_or_default();
            assert!((6..=140).contains(&sms.chars().count()));
            assert!(sms.contains("{code}"));
            let is_invitation = *source == "CustomMessage_AdminCreateUser";
            assert_eq!(sms.contains("{name}"), is_invitation, "{source}: {sms}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn all_else_keeps_the_text_of_the_pool() -> Result<(), Error> {
        for (source, code) in [
            ("CustomMessage_New", "{####}"),
            ("CustomMessage_SignUp", ""),
            ("CustomMessage_AdminCreateUser", "{####}"),
        ] {
            assert_eq!(respond(source, code, "").await?, Response::new());
        }
        Ok(())
    }
}
