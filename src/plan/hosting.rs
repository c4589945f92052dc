//! How an app in TypeScript is deployed: by hand, or by Amplify Hosting with `amplify.yml`.

use super::builder::PlanBuilder;
use super::change::NextStep;
use super::request::{Hosting, Request, default_name};
use crate::catalog::Rendering;
use crate::edit;
use crate::error::{Error, Remedy, Result};
use crate::path::RepoPath;
use crate::project::{Language, NodePackage, Project};

const AMPLIFY_YML: &str = "amplify.yml";

/// Has Amplify Hosting build the function.
pub fn prepare(plan: &mut PlanBuilder, language: Language, rendering: &Rendering) -> Result<()> {
    if language == Language::Toml {
        return Err(Error::usage("Amplify Hosting builds apps in TypeScript")
            .hint("leave `--amplify-yml` out"));
    }
    let steps = &rendering.build_steps;
    let initial = rendering.project.get(AMPLIFY_YML).map_or("", String::as_str);
    let path = find(plan)?;
    let exists = plan.project.read(&path)?.is_some();
    if let Some(outside) = plan.project.above("amplify.yml").filter(|_| !exists) {
        let reason =
            format!("`{}` builds the app, and is outside of the project", outside.display());
        plan.conflict(&path, reason, Remedy::ByHand(by_hand(steps)));
        return Ok(());
    }
    let directory = path.parent().unwrap_or_default();
    let app = plan.project.directory().below(&directory).unwrap_or_default().to_owned();
    plan.edit(&path, initial, |plan, path, text| match edit::add_build_steps(text, &app, steps) {
        Ok((edited, added)) => {
            if !added.is_empty() {
                let file = plan.recorded(path);
                let steps = plan.record.shared.build_steps.entry(file).or_default();
                steps.extend(added);
            }
            Ok(edited)
        }
        Err(refusal) => {
            plan.conflict(path, refusal.to_string(), Remedy::ByHand(by_hand(steps)));
            Ok(text.to_owned())
        }
    })?;
    if !exists {
        let note = format!("{path} is new: its `frontend` builds a Vite app, adapt it to yours");
        plan.notes.push(note);
    }
    Ok(())
}

/// The file in the project, or at the root of the repository.
fn find(plan: &PlanBuilder) -> Result<RepoPath> {
    let here = plan.project.path(AMPLIFY_YML)?;
    let top = RepoPath::new(AMPLIFY_YML).unwrap_or_default();
    let only_top = plan.project.read(&here)?.is_none() && plan.project.read(&top)?.is_some();
    Ok(if only_top { top } else { here })
}

fn by_hand(steps: &[String]) -> String {
    let steps: Vec<_> = steps.iter().map(|step| format!("    {step}")).collect();
    let steps = steps.join("\n");
    format!(
        "leave `--amplify-yml` out, and have these run before the backend is deployed:\n\n{steps}"
    )
}

/// What deploys the functions, after their own steps.
pub fn next_steps(project: &Project, request: &Request) -> Result<Vec<NextStep>> {
    let mut steps = Vec::new();
    if NodePackage::find(project)? == NodePackage::WithoutAmplify {
        let install = "npm install --save-dev @aws-amplify/backend @aws-amplify/backend-cli";
        steps.push(NextStep::new(install, "what an Amplify app is built with"));
    }
    steps.extend([
        NextStep::new("pip3 install cargo-lambda", "what the deployment builds it with"),
        NextStep::new("npx ampx sandbox", "deploys it"),
    ]);
    // What all functions need is added for any of them.
    if let (Hosting::Leave, [(scaffold, answers), ..]) = (request.hosting, request.scaffolds) {
        let mut command = scaffold.new_command();
        if answers.name != default_name(project, scaffold)? {
            command += &format!(" --name {}", answers.name);
        }
        let why = "if Amplify Hosting deploys: adds Rust and cargo-lambda to its build";
        steps.push(NextStep::new(command + " --amplify-yml", why));
    }
    Ok(steps)
}
