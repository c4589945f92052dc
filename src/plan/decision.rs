//! What is to become of files that are there already and are different.

use std::collections::BTreeMap;

use crate::error::Remedy;
use crate::path::RepoPath;

/// What to do about what is there already and is different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    #[default]
    Abort,
    /// Keep what is there.
    Skip,
    /// Replace what is there.
    Overwrite,
    /// What was decided for each file; write nothing if one is missing.
    Decided(BTreeMap<RepoPath, Decision>),
}

/// What to do about one file that is there already and is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Keep it.
    Keep,
    /// Replace it.
    Overwrite,
    /// Keep it, and write the new one beside it, with `.new` behind its name.
    Beside,
    /// Write this.
    Write(String),
}

/// What it means that a file is neither as it was generated nor as it is to be.
pub enum Edited<'a> {
    /// It is the user's.
    Theirs,
    /// It is the user's, or was made with choices that are not known.
    Unknown,
    /// It is the user's, and what is left of it would not fit the rest, for this reason.
    Unfit(&'a str),
}

impl<'a> Edited<'a> {
    /// The reason of the conflict, and what to do about it.
    pub fn conflict(&self) -> (&'a str, Remedy) {
        match self {
            Self::Theirs => ("exists and is different", Remedy::OnConflict(None)),
            Self::Unknown => (
                "exists and is different, and the record does not say what was chosen for it: give \
                 that again",
                Remedy::OnConflict(None),
            ),
            Self::Unfit(reason) => {
                let steps =
                    "leave that choice as it is, or give up the edits: `--on-conflict overwrite`";
                (reason, Remedy::ByHand(steps.to_owned()))
            }
        }
    }
}
