//! `amplify/<resource>/resource.toml`: which functions the resource calls.

use super::super::builder::PlanBuilder;
use super::super::decision::Decision;
use super::super::request::LoginMethod;
use super::WiringRequest;
use crate::catalog::Scaffold;
use crate::edit;
use crate::error::Result;
use crate::project::function_in;

/// Makes the resource call the function.
pub fn wire(plan: &mut PlanBuilder, request: &WiringRequest) -> Result<()> {
    let file = request.scaffold.family.resource.file();
    let path = plan.project.path(&file)?;
    let exists = plan.project.read(&path)?.is_some();
    let login_with = match request.login_with {
        _ if request.scaffold.trigger.is_none() => None,
        None if !exists => Some(LoginMethod::Email),
        chosen => chosen,
    };
    let key = request.scaffold.wiring.keys();
    let value = &request.rendering.wiring;
    plan.edit(&path, request.initial_contents(&file), |plan, path, before| {
        let mut text = before.to_owned();
        if let Some(login_with) = login_with {
            let key = ["loginWith", login_with.key()];
            text = plan.set(path, &text, &key, "true")?;
            plan.record_keys(path, before, &text, &key)?;
        }
        // The same function with another event version is not another function.
        let after = match function_in(&text, request.scaffold)? {
            Some(own) if own == request.name => edit::set_value(&text, &key, value)?,
            Some(other) => {
                if plan.decision(path) == Some(Decision::Keep) {
                    let name = request.name;
                    let service = &request.scaffold.family.resource.service;
                    plan.notes.push(format!(
                        "{path} stays as it is: {service} calls `{other}`, and not `{name}`"
                    ));
                }
                plan.set(path, &text, &key, value)?
            }
            None => plan.set(path, &text, &key, value)?,
        };
        plan.record_keys(path, &text, &after, &key[..key.len() - 1])?;
        Ok(after)
    })
}

/// Makes the resource no longer call the function.
pub fn unwire(plan: &mut PlanBuilder, scaffold: &Scaffold, name: &str) -> Result<()> {
    let path = plan.project.path(&scaffold.family.resource.file())?;
    let key = scaffold.wiring.keys();
    plan.edit_existing(&path, |plan, path, text| {
        if function_in(text, scaffold)?.as_deref() != Some(name) {
            return Ok(text.to_owned());
        }
        let text = edit::remove_key(text, &key)?;
        plan.remove_bare_keys(path, text)
    })
}
