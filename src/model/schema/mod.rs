//! JSON Schemas of both kinds of `resource.toml`, for editors and for the check of a parsed file.
//!
//! A test generates `schema/*.json` from the types that a `resource.toml` is read into, so that
//! only tests need `schemars`. Run `SNAPSHOTS=overwrite cargo test --lib schema` when the types
//! change.

#[cfg(test)]
mod fields;
#[cfg(test)]
mod generated;

use serde_json::{Value, json};

use crate::catalog::Scaffold;

#[cfg(test)]
pub(super) use fields::*;

const AUTH: &str = include_str!("auth.json");
const FUNCTION: &str = include_str!("function.json");
const SCAFFOLD: &str = include_str!("scaffold.json");
const FAMILY: &str = include_str!("family.json");

/// Amplify's names of the standard attributes, and Cognito's.
///
/// Source: `StandardAttributeNames` of the CDK.
pub const STANDARD_ATTRIBUTES: [(&str, &str); 17] = [
    ("address", "address"),
    ("birthdate", "birthdate"),
    ("email", "email"),
    ("familyName", "family_name"),
    ("fullname", "name"),
    ("gender", "gender"),
    ("givenName", "given_name"),
    ("lastUpdateTime", "updated_at"),
    ("locale", "locale"),
    ("middleName", "middle_name"),
    ("nickname", "nickname"),
    ("phoneNumber", "phone_number"),
    ("preferredUsername", "preferred_username"),
    ("profilePage", "profile"),
    ("profilePicture", "picture"),
    ("timezone", "zoneinfo"),
    ("website", "website"),
];

/// How long logs can be kept, and the number of days; without a number, for ever.
///
/// Source: `LogRetention` of `@aws-amplify/plugin-types`.
pub const RETENTIONS: [(&str, Option<u32>); 23] = [
    ("1 day", Some(1)),
    ("3 days", Some(3)),
    ("5 days", Some(5)),
    ("1 week", Some(7)),
    ("2 weeks", Some(14)),
    ("1 month", Some(30)),
    ("2 months", Some(60)),
    ("3 months", Some(90)),
    ("4 months", Some(120)),
    ("5 months", Some(150)),
    ("6 months", Some(180)),
    ("1 year", Some(365)),
    ("13 months", Some(400)),
    ("18 months", Some(545)),
    ("2 years", Some(731)),
    ("3 years", Some(1096)),
    ("5 years", Some(1827)),
    ("6 years", Some(2192)),
    ("7 years", Some(2557)),
    ("8 years", Some(2922)),
    ("9 years", Some(3288)),
    ("10 years", Some(3653)),
    ("infinite", None),
];

/// Keys that people write, by the pointer to their table, and what to write instead.
type Elsewhere = [(&'static str, &'static str, &'static str)];

const FUNCTION_ELSEWHERE: &Elsewhere = &[
    ("", "bundling", "not for functions in Rust: Cargo builds them"),
    ("", "durableConfig", "not for functions in Rust"),
    ("", "entry", "the entry point is `src/main.rs` of the crate"),
    ("", "handler", "the entry point is `src/main.rs` of the crate"),
    ("", "runtime", "the runtime is always `provided.al2023`"),
];

const AUTH_ELSEWHERE: &Elsewhere = &[
    ("", "externalProviders", "it belongs to `loginWith`: `[loginWith.externalProviders]`"),
    ("", "mfa", "did you mean `multifactor`?"),
    ("", "mfaConfiguration", "did you mean `multifactor`?"),
    ("", "allowAdminCreateUserOnly", "it belongs to `overrides.userPool`"),
    ("", "allowUnauthenticatedIdentities", "it belongs to `overrides.identityPool`"),
    ("", "deletionProtection", "it belongs to `overrides.userPool`"),
    ("", "passwordPolicy", "it belongs to `overrides.userPool`"),
    ("", "userPoolName", "did you mean `name`?"),
    (LOGIN, "callbackUrls", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "logoutUrls", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "google", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "facebook", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "loginWithAmazon", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "signInWithApple", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "oidc", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "saml", "it belongs to `loginWith.externalProviders`"),
    (LOGIN, "username", "users sign in with `email` or `phone`"),
    (TRIGGERS, "customEmailSender", "set `senders.email.handler`"),
    (TRIGGERS, "customSMSSender", "set `senders.sms.handler`"),
    (TRIGGERS, "customSmsSender", "set `senders.sms.handler`"),
    (TRIGGERS, "preTokenGenerationConfig", "set `preTokenGeneration.eventVersion`"),
];

const LOGIN: &str = "/properties/loginWith";
const TRIGGERS: &str = "/properties/triggers";

/// The schema of `amplify/auth/resource.toml`, with a key for each trigger of the catalogue.
pub fn auth(scaffolds: &[Scaffold]) -> Value {
    let mut schema = parse(AUTH);
    let scaffolds = scaffolds.iter().filter(|scaffold| scaffold.trigger.is_some());
    let triggers = scaffolds.filter_map(|scaffold| match scaffold.wiring.key.as_slice() {
        [table, name] if table == "triggers" => Some((name.clone(), trigger(scaffold))),
        _ => None,
    });
    if let Some(table) = schema.pointer_mut(TRIGGERS) {
        table["properties"] = Value::Object(triggers.collect());
    }
    with_elsewhere(schema, AUTH_ELSEWHERE)
}

/// The schema of `amplify/auth/<function>/resource.toml`.
pub fn function() -> Value {
    with_elsewhere(parse(FUNCTION), FUNCTION_ELSEWHERE)
}

fn with_elsewhere(mut schema: Value, elsewhere: &Elsewhere) -> Value {
    for (pointer, key, instead) in elsewhere {
        if let Some(table) = schema.pointer_mut(pointer) {
            table["x-elsewhere"][*key] = (*instead).into();
        }
    }
    schema
}

/// The schema of `scaffold.toml`.
pub fn scaffold() -> Value {
    parse(SCAFFOLD)
}

/// The schema of the `scaffold.toml` of what a family shares.
pub fn family() -> Value {
    parse(FAMILY)
}

fn trigger(scaffold: &Scaffold) -> Value {
    let handler = json!({
        "type": "string",
        "description": format!("{}. The name of the function.", scaffold.summary),
    });
    match scaffold.versioned() {
        Some(versioned) if versioned.versions.len() > 1 => {
            json!({ "description": handler["description"], "anyOf": [handler, {
                "type": "object",
                "description": format!("{}.", scaffold.summary),
                "properties": {
                    "handler": { "type": "string", "description": "The name of the function." },
                    "eventVersion": {
                        "enum": versioned.versions,
                        "description": "The version of the event.",
                    },
                },
                "required": ["handler"],
                "additionalProperties": false,
            }]})
        }
        _ => handler,
    }
}

fn parse(schema: &str) -> Value {
    serde_json::from_str(schema).expect("a test makes it")
}
