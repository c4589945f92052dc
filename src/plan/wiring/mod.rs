//! Edits that make the user pool call a function, and no longer call it.
//!
//! The rest of the plan does not know whether a project says so in TOML or in TypeScript.

mod backend;
mod names;
mod outcome;
mod request;
mod toml;
mod typescript;
mod users;

use super::builder::PlanBuilder;
use super::change::NextStep;
use super::request::Hosting;
use crate::catalog::Scaffold;
use crate::error::Result;
use crate::project::{FunctionRecord, Language};

pub use backend::remove_auth;
pub use request::WiringRequest;
pub use users::ensure_not_imported;

/// Makes the user pool call the function.
pub fn wire(plan: &mut PlanBuilder, language: Language, request: &WiringRequest) -> Result<()> {
    match language {
        Language::Toml => toml::wire(plan, request),
        Language::TypeScript => typescript::wire(plan, request),
    }
}

/// Makes the user pool no longer call the function.
pub fn unwire(
    plan: &mut PlanBuilder,
    scaffold: &Scaffold,
    name: &str,
    function: &FunctionRecord,
) -> Result<()> {
    toml::unwire(plan, scaffold, name)?;
    typescript::unwire(plan, scaffold, name, function)
}

/// What comes after the function's own steps.
pub fn next_steps(language: Language, hosting: Hosting) -> Vec<NextStep> {
    if language == Language::Toml {
        return Vec::new();
    }
    let mut steps = vec![
        NextStep::new("pip3 install cargo-lambda", "what the deployment builds it with"),
        NextStep::new("npx ampx sandbox", "deploys it"),
    ];
    if hosting == Hosting::Leave {
        let why = "when Amplify Hosting deploys: adds Rust and cargo-lambda to its build";
        steps.push(NextStep::new("the same command with --amplify-yml", why));
    }
    steps
}
