//! What a plan is made for.

use clap::ValueEnum;

use super::decision::OnConflict;
use crate::catalog::{Answers, Catalog, Scaffold};
use crate::project::Language;

/// The functions to generate, and how.
#[derive(Debug)]
pub struct Request<'a> {
    /// The source of the scaffolds.
    pub catalog: &'a Catalog,
    /// What to generate, with the answers of the user.
    pub scaffolds: &'a [(Scaffold, Answers)],
    /// How users sign in; `None` leaves an existing pool alone and gives a new one e-mail.
    pub login_with: Option<LoginWith>,
    /// Where functions are declared; `None` goes by what the project has.
    pub wiring: Option<Language>,
    /// What to do about the build settings of Amplify Hosting.
    pub hosting: Hosting,
    /// What to do about files that exist and are different.
    pub on_conflict: OnConflict,
}

/// What users of the pool sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LoginWith {
    /// E-mail address
    Email,
    /// Phone number
    Phone,
}

impl LoginWith {
    /// The key in `loginWith`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// What to do about `amplify.yml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hosting {
    /// Leave it alone.
    #[default]
    Leave,
    /// Have it build functions in Rust.
    Prepare,
}
