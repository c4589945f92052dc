//! What a response asks to change in tokens, and what Cognito does about it. The tokens that are shown
//! and the verdict are both made from this, so that they cannot disagree.
//!
//! Source: "Pre token generation Lambda trigger" of the Cognito developer guide.

use serde_json::Value;

use super::claims::{Protection, claim_protection};
use super::tokens::strings;
use super::trigger::token_container;

/// One of the two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Id,
    Access,
}

/// What becomes of a claim that a response names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is added, replaced or suppressed.
    Applied,
    /// It is suppressed too, which wins.
    Suppressed,
    /// It stays as it was.
    Reserved(Protection),
    /// It is the audience, and another one than the app client.
    WrongAudience,
}

/// What a response asks of one token.
#[derive(Debug)]
pub struct TokenChanges<'a> {
    pub token: Token,
    /// Where the response says so, dotted.
    pub at: String,
    pub details: &'a Value,
    pub added: Vec<(&'a str, &'a Value, Effect)>,
    pub suppressed: Vec<(&'a str, Effect)>,
}

/// What the response to `event` asks of each token: that of the ID token alone in the first version.
pub fn token_changes<'a>(event: &Value, response: &'a Value) -> Vec<TokenChanges<'a>> {
    let container = token_container(event);
    let (details, at) = (&response[container], format!("response.{container}"));
    if !details.is_object() {
        return Vec::new();
    }
    let client = &event["callerContext"]["clientId"];
    if container == "claimsOverrideDetails" {
        return vec![changes(Token::Id, at, details, client)];
    }
    let parts = [("idTokenGeneration", Token::Id), ("accessTokenGeneration", Token::Access)];
    let part = |(name, token)| changes(token, format!("{at}.{name}"), &details[name], client);
    parts.map(part).into()
}

fn changes<'a>(token: Token, at: String, details: &'a Value, client: &Value) -> TokenChanges<'a> {
    let suppressed = strings(&details["claimsToSuppress"]);
    let added = details["claimsToAddOrOverride"].as_object().into_iter().flatten();
    let added = added.map(|(name, value)| {
        let effect = match claim_protection(name) {
            None if suppressed.contains(&name.as_str()) => Effect::Suppressed,
            None => Effect::Applied,
            Some(Protection::Audience) if token == Token::Access => match value == client {
                true => Effect::Applied,
                false => Effect::WrongAudience,
            },
            Some(protection) => Effect::Reserved(protection),
        };
        (name.as_str(), value, effect)
    });
    let added = added.collect();
    let suppressed = suppressed.into_iter().map(|name| match claim_protection(name) {
        None | Some(Protection::SuppressOnly) => (name, Effect::Applied),
        Some(Protection::Groups) if name == "cognito:groups" => (name, Effect::Applied),
        Some(protection) => (name, Effect::Reserved(protection)),
    });
    TokenChanges { token, at, details, added, suppressed: suppressed.collect() }
}
