//! Texts without code: empty, or only comments.

use super::source::{Source, named};

/// Whether a text has no code. One that defines something in a comment is not meant to get another.
pub fn is_blank(text: &str) -> bool {
    let source = Source::parse_with_errors(text);
    let defines = text.split("define").skip(1).any(|rest| rest.starts_with(char::is_uppercase));
    source.is_ok_and(|source| named(source.root()).is_empty()) && !defines
}

/// A blank text with `code` behind it.
pub fn filled(text: &str, code: &str) -> String {
    let gap = if text.trim().is_empty() { "" } else { "\n" };
    format!("{text}{gap}{code}")
}

/// The blank text that was [`filled`].
pub fn emptied(text: &str) -> &str {
    let source = Source::parse_with_errors(text);
    let code = source.ok().and_then(|source| Some(named(source.root()).first()?.start_byte()));
    let blank = &text[..code.unwrap_or(text.len())];
    if blank.trim().is_empty() { blank } else { blank.strip_suffix('\n').unwrap_or(blank) }
}
