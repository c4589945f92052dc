//! What a project's files say about a trigger.

use std::fmt;

use clap::ValueEnum;

use crate::cognito::EventVersion;
use crate::source::Place;

/// The language that functions are declared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// `resource.toml`, in a project in Rust
    Toml,
    /// `resource.ts`, in an Amplify app in TypeScript
    #[value(name = "typescript")]
    TypeScript,
}

/// What a project's files say about a trigger.
#[derive(Clone, Debug)]
pub enum Wiring {
    /// Cognito calls nothing.
    Unwired,
    /// Cognito calls this.
    Wired(Wired),
    /// Code that cannot be analyzed statically decides: where, and why it cannot.
    Unclear(Place, String),
    /// Cognito calls nothing, by a mistake: where, and what it is.
    Mistaken(Place, String),
}

/// What the user pool calls.
#[derive(Clone, Debug)]
pub enum Callee {
    /// The function of this name, which is that of its directory.
    Function(String),
    /// What this expression of TypeScript stands for, which is in no directory of a function.
    Expression(String),
}

/// The wiring of a trigger.
#[derive(Clone, Debug)]
pub struct Wired {
    /// What is called.
    pub callee: Callee,
    /// The language that says so.
    pub language: Language,
    /// Where it says so.
    pub place: Place,
    /// Which version of its event Cognito sends.
    pub version: SentVersion,
}

/// Which version of a trigger's event Cognito sends.
#[derive(Clone, Debug)]
pub enum SentVersion {
    /// The event has no versions.
    Unversioned,
    /// The first, as no file asks for one.
    Default(EventVersion),
    /// The one that a file asks for.
    Requested(EventVersion, Place),
    /// Code that cannot be analyzed statically asks for one.
    Unclear,
}

impl Wired {
    /// The name of the function, if it has a directory.
    pub fn function(&self) -> Option<&str> {
        match &self.callee {
            Callee::Function(name) => Some(name),
            Callee::Expression(_) => None,
        }
    }
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Function(callee) | Self::Expression(callee)) = self;
        f.write_str(callee)
    }
}

impl Wiring {
    /// What is certainly called.
    pub fn wired(&self) -> Option<&Wired> {
        match self {
            Self::Wired(wired) => Some(wired),
            Self::Unwired | Self::Unclear(..) | Self::Mistaken(..) => None,
        }
    }
}

impl SentVersion {
    /// That of a trigger whose event has these versions, where no file asks for one.
    pub(super) fn default_of(versions: &[EventVersion]) -> Self {
        versions.first().map_or(Self::Unversioned, |first| Self::Default(*first))
    }

    /// The version, if there are versions and it is known.
    pub fn known(&self) -> Option<EventVersion> {
        match self {
            Self::Default(version) | Self::Requested(version, _) => Some(*version),
            Self::Unversioned | Self::Unclear => None,
        }
    }
}
