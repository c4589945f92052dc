//! Places in the user's files, and what is wrong there.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::path::RepoPath;

/// A file of the project. Copies share its text and its line starts, which are found once.
#[derive(Clone, Debug)]
pub struct SourceFile(Arc<Contents>);

#[derive(Debug)]
struct Contents {
    path: RepoPath,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

/// A range of bytes in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: SourceFile,
    pub span: Range<usize>,
}

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub place: Place,
    pub message: String,
    /// Shown beside the place: the nearest right key or value, or what is there instead.
    pub label: String,
    pub hint: Option<String>,
}

impl SourceFile {
    pub fn new(path: &RepoPath, text: impl Into<String>) -> Self {
        let (path, text) = (path.clone(), text.into());
        Self(Arc::new(Contents { path, text, line_starts: OnceLock::new() }))
    }

    pub fn path(&self) -> &RepoPath {
        &self.0.path
    }

    pub fn text(&self) -> &str {
        &self.0.text
    }

    pub fn at(&self, span: Range<usize>) -> Place {
        Place { file: self.clone(), span }
    }

    /// Where a text is: in the first string of TOML that is just it, or else anywhere.
    pub fn find(&self, text: &str) -> Option<usize> {
        let document = DeTable::parse(self.text()).ok();
        let string = document.and_then(|table| string_in(table.get_ref().values(), text));
        let string = string.and_then(|span| Some(span.start + self.text()[span].find(text)?));
        string.or_else(|| self.text().find(text))
    }

    /// The problem that the file is not TOML, which a parser has found at `span`.
    pub fn not_toml(&self, span: Option<Range<usize>>, message: &str) -> Diagnostic {
        let label = message.trim_end().replace('\n', ", ");
        let problem =
            self.at(span.unwrap_or_default()).problem("the file is not valid TOML", label);
        problem.hint(match message.starts_with("invalid unquoted key") {
            true => "put the key in quotes, such as `\"custom:tenant\"`",
            false => "fix the file and run the command again",
        })
    }

    /// The number of the line that a byte is on, counted from 1, and where the line starts.
    pub fn line(&self, offset: usize) -> (usize, usize) {
        let starts = self.0.line_starts.get_or_init(|| {
            let breaks = self.text().match_indices('\n').map(|(end, _)| end + 1);
            [0].into_iter().chain(breaks).collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        (line, starts[line - 1])
    }
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        (self.path(), self.text()) == (other.path(), other.text())
    }
}

impl Eq for SourceFile {}

/// The first string that is `text`, in values of TOML and those in them.
fn string_in<'a>(
    mut values: impl Iterator<Item = &'a Spanned<DeValue<'a>>>,
    text: &str,
) -> Option<Range<usize>> {
    values.find_map(|value| match value.get_ref() {
        DeValue::String(string) => (string.trim() == text.trim()).then(|| value.span()),
        DeValue::Array(items) => string_in(&mut items.iter(), text),
        DeValue::Table(table) => string_in(&mut table.values(), text),
        _ => None,
    })
}

/// The byte at a line and a column in bytes, both counted from 1.
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let offset = lines.map(str::len).sum::<usize>() + column.saturating_sub(1);
    let boundaries = text.char_indices().map(|(index, _)| index);
    boundaries.take_while(|index| *index <= offset).last().unwrap_or_default()
}

impl Place {
    /// The line and the column, both counted from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        let (line, start) = self.file.line(self.span.start);
        let before = self.file.text()[start..self.span.start].trim_start_matches('\u{feff}');
        (line, before.chars().count() + 1)
    }

    pub fn problem(&self, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        let (message, label) = (message.into(), label.into());
        Diagnostic { place: self.clone(), message, label, hint: None }
    }
}

impl Diagnostic {
    pub fn path(&self) -> &RepoPath {
        self.place.file.path()
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (line, column) = self.place.position();
        let Self { message, label, hint, .. } = self;
        json!({
            "path": self.path(), "line": line, "column": column,
            "message": message, "label": label, "hint": hint,
        })
        .serialize(serializer)
    }
}

/// The line of the first merge conflict marker of git.
pub fn merge_marker(text: &str) -> Option<Range<usize>> {
    let line = |marker: &str| {
        let start = text.find(marker)?;
        let is_start = start == 0 || text[..start].ends_with('\n');
        let end = text[start..].find(['\r', '\n']).map_or(text.len(), |length| start + length);
        is_start.then_some(start..end)
    };
    let start = line("<<<<<<< ")?;
    line(">>>>>>> ").filter(|end| start.start < end.start).map(|_| start)
}
