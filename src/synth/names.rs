//! Logical IDs: letters and digits, readable, and the same for the same name in every run.

use std::fmt::Write;

/// `pre-token-generation`, `preTokenGeneration` and `PRE_TOKEN_GENERATION` as
/// `PreTokenGeneration`.
pub fn pascal(name: &str) -> String {
    let shouted = !name.contains(|c: char| c.is_ascii_lowercase());
    let mut id = String::new();
    let mut start = true;
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() {
            start = true;
            continue;
        }
        let shown = match (start, shouted) {
            (true, _) => character.to_ascii_uppercase(),
            (false, true) => character.to_ascii_lowercase(),
            (false, false) => character,
        };
        id.push(shown);
        start = false;
    }
    id
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_logical_ids() {
        for (name, id) in [
            ("pre-token-generation", "PreTokenGeneration"),
            ("preTokenGeneration", "PreTokenGeneration"),
            ("GOOGLE_CLIENT_ID", "GoogleClientId"),
            ("my_api-key2", "MyApiKey2"),
        ] {
            assert_eq!(pascal(name), id, "{name}");
        }
        assert_eq!(distinct("EVERYONE"), "EVERYONE");
        assert_eq!(distinct("team a"), "teamaEE4C8B0E");
        assert_ne!(distinct("a-b"), distinct("a_b"));
    }
}
