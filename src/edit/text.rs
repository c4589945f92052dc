//! Disjoint edits of one text, and its lines.

use std::ops::Range;

/// Replacements of parts of one text. The parts never overlap.
#[derive(Debug, Default)]
pub struct TextEdit {
    /// In the order of the text.
    replacements: Vec<(Range<usize>, String)>,
}

impl TextEdit {
    /// Inserts `text` at byte `offset`. Insertions at one place keep the order they came in.
    pub fn insert(&mut self, offset: usize, text: impl Into<String>) {
        self.replace(offset..offset, text);
    }

    /// Replaces the bytes of `range`.
    ///
    /// # Panics
    /// When `range` overlaps an earlier one: a bug of the caller.
    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        let disjoint = |other: &Range<usize>| range.end <= other.start || other.end <= range.start;
        assert!(
            self.replacements.iter().all(|(other, _)| disjoint(other)),
            "edits overlap at byte {}",
            range.start
        );
        let place = |range: &Range<usize>| (range.start, range.end);
        let index = self.replacements.partition_point(|(other, _)| place(other) <= place(&range));
        self.replacements.insert(index, (range, text.into()));
    }

    /// The replaced parts with their new texts, in the order of the text.
    pub fn replacements(&self) -> impl DoubleEndedIterator<Item = (&Range<usize>, &str)> {
        let replacements = self.replacements.iter();
        replacements.map(|(range, text)| (range, text.as_str()))
    }

    pub fn apply(&self, original: &str) -> String {
        let mut edited = String::with_capacity(original.len() + 64);
        let mut copied = 0;
        for (range, text) in self.replacements() {
            edited.push_str(&original[copied..range.start]);
            edited.push_str(text);
            copied = range.end;
        }
        edited.push_str(&original[copied..]);
        edited
    }
}

/// `text` with the bytes of `range` replaced.
pub fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    [&text[..range.start], with, &text[range.end..]].concat()
}

/// The line ending of `text`: CRLF when its first line has it.
pub fn line_ending(text: &str) -> &'static str {
    match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line that holds byte `offset` ends, before its line ending.
pub fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |length| offset + length);
    if text[offset..end].ends_with('\r') { end - 1 } else { end }
}

/// Where the line that holds byte `offset` starts.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the line break before a line starts.
pub fn before_break(text: &str, line_start: usize) -> usize {
    let above = &text[..line_start];
    let above = above.strip_suffix('\n').unwrap_or(above);
    above.strip_suffix('\r').unwrap_or(above).len()
}

/// Where the line break behind a line ends.
pub fn after_break(text: &str, line_end: usize) -> usize {
    let below = &text[line_end..];
    let below = below.strip_prefix('\r').unwrap_or(below);
    text.len() - below.strip_prefix('\n').unwrap_or(below).len()
}

/// The length of the byte order mark that `text` starts with.
pub fn bom(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

/// The white space that the line of byte `offset` starts with.
pub fn indentation(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..offset];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// `text` with `block` as a paragraph of its own at the end.
///
/// A missing final newline stays missing.
pub fn append_block(text: &str, block: &str) -> String {
    let eol = line_ending(text);
    let block = block.replace('\n', eol);
    if text.trim_start_matches('\u{feff}').is_empty() {
        format!("{text}{block}{eol}")
    } else if text.ends_with('\n') {
        format!("{text}{eol}{block}{eol}")
    } else {
        format!("{text}{eol}{eol}{block}")
    }
}
