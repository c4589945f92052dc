//! The characters that patterns of the Cognito API let pass.
//!
//! Source: the patterns in the API reference, such as `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`. They are
//! Java's, in which `\s` is ASCII alone: Cognito refuses a no-break space.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex::Regex;

/// What `\s` is in Java.
const BLANKS: &str = " \t\n\u{b}\u{c}\r";

/// The first character of `text` that is not a letter, mark, symbol, digit, punctuation or one
/// of `blanks`.
pub fn first_rejected(text: &str, blanks: &str) -> Option<char> {
    static OTHERS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[^\p{L}\p{M}\p{S}\p{N}\p{P}]").ok());
    let others = OTHERS.as_ref()?.find_iter(text);
    others.filter_map(|found| found.as_str().chars().next()).find(|other| !blanks.contains(*other))
}

/// The first character of `text` that Cognito rejects in an e-mail.
pub fn rejected_in_email(text: &str) -> Option<char> {
    first_rejected(text, BLANKS)
}

/// The first character of `text` that Cognito rejects in SMS: one at which `.` of Java's patterns
/// stops.
pub fn rejected_in_sms(text: &str) -> Option<char> {
    text.chars().find(|other| matches!(other, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
}

/// Whether a string has a length that Cognito allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Right,
    /// Only if characters are counted, or only if units of UTF-16 are.
    Unclear,
    Wrong,
}

/// Compares the length of a string with a limit. AWS does not say what it counts.
pub fn length(text: &str, limits: &RangeInclusive<usize>) -> Length {
    let characters = limits.contains(&text.chars().count());
    match (characters, limits.contains(&text.encode_utf16().count())) {
        (true, true) => Length::Right,
        (false, false) => Length::Wrong,
        _ => Length::Unclear,
    }
}

/// Whether a string is true: in any case, since AWS itself sometimes writes `True`.
pub fn is_true(value: &serde_json::Value) -> bool {
    *value == true || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
}
