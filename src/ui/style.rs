//! Styles of text, and the only place that makes text safe for a terminal.
//!
//! In a string, a style is a private-use character. Only [`render`] replaces these with escape
//! sequences, and escapes all other control characters. So text from a file of the repository, an
//! event or a handler cannot move the cursor, set the title or reverse the direction of writing.

use std::fmt;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthStr;

/// A style; `{STYLE}` begins it and `{STYLE:#}` ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style(char);

pub const GREEN: Style = Style('\u{f0001}');
pub const YELLOW: Style = Style('\u{f0002}');
pub const RED: Style = Style('\u{f0003}');
pub const CYAN: Style = Style('\u{f0004}');
pub const BOLD: Style = Style('\u{f0005}');
pub const DIM: Style = Style('\u{f0006}');
pub const PLAIN: Style = Style('\u{f0007}');
const END: char = '\u{f0000}';

const ALL: [(Style, Ansi); 7] = [
    (GREEN, AnsiColor::Green.on_default().bold()),
    (YELLOW, AnsiColor::Yellow.on_default().bold()),
    (RED, AnsiColor::Red.on_default().bold()),
    (CYAN, AnsiColor::Cyan.on_default()),
    (BOLD, Ansi::new().bold()),
    (DIM, Ansi::new().dimmed()),
    (PLAIN, Ansi::new()),
];

impl Style {
    /// The style for libraries that write escape sequences: see [`from_ansi`].
    pub fn ansi(self) -> Ansi {
        let style = ALL.iter().find(|(style, _)| *style == self);
        style.map_or(Ansi::new(), |(_, ansi)| *ansi)
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, if f.alternate() { END } else { self.0 })
    }
}

/// Whether a stream gets escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    On,
    Off,
}

/// The string to print for a text with styles.
pub fn render(text: &str, colors: Colors) -> String {
    let mut rendered = String::with_capacity(text.len());
    for character in text.chars() {
        if let Some(ansi) = sequence(character) {
            if colors == Colors::On {
                rendered += &ansi;
            }
        } else if is_safe(character) {
            rendered.push(character);
        } else {
            rendered.extend(character.escape_unicode());
        }
    }
    rendered
}

/// The escape sequence for the character of a style.
fn sequence(character: char) -> Option<String> {
    if character == END {
        return Some(anstyle::Reset.render().to_string());
    }
    let style = ALL.iter().find(|(style, _)| style.0 == character);
    style.map(|(_, ansi)| ansi.render().to_string())
}

/// A text in lines of at most `width` columns, which break only between words. The first line begins
/// with `first`, and all others with `indent`.
pub fn fill(text: &str, width: usize, first: &str, indent: &str) -> String {
    let mut filled = String::new();
    let mut line = first.to_owned();
    let mut is_begun = false;
    for word in text.split_inclusive([' ', '\n']) {
        if is_begun && columns(&line) + columns(word.trim_end()) > width {
            filled = filled + line.trim_end() + "\n";
            indent.clone_into(&mut line);
        }
        line += word.trim_end_matches('\n');
        is_begun = !word.ends_with('\n');
        if !is_begun {
            filled = filled + line.trim_end() + "\n";
            indent.clone_into(&mut line);
        }
    }
    filled + line.trim_end()
}

fn columns(text: &str) -> usize {
    text.replace(|character| sequence(character).is_some(), "").width()
}

/// Whether a terminal only shows the character.
fn is_safe(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        // These change the direction of writing, or break lines invisibly.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => false,
        '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' => false,
        other => !other.is_control(),
    }
}

/// Replaces the escape sequences of a library that got its styles from [`Style::ansi`].
pub fn from_ansi(text: &str) -> String {
    let mut text = text.replace(&anstyle::Reset.render().to_string(), &END.to_string());
    // Sequences with two attributes come first in `ALL`, before each of the two.
    for (style, ansi) in ALL {
        let sequence = ansi.render().to_string();
        if !sequence.is_empty() {
            text = text.replace(&sequence, &style.to_string());
        }
    }
    text
}

/// Escapes control characters in JSON, or in YAML with double quotes, without changing its meaning.
pub fn escape_in_quotes(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_safe(character) {
            safe.push(character);
        } else {
            // All of them are in the basic plane.
            safe += &format!("\\u{:04x}", u32::from(character));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_escaped_and_means_the_same() {
        let value = serde_json::json!({ "a\u{9b}": "\u{202e}\u{7f}\u{1b}é" });
        let text = escape_in_quotes(&value.to_string());
        assert!(text.chars().all(is_safe), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}
