//! Copies scaffolds into a set, each with a test of what it generates now.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sandbox::generate;
use super::{Case, CaseDefinition, Program, compare};
use crate::catalog::{Catalog, DEFAULT_FAMILY, SHARED};
use crate::error::{Conflict, Remedy, Result};
use crate::path::RepoPath;
use crate::plan::{Change, NextStep, Plan};
use crate::program::command;
use crate::project::{Location, Project, TESTS};

/// Plans to copy scaffolds of one family, and what it shares if that is `with_shared`, into the set of
/// a location, which is in the directory `set` of the project.
pub fn eject(
    (kinds, with_shared): (&[String], bool),
    catalog: &Catalog,
    set: &RepoPath,
    (project, location): (&Project, &Location),
    program: Program,
) -> Result<Plan> {
    let family = kinds.first().and_then(|kind| catalog.family_of(kind)).unwrap_or(DEFAULT_FAMILY);
    let owners = kinds.iter().map(String::as_str).chain(with_shared.then_some(SHARED));
    let files = owners.flat_map(|owner| catalog.files_of(format!("{family}/{owner}")));
    let mut files: BTreeMap<_, _> = files.collect();
    let ejected = Arc::new(catalog.clone().with_set(&location.scaffolds_label(), files.clone())?);
    for kind in kinds {
        let definition = CaseDefinition::of_kind(kind);
        let directory = set.child(&format!("{TESTS}/{kind}"));
        let case = Case { name: kind.clone(), directory, definition };
        if project.files_below(&case.directory)?.is_empty() {
            files.insert(format!("{TESTS}/{kind}/case.toml"), format!("kind = \"{kind}\"\n"));
            let outcome = generate(&case, project, &ejected, program)?;
            for (path, change) in compare(project, &case.directory, &outcome, &[])? {
                let path = path.below(set).unwrap_or_default().to_owned();
                files.insert(path, change.after().unwrap_or_default().to_owned());
            }
        }
    }
    let (mut changes, mut conflicts) = (BTreeMap::new(), Vec::new());
    for (path, text) in files {
        let path = set.child(&path);
        conflicts.extend(project.resolve(&path).err());
        match project.read_text(&path)? {
            Some(mine) if mine != text => {
                let reason = "exists, and is different";
                conflicts.push(Conflict::new(&path, reason, Remedy::MakeRoom));
            }
            mine => drop(changes.insert(path, Change::to(text, mine))),
        }
    }
    let mut plan = Plan::new(project, changes, conflicts);
    let directory = format!("{set}/{family}/{}", kinds[0]);
    let run = |name: &str| command(&format!("scaffold {name}{}", location.scaffolds.argument()));
    let accepts = "shows what it generates now, and --bless accepts it";
    plan.next_steps = vec![
        NextStep::new(directory, "what it generates: edit it, as `docs/scaffolds.md` explains"),
        NextStep::new(run("lint"), "finds mistakes in it"),
        NextStep::new(run("test"), accepts),
    ];
    Ok(plan)
}
