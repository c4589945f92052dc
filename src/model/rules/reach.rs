//! Settings that need another one, without which nothing comes of them, and strings that Cognito rejects.
//!
//! Amplify and CloudFormation accept these, so each is a warning. What code may set elsewhere is not
//! reported.

use std::collections::BTreeMap;

use super::definition::Definition;
use crate::cognito::{rejected_in_email, rejected_in_sms};
use crate::edit::typescript::CallSetting;
use crate::program::command;
use crate::project::{Language, SentVersion, Wired, Wiring};
use crate::source::Diagnostic;

/// Who is called for each trigger, by Amplify's name for it.
pub type Wirings<'a> = BTreeMap<&'a str, &'a Wiring>;

const EXTERNAL: &str = "externalProviders";
const PROVIDERS: [&str; 6] =
    ["google", "facebook", "loginWithAmazon", "signInWithApple", "oidc", "saml"];

/// What sets messages in code.
const MESSAGES: [&str; 5] = [
    "verificationmessagetemplate",
    "emailverificationmessage",
    "emailverificationsubject",
    "smsverificationmessage",
    "admincreateuserconfig",
];

pub fn check(definition: &Definition, wirings: &Wirings) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let wired = |trigger: &str| wirings.get(trigger).and_then(|wiring| wiring.wired());
    warnings.extend(wired("userMigration").and_then(|wired| flows(definition, wired)));
    warnings.extend(wired("inboundFederation").and_then(|wired| federation(definition, wired)));
    let all = wirings.values().filter_map(|wiring| wiring.wired());
    warnings.extend(all.filter_map(|wired| version(definition, wired)));
    warnings.extend(link(definition));
    warnings.extend(placeholder(definition));
    warnings.extend(characters(definition));
    warnings.extend(challenges(definition, wirings));
    warnings.extend(recovery(definition));
    warnings
}

/// The app client is Amplify's: it signs users in with SRP, custom challenges and authorization codes.
fn flows(definition: &Definition, wired: &Wired) -> Option<Diagnostic> {
    if definition.may_be_set_in_code(&["explicitauthflows", "userpassword"]) {
        return None;
    }
    let label = match wired.language {
        Language::Toml => {
            "add `ALLOW_USER_PASSWORD_AUTH` to `ExplicitAuthFlows` of `UserPoolClient` in the template"
        }
        Language::TypeScript => {
            "add `ALLOW_USER_PASSWORD_AUTH` to `explicitAuthFlows` of `cfnUserPoolClient` in \
             `amplify/backend.ts`"
        }
    };
    let message = "Cognito calls user migration for forgotten passwords, but never at sign-in: the app \
                   client does not allow `USER_PASSWORD_AUTH`";
    Some(wired.place.problem(message, label))
}

/// Events of machines, from a pool whose only app client is for users.
fn version(definition: &Definition, wired: &Wired) -> Option<Diagnostic> {
    match &wired.version {
        SentVersion::Requested(version, place)
            if version.is_for_machines()
                && !definition.may_be_set_in_code(&["clientcredentials"]) =>
        {
            Some(place.problem(
                format!("{version} is for tokens of machines, and no app client has the `client_credentials` grant"),
                "V2_0 does the same for users; or add a client with that grant to the stack",
            ))
        }
        _ => None,
    }
}

fn federation(definition: &Definition, wired: &Wired) -> Option<Diagnostic> {
    let lacks = |provider: &&str| definition.lacks(&["loginWith", EXTERNAL, provider]);
    if !PROVIDERS.iter().all(lacks) || definition.may_be_set_in_code(&["identityprovider"]) {
        return None;
    }
    Some(wired.place.problem(
        "Cognito never calls inbound federation: the pool has no identity provider",
        "add one to `loginWith.externalProviders`",
    ))
}

fn link(definition: &Definition) -> Option<Diagnostic> {
    let (style, place) = definition.text(&["loginWith", "email", "verificationEmailStyle"])?;
    if style != "LINK"
        || !definition.lacks(&["loginWith", EXTERNAL])
        || definition.may_be_set_in_code(&["userpooldomain", "adddomain", MESSAGES[0]])
    {
        return None;
    }
    Some(place.problem(
        "links need a domain, and the pool has none: each sign-up fails with \
         `InvalidParameterException`",
        "use `CODE`, or add `loginWith.externalProviders`, which makes a domain",
    ))
}

