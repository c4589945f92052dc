//! What this trigger does. Edit this file.
//!
//! Cognito asks here about users whom the pool does not know. The app must sign them in with
//! `USER_PASSWORD_AUTH`: with SRP, the password never leaves the app and there is no migration.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::event::{Event, Password, Response};

/// Decides whether a user of the old directory becomes a user of the pool.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error ends the sign-in, and Cognito shows its text to the user: see `error.rs`. An unknown
/// name and a wrong password are no errors: see [`OldUser`].
pub async fn handler(event: &Event) -> Result<Response, Error> {
    let name = &event.user_name;
    match (event.trigger_source.as_str(), &event.request.password) {
        ("UserMigration_Authentication", Some(password)) => {
            Ok(signs_in(look_up(name, Some(password)).await?))
        }
        ("UserMigration_ForgotPassword", _) => Ok(forgot_password(look_up(name, None).await?)),
        // Nobody has shown who they are.
        _ => Ok(Response::new()),
    }
}

/// Asks the old directory. PUT YOUR OWN DIRECTORY HERE.
///
/// With a password, check it: only whoever knows it may become a user of the pool. There is none
/// when the user has forgotten it, so look for the name alone.
///
/// `name` is what the user typed, maybe an e-mail address. The password is for the directory
/// alone: `password.expose()` must not get into a log or an error.
async fn look_up(_name: &str, _password: Option<&Password>) -> Result<OldUser, Error> {
    eprintln!("WARN nobody is migrated: `look_up` in handler.rs asks no directory yet");
    Ok(OldUser::Unknown)
}

/// What the old directory knows.
///
/// For the two that are not found the pool gets the same answer, no user. With
/// `PreventUserExistenceErrors` in the app client it then says `Incorrect username or password.`,
/// as it does to everybody else; an error would show who is still in the old directory.
#[derive(Debug)]
#[allow(dead_code)]
pub enum OldUser {
    /// It has no such user.
    Unknown,
    /// It has, with another password.
    WrongPassword,
    /// It has, and the password is right or was not asked for.
    ///
    /// The attributes are those of the pool, `custom:` ones too, and all of them texts. Set
    /// `email_verified` to `"true"` only if the old directory has verified the address. With
    /// alias attributes in the pool, whoever signs in with one needs a `username` too.
    Found(BTreeMap<String, String>),
}

/// The password was right, so the user keeps it. Cognito does not hold it against the password
/// policy: leave out `confirmed()` for those who must choose a better one.
fn signs_in(user: OldUser) -> Response {
    match user {
        OldUser::Found(attributes) if has_profile(&attributes) => Response::new()
            .user_attributes(attributes)
            .confirmed()
            .suppress_message(),
        _ => Response::new(),
    }
}

/// The user has shown nothing yet, so they are not confirmed: that takes the code which Cognito
/// sends next. Without a verified address it could not be sent, and the user would be in the pool
/// with no way in, so they stay in the old directory.
fn forgot_password(user: OldUser) -> Response {
    match user {
        OldUser::Found(attributes) if gets_codes(&attributes) => Response::new()
            .user_attributes(attributes)
            .suppress_message(),
        OldUser::Found(_) => {
            eprintln!("WARN a user has no verified address for the code, and is not migrated");
            Response::new()
        }
        _ => Response::new(),
    }
}

/// Cognito wants one attribute at least, and `sub` is never taken over.
fn has_profile(attributes: &BTreeMap<String, String>) -> bool {
    attributes.keys().any(|name| name != "sub")
}

/// Whether Cognito can send a code to the user.
fn gets_codes(attributes: &BTreeMap<String, String>) -> bool {
    let text = |name: &str| attributes.get(name).map_or("", String::as_str);
    // Old directories have `True`, too.
    let is_true = |flag| text(flag).eq_ignore_ascii_case("true");
    let verified = |name, flag| !text(name).is_empty() && is_true(flag);
    verified("email", "email_verified") || verified("phone_number", "phone_number_verified")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(attributes: &[(&str, &str)]) -> OldUser {
        let text = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        OldUser::Found(attributes.iter().map(text).collect())
    }

    #[test]
    fn the_right_password_is_kept() -> Result<(), Error> {
        let jane = found(&[
            ("email", "jane@example.com"),
            ("email_verified", "true"),
            ("custom:tenant", "acme"),
            ("sub", "a1b2c3d4"),
        ]);
        let expected = json!({
            "userAttributes": {
                "email": "jane@example.com",
                "email_verified": "true",
                "custom:tenant": "acme",
            },
            "finalUserStatus": "CONFIRMED",
            "messageAction": "SUPPRESS",
            "desiredDeliveryMediums": null,
            "forceAliasCreation": null,
            "enableSMSMFA": null,
        });
        assert_eq!(serde_json::to_value(signs_in(jane))?, expected);
        Ok(())
    }

    #[test]
    fn nobody_learns_who_is_in_the_old_directory() {
        for answer in [signs_in, forgot_password] {
            assert_eq!(answer(OldUser::Unknown), Response::new());
            assert_eq!(answer(OldUser::WrongPassword), Response::new());
        }
    }

    #[test]
    fn a_user_needs_attributes() {
        assert_eq!(signs_in(found(&[])), Response::new());
        assert_eq!(signs_in(found(&[("sub", "a1b2c3d4")])), Response::new());
    }

    #[test]
    fn a_forgotten_password_needs_a_verified_address() {
        for (address, flag) in [
            ("email", "email_verified"),
            ("phone_number", "phone_number_verified"),
        ] {
            let migrated = Response::new()
                .user_attribute(address, "the address")
                .user_attribute(flag, "true")
                .suppress_message();
            let user = |value| found(&[(address, "the address"), (flag, value)]);
            assert_eq!(forgot_password(user("true")), migrated);
            assert_eq!(forgot_password(user("false")), Response::new());
            assert_eq!(
                forgot_password(found(&[(address, "the address")])),
                Response::new()
            );
            assert_eq!(forgot_password(found(&[(flag, "true")])), Response::new());
        }
    }

    #[tokio::test]
    async fn nobody_signs_in_without_a_password() -> Result<(), Error> {
        for source in ["UserMigration_Authentication", "UserMigration_Other"] {
            let event = Event {
                trigger_source: source.to_owned(),
                ..Event::default()
            };
            assert_eq!(handler(&event).await?, Response::new());
        }
        Ok(())
    }

    #[test]
    fn the_password_is_hidden() -> Result<(), Error> {
        let event = Event::from_json(r#"{"request": {"password": "Example-Passw0rd"}}"#)?;
        let password = event.request.password.as_ref();
        assert_eq!(password.map(Password::expose), Some("Example-Passw0rd"));
        assert!(!format!("{event:?}").contains("Example"));
        Ok(())
    }
}
