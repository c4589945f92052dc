//! `.gitignore`.

use super::text::line_ending;

/// What goes behind a lone carriage return, which any other line break would become part of.
const AFTER_RETURN: &str = "\n\n/target";

/// `text` with `/target` ignored; `None` when it is already.
///
/// `inherited` are the ignore files of the folders above, which count only with patterns that
/// match at any depth.
pub fn ignore_target(text: &str, inherited: &[String]) -> Option<String> {
    let here = text.lines().map(pattern);
    let here = here.map(|pattern| pattern.strip_prefix('/').unwrap_or(pattern));
    let above = inherited.iter().flat_map(|text| text.lines().map(pattern));
    if here.chain(above).any(|pattern| pattern == "target") {
        return None;
    }
    let eol = line_ending(text);
    Some(if text.is_empty() || text.ends_with('\n') {
        format!("{text}/target{eol}")
    } else if text.ends_with('\r') {
        format!("{text}{AFTER_RETURN}")
    } else {
        format!("{text}{eol}/target")
    })
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

/// The pattern of a line, without what does not change the folders it matches.
fn pattern(line: &str) -> &str {
    let pattern = line.trim_start_matches('\u{feff}').trim_end();
    let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
    pattern.strip_prefix("**/").unwrap_or(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_is_ignored_once() {
        for ignored in
            ["/target\n", "target", "a\r\ntarget/\r\n", "**/target\n", "\u{feff}/target/"]
        {
            assert_eq!(ignore_target(ignored, &[]), None, "{ignored:?}");
        }
        assert_eq!(ignore_target("", &[]).as_deref(), Some("/target\n"));
        assert_eq!(ignore_target("a", &[]).as_deref(), Some("a\n/target"));
        assert_eq!(
            ignore_target("a\r\n#target\r\n", &[]).as_deref(),
            Some("a\r\n#target\r\n/target\r\n")
        );
    }

    #[test]
    fn the_line_goes_as_it_came() {
        for text in
            ["", "a", "a\n", "a\r\n", "a\r\nb", "\u{feff}a\n", "a\r", "a\nb\r", "a\r\nb\r", "\r"]
        {
            let with = ignore_target(text, &[]).expect("edited");
            assert_eq!(no_longer_ignore_target(&with), text, "{text:?}");
        }
        assert_eq!(no_longer_ignore_target("/target\na\n"), "a\n");
        assert_eq!(no_longer_ignore_target("a\n"), "a\n");
    }

    #[test]
    fn folders_above_count_only_with_patterns_for_any_depth() {
        assert_eq!(ignore_target("", &["target/\n".to_owned()]), None);
        assert!(ignore_target("", &["/target\n".to_owned()]).is_some());
    }
}