/// A placeholder that Cognito fills in only where it verifies in the other way.
fn placeholder(definition: &Definition) -> Option<Diagnostic> {
    let at = |key| definition.get(&["loginWith", "email", key]);
    let (body, place) = definition.text(&["loginWith", "email", "verificationEmailBody"])?;
    let useless = match at("verificationEmailStyle") {
        CallSetting::Present(Some(style), _) if style == "LINK" => {
            body.contains("{####}").then_some("{####}")
        }
        CallSetting::Present(Some(_), _) | CallSetting::Absent => {
            body.replace("{####}", "").contains("{##").then_some("{##…##}")
        }
        CallSetting::Present(None, _) | CallSetting::Unclear => None,
    }?;
    (!definition.may_be_set_in_code(&MESSAGES)).then(|| {
        place.problem(
            format!("`{useless}` does not belong to this `verificationEmailStyle`"),
            "take it out, or change the style",
        )
    })
}

/// Amplify passes on any text, and the deployment fails.
fn characters(definition: &Definition) -> Vec<Diagnostic> {
    type Rejected = fn(&str) -> Option<char>;
    let texts: [(&[&str], Rejected); 7] = [
        (&["loginWith", "email", "verificationEmailBody"], rejected_in_email),
        (&["loginWith", "email", "verificationEmailSubject"], rejected_in_email),
        (&["loginWith", "email", "userInvitation", "emailBody"], rejected_in_email),
        (&["loginWith", "email", "userInvitation", "emailSubject"], rejected_in_email),
        (&["loginWith", "email", "userInvitation", "smsMessage"], rejected_in_sms),
        (&["loginWith", "phone", "verificationMessage"], rejected_in_sms),
        (&["multifactor", "sms", "smsMessage"], rejected_in_sms),
    ];
    let found = texts.into_iter().filter_map(|(keys, rejected)| {
        let (text, place) = definition.text(keys)?;
        let character = rejected(&text)?;
        let message = format!("Cognito rejects the character {character:?} here");
        Some(place.problem(message, "take it out"))
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() || definition.may_be_set_in_code(&MESSAGES) { Vec::new() } else { found }
}

/// Custom authentication takes three functions.
fn challenges(definition: &Definition, wirings: &Wirings) -> Vec<Diagnostic> {
    let trio = ["defineAuthChallenge", "createAuthChallenge", "verifyAuthChallengeResponse"];
    let is_missing = |trigger: &&str| matches!(wirings.get(trigger), Some(Wiring::Unwired));
    let missing: Vec<_> = trio.into_iter().filter(is_missing).collect();
    if missing.is_empty() || definition.may_be_set_in_code(&["addtrigger", "lambdaconfig"]) {
        return Vec::new();
    }
    // Define alone can sign in with a password.
    let useless = trio[1..].iter().filter_map(|trigger| wirings.get(trigger)?.wired());
    let found = useless.map(|wired| {
        wired.place.problem(
            format!("custom authentication does not work without `{}`", missing.join("`, `")),
            format!("generate all three: `{}`", command("new auth-trigger custom-auth")),
        )
    });
    found.collect()
}

/// Who has neither of the addresses cannot recover their account.
fn recovery(definition: &Definition) -> Option<Diagnostic> {
    let (recovery, place) = definition.text(&["accountRecovery"])?;
    let (needed, attribute) = match recovery.as_str() {
        "EMAIL_ONLY" => ("email", "email"),
        "PHONE_ONLY_WITHOUT_MFA" => ("phone", "phoneNumber"),
        _ => return None,
    };
    let lacks = definition.lacks(&["loginWith", needed])
        && definition.lacks(&["userAttributes", attribute])
        && !definition.may_be_set_in_code(&["accountrecoverysetting"]);
    lacks.then(|| {
        place.problem(
            format!("nobody can recover an account: users do not sign in with `{needed}`"),
            format!("add `loginWith.{needed}`, or choose another way"),
        )
    })
}
