//! From scaffold, answers and repository to a plan. Reads, and writes nothing.

use clap::ValueEnum;

use super::cargo_rules::{check_workspace, notes_on_place};
use super::draft::{Draft, OnConflict, in_file};
use super::hosting::{self, Hosting};
use super::membership::{ignore_target, join_workspace, notes, own_ignore_file};
use super::wiring::{self, Language, Wish};
use super::{NextStep, Plan};
use crate::catalog::{Answers, Catalog, Rendering, Scaffold, render};
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::Function;
use crate::project::{AUTH, Target};
use crate::project::{CargoRoot, Membership, Project};

/// What to plan for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Where the scaffolds come from.
    pub catalog: &'a Catalog,
    /// What to generate, and what the user chose for it.
    pub scaffolds: &'a [(Scaffold, Answers)],
    /// How users sign in; `None` leaves an existing pool alone and gives a new one e-mail.
    pub login_with: Option<LoginWith>,
    /// What says which functions there are; `None` goes by what the project has.
    pub wiring: Option<Language>,
    /// What to do about the build settings of Amplify Hosting.
    pub hosting: Hosting,
    /// What to do about existing, different files.
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

/// Plans what makes the scaffolds part of the repository.
///
/// # Errors
/// When a scaffold or a file to be edited is wrong. Files that stand in the way are no error
/// but the plan's `conflicts`.
pub fn build(request: &Request, project: &Project) -> Result<Plan> {
    let mut draft = Draft::new(project, &request.on_conflict)?;
    let mut added = Vec::new();
    for (scaffold, answers) in request.scaffolds {
        added.push(add(&mut draft, request, scaffold, answers)?);
    }
    draft.next_steps = next_steps(&added, request.hosting);
    draft.finish()
}

/// A function that was added to the plan.
struct Added {
    name: String,
    package: RepoPath,
    membership: Membership,
    language: Language,
}

/// Adds one scaffold to the plan.
fn add(
    draft: &mut Draft,
    request: &Request,
    scaffold: &Scaffold,
    answers: &Answers,
) -> Result<Added> {
    let package = draft.project.path(&format!("{AUTH}/{}", answers.name))?;
    let cargo = draft.project.cargo_root(&package)?;
    let mut answers = answers.clone();
    let wishes = (request.wiring, request.login_with);
    let language = wiring::prepare(draft.project, wishes, &mut answers)?;
    if language == Language::TypeScript {
        tell_membership(&mut answers, &cargo, &package);
    }
    let mut rendering = render(request.catalog, scaffold, &answers)?;
    check_workspace(draft, &cargo, &answers.name, &package)?;
    if let Some(text) = own_ignore_file(draft, &cargo, &package)? {
        let path = format!("{AUTH}/{}/.gitignore", answers.name);
        rendering.files.insert(path, text);
    }
    let recorded = draft.record.functions.remove(&answers.name);
    let mut function = recorded.clone().unwrap_or_default();
    function.kind.clone_from(&scaffold.name);
    for (file, text) in &rendering.files {
        let target = Target::own(file, &answers.name, draft.project)?;
        let path = target.path();
        let text = if path.below(&package) == Some("Cargo.toml") {
            check_dependencies(&answers.name, text, path)?;
            crate_manifest(text, &cargo, &rendering).map_err(in_file(path))?
        } else {
            text.clone()
        };
        let before = function.files.get(file);
        if let Some(hash) = draft.generate(&target, text, before)? {
            function.files.insert(file.clone(), hash);
        }
    }
    remove_stale(draft, &answers.name, &mut function, &rendering)?;
    draft.record.functions.insert(answers.name.clone(), function);
    let manifest = rendering.project.get("Cargo.toml");
    join_workspace(draft, &cargo, &package, manifest.map_or("", String::as_str))?;
    ignore_target(draft, &cargo)?;
    let wish = Wish {
        name: &answers.name,
        scaffold,
        rendering: &rendering,
        login_with: request.login_with,
        recorded: recorded.as_ref(),
    };
    wiring::wire(draft, language, &wish)?;
    if request.hosting == Hosting::Prepare {
        hosting::prepare(draft, language, &rendering)?;
    }
    for note in
        notes(&cargo, draft).into_iter().chain(notes_on_place(draft.project)).chain(rendering.notes)
    {
        if !draft.notes.contains(&note) {
            draft.notes.push(note);
        }
    }
    Ok(Added { name: answers.name, package, membership: cargo.membership, language })
}

