//! Logical IDs, which are readable and depend on nothing but a name; and Cognito's names for what
//! Amplify names differently.

use crate::catalog::pascal;
use crate::model::auth::{Auth, LoginWith, Toggle, UserVerification, WebAuthn};
use crate::model::schema::STANDARD_ATTRIBUTES;
use crate::model::setting::Setting;

/// Policies of functions may name it.
pub const USER_POOL: &str = "UserPool";
pub const CLIENT: &str = "UserPoolClient";
pub const IDENTITY_POOL: &str = "IdentityPool";
pub const DOMAIN: &str = "UserPoolDomain";

pub fn function_id(name: &str) -> String {
    format!("{}Function", pascal(name))
}

/// Cognito's name for one of Amplify's standard attributes.
pub fn cognito_name(name: &str) -> &str {
    let mut known = STANDARD_ATTRIBUTES.iter();
    known.find(|(amplify, _)| *amplify == name).map_or(name, |(_, cognito)| cognito)
}

/// A name as letters and digits: itself, or its letters and digits with a hash. It does not depend
/// on other names, so that a resource stays the same when others are added or removed.
pub fn logical_id(name: &str) -> String {
    let kept: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if kept == name { kept } else { with_hash(&kept, name) }
}

/// A logical ID with a hash of the name that it is made of: FNV-1a, 32 bits.
pub fn with_hash(id: &str, name: &str) -> String {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = name.bytes().fold(0x811c_9dc5, mix);
    format!("{id}{hash:08X}")
}

/// What users sign in with.
pub fn username_attributes(login: &LoginWith) -> Vec<&'static str> {
    enabled([(login.email.is_on(), "email"), (login.phone.is_on(), "phone_number")])
}

/// The attributes that users sign in with and of which the file says nothing else.
pub fn implied_attributes(auth: &Auth) -> Vec<&'static str> {
    let is_implied = |on: bool, key: &str| on && !auth.user_attributes.contains_key(key);
    enabled([
        (is_implied(auth.login_with.email.is_on(), "email"), "email"),
        (is_implied(auth.login_with.phone.is_on(), "phoneNumber"), "phone_number"),
    ])
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

/// The domain that passkeys are for, if users sign in with them.
pub fn relying_party(passkeys: &Toggle<WebAuthn>) -> Option<Setting<String>> {
    let given = passkeys.settings().and_then(|settings| settings.relying_party_id.clone());
    let domain = given.unwrap_or_else(|| Setting::Fixed("AUTO".to_owned()));
    let domain = domain.map(|id| if id == "AUTO" { "localhost".to_owned() } else { id });
    passkeys.is_on().then_some(domain)
}

/// Whether the device must verify the user of a passkey.
pub fn user_verification(login: &LoginWith) -> UserVerification {
    let passkeys = login.web_authn.settings();
    passkeys.map(|settings| settings.user_verification).unwrap_or_default()
}

/// Those that are on.
pub fn enabled<const N: usize>(names: [(bool, &'static str); N]) -> Vec<&'static str> {
    names.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect()
}
