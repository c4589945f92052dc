//! Which claims a pre token generation trigger may change.
//!
//! Source: the table "Claims and scopes reference" of the Cognito developer guide,
//! "Pre token generation Lambda trigger".

/// Why a claim cannot be added through `claimsToAddOrOverride`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Cognito itself decides the claim.
    Fixed,
    /// It is made from the user's groups and roles.
    Groups,
    /// It is made from scopes.
    Scopes,
    /// Attributes of developers (`dev:`) can only be suppressed.
    SuppressOnly,
    /// The access token's audience, which must equal the app client.
    Audience,
}

/// The claims that belong to Cognito, in either token and each version of the event.
const FIXED: [&str; 20] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "client_id",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
    "username",
    "version",
];

/// Whether, and why, Cognito keeps a claim from being added or replaced.
pub fn claim_protection(name: &str) -> Option<Protection> {
    match name {
        "cognito:groups" | "cognito:roles" | "cognito:preferred_role" => Some(Protection::Groups),
        "scope" => Some(Protection::Scopes),
        "aud" => Some(Protection::Audience),
        _ if name.starts_with("cognito:") || FIXED.contains(&name) => Some(Protection::Fixed),
        _ if name.starts_with("dev:") => Some(Protection::SuppressOnly),
        _ => None,
    }
}
