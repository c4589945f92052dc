//! Settings that need another one, without which nothing comes of them, and strings that Cognito rejects.
//!
//! Amplify and CloudFormation accept these, so each is a warning.

use super::Problems;
use crate::cognito::{rejected_in_email, rejected_in_sms};
use crate::model::auth::{AccountRecovery, Auth, VerificationStyle};
use crate::project::{SentVersion, Wired};
use crate::source::Diagnostic;

pub fn check(auth: &Auth, warnings: &mut Problems) {
    flows(auth, warnings);
    providers(auth, warnings);
    messages(auth, warnings);
    characters(auth, warnings);
    challenges(auth, warnings);
    recovery(auth, warnings);
}

/// The app client of the template is Amplify's: it signs users in with SRP, custom challenges and
/// authorization codes.
fn flows(auth: &Auth, warnings: &mut Problems) {
    if auth.triggers.contains_key("userMigration") {
        warnings.add(
            &["triggers", "userMigration"],
            "Cognito calls user migration for forgotten passwords, but never at sign-in: the app \
             client does not allow `USER_PASSWORD_AUTH`",
            "add `ALLOW_USER_PASSWORD_AUTH` to `ExplicitAuthFlows` of `UserPoolClient` in the template",
        );
    }
}

/// Events of machines, from a pool whose only app client is for users.
pub fn version(wired: &Wired) -> Option<Diagnostic> {
    match &wired.version {
        SentVersion::Requested(version, place) if version.is_for_machines() => Some(place.problem(
            format!("{version} is for tokens of machines, and no app client has the `client_credentials` grant"),
            "V2_0 does the same for users; or add a client with that grant to the stack",
        )),
        _ => None,
    }
}

fn providers(auth: &Auth, warnings: &mut Problems) {
    let external = auth.login_with.external_providers.as_ref();
    if auth.triggers.contains_key("inboundFederation")
        && external.is_none_or(|external| external.is_empty())
    {
        warnings.add(
            &["triggers", "inboundFederation"],
            "Cognito never calls inbound federation: the pool has no identity provider",
            "add one to `loginWith.externalProviders`",
        );
    }
    let email = auth.login_with.email.settings();
    let style = email.and_then(|email| email.verification_email_style);
    if style == Some(VerificationStyle::Link) && external.is_none() {
        warnings.add(
            &["loginWith", "email", "verificationEmailStyle"],
            "links need a domain, and the pool has none: each sign-up fails with \
             `InvalidParameterException`",
            "use `CODE`, or add `loginWith.externalProviders`, which makes a domain",
        );
    }
}

/// A placeholder that Cognito fills in only where it verifies in the other way.
fn messages(auth: &Auth, warnings: &mut Problems) {
    let Some(email) = auth.login_with.email.settings() else {
        return;
    };
    let body = email.verification_email_body.as_deref().unwrap_or_default();
    let (useless, is_there) = match email.verification_email_style {
        Some(VerificationStyle::Link) => ("{####}", body.contains("{####}")),
        _ => ("{##…##}", body.replace("{####}", "").contains("{##")),
    };
    if is_there {
        warnings.add(
            &["loginWith", "email", "verificationEmailBody"],
            format!("`{useless}` does not belong to this `verificationEmailStyle`"),
            "take it out, or change the style",
        );
    }
}

/// Amplify passes on any text, and the deployment fails.
fn characters(auth: &Auth, warnings: &mut Problems) {
    let mut check = |keys: &[&str], text: Option<&String>, rejected: fn(&str) -> Option<char>| {
        if let Some(character) = text.and_then(|text| rejected(text)) {
            let message = format!("Cognito rejects the character {character:?} here");
            warnings.add(keys, message, "take it out");
        }
    };
    if let Some(email) = auth.login_with.email.settings() {
        let at = |key| ["loginWith", "email", key];
        let (body, subject) = (&email.verification_email_body, &email.verification_email_subject);
        check(&at("verificationEmailBody"), body.as_ref(), rejected_in_email);
        check(&at("verificationEmailSubject"), subject.as_ref(), rejected_in_email);
        if let Some(invitation) = &email.user_invitation {
            let at = |key| ["loginWith", "email", "userInvitation", key];
            check(&at("emailBody"), invitation.email_body.as_ref(), rejected_in_email);
            check(&at("emailSubject"), invitation.email_subject.as_ref(), rejected_in_email);
            check(&at("smsMessage"), invitation.sms_message.as_ref(), rejected_in_sms);
        }
    }
    if let Some(phone) = auth.login_with.phone.settings() {
        let keys = ["loginWith", "phone", "verificationMessage"];
        check(&keys, phone.verification_message.as_ref(), rejected_in_sms);
    }
    if let Some(sms) = auth.multifactor.as_ref().and_then(|factors| factors.sms.settings()) {
        check(&["multifactor", "sms", "smsMessage"], Some(&sms.sms_message), rejected_in_sms);
    }
}

/// Custom authentication takes three functions.
fn challenges(auth: &Auth, warnings: &mut Problems) {
    let trio = ["defineAuthChallenge", "createAuthChallenge", "verifyAuthChallengeResponse"];
    let is_wired = |trigger: &str| auth.triggers.contains_key(trigger);
    // Define alone can sign in with a password.
    for trigger in trio[1..].iter().filter(|trigger| is_wired(trigger)) {
        let missing: Vec<_> = trio.into_iter().filter(|needed| !is_wired(needed)).collect();
        if !missing.is_empty() {
            warnings.add(
                &["triggers", trigger],
                format!("custom authentication does not work without `{}`", missing.join("`, `")),
                "generate all three: `cargo amplify new auth-trigger custom-auth`",
            );
        }
    }
}

/// Who has neither of the addresses cannot recover their account.
fn recovery(auth: &Auth, warnings: &mut Problems) {
    let has = |attribute: &str| auth.user_attributes.contains_key(attribute);
    let (needed, is_there) = match auth.account_recovery {
        Some(AccountRecovery::EmailOnly) => {
            ("email", auth.login_with.email.is_on() || has("email"))
        }
        Some(AccountRecovery::PhoneOnlyWithoutMfa) => {
            ("phone", auth.login_with.phone.is_on() || has("phoneNumber"))
        }
        _ => return,
    };
    if !is_there {
        warnings.add(
            &["accountRecovery"],
            format!("nobody can recover an account: users do not sign in with `{needed}`"),
            format!("add `loginWith.{needed}`, or choose another way"),
        );
    }
}
