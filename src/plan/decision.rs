//! Decisions about files that exist and are different.

use std::collections::BTreeMap;

use crate::error::Remedy;
use crate::path::RepoPath;

/// What to do about files that exist and are different; a file without a decision is a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decisions {
    /// The same with all of them.
    All(Decision),
    /// Something with each of these.
    Each(BTreeMap<RepoPath, Decision>),
}

impl Decisions {
    /// No decision about any file.
    pub const NONE: Self = Self::Each(BTreeMap::new());
}

/// What to do about one file that exists and is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Keep,
    Overwrite,
    /// Keep it, and write the new one beside it, with `.new` appended to its name.
    Beside,
    /// Write this text.
    Write(String),
}

/// Why a file is neither as it was generated nor as it should become.
pub enum Edited<'a> {
    /// The user edited it.
    Theirs,
    /// The user edited it, or it was generated with choices that are not known.
    Unknown,
    /// The user edited it, and with those edits it would not fit the rest, for this reason.
    Unfit(&'a str),
}

impl<'a> Edited<'a> {
    /// The reason of the conflict, and what to do about it.
    pub fn conflict(&self) -> (&'a str, Remedy) {
        match self {
            Self::Theirs => ("exists and is different", Remedy::OnConflict),
            Self::Unknown => (
                "exists and is different, and the record does not say what was chosen for it: give \
                 that again",
                Remedy::OnConflict,
            ),
            Self::Unfit(reason) => {
                let steps =
                    "leave that choice as it is, or give up the edits: `--on-conflict overwrite`";
                (reason, Remedy::ByHand(steps.to_owned()))
            }
        }
    }
}
