//! Rules for `amplify/auth/resource.toml`.

use super::Findings;
use crate::catalog::nearest;
use crate::cognito::check_group_name;
use crate::model::auth::{
    Attribute, Auth, Challenge, EmailLogin, MfaMode, Sender, VerificationStyle,
};

/// Where Cognito puts a code.
const CODE: &str = "{####}";

/// Where Cognito puts the name of a user.
const USERNAME: &str = "{username}";

pub fn check(auth: &Auth, functions: &[&str], findings: &mut Findings) {
    login(auth, findings);
    texts(auth, findings);
    multifactor(auth, findings);
    passwordless(auth, findings);
    senders(auth, findings);
    attributes(auth, findings);
    groups(auth, findings);
    providers(auth, findings);
    handlers(auth, functions, findings);
}

fn login(auth: &Auth, findings: &mut Findings) {
    if !auth.login_with.email.is_on() && !auth.login_with.phone.is_on() {
        findings.add(
            &["loginWith"],
            "at least one of `email` or `phone` must be enabled in `loginWith`",
            "add `email = true`",
        );
    }
}

fn texts(auth: &Auth, findings: &mut Findings) {
    if let Some(email) = auth.login_with.email.settings() {
        email_texts(email, findings);
    }
    let phone = auth.login_with.phone.settings();
    if let Some(text) = phone.and_then(|phone| phone.verification_message.as_ref()) {
        needs(text, CODE, &["loginWith", "phone", "verificationMessage"], findings);
    }
    if let Some(sms) = auth.multifactor.as_ref().and_then(|mfa| mfa.sms.settings()) {
        needs(&sms.sms_message, CODE, &["multifactor", "sms", "smsMessage"], findings);
    }
}

