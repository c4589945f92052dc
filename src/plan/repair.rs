//! Repairs of findings of `check`, as a plan.

use similar::TextMerge;

use super::builder::PlanBuilder;
use super::change::{Change, Plan};
use super::choices;
use super::decision::Decisions;
use super::function::Generator;
use super::membership::{exclude, join_new_workspace};
use super::remove::leave_workspace;
use super::wiring::{self, WiringRequest};
use crate::catalog::{Answers, Catalog, Scaffold, render};
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, FUNCTION_RECORD, FunctionRecord, Project, Target, hash};

/// What fixes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Make the crate in this directory a member of the workspace.
    AddMember(RepoPath),
    /// Exclude a directory from a workspace of functions.
    Exclude {
        /// The directory of the workspace.
        workspace: RepoPath,
        /// The directory to exclude.
        directory: RepoPath,
    },
    /// Remove this directory from the members of the workspace.
    RemoveMember(RepoPath),
    /// Wire a function of this scaffold.
    Wire { kind: String, function: String },
    /// Record a function that is as this scaffold generates it.
    Record { kind: String, function: String },
    /// Rename a function of this scaffold as its directory was renamed.
    Rename { kind: String, from: String, to: String },
}

/// Plans some repairs.
pub fn build_repairs<'a>(
    repairs: impl IntoIterator<Item = &'a Repair>,
    catalog: &Catalog,
    project: &Project,
) -> Result<Plan> {
    let mut plan = PlanBuilder::new(project, Decisions::NONE)?;
    for repair in repairs {
        match repair {
            Repair::AddMember(package) => {
                let cargo = project.cargo_root(package)?;
                join(&mut plan, catalog, &cargo, package)?;
            }
            Repair::Exclude { workspace, directory } => exclude(&mut plan, workspace, directory)?,
            Repair::RemoveMember(package) => {
                let cargo = project.cargo_root(package)?;
                leave_workspace(&mut plan, &cargo, package, &[])?;
            }
            Repair::Wire { kind, function } => {
                let scaffold = catalog.scaffold(kind)?;
                let generator = Generator::new(project, catalog, &scaffold);
                rewire(&mut plan, &generator, function)?;
            }
            Repair::Record { kind, function } => {
                let scaffold = catalog.scaffold(kind)?;
                let generator = Generator::new(project, catalog, &scaffold);
                if let Some(found) = as_made(&generator, function)? {
                    plan.record.functions.insert(function.clone(), found);
                }
            }
            Repair::Rename { kind, from, to } => {
                let scaffold = catalog.scaffold(kind)?;
                let generator = Generator::new(project, catalog, &scaffold);
                follow(&mut plan, &generator, from, to)?;
            }
        }
    }
    plan.finish()
}

/// Makes a crate a member of its workspace, which is made as for a new function where there is none.
fn join(
    plan: &mut PlanBuilder,
    catalog: &Catalog,
    cargo: &CargoRoot,
    package: &RepoPath,
) -> Result<()> {
    // All scaffolds have the same manifest of a workspace.
    let scaffold = catalog.scaffolds()?.into_iter().next();
    let manifest = scaffold.map(|scaffold| -> Result<_> {
        let answers = Answers::new(&scaffold, None, &Vec::new())?;
        Ok(render(catalog, &scaffold, &answers)?.project.remove("Cargo.toml"))
    });
    let manifest = manifest.transpose()?.flatten().unwrap_or_default();
    let language = plan.project.language(None)?;
    join_new_workspace(plan, (cargo, package), language, &manifest)
}

/// Makes the user pool call an existing function, with the choices it was generated with.
fn rewire(plan: &mut PlanBuilder, generator: &Generator, name: &str) -> Result<()> {
    let recorded = plan.record.functions.get(name).cloned();
    let choices = recorded.as_ref().and_then(|function| function.inputs.clone());
    let generated = generator.generate_with(name, &choices.unwrap_or_default())?;
    let request = WiringRequest {
        name,
        scaffold: generator.scaffold,
        rendering: &generated.rendering,
        login_with: None,
        recorded: recorded.as_ref(),
    };
    wiring::wire(plan, generated.language, &request)
}

/// Whether a function without a record is as its scaffold generates it, so that it can be recorded.
pub fn is_as_made(
    project: &Project,
    catalog: &Catalog,
    scaffold: &Scaffold,
    name: &str,
) -> Result<bool> {
    Ok(as_made(&Generator::new(project, catalog, scaffold), name)?.is_some())
}

fn as_made(generator: &Generator, name: &str) -> Result<Option<FunctionRecord>> {
    let directory = generator.directory(name)?;
    let hashes = choices::hashes_on_disk(generator.project, &directory)?;
    let found = choices::inferred(generator, name, &hashes)?;
    Ok(found.map(|(choices, made)| FunctionRecord {
        resource: generator.scaffold.family.resource.name.clone(),
        name: name.to_owned(),
        kind: generator.scaffold.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: Some(choices),
        files: choices::hashes_of(&made),
        ..FunctionRecord::default()
    }))
}

/// Renames the function `from` in all files after its directory was renamed to `to`.
fn follow(plan: &mut PlanBuilder, generator: &Generator, from: &str, to: &str) -> Result<()> {
    let Some(mut function) = plan.record.functions.remove(to) else {
        return Ok(());
    };
    if function.inputs.is_none()
        && let Some((inferred, _)) = choices::inferred(generator, from, &function.files)?
    {
        function.inputs = Some(inferred);
        env!("CARGO_PKG_VERSION").clone_into(&mut function.version);
    }
    let is_known = function.inputs.is_some();
    let choices = function.inputs.clone().unwrap_or_default();
    let before = generator.generate_with(from, &choices)?;
    let after = generator.generate_with(to, &choices)?;
    for (file, text) in &after.files {
        let target = Target::own(file, &after.package, plan.project)?;
        let Some(base) = before.files.get(file).filter(|base| *base != text) else {
            continue;
        };
        let Some((path, Some(mine))) = plan.current(&target)? else {
            continue;
        };
        let merged = TextMerge::from_lines(base.as_str(), mine.as_str(), text.as_str());
        if is_known && function.files.get(file) == Some(&hash(&mine)) {
            plan.change(path, Change::to(text.clone(), Some(mine)));
        } else if merged.is_conflicted() {
            let reason = format!("was edited where it names `{from}`, which is `{to}` now");
            let record = after.package.child(FUNCTION_RECORD);
            let steps = format!("change it there, and `name` in `{record}`");
            plan.conflict(&path, reason, Remedy::ByHand(steps));
        } else {
            plan.change(path, Change::to(merged.to_string(), Some(mine)));
        }
        function.files.insert(file.clone(), hash(text));
    }
    to.clone_into(&mut function.name);
    // What it has replaced is called again once it is removed, and not now.
    let replaced = function.replaced.take();
    wiring::unwire(plan, generator.scaffold, from, &function)?;
    function.replaced = replaced;
    plan.record.functions.insert(to.to_owned(), function);
    rewire(plan, generator, to)?;
    join(plan, generator.catalog, &after.cargo, &after.package)?;
    leave_workspace(plan, &before.cargo, &before.package, &[])
}
