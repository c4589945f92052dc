//! What the response of a pre token generation trigger makes of the tokens.
//!
//! Source: "Pre token generation Lambda trigger" of the Cognito developer guide. What Cognito does
//! with a claim of its own in a response is not documented; here it stays as it was.

use serde_json::Value;

use super::claims::{Protection, claim_protection};
use super::tokens::{Claims, Tokens, set_groups, texts};
use super::trigger::{is_for_machine, source_of, token_container};

/// The tokens with the response to `event` merged in.
pub fn merge(tokens: &Tokens, event: &Value, response: &Value) -> Tokens {
    let details = &response[token_container(event)];
    let mut merged = tokens.clone();
    if !details.is_object() {
        return merged;
    }
    if let Some(groups) = details.get("groupOverrideDetails")
        && !is_for_machine(source_of(event))
    {
        set_groups(&mut merged, groups);
    }
    let client = &event["callerContext"]["clientId"];
    if token_container(event) == "claimsOverrideDetails" {
        if let Some(id) = &mut merged.id {
            change_claims(id, details, &Value::Null);
        }
        return merged;
    }
    if let Some(id) = &mut merged.id {
        change_claims(id, &details["idTokenGeneration"], &Value::Null);
    }
    let access = &details["accessTokenGeneration"];
    change_claims(&mut merged.access, access, client);
    change_scopes(&mut merged.access, access);
    merged
}

/// Adds, then leaves out. `audience` is the value with which `aud` may be added.
fn change_claims(claims: &mut Claims, change: &Value, audience: &Value) {
    let added = change["claimsToAddOrOverride"].as_object();
    for (name, value) in added.into_iter().flatten() {
        let allowed = match claim_protection(name) {
            None => true,
            Some(Protection::Audience) => value.is_string() && value == audience,
            Some(_) => false,
        };
        if allowed {
            claims.insert(name.clone(), value.clone());
        }
    }
    for name in texts(&change["claimsToSuppress"]) {
        match claim_protection(name) {
            None | Some(Protection::SuppressOnly) => {
                claims.shift_remove(name);
            }
            Some(Protection::Groups) if name == "cognito:groups" => {
                for name in ["cognito:groups", "cognito:roles", "cognito:preferred_role"] {
                    claims.shift_remove(name);
                }
            }
            Some(_) => {}
        }
    }
}

/// Adds scopes, then leaves some out; without any scope the claim goes too.
fn change_scopes(claims: &mut Claims, change: &Value) {
    let (added, suppressed) = (texts(&change["scopesToAdd"]), texts(&change["scopesToSuppress"]));
    if added.is_empty() && suppressed.is_empty() {
        return;
    }
    let before = claims.get("scope").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut scopes: Vec<&str> = Vec::new();
    for scope in before.split(' ').chain(added) {
        if !scope.is_empty() && !suppressed.contains(&scope) && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        claims.shift_remove("scope");
    } else {
        claims.insert("scope".to_owned(), Value::from(scopes.join(" ")));
    }
}
