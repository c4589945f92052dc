//! A problem at a place in one of the user's files.

use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use serde_json::json;

use crate::path::RepoPath;

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub path: RepoPath,
    /// The whole text of the file.
    pub source: Text,
    /// The bytes of `source` that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to say beside the place: the nearest right key or value, or what is there instead.
    pub label: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// The line and the column, both counted from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        self.source.position(self.span.start)
    }
}

/// The whole text of a file, which finds its lines once for all places in it.
#[derive(Clone, Debug)]
pub struct Text(Arc<Lines>);

#[derive(Debug)]
struct Lines {
    text: String,
    starts: OnceLock<Vec<usize>>,
}

impl Text {
    /// The line and the column of a byte, both counted from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let (line, start) = self.line(offset);
        let before = self[start..offset].trim_start_matches('\u{feff}');
        (line, before.chars().count() + 1)
    }

    /// The number of the line that a byte is on, counted from 1, and where the line starts.
    pub fn line(&self, offset: usize) -> (usize, usize) {
        let find = || {
            let breaks = self.match_indices('\n').map(|(end, _)| end + 1);
            [0].into_iter().chain(breaks).collect()
        };
        let starts = self.0.starts.get_or_init(find);
        let line = starts.partition_point(|start| *start <= offset);
        (line, starts[line - 1])
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let starts = OnceLock::new();
        Self(Arc::new(Lines { text, starts }))
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (line, column) = self.position();
        let Self { path, message, label, hint, .. } = self;
        json!({
            "path": path, "line": line, "column": column,
            "message": message, "label": label, "hint": hint,
        })
        .serialize(serializer)
    }
}
