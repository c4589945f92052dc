//! `loginWith`: how users sign in.

use serde::{Deserialize, Serialize};

use super::providers::ExternalProviders;
use super::setting::Setting;

/// How users sign in.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct LoginWith {
    /// Sign in with an email address: `true`, or settings and messages.
    pub email: Toggle<EmailLogin>,
    /// Sign in with a phone number: `true`, or settings and messages.
    pub phone: Toggle<PhoneLogin>,
    /// Sign in with a passkey: `true`, or the domain that passkeys are for.
    pub web_authn: Toggle<WebAuthn>,
    /// Sign in with Google, Facebook, Amazon, Apple, OIDC or SAML.
    pub external_providers: Option<ExternalProviders>,
}

impl LoginWith {
    /// Whether a code by email is enough.
    pub fn email_code(&self) -> bool {
        self.email.settings().is_some_and(|email| email.otp_login)
    }

    /// Whether a code by SMS is enough.
    pub fn sms_code(&self) -> bool {
        self.phone.settings().is_some_and(|phone| phone.otp_login)
    }

    /// Whether users can sign in without a password.
    pub fn passwordless(&self) -> bool {
        self.email_code() || self.sms_code() || self.web_authn.is_on()
    }
}

/// Something that is on with defaults, on with settings, or off.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Toggle<T> {
    /// On with defaults, or off.
    Plain(bool),
    /// On with these settings.
    Settings(T),
}

impl<T> Default for Toggle<T> {
    fn default() -> Self {
        Self::Plain(false)
    }
}

impl<T> Toggle<T> {
    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Plain(false))
    }

    /// The settings, if there are any.
    pub fn settings(&self) -> Option<&T> {
        match self {
            Self::Plain(_) => None,
            Self::Settings(settings) => Some(settings),
        }
    }
}

/// Settings and messages for email.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailLogin {
    /// Whether the email that verifies an address has a code or a link [default: CODE].
    pub verification_email_style: Option<VerificationStyle>,
    /// The body of the email, with `{####}` where the code goes, or `{##Verify Email##}`, with
    /// any text, where the link goes.
    #[cfg_attr(test, schemars(length(min = 6, max = 20000)))]
    pub verification_email_body: Option<String>,
    /// The subject of the email.
    #[cfg_attr(test, schemars(length(min = 1, max = 140)))]
    pub verification_email_subject: Option<String>,
    /// The messages to a user that an administrator has created.
    pub user_invitation: Option<UserInvitation>,
    /// Sign in with a one-time code sent by email, without a password [default: false].
    #[serde(default)]
    pub otp_login: bool,
}

/// What a verification email has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum VerificationStyle {
    Code,
    Link,
}

/// The messages to a user that an administrator has created.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserInvitation {
    /// The subject of the email.
    #[cfg_attr(test, schemars(length(min = 1, max = 140)))]
    pub email_subject: Option<String>,
    /// The body of the email, with `{username}` and `{####}`, the temporary password.
    #[cfg_attr(test, schemars(length(min = 6, max = 20000)))]
    pub email_body: Option<String>,
    /// The SMS, with `{username}` and `{####}`, the temporary password.
    #[cfg_attr(test, schemars(length(min = 6, max = 140)))]
    pub sms_message: Option<String>,
}

/// Settings and messages for SMS.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PhoneLogin {
    /// The SMS that verifies a phone number, with `{####}` where the code goes.
    #[cfg_attr(test, schemars(length(min = 6, max = 140)))]
    pub verification_message: Option<String>,
    /// Sign in with a one-time code sent by SMS, without a password [default: false].
    #[serde(default)]
    pub otp_login: bool,
}

/// Passkeys.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WebAuthn {
    /// The domain that passkeys are for, `localhost` for development [default: AUTO, which is
    /// `localhost` outside Amplify Hosting]. A change invalidates all passkeys.
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::RelyingParty>"))]
    pub relying_party_id: Option<Setting<String>>,
    /// Whether the device must verify the user, by fingerprint or PIN [default: preferred].
    #[serde(default)]
    pub user_verification: UserVerification,
}

/// Whether the device must verify the user.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    Required,
    #[default]
    Preferred,
}
