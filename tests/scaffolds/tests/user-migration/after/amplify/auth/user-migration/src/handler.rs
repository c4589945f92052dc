//! What this trigger does. Edit this file.
//!
//! Cognito calls it for users that are not in the pool yet. The app must sign them in with
//! `USER_PASSWORD_AUTH`: with SRP, Cognito does not learn the password and does not call it.

use std::collections::BTreeMap;

use tracing::warn;

use crate::error::Error;
use crate::event::{Event, Password, Response};

/// The attributes of a user in the pool, including `custom:` ones. All values are strings.
///
/// Set `email_verified` to `"true"` only if the old directory has verified the address. If users
/// sign in with an alias, such as their e-mail address, also set `username`.
type Attributes = BTreeMap<String, String>;

/// Decides whether a user of the old directory is added to the user pool.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// The user is not migrated, and the app gets `UserNotFoundException`, whatever the error says. An
/// unknown user or a wrong password is not an error.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    let name = &event.user_name;
    match event.trigger_source.as_str() {
        "UserMigration_Authentication" => Ok(sign_in(authenticate(name, event.password()?).await?)),
        "UserMigration_ForgotPassword" => Ok(reset_password(find(name).await?)),
        _ => Ok(Response::new()),
    }
}

/// The attributes of the user if the old directory accepts the password; `None` for an unknown user
/// and for a wrong password alike. PUT YOUR OWN CODE HERE.
///
/// `name` is what the user entered, which may be an e-mail address. Pass `password.expose()` to the
/// old directory only, and never to a log or an error.
#[allow(clippy::unused_async)] // It is to await your service.
async fn authenticate(_name: &str, _password: &Password) -> Result<Option<Attributes>, Error> {
    // Ok(Some(Attributes::from([
    //     ("email".to_owned(), user.email),
    //     ("email_verified".to_owned(), "true".to_owned()),
    // ])))
    warn!("no user is migrated: `authenticate` in handler.rs is not implemented yet");
    Ok(None)
}

/// The attributes of the user who has forgotten their password, as for [`authenticate`]. PUT YOUR
/// OWN CODE HERE.
#[allow(clippy::unused_async)] // It is to await your service.
async fn find(_name: &str) -> Result<Option<Attributes>, Error> {
    warn!("no user is migrated: `find` in handler.rs is not implemented yet");
    Ok(None)
}

/// The user keeps the password that they have signed in with. Cognito does not check it against the
/// password policy: without `confirmed()`, the user must choose a new one.
fn sign_in(user: Option<Attributes>) -> Response {
    match user {
        Some(attributes) if has_profile(&attributes) => Response::new()
            .user_attributes(attributes)
            .confirmed()
            .suppress_message(),
        _ => Response::new(),
    }
}

/// The user is confirmed once they enter the code that Cognito sends next. Without a verified
/// address, they would be in the pool and could never sign in, so they are not migrated.
fn reset_password(user: Option<Attributes>) -> Response {
    match user {
        Some(attributes) if can_receive_code(&attributes) => Response::new()
            .user_attributes(attributes)
            .suppress_message(),
        Some(_) => {
            warn!("a user without a verified address was not migrated");
            Response::new()
        }
        None => Response::new(),
    }
}

/// Cognito requires an attribute, other than `sub`.
fn has_profile(attributes: &Attributes) -> bool {
    attributes.keys().any(|name| name != "sub")
}

fn can_receive_code(attributes: &Attributes) -> bool {
    let value = |name| attributes.get(name).map_or("", String::as_str);
    let is_verified =
        |address, flag| !value(address).is_empty() && value(flag).eq_ignore_ascii_case("true");
    is_verified("email", "email_verified") || is_verified("phone_number", "phone_number_verified")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn user(attributes: &[(&str, &str)]) -> Attributes {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        attributes.iter().map(owned).collect()
    }

    #[test]
    fn the_right_password_is_kept() -> Result<(), Error> {
        let jane = user(&[
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
        assert_eq!(serde_json::to_value(sign_in(Some(jane)))?, expected);
        Ok(())
    }

    #[test]
    fn users_without_attributes_are_not_migrated() {
        for attributes in [user(&[]), user(&[("sub", "a1b2c3d4")])] {
            assert_eq!(sign_in(Some(attributes)), Response::new());
        }
        assert_eq!(sign_in(None), Response::new());
    }

    #[test]
    fn a_password_reset_requires_a_verified_address() {
        for (address, flag) in [
            ("email", "email_verified"),
            ("phone_number", "phone_number_verified"),
        ] {
            for verified in ["true", "True"] {
                let migrated = Response::new()
                    .user_attribute(address, "the address")
                    .user_attribute(flag, verified)
                    .suppress_message();
                let attributes = user(&[(address, "the address"), (flag, verified)]);
                assert_eq!(reset_password(Some(attributes)), migrated);
            }
            for attributes in [
                user(&[(address, "the address"), (flag, "false")]),
                user(&[(address, "the address")]),
                user(&[(flag, "true")]),
            ] {
                assert_eq!(reset_password(Some(attributes)), Response::new());
            }
        }
        assert_eq!(reset_password(None), Response::new());
    }

    #[tokio::test]
    async fn a_missing_password_is_an_error() {
        let event = Event {
            trigger_source: "UserMigration_Authentication".to_owned(),
            ..Event::default()
        };
        let response = handler(&event).await;
        assert!(matches!(response, Err(Error::Refused(_))));
    }

    #[test]
    fn the_password_is_not_logged() -> Result<(), Error> {
        let password: Password = serde_json::from_value(json!("Example-Passw0rd"))?;
        assert_eq!(password.expose(), "Example-Passw0rd");
        assert!(!format!("{password:?}").contains("Example"));
        Ok(())
    }
}
