//! The outcome of an edit of TypeScript: the edited text, or a conflict that says what to do
//! manually.

use super::super::builder::PlanBuilder;
use super::super::decision::Decision;
use crate::edit::typescript::{self as edit, Export, Refusal, RefusalKind, Replaced};
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
    // Nothing calls the function where something certain says otherwise.
    let can_stay = matches!(
        refusal.kind,
        RefusalKind::Syntax | RefusalKind::Unclear | RefusalKind::NotDeployed
    );
    let stays = match plan.decision(path) {
        Some(Decision::Keep) => can_stay,
        Some(Decision::Beside | Decision::Write(_)) => true,
        Some(Decision::Overwrite) | None => false,
    };
    if stays {
        plan.notes.push(if lines.is_empty() {
            format!("{path} stays as it is: {}", refusal.reason)
        } else {
            format!("{path} stays as it is; what it needs is\n\n{lines}")
        });
        return text.to_owned();
    }
    let then = match refusal.kind {
        RefusalKind::Overridden => "take it out and run the command again, or make it manually",
        RefusalKind::NotDeployed => "add manually, and run the command again",
        RefusalKind::Syntax => "add manually, or fix the file, and run the command again",
        _ => "add manually, and run the command again with `--on-conflict skip`",
    };
    let steps = match (refusal.kind, lines.is_empty()) {
        (RefusalKind::Foreign, _) => "set its triggers where it is made".to_owned(),
        (RefusalKind::Mistaken, _) => "correct it and run the command again".to_owned(),
        (RefusalKind::AllSet, _) => {
            "move these triggers to where the user pool is defined, or add this one to them manually".to_owned()
        }
        (RefusalKind::Syntax, true) => "fix the file and run the command again".to_owned(),
        (_, true) => "take it out and run the command again".to_owned(),
        (_, false) => format!("{then}:\n\n{lines}"),
    };
    plan.conflict(path, render_refusal(&refusal, path, text), Remedy::ByHand(steps));
    text.to_owned()
}

/// Records what a function takes the place of, or has a conflict where the user has not decided
/// that it does. `current` says what is called now.
pub fn switch_or_conflict(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    text: &str,
    refusal: &Refusal,
    (name, current, replaced): (&str, &str, Replaced),
) {
    let mut reason = render_refusal(refusal, path, text);
    match plan.decision(path) {
        Some(Decision::Overwrite) => return plan.note_replaced(name, replaced),
        Some(Decision::Beside | Decision::Write(_)) => return,
        Some(Decision::Keep) => {
            reason += &format!("\n  with `--on-conflict skip`, nothing would call `{name}`");
        }
        None => {}
    }
    let steps = format!(
        "with `--on-conflict overwrite`, `{name}` is called instead; {current} stays where it is, and \
         `remove` switches back to it"
    );
    plan.conflict(path, reason, Remedy::Overwrite(steps));
}

/// Has a conflict about code that the function makes useless, unless the user wants that: then its
/// line. `steps` says what becomes of it.
pub fn overwrite_or_conflict(
    plan: &mut PlanBuilder,
    path: &RepoPath,
    text: &str,
    refusal: &Refusal,
    steps: &str,
) -> Option<usize> {
    if matches!(plan.decision(path), None | Some(Decision::Keep)) {
        let steps = format!("with `--on-conflict overwrite`, {steps}");
        plan.conflict(path, render_refusal(refusal, path, text), Remedy::Overwrite(steps));
        return None;
    }
    let span = refusal.span.clone().unwrap_or_default();
    Some(SourceFile::new(path, text).at(span).position().0)
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
    if text.contains(name) {
        let steps = match refusal.kind {
            RefusalKind::InUse => "take that out and run the command again",
            _ => "remove it manually and run the command again",
        };
        plan.conflict(path, render_refusal(&refusal, path, text), Remedy::ByHand(steps.to_owned()));
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
