//! The tokens with what a pre token generation trigger responds.
//!
//! Source: "Pre token generation Lambda trigger" of the Cognito developer guide. What Cognito does
//! with a claim of its own in a response is not documented; here it stays as it was.

use indexmap::IndexSet;
use serde_json::Value;

use super::token_changes::{Effect, Token, TokenChanges, token_changes};
use super::tokens::{Claims, Tokens, set_groups, strings};
use super::trigger::{is_for_machine, source_of, token_container};

/// The tokens with the response to `event` merged in.
pub fn merge(tokens: &Tokens, event: &Value, response: &Value) -> Tokens {
    let mut merged = tokens.clone();
    if let Some(groups) = response[token_container(event)].get("groupOverrideDetails")
        && !is_for_machine(source_of(event))
    {
        set_groups(&mut merged, groups);
    }
    for changes in token_changes(event, response) {
        match (changes.token, &mut merged.id) {
            (Token::Id, None) => {}
            (Token::Id, Some(id)) => change_claims(id, &changes),
            (Token::Access, _) => {
                change_claims(&mut merged.access, &changes);
                change_scopes(&mut merged.access, changes.details);
            }
        }
    }
    merged
}

/// Adds, then suppresses.
fn change_claims(claims: &mut Claims, changes: &TokenChanges) {
    let added = changes.added.iter().filter(|(.., effect)| *effect == Effect::Applied);
    claims.extend(added.map(|(name, value, _)| ((*name).to_owned(), (*value).clone())));
    for (name, _) in changes.suppressed.iter().filter(|(_, effect)| *effect == Effect::Applied) {
        claims.shift_remove(*name);
        if *name == "cognito:groups" {
            claims.shift_remove("cognito:roles");
            claims.shift_remove("cognito:preferred_role");
        }
    }
}

/// Adds scopes, then suppresses some; without any scope the claim goes too.
fn change_scopes(claims: &mut Claims, change: &Value) {
    let added = strings(&change["scopesToAdd"]);
    let suppressed = strings(&change["scopesToSuppress"]);
    if added.is_empty() && suppressed.is_empty() {
        return;
    }
    let before = claims.get("scope").and_then(Value::as_str).unwrap_or_default();
    let scopes = before.split(' ').chain(added);
    let scopes = scopes.filter(|scope| !scope.is_empty() && !suppressed.contains(scope));
    let scopes = Vec::from_iter(IndexSet::<&str>::from_iter(scopes)).join(" ");
    if scopes.is_empty() {
        claims.shift_remove("scope");
    } else {
        claims.insert("scope".to_owned(), Value::from(scopes));
    }
}
