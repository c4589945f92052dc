//! From scaffold, answers and repository to a plan. Writes nothing.

use std::collections::BTreeMap;

use super::builder::PlanBuilder;
use super::cargo_rules::check_workspace;
use super::change::{Change, NextStep, Plan};
use super::choices::{self, Earlier, Known, Switch};
use super::decision::Edited;
use super::function::{Generated, Generator};
use super::hosting;
use super::membership::{ignore_target, join_new_workspace};
use super::notes::notes;
use super::request::{Hosting, Request};
use super::wiring::{self, WiringRequest};
use crate::catalog::{Answers, Scaffold};
use crate::error::{Conflict, ErrorKind, Remedy, Result};
use crate::program::command;
use crate::project::{
    Before, FunctionRecord, Language, Membership, Project, Target, hash, is_glob, matched,
};

/// Plans to generate and wire functions.
///
/// # Errors
/// When a scaffold or a file to be edited is not valid. Files that exist and are different are
/// `conflicts` of the plan.
pub fn build(request: &Request, project: &Project) -> Result<Plan> {
    let mut plan = PlanBuilder::new(project, request.on_conflict.clone())?;
    let mut added = Vec::new();
    for (scaffold, answers) in request.scaffolds {
        added.push(add(&mut plan, request, scaffold, answers)?);
    }
    plan.next_steps = next_steps(&plan, &added, request);
    if added.iter().any(|function| function.language == Language::TypeScript) {
        plan.next_steps.extend(hosting::next_steps(project, request)?);
    }
    plan.finish()
}

/// Adds one scaffold to the plan.
fn add(
    plan: &mut PlanBuilder,
    request: &Request,
    scaffold: &Scaffold,
    answers: &Answers,
) -> Result<Generated> {
    let Request { catalog, login_with, wiring, .. } = *request;
    let generator = Generator { project: plan.project, catalog, scaffold, wiring, login_with };
    check_kind(plan, scaffold, &answers.name)?;
    let earlier = choices::earlier(plan, &generator, answers)?;
    let generated = generator.generate(answers.upon(&earlier.choices, scaffold)?)?;
    let Generated { answers, language, cargo, package, rendering, .. } = &generated;
    let kinds = request.scaffolds.iter().map(|(other, _)| other.name.as_str());
    let others: Vec<_> = kinds.filter(|other| *other != scaffold.name).collect();
    check_workspace(plan, &generated, (scaffold, &others))?;
    let recorded = plan.record.functions.remove(&answers.name);
    if let (None, Some(file)) = (&recorded, plan.project.typescript_function(package)?) {
        let reason =
            format!("belongs to a TypeScript function that is also called `{}`", answers.name);
        plan.conflict(&file, reason, Remedy::MakeRoom);
    }
    let function = plan_files(plan, &generator, &earlier, &generated, recorded.as_ref())?;
    let chosen = function.inputs.as_ref().unwrap_or(answers.choices());
    choices::note_changes(plan, &generator, &earlier, &answers.name, chosen);
    plan.record.functions.insert(answers.name.clone(), function);
    if recorded.is_none() {
        note_listed(plan, &generated);
    }
    let manifest = rendering.project.get("Cargo.toml");
    join_new_workspace(plan, (cargo, package), *language, manifest.map_or("", String::as_str))?;
    ignore_target(plan, cargo)?;
    let recorded = recorded.as_ref();
    let name = &answers.name;
    let wiring = WiringRequest { name, scaffold, rendering, login_with, recorded };
    wiring::wire(plan, *language, &wiring)?;
    if request.hosting == Hosting::Prepare {
        hosting::prepare(plan, *language, rendering)?;
    }
    for note in notes(&generated, plan)?.into_iter().chain(rendering.notes.iter().cloned()) {
        if !plan.notes.contains(&note) {
            plan.notes.push(note);
        }
    }
    Ok(generated)
}

/// Refuses to make the function of another trigger, which would still call it, into one for this.
fn check_kind(plan: &PlanBuilder, scaffold: &Scaffold, name: &str) -> Result<()> {
    let kind = &scaffold.name;
    let recorded = plan.record.functions.get(name);
    let Some(other) = recorded.filter(|function| function.kind != *kind) else {
        return Ok(());
    };
    let names = (1..).map(|number| match number {
        1 => kind.clone(),
        number => format!("{kind}-{number}"),
    });
    let is_free = |name: &String| {
        let directory = plan.project.function(&scaffold.family.resource.name, name);
        directory.is_ok_and(|directory| !directory.under(plan.project.root()).exists())
    };
    let free = names.take(100).find(is_free).unwrap_or_default();
    let directory = other.directory(name, plan.project)?;
    let reason = format!("is a function for {}, and would become one for {kind}", other.kind);
    let steps = format!("choose another name: `--name {free}`");
    let conflict = Conflict::new(&directory, reason, Remedy::ByHand(steps));
    Err(ErrorKind::Refused(vec![conflict]).into())
}

