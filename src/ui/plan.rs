//! What a plan does: a line for each path, what comes next, and a patch.

use std::path::Path;

use serde_json::{Value, json};

use super::style::PLAIN;
use super::{BOLD, CYAN, DIM, GREEN, RED, SCHEMA, Ui, YELLOW};
use crate::cli::Format;
use crate::plan::{Change, NextStep, Plan, file_diff, patch};
use crate::program::{command, shell_word};

/// Whether a plan is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    DryRun,
    Write,
}

impl Mode {
    pub fn new(dry_run: bool) -> Self {
        if dry_run { Self::DryRun } else { Self::Write }
    }
}

impl Ui {
    pub fn plan(&self, plan: &Plan, mode: Mode) {
        if self.format == Format::Json {
            return self.data(&json(plan, mode));
        }
        self.talk(&status(plan));
        if mode == Mode::DryRun {
            let patch = patch(plan, &self.current);
            self.streams().out.print_exactly(&patch.text, coloured);
            if let Some(directory) = patch.elsewhere {
                let directory = shell_word(&directory.display().to_string());
                self.needed(&format!("apply the patch with `git -C {directory} apply`"));
            }
        }
        plan.notes.iter().for_each(|note| self.note(note));
        self.talk(&match mode {
            Mode::DryRun => format!("\n{BOLD}Nothing was written.{BOLD:#}\n"),
            Mode::Write => next_steps(plan, &self.current),
        });
    }

    /// How files differ from what a plan makes of them.
    pub fn difference(&self, plan: &Plan) {
        if self.format == Format::Json {
            return self.data(&json(plan, Mode::DryRun));
        }
        self.streams().out.print_exactly(&patch(plan, &self.current).text, coloured);
        for (path, change) in &plan.changes {
            self.talk(&match change.writes() {
                true => {
                    let out = command(&format!("synth --out {}", shell_word(path.as_str())));
                    format!("{BOLD}{path} differs{BOLD:#}: write it with `{out}`\n")
                }
                false => format!("{BOLD}{path} is as it would be written.{BOLD:#}\n"),
            });
        }
    }
}

/// How many lines a status may have in which each file has one.
const LINES: usize = 40;

/// How many files of a directory are one line in a longer status.
const MANY: usize = 4;

/// One line for each path. Where there are many, files of a directory with the same status have one
/// together.
pub fn status(plan: &Plan) -> String {
    let changes: Vec<_> = plan.changes.iter().collect();
    let is_long = changes.len() > LINES;
    let groups = changes.chunk_by(|(path, change), (next, after)| {
        is_long && path.parent() == next.parent() && change.status() == after.status()
    });
    let lines = groups.flat_map(|group| match group {
        [(path, change), ..] if group.len() >= MANY => {
            let directory = path.parent().unwrap_or_default();
            vec![status_line(change, &format!("{directory}/ ({} files)", group.len()))]
        }
        _ => group.iter().map(|(path, change)| status_line(change, path.as_str())).collect(),
    });
    lines.collect()
}

fn status_line(change: &Change, what: &str) -> String {
    let style = match change {
        Change::Create(_) => GREEN,
        Change::Update { .. } => YELLOW,
        Change::Delete(_) => RED,
        Change::Unchanged(_) | Change::Kept(_) => DIM,
    };
    let word = change.status();
    format!("{style}{word:>10}{style:#}  {what}\n")
}

/// What comes next, for a user who is in `current`.
fn next_steps(plan: &Plan, current: &Path) -> String {
    if !plan.writes() {
        return format!("\n{BOLD}Nothing to do: everything is there already.{BOLD:#}\n");
    }
    let steps = &plan.next_steps;
    let Some(width) = steps.iter().map(|step| step.what.len()).max() else {
        return String::new();
    };
    let lines = steps.iter().map(|NextStep { what, why }| {
        format!("  {BOLD}{what:width$}{BOLD:#}  {DIM}# {why}{DIM:#}\n")
    });
    let place = match current == plan.root {
        true => String::new(),
        false => format!(", in {}", shell_word(&plan.root.display().to_string())),
    };
    format!("\nNext{place}:\n{}", lines.collect::<String>())
}

/// The plan for programs.
pub fn json(plan: &Plan, mode: Mode) -> Value {
    let changes = plan.changes.iter().map(|(path, change)| {
        let mut entry = json!({ "path": path, "kind": change.status() });
        if mode == Mode::DryRun && change.writes() {
            entry["diff"] = file_diff(path, change).into();
        }
        entry
    });
    json!({
        "schema": SCHEMA,
        "root": plan.root,
        "dryRun": mode == Mode::DryRun,
        "changes": changes.collect::<Value>(),
        "notes": plan.notes,
        "nextSteps": plan.next_steps,
    })
}

/// A patch in colors.
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
