//! `.gitignore`.

use glob::{MatchOptions, Pattern};

use super::text::line_ending;

/// What goes behind a lone carriage return, which any other line break would become part of.
const AFTER_RETURN: &str = "\n\n/target";

/// `*` matches within one name, and so does a dot at its start.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Whether an ignore file with this `text` has git ignore the directory `path`, seen from it; `None`
/// when no line is about it.
pub fn ignores(text: &str, path: &str) -> Option<bool> {
    // The last line decides.
    text.lines().rev().find_map(|line| {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        let (pattern, is_ignored) = match line.strip_prefix('!') {
            Some(pattern) => (pattern, false),
            None => (line, true),
        };
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let pattern = match pattern.contains('/') {
            true => pattern.strip_prefix('/').unwrap_or(pattern).to_owned(),
            false => format!("**/{pattern}"),
        };
        let is_comment = line.is_empty() || line.starts_with('#');
        let pattern = Pattern::new(&pattern).ok().filter(|_| !is_comment)?;
        pattern.matches_with(path, GLOB).then_some(is_ignored)
    })
}

/// `text` with a line that has git ignore `/target`.
pub fn ignore_target(text: &str) -> String {
    let eol = line_ending(text);
    if text.is_empty() || text.ends_with('\n') {
        format!("{text}/target{eol}")
    } else if text.ends_with('\r') {
        format!("{text}{AFTER_RETURN}")
    } else {
        format!("{text}{eol}/target")
    }
}

/// `text` without the line that [`ignore_target`] adds.
pub fn no_longer_ignore_target(text: &str) -> String {
    let eol = line_ending(text);
    let ends = [AFTER_RETURN.to_owned(), format!("{eol}/target")];
    if let Some(above) = ends.iter().find_map(|end| text.strip_suffix(end)) {
        return above.to_owned();
    }
    let line = format!("/target{eol}");
    let at = match text.rfind(&format!("\n{line}")) {
        Some(at) => at + 1,
        None if text.starts_with(&line) => 0,
        None => return text.to_owned(),
    };
    format!("{}{}", &text[..at], &text[at + line.len()..])
}
