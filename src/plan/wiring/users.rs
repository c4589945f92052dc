//! What else in an app uses a function.

use std::collections::BTreeSet;

use super::super::Change;
use super::super::builder::PlanBuilder;
use crate::error::{Remedy, Result};
use crate::path::RepoPath;
use crate::project::{FunctionRecord, LocatedUse};
use crate::source::Place;

/// The places that name a file of the app, given without its extension, once the plan is carried
/// out.
pub fn users_of(plan: &PlanBuilder, module: &RepoPath) -> Result<Vec<LocatedUse>> {
    let mut found = Vec::new();
    for path in plan.project.code_below(&plan.project.path("amplify")?)? {
        // What cannot be read imports nothing.
        let text = match plan.changes.get(&path) {
            Some(change) => change.after().map(str::to_owned),
            None => plan.project.read_text(&path).unwrap_or_default(),
        };
        let uses = plan.project.module_uses(&path, text.as_deref().unwrap_or_default());
        found.extend(uses.into_iter().filter(|used| used.target == *module));
    }
    Ok(found)
}

/// Refuses to remove a function that other files of the app import.
pub fn ensure_not_imported(
    plan: &mut PlanBuilder,
    package: &RepoPath,
    function: &FunctionRecord,
) -> Result<()> {
    let module = package.child("resource");
    let is_deleted = plan.changes.iter().any(|(path, change)| {
        let stem = path.as_str().rsplit_once('.').map(|(stem, _)| stem);
        stem == Some(module.as_str()) && matches!(change, Change::Delete(_))
    });
    if !is_deleted {
        return Ok(());
    }
    for used in users_of(plan, &module)? {
        let path = used.place.file.path();
        // A file that imported it before it was generated may go on.
        let had_it = function.before.contains_key(&plan.recorded(path));
        if had_it || plan.has_conflict(path) || path.below(package).is_some() {
            continue;
        }
        let lines = shown(std::iter::once(&used.place).chain(&used.uses));
        let reason = format!("still uses the function that is to be removed:\n{lines}");
        let steps = "take that out and run the command again".to_owned();
        plan.conflict(path, reason, Remedy::ByHand(steps));
    }
    Ok(())
}

/// The lines of places, each with its number.
pub fn shown<'a>(places: impl Iterator<Item = &'a Place>) -> String {
    let lines = places.map(|place| {
        let (line, start) = place.file.line(place.span.start);
        let text = place.file.text()[start..].lines().next().unwrap_or_default().trim();
        (place.file.path().clone(), line, format!("    {}:{line}: {text}", place.file.path()))
    });
    let lines: BTreeSet<_> = lines.collect();
    let lines: Vec<_> = lines.into_iter().map(|(.., line)| line).collect();
    lines.join("\n")
}
