//! Rules for `amplify/auth/resource.toml`.

use std::collections::BTreeMap;

use super::Problems;
use crate::catalog::nearest;
use crate::cognito::check_group_name;
use crate::model::auth::{
    AccountRecovery, Attribute, Auth, Challenge, EmailLogin, MfaMode, Sender, VerificationStyle,
};

/// Where Cognito puts a code.
const CODE: &str = "{####}";

/// Where Cognito puts the name of a user.
const USERNAME: &str = "{username}";

pub fn check(auth: &Auth, functions: &BTreeMap<&str, &str>, problems: &mut Problems) {
    login(auth, problems);
    texts(auth, problems);
    multifactor(auth, problems);
    passwordless(auth, problems);
    senders(auth, problems);
    attributes(auth, problems);
    groups(auth, problems);
    handlers(auth, functions, problems);
    email_identity(auth, problems);
}

fn login(auth: &Auth, problems: &mut Problems) {
    if !auth.login_with.email.is_on() && !auth.login_with.phone.is_on() {
        problems.add_missing(
            &["loginWith"],
            &["loginWith"],
            "at least one of `email` or `phone` must be enabled in `loginWith`",
            "add `email = true`",
        );
    }
}

fn texts(auth: &Auth, problems: &mut Problems) {
    if let Some(email) = auth.login_with.email.settings() {
        email_texts(email, problems);
    }
    let phone = auth.login_with.phone.settings();
    if let Some(text) = phone.and_then(|phone| phone.verification_message.as_ref()) {
        needs(text, CODE, &["loginWith", "phone", "verificationMessage"], problems);
    }
    if let Some(sms) = auth.multifactor.as_ref().and_then(|mfa| mfa.sms.settings()) {
        needs(&sms.sms_message, CODE, &["multifactor", "sms", "smsMessage"], problems);
    }
}

fn email_texts(email: &EmailLogin, problems: &mut Problems) {
    if let Some(body) = &email.verification_email_body {
        let keys = ["loginWith", "email", "verificationEmailBody"];
        if email.verification_email_style != Some(VerificationStyle::Link) {
            needs(body, CODE, &keys, problems);
        } else if !has_link(body) {
            problems.add(
                &keys,
                "the email has no place for the link",
                "write `{##Verify Email##}`, with any text, where the link goes",
            );
        }
    }
    let Some(invitation) = &email.user_invitation else {
        return;
    };
    let texts = [("emailBody", &invitation.email_body), ("smsMessage", &invitation.sms_message)];
    for (key, text) in texts {
        if let Some(text) = text {
            let keys = ["loginWith", "email", "userInvitation", key];
            needs(text, CODE, &keys, problems);
            needs(text, USERNAME, &keys, problems);
        }
    }
}

fn has_link(text: &str) -> bool {
    let start = text.find("{##");
    start.is_some_and(|start| text[start + 3..].contains("##}"))
}

fn needs(text: &str, placeholder: &str, keys: &[&str], problems: &mut Problems) {
    if !text.contains(placeholder) {
        let what = match placeholder {
            USERNAME => "the user name",
            _ => "the code",
        };
        problems.add(
            keys,
            format!("the message has no place for {what}"),
            format!("write `{placeholder}` where it goes"),
        );
    }
}

fn multifactor(auth: &Auth, problems: &mut Problems) {
    let Some(mfa) = auth.second_factors() else {
        return;
    };
    let sms = mfa.sms.is_on();
    if !mfa.totp && !sms && !mfa.email {
        problems.add_missing(
            &["multifactor"],
            &["multifactor"],
            "no second factor is enabled",
            "add one of `totp = true`, `sms = true` or `email = true`",
        );
    }
    if auth.login_with.phone.is_on() && !sms {
        problems.add_missing(
            &["multifactor"],
            &["multifactor"],
            "with `loginWith.phone`, SMS must be a second factor too",
            "add `sms = true`",
        );
    }
    if mfa.email {
        codes_by_email(auth, problems);
    }
}

/// Source: `EmailConfiguration` and `AccountRecoverySetting` of Cognito's `SetUserPoolMfaConfig`.
fn codes_by_email(auth: &Auth, problems: &mut Problems) {
    use AccountRecovery::{EmailOnly, PhoneAndEmail};
    if !matches!(auth.senders.email, Some(Sender::Service(_))) {
        problems.add_missing(
            &["multifactor", "email"],
            &["senders", "email"],
            "codes by email need Amazon SES to send them",
            "set `senders.email.fromEmail`",
        );
    }
    // Cognito sees no setting at all for the last one.
    if matches!(auth.recovery(), EmailOnly | PhoneAndEmail) {
        let key = if auth.account_recovery.is_some() { "accountRecovery" } else { "multifactor" };
        problems.add_missing(
            &[key, "email"],
            &["accountRecovery"],
            "Cognito refuses codes by email where email alone recovers an account",
            "set `accountRecovery = \"EMAIL_AND_PHONE_WITHOUT_MFA\"`",
        );
    }
}

fn passwordless(auth: &Auth, problems: &mut Problems) {
    let login = &auth.login_with;
    let is_required = auth.multifactor.as_ref().is_some_and(|mfa| mfa.mode == MfaMode::Required);
    if login.passwordless() && is_required {
        problems.add(
            &["multifactor", "mode"],
            "Cognito does not combine a required second factor with signing in without a password",
            "use `OPTIONAL`, or remove `otpLogin` and `webAuthn`",
        );
    }
    let options = auth.passwordless_options.as_ref();
    let (enabled, add) = match options.and_then(|options| options.preferred_challenge) {
        None | Some(Challenge::Password) => return,
        Some(Challenge::EmailOtp) => (login.email_code(), "`otpLogin = true` in `loginWith.email`"),
        Some(Challenge::SmsOtp) => (login.sms_code(), "`otpLogin = true` in `loginWith.phone`"),
        Some(Challenge::WebAuthn) => (login.web_authn.is_on(), "`webAuthn = true` in `loginWith`"),
    };
    if !enabled {
        problems.add_missing(
            &["passwordlessOptions", "preferredChallenge"],
            &["loginWith"],
            "the preferred challenge is not enabled",
            format!("set {add}, or choose another challenge"),
        );
    }
}

