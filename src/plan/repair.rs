//! Repairs of what a check has found, as a plan.

use std::collections::BTreeMap;

use similar::TextMerge;

use super::decision::OnConflict;
use super::draft::Draft;
use super::function::Maker;
use super::membership::{exclude, join_workspace};
use super::remove::leave_workspace;
use super::wiring::{self, Wish};
use super::{Plan, choices};
use crate::catalog::{Catalog, Scaffold};
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::{AUTH, Function, Project, Target, hash};

/// What mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The crate in this folder becomes a member of the workspace.
    AddMember(RepoPath),
    /// The workspace of the functions excludes this folder.
    Exclude(RepoPath),
    /// This folder is no longer a member of the workspace.
    RemoveMember(RepoPath),
    /// The user pool calls a function.
    Wire {
        /// The scaffold that says how.
        kind: String,
        /// The function.
        function: String,
    },
    /// A function that is as it was made is recorded.
    Record {
        /// The scaffold that made it.
        kind: String,
        /// The function.
        function: String,
    },
    /// What names a function follows the name of its folder.
    Rename {
        /// The scaffold that made it.
        kind: String,
        /// The name that it was made with.
        from: String,
        /// The name of its folder.
        to: String,
    },
}

/// Plans some repairs.
///
/// # Errors
/// When a file to be edited is wrong.
pub fn build_repairs<'a>(
    repairs: impl IntoIterator<Item = &'a Repair>,
    catalog: &Catalog,
    project: &Project,
) -> Result<Plan> {
    let mut draft = Draft::new(project, &OnConflict::Abort)?;
    for repair in repairs {
        match repair {
            Repair::AddMember(package) => {
                let cargo = project.cargo_root(package)?;
                join_workspace(&mut draft, &cargo, package, "")?;
            }
            Repair::Exclude(folder) => exclude(&mut draft, folder)?,
            Repair::RemoveMember(package) => {
                let cargo = project.cargo_root(package)?;
                leave_workspace(&mut draft, &cargo, package, &[])?;
            }
            Repair::Wire { kind, function } => {
                let scaffold = catalog.scaffold(kind)?;
                let maker = Maker::new(catalog, &scaffold);
                rewire(&mut draft, &maker, function)?;
            }
            Repair::Record { kind, function } => {
                let scaffold = catalog.scaffold(kind)?;
                if let Some(found) = as_made(&draft, catalog, &scaffold, function)? {
                    draft.record.functions.insert(function.clone(), found);
                }
            }
            Repair::Rename { kind, from, to } => {
                let scaffold = catalog.scaffold(kind)?;
                let maker = Maker::new(catalog, &scaffold);
                follow(&mut draft, &maker, from, to)?;
            }
        }
    }
    draft.finish()
}

/// Makes the user pool call a function that is there, as it was chosen.
fn rewire(draft: &mut Draft, maker: &Maker, name: &str) -> Result<()> {
    let recorded = draft.record.functions.get(name).cloned();
    let choices = recorded.as_ref().and_then(|function| function.inputs.clone());
    let answers = choices::as_before(maker, name, &choices.unwrap_or_default())?;
    let made = maker.make(draft, answers)?;
    let wish = Wish {
        name,
        scaffold: maker.scaffold,
        rendering: &made.rendering,
        login_with: None,
        recorded: recorded.as_ref(),
    };
    wiring::wire(draft, made.language, &wish)
}

/// Whether a function that is not recorded is as the scaffold makes it, so that it can be.
///
/// # Errors
/// When a file cannot be read.
pub fn is_as_made(
    project: &Project,
    catalog: &Catalog,
    scaffold: &Scaffold,
    name: &str,
) -> Result<bool> {
    let draft = Draft::new(project, &OnConflict::Abort)?;
    Ok(as_made(&draft, catalog, scaffold, name)?.is_some())
}

fn as_made(
    draft: &Draft,
    catalog: &Catalog,
    scaffold: &Scaffold,
    name: &str,
) -> Result<Option<Function>> {
    let maker = Maker::new(catalog, scaffold);
    let hashes = choices::hashes_on_disk(draft, name)?;
    let found = choices::inferred(draft, &maker, name, &hashes)?;
    Ok(found.map(|(choices, made)| Function {
        name: name.to_owned(),
        kind: scaffold.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: Some(choices),
        before: BTreeMap::new(),
        files: choices::hashes_of(&made),
    }))
}

/// Plans that the function in the folder `to` has that name, where it had the name `from`.
fn follow(draft: &mut Draft, maker: &Maker, from: &str, to: &str) -> Result<()> {
    let Some(mut function) = draft.record.functions.remove(to) else {
        return Ok(());
    };
    let choices = function.inputs.clone().unwrap_or_default();
    let before = maker.make(draft, choices::as_before(maker, from, &choices)?)?;
    let after = maker.make(draft, choices::as_before(maker, to, &choices)?)?;
    for (file, text) in &after.files {
        let target = Target::own(file, to, draft.project)?;
        let Some(base) = before.files.get(file).filter(|base| *base != text) else {
            continue;
        };
        let Some((path, Some(mine))) = draft.current(&target)? else {
            continue;
        };
        let merged = TextMerge::from_lines(base.as_str(), mine.as_str(), text.as_str());
        if function.files.get(file) == Some(&hash(&mine)) {
            draft.change(path, Some(mine), Some(text.clone()));
        } else if merged.is_conflicted() {
            let reason = format!("was edited where it names `{from}`, which is `{to}` now");
            let steps = format!("change it there, and `name` in `{AUTH}/{to}/generated.toml`");
            draft.conflict(&path, reason, Remedy::ByHand(steps));
        } else {
            let merged = merged.to_string();
            draft.change(path, Some(mine), Some(merged));
        }
        function.files.insert(file.clone(), hash(text));
    }
    to.clone_into(&mut function.name);
    wiring::unwire(draft, maker.scaffold, from, &function)?;
    draft.record.functions.insert(to.to_owned(), function);
    rewire(draft, maker, to)?;
    join_workspace(draft, &after.cargo, &after.package, "")?;
    leave_workspace(draft, &before.cargo, &before.package, &[])
}
