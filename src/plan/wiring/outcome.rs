//! The outcome of an edit of TypeScript: the edited text, or a conflict that says what to do
//! manually.

use super::super::builder::PlanBuilder;
use super::super::decision::Decision;
use crate::edit::typescript::{self as edit, Export, Refusal, RefusalKind};
use crate::error::Remedy;
use crate::path::RepoPath;
use crate::project::Before;
use crate::source::SourceFile;

/// The text without a function, unless other code in it still uses the function.
pub fn ensure_unused(
    text: &str,
    after: String,
    function: &Export,
    before: Option<Before>,
) -> Result<String, Refusal> {
    if before.is_none() {
        edit::check_unused(text, &after, function)?;
    }
    Ok(after)
}

/// The edited text; or the text as it is, with a conflict, or with a note for a user who keeps it.
pub fn apply_or_conflict(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    text: &str,
    outcome: Result<String, Refusal>,
    by_hand: &str,
) -> String {
    let refusal = match outcome {
        Ok(edited) => return edited,
        Err(refusal) => refusal,
    };
    let lines = by_hand.lines().map(|line| format!("    {line}"));
    let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
    let lines = lines.join("\n").trim_end().to_owned();
    if let Some(Decision::Keep | Decision::Beside | Decision::Write(_)) = plan.decision(path) {
        plan.notes.push(if lines.is_empty() {
            format!("{path} stays as it is: {}", refusal.reason)
        } else {
            format!("{path} stays as it is; what it needs is\n\n{lines}")
        });
        return text.to_owned();
    }
    let then = match refusal.kind {
        RefusalKind::Occupied => "add manually",
        RefusalKind::Overridden => "take it out and run the command again, or make it manually",
        RefusalKind::Syntax => "add manually, or fix the file, and run the command again",
        _ => "add manually, and run the command again with `--on-conflict skip`",
    };
    let steps = match (refusal.kind, lines.is_empty()) {
        (RefusalKind::Foreign, _) => "set its triggers where it is made".to_owned(),
        (RefusalKind::Syntax, true) => "fix the file and run the command again".to_owned(),
        (_, true) => "take it out and run the command again".to_owned(),
        (_, false) => format!("{then}:\n\n{lines}"),
    };
    let remedy = match refusal.kind {
        RefusalKind::Occupied => Remedy::OnConflict(Some(steps)),
        _ => Remedy::ByHand(steps),
    };
    plan.conflict(path, render_refusal(&refusal, path, text), remedy);
    text.to_owned()
}

/// The text without something called `name`; or as it is, with a conflict.
pub fn removed_or_conflict(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    text: &str,
    outcome: Result<String, Refusal>,
    name: &str,
) -> String {
    let refusal = match outcome {
        Ok(edited) => return edited,
        Err(refusal) => refusal,
    };
    // A text in which nothing can be found has nothing of ours, unless it has the name.
    if text.contains(name) && plan.decision(path) != Some(Decision::Keep) {
        let then = match refusal.kind {
            RefusalKind::InUse => "take that out",
            _ => "remove it manually",
        };
        let steps =
            format!("{then} and run the command again, or leave it with `--on-conflict skip`");
        plan.conflict(path, render_refusal(&refusal, path, text), Remedy::ByHand(steps));
    }
    text.to_owned()
}

/// A refusal with the line that it is about.
fn render_refusal(refusal: &Refusal, path: &RepoPath, text: &str) -> String {
    let Some(span) = &refusal.span else {
        return refusal.reason.clone();
    };
    let (line, column) = SourceFile::new(path, text).at(span.clone()).position();
    let number = line.to_string();
    let line = text.lines().nth(line - 1).unwrap_or_default();
    let line = line.trim_start_matches('\u{feff}').replace('\t', " ");
    let blank = " ".repeat(number.len());
    let caret = " ".repeat(column - 1);
    format!(
        "{} (line {number}, column {column})\n  {blank} |\n  {number} | {line}\n  {blank} | {caret}^",
        refusal.reason
    )
}
