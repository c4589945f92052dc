//! Decisions about files that exist and are different: by a flag, or by the user.

use std::collections::BTreeMap;
use std::fs;

use crate::cli::OnConflict;
use crate::error::{Conflict, Error, Result};
use crate::plan::{Change, Decision, Decisions, Plan, has_markers, side_by_side};
use crate::process::edit_file;
use crate::ui::{Ui, UserAnswer, can_ask};

/// Makes a plan; with `--on-conflict ask`, repeatedly until there is a decision about every file.
pub fn decide(
    chosen: OnConflict,
    ui: &Ui,
    plan: &dyn Fn(Decisions) -> Result<Plan>,
) -> Result<Plan> {
    match chosen {
        OnConflict::Ask if can_ask() => {}
        OnConflict::Ask | OnConflict::Abort => return plan(Decisions::NONE),
        OnConflict::Skip => return plan(Decisions::All(Decision::Keep)),
        OnConflict::Overwrite => return plan(Decisions::All(Decision::Overwrite)),
    }
    let mut decisions = BTreeMap::new();
    loop {
        let plan = plan(Decisions::Each(decisions.clone()))?;
        let is_resolvable = plan.conflicts.iter().all(Conflict::is_resolvable);
        let conflict = plan.conflicts.first().filter(|conflict| {
            // To keep it was no answer.
            is_resolvable && !decisions.contains_key(&conflict.path)
        });
        let Some(conflict) = conflict else {
            return Ok(plan);
        };
        let Some(decision) = ask(conflict, &plan.changes[&conflict.path], ui)? else {
            return Ok(plan);
        };
        decisions.insert(conflict.path.clone(), decision);
    }
}

/// The user's decision; `None` to quit.
fn ask(conflict: &Conflict, change: &Change, ui: &Ui) -> Result<Option<Decision>> {
    loop {
        return Ok(match ui.ask(conflict, change) {
            UserAnswer::Keep => Some(Decision::Keep),
            UserAnswer::Overwrite => Some(Decision::Overwrite),
            UserAnswer::Beside => Some(Decision::Beside),
            UserAnswer::Quit => None,
            UserAnswer::Edit => match edit(conflict, change) {
                Ok(text) if has_markers(&text) => {
                    ui.note("there are conflict markers left, `<<<<<<<` or `>>>>>>>`");
                    continue;
                }
                Ok(text) => Some(Decision::Write(text)),
                // As after `:cq` in vi: nothing is decided.
                Err(error) => {
                    ui.error(&error);
                    continue;
                }
            },
        });
    }
}

/// Lets the user merge both texts in an editor.
fn edit(conflict: &Conflict, change: &Change) -> Result<String> {
    let (before, after) = (change.before(), change.after());
    let both = side_by_side(before.unwrap_or_default(), after.unwrap_or_default());
    let failed = |error| Error::failed("cannot edit a temporary file").with_source(error);
    // Its name tells the editor which language it is in.
    let name = conflict.path.parts().last().unwrap_or_default();
    let file = tempfile::Builder::new().suffix(&format!("-{name}")).tempfile().map_err(failed)?;
    fs::write(file.path(), both).map_err(failed)?;
    edit_file(file.path())?;
    fs::read_to_string(file.path()).map_err(failed)
}
