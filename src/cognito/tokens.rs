//! The claims of the tokens that Cognito issues, before a pre token generation trigger.
//!
//! Source: "Understanding user pool JSON web tokens" of the Cognito developer guide. Times and ids
//! that Cognito makes up are examples here, always the same.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::characters::is_true;
use super::trigger::{is_for_machine, source_of};

/// The decoded claims of a token.
pub type Claims = Map<String, Value>;

/// The tokens of one sign-in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tokens {
    /// Who the user is; a machine has none.
    pub id: Option<Claims>,
    /// What its bearer may do.
    pub access: Claims,
}

/// When the example tokens are issued, in seconds since 1970; they are valid for an hour.
const ISSUED: u64 = 1_700_000_000;
const VALID_FOR: u64 = 3600;
const USER: &str = "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111";
const ORIGIN: &str = "a1b2c3d4-5678-90ab-cdef-EXAMPLE22222";
const EVENT: &str = "a1b2c3d4-5678-90ab-cdef-EXAMPLE33333";
const ID_TOKEN: &str = "a1b2c3d4-5678-90ab-cdef-EXAMPLE44444";
const ACCESS_TOKEN: &str = "a1b2c3d4-5678-90ab-cdef-EXAMPLE55555";
/// The scope of a sign-in with an AWS SDK.
const SELF_SERVICE: &str = "aws.cognito.signin.user.admin";

/// The tokens that Cognito would issue without the trigger.
pub fn base_tokens(event: &Value) -> Tokens {
    if is_for_machine(source_of(event)) {
        return Tokens { id: None, access: machine_token(event) };
    }
    Tokens { id: Some(id_token(event)), access: access_token(event) }
}

/// Leaves out, sets or replaces `cognito:groups`, `cognito:roles` and `cognito:preferred_role`, as
/// a `groupConfiguration` or a `groupOverrideDetails` says.
pub(super) fn set_groups(tokens: &mut Tokens, configuration: &Value) {
    set_claims(&mut tokens.access, configuration, &GROUP_CLAIMS[..1]);
    if let Some(id) = &mut tokens.id {
        set_claims(id, configuration, &GROUP_CLAIMS);
    }
}

fn id_token(event: &Value) -> Claims {
    let request = &event["request"];
    let scopes = strings(&request["scopes"]);
    let attributes = request["userAttributes"].as_object();
    let readable = |name: &str| {
        let limited = ["email", "phone"].iter().any(|scope| scopes.contains(scope));
        let scope = match name {
            "email" | "email_verified" => "email",
            "phone_number" | "phone_number_verified" => "phone",
            _ => "profile",
        };
        !limited || scopes.contains(&"profile") || scopes.contains(&scope)
    };
    let mut claims = Claims::new();
    claims.insert("sub".to_owned(), user(request));
    set_claims(&mut claims, &request["groupConfiguration"], &GROUP_CLAIMS);
    for (name, value) in attributes.into_iter().flatten() {
        if name != "sub" && !name.starts_with("cognito:") && readable(name) {
            claims.insert(name.clone(), attribute(name, value));
        }
    }
    let rest = json!({
        "iss": issuer(event),
        "cognito:username": event["userName"],
        "origin_jti": ORIGIN,
        "aud": event["callerContext"]["clientId"],
        "event_id": EVENT,
        "token_use": "id",
        "auth_time": ISSUED,
        "exp": ISSUED + VALID_FOR,
        "iat": ISSUED,
        "jti": ID_TOKEN,
    });
    extend(&mut claims, rest);
    claims
}

fn access_token(event: &Value) -> Claims {
    let request = &event["request"];
    let by_oauth = source_of(event).ends_with("_HostedAuth");
    let scope = match (strings(&request["scopes"]), by_oauth) {
        (scopes, _) if !scopes.is_empty() => scopes.join(" "),
        (_, true) => "openid".to_owned(),
        (_, false) => SELF_SERVICE.to_owned(),
    };
    let mut claims = Claims::new();
    claims.insert("sub".to_owned(), user(request));
    set_claims(&mut claims, &request["groupConfiguration"], &GROUP_CLAIMS[..1]);
    let rest = json!({
        "iss": issuer(event),
        "client_id": event["callerContext"]["clientId"],
        "origin_jti": ORIGIN,
        "event_id": EVENT,
        "token_use": "access",
        "scope": scope,
        "auth_time": ISSUED,
        "exp": ISSUED + VALID_FOR,
        "iat": ISSUED,
        "jti": ACCESS_TOKEN,
        "username": event["userName"],
    });
    extend(&mut claims, rest);
    if by_oauth {
        claims.insert("version".to_owned(), json!(2));
    }
    claims
}

fn machine_token(event: &Value) -> Claims {
    let client = &event["callerContext"]["clientId"];
    let mut claims = Claims::new();
    let all = json!({
        "sub": client,
        "iss": issuer(event),
        "client_id": client,
        "token_use": "access",
        "scope": strings(&event["request"]["scopes"]).join(" "),
        "auth_time": ISSUED,
        "exp": ISSUED + VALID_FOR,
        "iat": ISSUED,
        "jti": ACCESS_TOKEN,
        "version": 2,
    });
    extend(&mut claims, all);
    claims
}

/// The claims made of groups, and where a `groupConfiguration` has them. An access token has the
/// first alone.
const GROUP_CLAIMS: [(&str, &str); 3] = [
    ("cognito:groups", "groupsToOverride"),
    ("cognito:roles", "iamRolesToOverride"),
    ("cognito:preferred_role", "preferredRole"),
];

fn set_claims(claims: &mut Claims, configuration: &Value, which: &[(&str, &str)]) {
    for (claim, member) in which {
        match filled(&configuration[member]) {
            Some(value) => claims.insert((*claim).to_owned(), value),
            None => claims.shift_remove(*claim),
        };
    }
}

/// The type that an attribute, always a string in events, has in the ID token.
fn attribute(name: &str, value: &Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    match name {
        "email_verified" | "phone_number_verified" => json!(is_true(value)),
        "address" => json!({ "formatted": value }),
        "updated_at" => text.parse::<u64>().map_or(value.clone(), |time| json!(time)),
        "identities" => serde_json::from_str(text).map_or(value.clone(), with_strings),
        _ => value.clone(),
    }
}

/// `identities` is JSON in a string in events; in tokens it is JSON, with strings for its numbers
/// and booleans.
fn with_strings(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_strings).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, with_strings(value)));
            Value::Object(members.collect())
        }
        Value::Bool(_) | Value::Number(_) => json!(value.to_string()),
        other => other,
    }
}

fn user(request: &Value) -> Value {
    match &request["userAttributes"]["sub"] {
        Value::Null => json!(USER),
        sub => sub.clone(),
    }
}

fn issuer(event: &Value) -> String {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    format!("https://cognito-idp.{}.amazonaws.com/{}", text("region"), text("userPoolId"))
}

/// The value, unless it says nothing: `null`, `[]` and `""`.
fn filled(value: &Value) -> Option<Value> {
    let empty = match value {
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        other => other.is_null(),
    };
    (!empty).then(|| value.clone())
}

fn extend(claims: &mut Claims, members: Value) {
    if let Value::Object(members) = members {
        claims.extend(members);
    }
}

/// The strings in an array; none when it is something else.
pub(super) fn strings(value: &Value) -> Vec<&str> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).collect()
}