/// Tells the templates where Cargo builds the crate.
fn tell_membership(answers: &mut Answers, cargo: &CargoRoot, package: &RepoPath) {
    if cargo.membership == Membership::Excluded {
        answers.tell("membership", "standalone");
        // Which Amplify apps ignore.
        answers.tell("target", "../../../.amplify/rust");
        return;
    }
    let below = package.below(&cargo.folder).unwrap_or_default();
    let up = "../".repeat(below.split('/').count());
    answers.tell("target", format!("{up}target"));
}

/// Files that were generated for another answer, and no longer are.
fn remove_stale(
    draft: &mut Draft,
    name: &str,
    function: &mut Function,
    rendering: &Rendering,
) -> Result<()> {
    let stale = |file: &String| !rendering.files.contains_key(file);
    let files: Vec<_> = function.files.keys().filter(|file| stale(file)).cloned().collect();
    for file in files {
        if let Some(hash) = function.files.remove(&file) {
            draft.delete(&Target::own(&file, name, draft.project)?, &hash)?;
        }
    }
    Ok(())
}

/// A crate with the name of one that it uses would hide it.
fn check_dependencies(name: &str, manifest: &str, path: &RepoPath) -> Result<()> {
    let dependencies = edit::keys(manifest, &["dependencies"]).map_err(in_file(path))?;
    let same = |dependency: &String| dependency.replace('-', "_") == name.replace('-', "_");
    match dependencies.into_iter().find(same) {
        Some(dependency) => Err(Error::failed(format!(
            "the name `{name}` is that of the crate `{dependency}`, which the handler uses"
        ))
        .hint(format!("choose another name: `--name {name}-trigger`"))),
        None => Ok(()),
    }
}

/// The crate's manifest: fitted into its workspace, or complete in itself where it stands alone.
fn crate_manifest(
    text: &str,
    cargo: &CargoRoot,
    rendering: &Rendering,
) -> Result<String, EditError> {
    if cargo.membership == Membership::Excluded {
        let profile = rendering.project.get("Cargo.toml").and_then(|root| root.split_once("\n\n"));
        return Ok(
            profile.map_or_else(|| text.to_owned(), |(_, profile)| format!("{text}\n{profile}"))
        );
    }
    edit::inherit(text, &cargo.inherited)
}

/// What to do about all functions, stage by stage.
fn next_steps(added: &[Added], hosting: Hosting) -> Vec<NextStep> {
    let step = |what: String, why: &str| NextStep { what, why: why.to_owned() };
    let tested = "every sample event goes through the handler";
    let mut steps = Vec::new();
    for Added { package, .. } in added {
        steps.push(step(format!("{package}/src/handler.rs"), "what the trigger does"));
    }
    let (alone, members): (Vec<_>, Vec<_>) =
        added.iter().partition(|function| function.membership == Membership::Excluded);
    for Added { package, .. } in alone {
        steps.push(step(format!("cargo test --manifest-path {package}/Cargo.toml"), tested));
    }
    if !members.is_empty() {
        let packages = members.iter().map(|function| format!(" -p {}", function.name));
        steps.push(step(format!("cargo test{}", packages.collect::<String>()), tested));
    }
    steps.push(match added {
        [Added { name, .. }] => step(
            format!("cargo amplify invoke {name}"),
            "what Cognito makes of its answer, without AWS",
        ),
        _ => step(
            "cargo amplify invoke --all".to_owned(),
            "what Cognito makes of their answers, without AWS",
        ),
    });
    let language = added.first().map_or(Language::Toml, |function| function.language);
    steps.extend(wiring::next_steps(language, hosting));
    steps
}
