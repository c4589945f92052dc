//! From scaffold, answers and repository to a plan. Reads, and writes nothing.

use super::cargo_rules::{check_workspace, notes_on_place};
use super::choices::{self, Earlier, Known, Switch};
use super::decision::Edited;
use super::draft::Draft;
use super::function::{Made, Maker};
use super::hosting;
use super::membership::{ignore_target, join_new_workspace, notes};
use super::request::{Hosting, Language, Request};
use super::wiring::{self, Wish};
use super::{NextStep, Plan};
use crate::catalog::{Answers, Scaffold};
use crate::error::Result;
use crate::project::{Function, Membership, Project, Target};

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

/// Adds one scaffold to the plan.
fn add(
    draft: &mut Draft,
    request: &Request,
    scaffold: &Scaffold,
    answers: &Answers,
) -> Result<Made> {
    let Request { catalog, login_with, wiring, .. } = *request;
    let maker = Maker { catalog, scaffold, wiring, login_with };
    let earlier = choices::earlier(draft, &maker, answers)?;
    let made = maker.make(draft, answers.upon(&earlier.choices, scaffold)?)?;
    let Made { answers, language, cargo, package, rendering, .. } = &made;
    check_workspace(draft, cargo, &answers.name, package)?;
    let recorded = draft.record.functions.remove(&answers.name);
    let function = generate(draft, &maker, &earlier, &made, recorded.as_ref())?;
    draft.record.functions.insert(answers.name.clone(), function);
    choices::note_changes(draft, &maker, &earlier, answers);
    let manifest = rendering.project.get("Cargo.toml");
    join_new_workspace(draft, (cargo, package), *language, manifest.map_or("", String::as_str))?;
    ignore_target(draft, cargo)?;
    let wish =
        Wish { name: &answers.name, scaffold, rendering, login_with, recorded: recorded.as_ref() };
    wiring::wire(draft, *language, &wish)?;
    if request.hosting == Hosting::Prepare {
        hosting::prepare(draft, *language, rendering)?;
    }
    let notes = notes(cargo, draft).into_iter().chain(notes_on_place(draft.project));
    for note in notes.chain(rendering.notes.iter().cloned()) {
        if !draft.notes.contains(&note) {
            draft.notes.push(note);
        }
    }
    Ok(made)
}

/// Generates the files of a function. Returns what is to be recorded of it.
fn generate(
    draft: &mut Draft,
    maker: &Maker,
    earlier: &Earlier,
    made: &Made,
    recorded: Option<&Function>,
) -> Result<Function> {
    let answers = &made.answers;
    let mut function = recorded.cloned().unwrap_or_default();
    function.name.clone_from(&answers.name);
    function.kind.clone_from(&maker.scaffold.name);
    env!("CARGO_PKG_VERSION").clone_into(&mut function.version);
    let switch = Switch::find(draft, maker, earlier, answers)?;
    let mut is_whole = true;
    for (file, text) in &made.files {
        let target = Target::own(file, &answers.name, draft.project)?;
        let before = earlier.hashes.get(file);
        let edited = match (&switch, earlier.known) {
            (Some(switch), _) if switch.concerns(file, text) => Edited::Unfit(&switch.reason),
            (_, Known::Part) => Edited::Unknown,
            (_, Known::All) => Edited::Theirs,
        };
        if let Some(hash) = draft.generate(&target, text.clone(), before, &edited)? {
            function.files.insert(file.clone(), hash);
        } else {
            is_whole = false;
        }
    }
    // What was kept of a function whose choices are not known may be of others.
    if is_whole || earlier.known == Known::All {
        function.inputs = Some(answers.choices().clone());
    }
    let stale = |file: &&String| !made.files.contains_key(*file);
    for file in function.files.keys().filter(stale).cloned().collect::<Vec<_>>() {
        if let Some(hash) = function.files.remove(&file) {
            draft.delete(&Target::own(&file, &answers.name, draft.project)?, &hash)?;
        }
    }
    Ok(function)
}

/// What to do about all functions, stage by stage.
fn next_steps(added: &[Made], hosting: Hosting) -> Vec<NextStep> {
    let step = |what: String, why: &str| NextStep { what, why: why.to_owned() };
    let tested = "every sample event goes through the handler";
    let mut steps = Vec::new();
    for Made { package, .. } in added {
        steps.push(step(format!("{package}/src/handler.rs"), "what the trigger does"));
    }
    let (alone, members): (Vec<_>, Vec<_>) =
        added.iter().partition(|made| matches!(made.cargo.membership, Membership::Alone(_)));
    for Made { package, .. } in alone {
        steps.push(step(format!("cargo test --manifest-path {package}/Cargo.toml"), tested));
    }
    if !members.is_empty() {
        let packages = members.iter().map(|made| format!(" -p {}", made.answers.name));
        steps.push(step(format!("cargo test{}", packages.collect::<String>()), tested));
    }
    steps.push(match added {
        [Made { answers, .. }] => step(
            format!("cargo amplify invoke {}", answers.name),
            "what Cognito makes of its answer, without AWS",
        ),
        _ => step(
            "cargo amplify invoke --all".to_owned(),
            "what Cognito makes of their answers, without AWS",
        ),
    });
    let language = added.first().map_or(Language::Toml, |made| made.language);
    steps.extend(wiring::next_steps(language, hosting));
    steps
}