/// Records a crate that the workspace lists before it is there, by name or by a glob for nothing else:
/// that is the user's.
fn note_listed(plan: &mut PlanBuilder, generated: &Generated) {
    let Generated { cargo, package, answers, .. } = generated;
    let member = package.below(&cargo.directory).unwrap_or_default();
    let root = cargo.directory.under(plan.project.root());
    let stands_for_it = |entry: &str| match is_glob(entry) {
        true => cargo.members.lists(member) && matched(entry, &root).next().is_none(),
        false => entry == member,
    };
    if cargo.members.entries().any(stands_for_it) {
        let manifest = cargo.manifest();
        plan.note_before(&answers.name, &manifest, Before::Listed);
    }
}

/// Plans the files of a function. Returns its record.
fn plan_files(
    plan: &mut PlanBuilder,
    generator: &Generator,
    earlier: &Earlier,
    generated: &Generated,
    recorded: Option<&FunctionRecord>,
) -> Result<FunctionRecord> {
    let answers = &generated.answers;
    let mut function = recorded.cloned().unwrap_or_default();
    function.resource.clone_from(&generator.scaffold.family.resource.name);
    function.name.clone_from(&answers.name);
    function.kind.clone_from(&generator.scaffold.name);
    env!("CARGO_PKG_VERSION").clone_into(&mut function.version);
    let contents = generator.catalog.contents(generator.scaffold);
    function.scaffold = contents.map(|contents| hash(&contents));
    let switches = Switch::all(generator, earlier, answers)?;
    let mut kept = BTreeMap::new();
    for (file, text) in &generated.files {
        let target = Target::own(file, &generated.package, plan.project)?;
        let mine = plan.current(&target)?.and_then(|(_, text)| text);
        let same = mine.filter(|mine| mine != text && generated.has_same_code(file, mine));
        let before = earlier.hashes.get(file);
        let switch = switches.iter().find(|switch| switch.concerns(file, text));
        let edited = match (switch, earlier.known) {
            (Some(switch), _) => Edited::Unfit(&switch.reason),
            (_, Known::Part) => Edited::Unknown,
            (_, Known::All) => Edited::Theirs,
        };
        match plan.generate(&target, same.unwrap_or_else(|| text.clone()), before, &edited)? {
            Some(hash) => drop(function.files.insert(file.clone(), hash)),
            None => drop(kept.insert(file.clone(), text.clone())),
        }
    }
    // A kept file of a function whose choices are not known may show others.
    if kept.is_empty() || earlier.known == Known::All {
        let choices = choices::in_effect(plan, generator, earlier, answers, &kept)?;
        function.inputs = Some(choices);
    }
    let stale = |file: &&String| !generated.files.contains_key(*file);
    for file in function.files.keys().filter(stale).cloned().collect::<Vec<_>>() {
        if let Some(hash) = function.files.remove(&file) {
            plan.delete(&Target::own(&file, &generated.package, plan.project)?, &hash)?;
        }
    }
    Ok(function)
}

/// What to do about all functions, stage by stage.
fn next_steps(plan: &PlanBuilder, added: &[Generated], request: &Request) -> Vec<NextStep> {
    let tested = "every sample event goes through the handler";
    let mut steps = Vec::new();
    for Generated { package, files, .. } in added {
        let own = "src/handler.rs";
        let own = if files.contains_key(own) { own } else { "src/main.rs" };
        let handler = format!("{package}/{own}");
        steps.push(NextStep::new(handler, "what the trigger does"));
    }
    let (alone, members): (Vec<_>, Vec<_>) = added
        .iter()
        .partition(|function| matches!(function.cargo.membership, Membership::Alone(_)));
    for Generated { package, .. } in alone {
        let command = format!("cargo test --manifest-path {package}/Cargo.toml");
        steps.push(NextStep::new(command, tested));
    }
    let is_new = |made: &&&Generated| {
        let lock = made.cargo.directory.under(plan.project.root()).join("Cargo.lock");
        let manifest = plan.changes.get(&made.package.child("Cargo.toml"));
        lock.is_file() && matches!(manifest, Some(Change::Create(_)))
    };
    if members.iter().any(|made| is_new(&made)) {
        let why =
            "adds the crate to Cargo.lock, as `--locked` needs; others move if it needs newer ones";
        steps.push(NextStep::new("cargo update --workspace", why));
    }
    if !members.is_empty() {
        let packages = members.iter().map(|function| format!(" -p {}", function.answers.name));
        let packages: String = packages.collect();
        steps.push(NextStep::new(format!("cargo test{packages}"), tested));
    }
    steps.push(match added {
        [Generated { answers, .. }] => {
            let mut scaffolds = request.scaffolds.iter().map(|(scaffold, _)| scaffold);
            let what = match scaffolds.all(|scaffold| scaffold.trigger.is_some()) {
                true => "what Cognito makes of its answer, without AWS",
                false => "what it answers, without AWS",
            };
            NextStep::new(command(&format!("invoke {}", answers.name)), what)
        }
        _ => NextStep::new(
            command("invoke --all"),
            "what Cognito makes of their answers, without AWS",
        ),
    });
    steps
}
