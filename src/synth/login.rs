//! How users sign in, as several resources need to know it.

use serde_json::Value;

use crate::model::auth::{Auth, EmailLogin, PhoneLogin, Switch};

/// How users sign in.
pub struct Login<'a> {
    auth: &'a Auth,
    /// With an e-mail address.
    pub email: bool,
    /// With a phone number.
    pub phone: bool,
}

impl<'a> Login<'a> {
    /// Follows `loginWith`.
    pub fn new(auth: &'a Auth) -> Self {
        Self {
            auth,
            email: auth.login_with.email.as_ref().is_some_and(Switch::is_on),
            phone: auth.login_with.phone.as_ref().is_some_and(Switch::is_on),
        }
    }

    /// Cognito's names for what users sign in with.
    pub fn attributes(&self) -> Value {
        let both = [(self.email, "email"), (self.phone, "phone_number")];
        let names = both.into_iter().filter(|(on, _)| *on).map(|(_, name)| name);
        names.collect()
    }

    /// The texts of e-mails.
    pub fn email_settings(&self) -> Option<&'a EmailLogin> {
        self.auth.login_with.email.as_ref().and_then(Switch::settings)
    }

    /// The texts of SMS.
    pub fn phone_settings(&self) -> Option<&'a PhoneLogin> {
        let phone = self.auth.login_with.phone.as_ref();
        phone.and_then(Switch::settings)
    }

    /// Whether a code by e-mail is enough.
    pub fn email_code(&self) -> bool {
        self.email_settings().is_some_and(|email| email.otp_login)
    }

    /// Whether a code by SMS is enough.
    pub fn sms_code(&self) -> bool {
        self.phone_settings().is_some_and(|phone| phone.otp_login)
    }

    /// Whether a passkey is enough.
    pub fn passkeys(&self) -> bool {
        self.auth.login_with.web_authn.as_ref().is_some_and(Switch::is_on)
    }

    /// Whether users can sign in without a password.
    pub fn passwordless(&self) -> bool {
        self.email_code() || self.sms_code() || self.passkeys()
    }

    /// The ways to sign in that are not second factors.
    pub fn first_factors(&self) -> Value {
        let factors = [
            (true, "PASSWORD"),
            (self.email_code(), "EMAIL_OTP"),
            (self.sms_code(), "SMS_OTP"),
            (self.passkeys(), "WEB_AUTHN"),
        ];
        let enabled = factors.into_iter().filter(|(on, _)| *on);
        enabled.map(|(_, name)| name).collect()
    }
}
