//! What a plan is made for.

use clap::ValueEnum;

use super::decision::Decisions;
use crate::catalog::{Answers, Catalog, Scaffold};
use crate::error::Result;
use crate::project::{Language, Project};

/// The functions to generate, and how.
#[derive(Debug)]
pub struct Request<'a> {
    /// The source of the scaffolds.
    pub catalog: &'a Catalog,
    /// What to generate, with the answers of the user.
    pub scaffolds: &'a [(Scaffold, Answers)],
    /// How users sign in; `None` leaves an existing pool alone and gives a new one e-mail.
    pub login_with: Option<LoginMethod>,
    /// Where functions are declared; `None` goes by what the project has.
    pub wiring: Option<Language>,
    /// What to do about the build settings of Amplify Hosting.
    pub hosting: Hosting,
    /// What to do about files that exist and are different.
    pub on_conflict: Decisions,
}

/// The name of a function that the user has not named: the scaffold's; but where a function in
/// TypeScript has that directory, or had it when the function was made, one beside it.
///
/// # Errors
/// When the record or the directory cannot be read.
pub fn default_name(project: &Project, scaffold: &Scaffold) -> Result<String> {
    let name = &scaffold.name;
    let beside = format!("{name}-rust");
    let record = project.record()?;
    let directory = project.function(&scaffold.family.resource.name, name)?;
    let is_taken = !record.functions.contains_key(name)
        && (record.functions.contains_key(&beside)
            || project.typescript_function(&directory)?.is_some());
    Ok(if is_taken { beside } else { name.clone() })
}

/// What users of the pool sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LoginMethod {
    /// E-mail address
    Email,
    /// Phone number
    Phone,
}

impl LoginMethod {
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
