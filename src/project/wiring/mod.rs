//! Which function the user pool calls for which trigger: the only code that answers this.
//!
//! A project declares it in TOML or, as an Amplify app, in TypeScript.

mod app;
mod modules;
mod toml;
mod typescript;
mod wired;

use std::path::PathBuf;

use super::Project;
use crate::catalog::{Resource, Scaffold};
use crate::error::{Error, Result};
use crate::path::RepoPath;

pub use app::{App, AppFile, CodeLayout, NodePackage, definer};
pub use modules::LocatedUse;
pub use toml::function_in;
pub use wired::{Callee, Language, SentVersion, Wired, Wiring};

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
    /// When the project has both, and `chosen` does not decide; when it has only the other one.
    pub fn language(&self, chosen: Option<Language>) -> Result<Language> {
        match (App::exists(self)?, toml::exists(self)?, chosen) {
            (Some(typescript), None, Some(Language::Toml)) => {
                Err(second_language(typescript.as_str(), "toml", "typescript"))
            }
            (None, Some(toml), Some(Language::TypeScript)) => {
                Err(second_language(&toml, "typescript", "toml"))
            }
            (None, None, Some(Language::TypeScript))
                if NodePackage::find(self)? == NodePackage::Missing =>
            {
                Err(Error::usage("there is no Amplify app in TypeScript here")
                    .hint(
                        "create one first: `npm create amplify@latest`, which needs a directory without `amplify/`",
                    )
                    .hint("or declare functions in TOML, without Node.js: leave out `--wiring`"))
            }
            (_, _, Some(chosen)) => Ok(chosen),
            (Some(typescript), Some(toml), None) => {
                Err(Error::usage(format!("the project has both `{typescript}` and `{toml}`"))
                    .hint("wire the function in TypeScript: `--wiring typescript`")
                    .hint("or in TOML: `--wiring toml`"))
            }
            (Some(_), None, None) => Ok(Language::TypeScript),
            (None, Some(_), None) => Ok(Language::Toml),
            (None, None, None) => match App::elsewhere(self).as_slice() {
                [] => Ok(Language::Toml),
                apps => {
                    let names: Vec<_> =
                        apps.iter().map(|app| format!("`{}`", app.display())).collect();
                    let (names, paths) = (names.join(" and in "), paths(apps));
                    Err(Error::usage(format!("there is an Amplify app in {names}, and none here"))
                        .hint(format!("run the command there, or with {paths}"))
                        .hint("or make a project of its own here: `--wiring toml`"))
                }
            },
        }
    }

    /// The file that says which functions a resource calls, or would.
    pub fn wiring_file(&self, resource: &Resource) -> Result<RepoPath> {
        match App::exists(self)? {
            Some(_) => Ok(App::find(self, &resource.name)?.resource.path),
            None => self.path(&resource.file()),
        }
    }
}

/// Functions are declared in one language, or later commands could not tell which one is meant.
fn second_language(file: &str, chosen: &str, declared_in: &str) -> Error {
    Error::usage(format!("`--wiring {chosen}` does not fit the project, which has `{file}`"))
        .hint(format!("run the same command with `--wiring {declared_in}`, or without `--wiring`"))
}

/// How these projects are chosen.
pub fn paths(projects: &[PathBuf]) -> String {
    let paths: Vec<_> = projects.iter().map(|it| format!("`--path {}`", it.display())).collect();
    paths.join(" or ")
}
