//! Which function the user pool calls for which trigger: the one place that knows.
//!
//! A project says it in TOML, or in the TypeScript of an Amplify app ([`super::Language`]). The rest of
//! the plan does not know which.

mod app;
mod backend;
mod outcome;
mod toml;
mod typescript;
mod wired;
mod wish;

use super::NextStep;
use super::draft::Draft;
use super::request::{Hosting, Language, LoginWith};
use crate::catalog::{Answers, Scaffold};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{Function, Project};

use app::App;
pub(super) use backend::remove_auth;
pub use toml::AUTH_RESOURCE;
pub use typescript::{is_clear, unreadable};
pub use wired::Wired;
pub(super) use wish::Wish;

/// What a project is written in.
///
/// # Errors
/// When it has both, and `chosen` does not decide.
pub fn language(project: &Project, chosen: Option<Language>) -> Result<Language> {
    if let Some(chosen) = chosen {
        return Ok(chosen);
    }
    match (App::find(project)?.exists(), toml::exists(project)?) {
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
///
/// # Errors
/// When a file of the project cannot be read.
pub fn wiring_file(project: &Project) -> Result<RepoPath> {
    let app = App::find(project)?;
    match app.exists() {
        Some(_) => Ok(app.auth.path),
        None => project.path(AUTH_RESOURCE),
    }
}

/// The function that is wired to a trigger.
///
/// # Errors
/// When a file that says so cannot be read.
pub fn wired(project: &Project, scaffold: &Scaffold) -> Result<Option<Wired>> {
    match toml::wired(project, scaffold)? {
        Some(wired) => Ok(Some(wired)),
        None => typescript::wired(project, scaffold),
    }
}

/// Tells the templates how the function will be wired.
pub(super) fn prepare(
    project: &Project,
    (chosen, login_with): (Option<Language>, Option<LoginWith>),
    answers: &mut Answers,
) -> Result<Language> {
    let language = language(project, chosen)?;
    if language == Language::TypeScript {
        answers.tell("login_with", login_with.unwrap_or(LoginWith::Email).key());
        answers.tell("wiring", "typescript");
        answers.tell("resource_file", "resource.ts");
    }
    Ok(language)
}

/// Makes the user pool call the function.
pub(super) fn wire(draft: &mut Draft, language: Language, wish: &Wish) -> Result<()> {
    match language {
        Language::Toml => toml::wire(draft, wish),
        Language::TypeScript => typescript::wire(draft, wish),
    }
}

/// What comes after the function's own steps.
pub(super) fn next_steps(language: Language, hosting: Hosting) -> Vec<NextStep> {
    let step = |what: &str, why: &str| NextStep { what: what.to_owned(), why: why.to_owned() };
    if language == Language::Toml {
        return Vec::new();
    }
    let mut steps = vec![
        step("pip3 install cargo-lambda", "what the deployment builds it with"),
        step("npx ampx sandbox", "deploys it"),
    ];
    if hosting == Hosting::Leave {
        let why = "when Amplify Hosting deploys: adds Rust and cargo-lambda to its build";
        steps.push(step("the same command with --amplify-yml", why));
    }
    steps
}

/// Makes the user pool no longer call the function.
pub(super) fn unwire(
    draft: &mut Draft,
    scaffold: &Scaffold,
    name: &str,
    function: &Function,
) -> Result<()> {
    toml::unwire(draft, scaffold, name)?;
    typescript::unwire(draft, scaffold, name, function)
}