fn senders(auth: &Auth, problems: &mut Problems) {
    if let Some(Sender::Service(sns)) = &auth.senders.sms
        && sns.sns_caller_arn.is_some() != sns.external_id.is_some()
    {
        let missing = if sns.external_id.is_none() { "externalId" } else { "snsCallerArn" };
        problems.add_missing(
            &["senders", "sms"],
            &["senders", "sms"],
            "a role for SMS needs both `snsCallerArn` and `externalId`",
            format!("add `{missing}`; the role's trust policy must ask for the same external ID"),
        );
    }
    if let (Some(email), Some(sms)) = (auth.senders.custom_email(), auth.senders.custom_sms())
        && let (Some(one), Some(other)) = (&email.kms_key_arn, &sms.kms_key_arn)
        && one != other
    {
        problems.add(
            &["senders", "sms", "kmsKeyArn"],
            "a user pool has one key for both senders",
            "must be the key of `senders.email`",
        );
    }
}

/// Amazon SES sends for the addresses of a domain, and of the domains below it.
fn email_identity(auth: &Auth, problems: &mut Problems) {
    let Some(identity) = &auth.overrides.user_pool.email_identity else {
        return;
    };
    let keys = [&["overrides", "userPool", "emailIdentity"], identity.keys()].concat();
    let Some(ses) = auth.senders.email.as_ref().and_then(Sender::service) else {
        return problems.add(
            &keys,
            "nothing is sent by this identity",
            "set `senders.email.fromEmail` to an address of the domain",
        );
    };
    let (Some(identity), Some(address)) = (identity.known(), ses.from_email.known()) else {
        return;
    };
    let domain = address.rsplit('@').next().unwrap_or_default();
    let above = domain.strip_suffix(identity.as_str());
    if above.is_none_or(|above| !above.is_empty() && !above.ends_with('.')) {
        problems.add(
            &keys,
            format!("`{address}` is not an address of `{identity}`"),
            "must be its domain, or a parent of that",
        );
    }
}

/// The most custom attributes that a user pool can have. Source: quotas of Cognito.
const MOST_ATTRIBUTES: usize = 50;

fn attributes(auth: &Auth, problems: &mut Problems) {
    let custom = auth.user_attributes.keys().filter(|name| name.starts_with("custom:"));
    if custom.count() > MOST_ATTRIBUTES {
        problems.add(
            &["userAttributes"],
            format!("a user pool has at most {MOST_ATTRIBUTES} custom attributes"),
            "remove some",
        );
    }
    for (name, attribute) in &auth.user_attributes {
        limits(name, attribute, problems);
    }
}

fn limits(name: &str, attribute: &Attribute, problems: &mut Problems) {
    let turned = |least, most| matches!((least, most), (Some(least), Some(most)) if least > most);
    let lengths = (attribute.min_len.map(i64::from), attribute.max_len.map(i64::from));
    for (key, (least, most)) in [("max", (attribute.min, attribute.max)), ("maxLen", lengths)] {
        if turned(least, most) {
            let least = least.unwrap_or_default();
            problems.add(
                &["userAttributes", name, key],
                format!("`{name}` can have no value at all"),
                format!("must be {least} or more"),
            );
        }
    }
}

fn groups(auth: &Auth, problems: &mut Problems) {
    for (index, name) in auth.groups.iter().enumerate() {
        let keys = ["groups", &index.to_string()];
        if let Err(problem) = check_group_name(name) {
            let message = format!("the group `{}` {problem}", name.escape_debug());
            problems.add(&keys, message, "choose another name");
        }
        if auth.groups[..index].contains(name) {
            problems.add(&keys, format!("the group `{name}` is listed twice"), "remove it");
        }
    }
}

/// Each function that is named exists.
fn handlers(auth: &Auth, functions: &BTreeMap<&str, &str>, problems: &mut Problems) {
    let triggers = auth.triggers.iter();
    let triggers = triggers.map(|(name, target)| (vec!["triggers", name], &target.handler));
    let senders = [("email", auth.senders.custom_email()), ("sms", auth.senders.custom_sms())];
    let senders = senders
        .into_iter()
        .filter_map(|(name, sender)| Some((vec!["senders", name], &sender?.handler)));
    let names: Vec<_> = functions.keys().copied().collect();
    let mut missing = |keys: &[&str], name: &str| {
        if !functions.contains_key(name) {
            let file = format!("`amplify/auth/{name}/resource.toml`");
            let in_directory = functions.iter().find(|(_, directory)| **directory == name);
            let label = match (in_directory, nearest(name, &names)) {
                (Some((other, _)), _) => format!("the `name` in {file} is `{other}`"),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!("no {file}"),
            };
            problems.add(keys, format!("there is no function `{name}`"), label);
        }
    };
    for (mut keys, handler) in triggers.chain(senders) {
        keys.push("handler");
        missing(&keys, handler);
    }
    for (index, access) in auth.access.iter().enumerate() {
        missing(&["access", &index.to_string(), "resource"], &access.resource);
    }
}
