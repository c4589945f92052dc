//! Logical IDs: letters and digits, readable, and the same for the same name in every run; and
//! Cognito's names for what Amplify calls otherwise.

use std::fmt::Write;

use crate::catalog::pascal;
use crate::model::schema::STANDARD_ATTRIBUTES;

/// Policies of functions may name it.
pub const USER_POOL: &str = "UserPool";
pub const CLIENT: &str = "UserPoolClient";
pub const IDENTITY_POOL: &str = "IdentityPool";
pub const DOMAIN: &str = "UserPoolDomain";

pub fn function_id(name: &str) -> String {
    format!("{}Function", pascal(name))
}

pub fn role_id(name: &str) -> String {
    format!("{}Role", pascal(name))
}

/// Cognito's name for a standard attribute of Amplify's.
pub fn cognito_name(name: &str) -> &str {
    let mut known = STANDARD_ATTRIBUTES.iter();
    known.find(|(amplify, _)| *amplify == name).map_or(name, |(_, cognito)| cognito)
}

/// A name of any characters as letters and digits: itself, or what is left of it with a number
/// that tells it from others. What it is does not depend on other names, so that a resource stays
/// the same when others come and go.
pub fn distinct(name: &str) -> String {
    let kept: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if kept == name {
        return kept;
    }
    let mut id = kept;
    let _ = write!(id, "{:08X}", hash(name));
    id
}

/// FNV-1a, 32 bits.
fn hash(text: &str) -> u32 {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, mix)
}
