//! Cognito's names for how users sign in, as several resources need them.

use crate::model::auth::{Auth, LoginWith, WebAuthn};

/// What users sign in with.
pub fn username_attributes(login: &LoginWith) -> Vec<&'static str> {
    enabled([(login.email.is_on(), "email"), (login.phone.is_on(), "phone_number")])
}

/// The ways to sign in that are not second factors.
pub fn first_factors(login: &LoginWith) -> Vec<&'static str> {
    enabled([
        (true, "PASSWORD"),
        (login.email_code(), "EMAIL_OTP"),
        (login.sms_code(), "SMS_OTP"),
        (login.web_authn.is_on(), "WEB_AUTHN"),
    ])
}

pub fn second_factors(auth: &Auth) -> Vec<&'static str> {
    auth.second_factors().map_or_else(Vec::new, |mfa| {
        enabled([
            (mfa.sms.is_on(), "SMS_MFA"),
            (mfa.totp, "SOFTWARE_TOKEN_MFA"),
            (mfa.email, "EMAIL_OTP"),
        ])
    })
}

/// The domain that passkeys are for.
pub fn relying_party(passkeys: Option<&WebAuthn>) -> &str {
    let given = passkeys.and_then(|settings| settings.relying_party_id.as_deref());
    given.filter(|id| *id != "AUTO").unwrap_or("localhost")
}

fn enabled<const N: usize>(names: [(bool, &'static str); N]) -> Vec<&'static str> {
    names.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect()
}
