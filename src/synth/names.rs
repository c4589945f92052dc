//! Logical IDs: letters and digits, readable, and the same for the same name in every run.

use std::fmt::Write;

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
    fn other_names_do_not_matter() {
        assert_eq!(distinct("EVERYONE"), "EVERYONE");
        assert_eq!(distinct("team a"), "teama0AF71E3F");
        assert_ne!(distinct("a-b"), distinct("a_b"));
    }
}
