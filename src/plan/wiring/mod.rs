//! Edits that make a resource call a function, and no longer call it.
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
use crate::catalog::Scaffold;
use crate::error::Result;
use crate::project::{FunctionRecord, Language};

pub use backend::remove_resource;
pub use request::WiringRequest;
pub use users::ensure_not_imported;

/// Makes the resource call the function.
pub fn wire(plan: &mut PlanBuilder, language: Language, request: &WiringRequest) -> Result<()> {
    match language {
        Language::Toml => toml::wire(plan, request),
        Language::TypeScript => typescript::wire(plan, request),
    }
}

/// Makes the resource no longer call the function.
pub fn unwire(
    plan: &mut PlanBuilder,
    scaffold: &Scaffold,
    name: &str,
    function: &FunctionRecord,
) -> Result<()> {
    toml::unwire(plan, scaffold, name)?;
    typescript::unwire(plan, scaffold, name, function)
}
