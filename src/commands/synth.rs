//! `synth`

use std::collections::BTreeMap;
use std::path::Path;

use super::transaction::carry_out;
use crate::catalog::Catalog;
use crate::cli::{Engine, Format, Schema, Synth};
use crate::error::{Conflict, Error, Remedy, Result};
use crate::model::{Backend, FunctionFile, schema};
use crate::path::RepoPath;
use crate::plan::{Change, NextStep, Plan};
use crate::project::{Location, Project};
use crate::synth::{Code, is_template, synthesize, to_yaml};
use crate::ui::{Outcome, Ui, escape_in_quotes};

/// Prints the template, or writes it into a file.
pub fn synth(
    arguments: &Synth,
    format: Format,
    location: &Location,
    current: &Path,
    ui: &Ui,
) -> Result<()> {
    let scaffolds = Catalog::embedded().scaffolds()?;
    if let Some(kind) = arguments.schema {
        let schema = match kind {
            Schema::Auth => schema::auth(&scaffolds),
            Schema::Function => schema::function(),
        };
        ui.document(&format!("{schema:#}\n"));
        return Ok(());
    }
    let project = Project::open(location)?;
    project.must_exist()?;
    let backend = Backend::read(&project, &scaffolds)?.valid()?;
    let Some(auth) = &backend.auth else {
        return Err(Error::failed("there is no `amplify/auth/resource.toml`")
            .hint("make one with `cargo amplify new auth-trigger`")
            .hint("or name the project's root with `--path DIR`"));
    };
    let out = arguments.out.as_deref().map(|out| target(out, current, &project)).transpose()?;
    let folder = match &out {
        Some(path) => path.parent().unwrap_or_default(),
        None => project.folder().clone(),
    };
    let code = |file: &FunctionFile| {
        Ok(match arguments.engine {
            Engine::Sam => Code::Crate(relative(&folder, &file.folder)),
            Engine::Cloudformation => {
                Code::Binary(relative(&folder, &built_folder(file, &project)?))
            }
        })
    };
    let template = synthesize(&backend, auth, &scaffolds, &code)?.to_value();
    let text = match format {
        Format::Yaml => to_yaml(&template),
        Format::Text | Format::Json => format!("{template:#}\n"),
    };
    let text = escape_in_quotes(&text);
    let Some(path) = out else {
        ui.document(&text);
        return Ok(());
    };
    let plan = || plan(&path, &text, arguments.engine, &project);
    carry_out(&project, Outcome::Done, ui, &plan)
}

/// The path in the project that the template goes to.
fn target(out: &Path, current: &Path, project: &Project) -> Result<RepoPath> {
    let absolute =
        std::path::absolute(current.join(out)).map_err(|error| Error::io("find", out, error))?;
    let below = absolute.strip_prefix(project.root()).ok();
    below.and_then(RepoPath::new).ok_or_else(|| {
        Error::usage(format!("`{}` is outside the project", out.display()))
            .hint("leave out `--out`, and write what is printed where you like")
    })
}

/// The folder that `cargo lambda build` puts the binary of a function into.
fn built_folder(file: &FunctionFile, project: &Project) -> Result<RepoPath> {
    let root = project.cargo_root(&file.folder)?.folder;
    let below = format!("target/lambda/{}", file.function.name);
    Ok(root.join(&below).unwrap_or(root))
}

/// The way from a folder to a path.
fn relative(folder: &RepoPath, path: &RepoPath) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (folder.parts().collect(), path.parts().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..");
    let parts: Vec<_> = up.chain(to[common..].iter().copied()).collect();
    format!("{}/", parts.join("/"))
}

fn plan(path: &RepoPath, text: &str, engine: Engine, project: &Project) -> Result<Plan> {
    let mut conflicts = Vec::new();
    let resolved = project.resolve(path).unwrap_or_else(|conflict| {
        conflicts.push(conflict);
        path.clone()
    });
    let before = match conflicts.is_empty() {
        true => project.read_text(&resolved)?,
        false => None,
    };
    if before.as_ref().is_some_and(|text| !is_template(text)) {
        let reason = "exists, and is not a template that `synth` has written";
        let steps = "remove it, or choose another file with `--out`".to_owned();
        conflicts.push(Conflict::new(&resolved, reason, Remedy::ByHand(steps)));
    }
    let change = Change { before, after: Some(text.to_owned()), kept: false };
    Ok(Plan {
        next_steps: next_steps(path, engine),
        ..Plan::new(project, BTreeMap::from([(resolved, change)]), conflicts)
    })
}

fn next_steps(path: &RepoPath, engine: Engine) -> Vec<NextStep> {
    match engine {
        Engine::Sam => vec![
            step(&format!("sam build --template {path}"), "compile the functions"),
            step("sam deploy --guided", "create or update the stack"),
        ],
        Engine::Cloudformation => vec![
            step("cargo lambda build --release", "compile the functions"),
            step(
                &format!(
                    "aws cloudformation package --template-file {path} --s3-bucket BUCKET \
                     --output-template-file packaged.yaml"
                ),
                "upload them",
            ),
            step(
                "aws cloudformation deploy --template-file packaged.yaml --stack-name NAME \
                 --capabilities CAPABILITY_IAM",
                "create or update the stack",
            ),
        ],
    }
}

fn step(what: &str, why: &str) -> NextStep {
    NextStep { what: what.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_from_any_folder() {
        for (folder, path, way) in [
            ("", "target/lambda/f", "target/lambda/f/"),
            ("apps/web", "target/lambda/f", "../../target/lambda/f/"),
            ("target", "target/lambda/f", "lambda/f/"),
        ] {
            let path_of = |text| RepoPath::new(text).expect("inside");
            assert_eq!(relative(&path_of(folder), &path_of(path)), way);
        }
    }
}
