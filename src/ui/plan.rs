//! What a plan does: a line for each path, what comes next, and a patch.

use std::path::Path;

use serde_json::json;

use super::style::PLAIN;
use super::{BOLD, CYAN, DIM, GREEN, Outcome, RED, SCHEMA, YELLOW};
use crate::plan::{Change, NextStep, Plan, file_diff};

/// One line for each path.
pub fn status(plan: &Plan) -> String {
    let lines = plan.changes.iter().map(|(path, change)| {
        let style = match change {
            Change::Create(_) => GREEN,
            Change::Update { .. } => YELLOW,
            Change::Delete(_) => RED,
            Change::Unchanged(_) | Change::Kept(_) => DIM,
        };
        let word = change.status();
        format!("{style}{word:>10}{style:#}  {path}\n")
    });
    lines.collect()
}

/// What comes next, for a user who stands in `current`.
pub fn summary(plan: &Plan, outcome: Outcome, current: &Path) -> String {
    let written = plan.changes.values().filter(|change| change.writes()).count();
    if outcome == Outcome::DryRun {
        return format!("\n{BOLD}Nothing was written.{BOLD:#}\n");
    }
    if written == 0 {
        return format!("\n{BOLD}Nothing to do: everything is there already.{BOLD:#}\n");
    }
    if plan.next_steps.is_empty() {
        return String::new();
    }
    let width = plan.next_steps.iter().map(|step| step.what.len()).max().unwrap_or(0);
    let steps = plan.next_steps.iter().map(|NextStep { what, why }| {
        format!("  {BOLD}{what:width$}{BOLD:#}  {DIM}# {why}{DIM:#}\n")
    });
    let place =
        if current != plan.root { format!(", in {}", plan.root.display()) } else { String::new() };
    format!("\nNext{place}:\n{}", steps.collect::<String>())
}

/// All of it, for programs.
pub fn json(plan: &Plan, outcome: Outcome) -> serde_json::Value {
    let dry_run = outcome == Outcome::DryRun;
    let changes = plan.changes.iter().map(|(path, change)| {
        let mut entry = json!({ "path": path, "kind": change.status() });
        if dry_run && change.writes() {
            entry["diff"] = file_diff(path, change).into();
        }
        entry
    });
    json!({
        "schema": SCHEMA,
        "root": plan.root,
        "dryRun": dry_run,
        "changes": changes.collect::<Vec<_>>(),
        "notes": plan.notes,
        "nextSteps": plan.next_steps,
    })
}

/// A patch as terminals show it.
pub fn coloured(diff: &str) -> String {
    let style = |line: &str| match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'd', ..] | [b'n', ..] => BOLD,
        [b'+', ..] => GREEN,
        [b'-', ..] => RED,
        [b'@', ..] => CYAN,
        _ => PLAIN,
    };
    let lines = diff.split_inclusive('\n').map(|line| {
        let text = line.strip_suffix('\n').unwrap_or(line);
        let style = style(text);
        format!("{style}{text}{style:#}{}", &line[text.len()..])
    });
    lines.collect()
}
