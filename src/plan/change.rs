//! What happens to one file.

/// What happens to a file, with its text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file is new and has this text.
    Create(String),
    /// Its text changes.
    Update {
        /// The text that the plan was made from.
        before: String,
        /// The new text.
        after: String,
    },
    /// The file with this text is removed.
    Delete(String),
    /// It has the right text already.
    Unchanged(String),
    /// Its text is not the scaffold's, and stays because the user said so.
    Kept(String),
}

impl Change {
    /// What makes a file of `before`, if there is one, the file with the text `after`.
    pub fn to(after: String, before: Option<String>) -> Self {
        match before {
            None => Self::Create(after),
            Some(before) if before == after => Self::Unchanged(after),
            Some(before) => Self::Update { before, after },
        }
    }

    /// The text that the plan was made from; `None` when there is no file.
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Create(_) => None,
            Self::Update { before: text, .. }
            | Self::Delete(text)
            | Self::Unchanged(text)
            | Self::Kept(text) => Some(text),
        }
    }

    /// The text that the file is to have; `None` when it is removed.
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Delete(_) => None,
            Self::Create(text)
            | Self::Update { after: text, .. }
            | Self::Unchanged(text)
            | Self::Kept(text) => Some(text),
        }
    }

    /// Whether the file has to be written or removed.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Unchanged(_) | Self::Kept(_))
    }

    /// The status of the file, for people and programs.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update { .. } => "update",
            Self::Delete(_) => "delete",
            Self::Unchanged(_) => "unchanged",
            Self::Kept(_) => "keep",
        }
    }
}
