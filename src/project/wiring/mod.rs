//! Which function the user pool calls for which trigger: the only code that answers this.
//!
//! A project declares it in TOML or, as an Amplify app, in TypeScript.

mod app;
mod toml;
mod typescript;

use clap::ValueEnum;

use super::Project;
use crate::catalog::Scaffold;
use crate::cognito::EventVersion;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::source::Place;

pub use app::{App, AppFile, auth_keys};
pub use toml::{AUTH_RESOURCE, function_in};

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
    /// Cognito calls a function.
    Wired(Wired),
    /// Code that cannot be analyzed statically decides: where, and why it cannot.
    Unclear(Place, String),
}

/// A function that the user pool calls.
#[derive(Clone, Debug)]
pub struct Wired {
    /// The function's directory, or the expression in code that names no directory.
    pub function: String,
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

impl Wiring {
    /// The function that is certainly called.
    pub fn wired(self) -> Option<Wired> {
        match self {
            Self::Wired(wired) => Some(wired),
            Self::Unwired | Self::Unclear(..) => None,
        }
    }
}

impl SentVersion {
    /// That of a trigger whose event has these versions, where no file asks for one.
    fn default_of(versions: &[EventVersion]) -> Self {
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

impl Project {
    /// What the project's files say about the trigger of a scaffold.
    ///
    /// # Errors
    /// When a file that may say so cannot be read or parsed.
    pub fn wiring(&self, scaffold: &Scaffold) -> Result<Wiring> {
        match toml::wired(self, scaffold)? {
            Some(wired) => Ok(Wiring::Wired(wired)),
            None => typescript::wiring(self, scaffold),
        }
    }

    /// The language that functions are declared in.
    ///
    /// # Errors
    /// When the project has both, and `chosen` does not decide.
    pub fn language(&self, chosen: Option<Language>) -> Result<Language> {
        if let Some(chosen) = chosen {
            return Ok(chosen);
        }
        match (App::find(self)?.exists(), toml::exists(self)?) {
            (Some(typescript), Some(toml)) => {
                Err(Error::usage(format!("the project has both `{typescript}` and `{toml}`"))
                    .hint("wire the function in TypeScript: `--wiring typescript`")
                    .hint("or in TOML: `--wiring toml`"))
            }
            (Some(_), None) => Ok(Language::TypeScript),
            (None, _) => Ok(Language::Toml),
        }
    }

    /// The file that says which functions the user pool calls, or would.
    pub fn wiring_file(&self) -> Result<RepoPath> {
        let app = App::find(self)?;
        match app.exists() {
            Some(_) => Ok(app.auth.path),
            None => self.path(AUTH_RESOURCE),
        }
    }
}
