//! A problem at a place in one of the user's files.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::SerializeStruct;

use crate::edit::position;
use crate::workspace::RepoPath;

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub path: RepoPath,
    /// The whole text of the file.
    pub source: Arc<str>,
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
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        position(&self.source, self.span.start)
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (line, column) = self.position();
        let mut object = serializer.serialize_struct("Diagnostic", 6)?;
        object.serialize_field("path", &self.path)?;
        object.serialize_field("line", &line)?;
        object.serialize_field("column", &column)?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("label", &self.label)?;
        object.serialize_field("hint", &self.hint)?;
        object.end()
    }
}
