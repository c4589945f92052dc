//! The template as a file of the project, and the commands that deploy it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;

use super::template::{Template, is_template};
use super::{Code, synthesize};
use crate::catalog::Scaffold;
use crate::catalog::make_one;
use crate::error::{Conflict, Error, Remedy, Result};
use crate::model::function::Architecture;
use crate::model::overrides::DeletionProtection;
use crate::model::{Backend, FunctionFile};
use crate::path::RepoPath;
use crate::plan::{Change, NextStep, Plan};
use crate::process::target_directory;
use crate::project::{CargoNames, Language, Project};

/// As in Amplify, whose user pool has the `DeletionPolicy` `Delete`.
const LOSES_USERS: &str = "deleting the stack deletes the user pool with all users, unless \
    `deletionProtection = \"ACTIVE\"` is set under `[overrides.userPool]`";

/// What deploys a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// `sam build`, which compiles the functions, and `sam deploy`
    Sam,
    /// `cargo lambda build`, `aws cloudformation package` and `aws cloudformation deploy`
    Cloudformation,
}

/// Makes the template of a project, for a file at `out` or to be printed.
pub fn template(
    project: &Project,
    backend: &Backend,
    scaffolds: &[Scaffold],
    (engine, out): (Engine, Option<&RepoPath>),
) -> Result<Template> {
    let Some(auth) = &backend.auth else {
        let failed = Error::failed("there is no `amplify/auth/resource.toml`");
        return Err(match project.language(None) {
            Ok(Language::TypeScript) => {
                failed.hint("an Amplify app in TypeScript is deployed with `npx ampx sandbox`")
            }
            _ => failed.hint(make_one()).hint("or name the project's root with `--path DIR`"),
        });
    };
    let directory = match out {
        Some(path) => path.parent().unwrap_or_default(),
        None => project.directory().clone(),
    };
    let targets = match engine {
        Engine::Sam => BTreeMap::new(),
        Engine::Cloudformation => targets(backend, project)?,
    };
    let code = |file: &FunctionFile| {
        let binary = cargo_names(file, project)?.binary;
        Ok(match engine {
            Engine::Sam => Code::Crate(relative(&directory, &file.directory), binary),
            Engine::Cloudformation => {
                let target = &targets[&project.cargo_root(&file.directory)?.directory];
                let built = target.join("lambda").join(binary);
                Code::Binary(match project.below(&built) {
                    Some(path) => relative(&directory, &path),
                    None => format!("{}/", built.display()),
                })
            }
        })
    };
    synthesize(backend, auth, scaffolds, &code)
}

/// The directories that `cargo lambda build` puts the binaries of workspaces into, as Cargo says.
fn targets(backend: &Backend, project: &Project) -> Result<BTreeMap<RepoPath, PathBuf>> {
    let mut targets = BTreeMap::new();
    for file in backend.functions.values() {
        let workspace = project.cargo_root(&file.directory)?.directory;
        let directory = workspace.under(project.root());
        targets.entry(workspace).or_insert_with(|| {
            let target = target_directory(project.root(), &directory);
            target.unwrap_or_else(|| directory.join("target"))
        });
    }
    Ok(targets)
}

/// What Cargo calls a function; as itself, where there is no crate yet.
fn cargo_names(file: &FunctionFile, project: &Project) -> Result<CargoNames> {
    let name = &file.function.name;
    let names = project.cargo_names(&file.directory, name)?;
    Ok(names.unwrap_or_else(|| CargoNames { package: name.clone(), binary: name.clone() }))
}

/// The commands that build all functions: one for each workspace and architecture, with names where
/// Cargo would not build them all, or others too.
fn build_commands(backend: &Backend, project: &Project) -> Result<Vec<String>> {
    let mut builds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for file in backend.functions.values() {
        let directory = project.cargo_root(&file.directory)?.directory;
        let is_arm = file.function.architecture == Architecture::Arm64;
        builds.entry((directory, is_arm)).or_default().push(cargo_names(file, project)?.package);
    }
    let command = |((directory, is_arm), packages): (&(RepoPath, bool), &Vec<String>)| {
        let mut command = "cargo lambda build --release".to_owned();
        if *is_arm {
            command += " --arm64";
        }
        if !directory.as_str().is_empty() {
            command += &format!(" --manifest-path {directory}/Cargo.toml");
        }
        let is_mixed = builds.contains_key(&(directory.clone(), !is_arm));
        if is_mixed || project.builds_some_members(directory)? {
            packages.iter().for_each(|package| command += &format!(" -p {package}"));
        }
        Ok(command)
    };
    builds.iter().map(command).collect()
}

/// The path of a directory as seen from another.
fn relative(from: &RepoPath, to: &RepoPath) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.parts().collect(), to.parts().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..");
    let parts: Vec<_> = up.chain(to[common..].iter().copied()).collect();
    format!("{}/", parts.join("/"))
}

/// Plans to write the text of a template. Only a file that is a template may be replaced.
pub fn plan_file(
    path: &RepoPath,
    text: &str,
    (engine, backend): (Engine, &Backend),
    project: &Project,
) -> Result<Plan> {
    let mut conflicts = Vec::new();
    let (resolved, before) = match project.resolve(path) {
        Ok(resolved) => (resolved.clone(), project.read_text(&resolved)?),
        Err(conflict) => {
            conflicts.push(conflict);
            (path.clone(), None)
        }
    };
    if before.as_ref().is_some_and(|text| !is_template(text)) {
        let reason = "exists, and is not a template that `synth` wrote";
        let steps = "remove it, or name another file".to_owned();
        conflicts.push(Conflict::new(&resolved, reason, Remedy::ByHand(steps)));
    }
    let change = Change::to(text.to_owned(), before);
    let plan = Plan::new(project, BTreeMap::from([(resolved, change)]), conflicts);
    let next_steps = next_steps(path, engine, &build_commands(backend, project)?);
    let loses_users = backend.auth.as_ref().is_some_and(|auth| {
        auth.overrides.user_pool.deletion_protection != Some(DeletionProtection::Active)
    });
    let notes = loses_users.then(|| LOSES_USERS.to_owned()).into_iter().collect();
    Ok(Plan { next_steps, notes, ..plan })
}

fn next_steps(path: &RepoPath, engine: Engine, builds: &[String]) -> Vec<NextStep> {
    let deploy = |command: &str| (command.to_owned(), "create or update the stack");
    let steps = match engine {
        Engine::Sam => {
            let build = format!("sam build --template {path}");
            let why = "compile the functions, into `.aws-sam/`, which git should ignore";
            vec![(build, why), deploy("sam deploy --guided")]
        }
        Engine::Cloudformation => {
            let package = format!(
                "aws cloudformation package --template-file {path} --s3-bucket BUCKET \
                 --output-template-file packaged.yaml"
            );
            let deploy = deploy(
                "aws cloudformation deploy --template-file packaged.yaml --stack-name NAME \
                 --s3-bucket BUCKET --capabilities CAPABILITY_IAM",
            );
            let builds = builds.iter().map(|build| (build.clone(), "compile the functions"));
            builds.chain([(package, "upload them"), deploy]).collect()
        }
    };
    steps.into_iter().map(|(what, why)| NextStep::new(what, why)).collect()
}