fn email_texts(email: &EmailLogin, findings: &mut Findings) {
    if let Some(body) = &email.verification_email_body {
        let keys = ["loginWith", "email", "verificationEmailBody"];
        if email.verification_email_style != Some(VerificationStyle::Link) {
            needs(body, CODE, &keys, findings);
        } else if !has_link(body) {
            findings.add(
                &keys,
                "the e-mail has no place for the link",
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
            needs(text, CODE, &keys, findings);
            needs(text, USERNAME, &keys, findings);
        }
    }
}

fn has_link(text: &str) -> bool {
    let start = text.find("{##");
    start.is_some_and(|start| text[start + 3..].contains("##}"))
}

fn needs(text: &str, placeholder: &str, keys: &[&str], findings: &mut Findings) {
    if !text.contains(placeholder) {
        let what = match placeholder {
            USERNAME => "the user's name",
            _ => "the code",
        };
        findings.add(
            keys,
            format!("the text has no place for {what}"),
            format!("write `{placeholder}` where it goes"),
        );
    }
}

fn multifactor(auth: &Auth, findings: &mut Findings) {
    let Some(mfa) = auth.second_factors() else {
        return;
    };
    let sms = mfa.sms.is_on();
    if !mfa.totp && !sms && !mfa.email {
        findings.add(
            &["multifactor"],
            "no second factor is enabled",
            "add one of `totp = true`, `sms = true` or `email = true`",
        );
    }
    if auth.login_with.phone.is_on() && !sms {
        findings.add(
            &["multifactor"],
            "with `loginWith.phone`, SMS must be a second factor too",
            "add `sms = true`",
        );
    }
    if mfa.email && !matches!(auth.senders.email, Some(Sender::Service(_))) {
        findings.add(
            &["multifactor", "email"],
            "codes by e-mail need Amazon SES to send them",
            "set `senders.email.fromEmail`",
        );
    }
}

fn passwordless(auth: &Auth, findings: &mut Findings) {
    let login = &auth.login_with;
    let is_required = auth.multifactor.as_ref().is_some_and(|mfa| mfa.mode == MfaMode::Required);
    if login.passwordless() && is_required {
        findings.add(
            &["multifactor", "mode"],
            "Cognito does not combine a required second factor with signing in without a password",
            "use `OPTIONAL`, or take out `otpLogin` and `webAuthn`",
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
        findings.add(
            &["passwordlessOptions", "preferredChallenge"],
            "the preferred challenge is not enabled",
            format!("set {add}, or choose another challenge"),
        );
    }
}

fn senders(auth: &Auth, findings: &mut Findings) {
    if let Some(Sender::Service(sns)) = &auth.senders.sms
        && sns.sns_caller_arn.is_some() != sns.external_id.is_some()
    {
        let missing = if sns.external_id.is_none() { "externalId" } else { "snsCallerArn" };
        findings.add(
            &["senders", "sms"],
            "a role for SMS needs both `snsCallerArn` and `externalId`",
            format!("add `{missing}`; the role's trust policy must ask for the same external ID"),
        );
    }
    if let (Some(email), Some(sms)) = (auth.senders.custom_email(), auth.senders.custom_sms())
        && let (Some(one), Some(other)) = (&email.kms_key_arn, &sms.kms_key_arn)
        && one != other
    {
        findings.add(
            &["senders", "sms", "kmsKeyArn"],
            "a user pool has one key for both senders",
            "must be the key of `senders.email`",
        );
    }
}

/// The most attributes of their own that a user pool can have. Source: quotas of Cognito.
const MOST_ATTRIBUTES: usize = 50;

fn attributes(auth: &Auth, findings: &mut Findings) {
    let custom = auth.user_attributes.keys().filter(|name| name.starts_with("custom:"));
    if custom.count() > MOST_ATTRIBUTES {
        findings.add(
            &["userAttributes"],
            format!("a user pool has at most {MOST_ATTRIBUTES} attributes of your own"),
            "leave some out",
        );
    }
    for (name, attribute) in &auth.user_attributes {
        limits(name, attribute, findings);
    }
}

fn limits(name: &str, attribute: &Attribute, findings: &mut Findings) {
    let turned = |least, most| matches!((least, most), (Some(least), Some(most)) if least > most);
    let lengths = (attribute.min_len.map(i64::from), attribute.max_len.map(i64::from));
    for (key, (least, most)) in [("max", (attribute.min, attribute.max)), ("maxLen", lengths)] {
        if turned(least, most) {
            let least = least.unwrap_or_default();
            findings.add(
                &["userAttributes", name, key],
                format!("`{name}` can have no value at all"),
                format!("must be {least} or more"),
            );
        }
    }
}

fn groups(auth: &Auth, findings: &mut Findings) {
    for (index, name) in auth.groups.iter().enumerate() {
        let keys = ["groups", &index.to_string()];
        if let Err(problem) = check_group_name(name) {
            let message = format!("the group `{}` {problem}", name.escape_debug());
            findings.add(&keys, message, "choose another name");
        }
        if auth.groups[..index].contains(name) {
            findings.add(&keys, format!("the group `{name}` is there twice"), "take it out");
        }
    }
}

/// Each provider has a name of its own.
fn providers(auth: &Auth, findings: &mut Findings) {
    let Some(external) = &auth.login_with.external_providers else {
        return;
    };
    let mut names: Vec<_> = external.saml.iter().map(|saml| &saml.name).collect();
    for (index, oidc) in external.oidc.iter().enumerate() {
        if names.contains(&&oidc.name) {
            let keys = ["loginWith", "externalProviders", "oidc", &index.to_string(), "name"];
            let message = format!("the provider `{}` is there twice", oidc.name);
            findings.add(&keys, message, "choose another name");
        }
        names.push(&oidc.name);
    }
}

/// Each function that is named must be there.
fn handlers(auth: &Auth, functions: &[&str], findings: &mut Findings) {
    let triggers = auth.triggers.iter();
    let triggers = triggers.map(|(name, target)| (vec!["triggers", name], &target.handler));
    let senders = [("email", auth.senders.custom_email()), ("sms", auth.senders.custom_sms())];
    let senders = senders
        .into_iter()
        .filter_map(|(name, sender)| Some((vec!["senders", name], &sender?.handler)));
    let mut missing = |keys: &[&str], name: &str| {
        if !functions.contains(&name) {
            let label = match nearest(name, functions) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("no `amplify/auth/{name}/resource.toml`"),
            };
            findings.add(keys, format!("there is no function `{name}`"), label);
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
