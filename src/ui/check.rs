//! What a check has found.

use serde_json::{Value, json};

use super::{BOLD, CYAN, SCHEMA, diagnostics};
use crate::check::{Finding, Level};
use crate::plan::Plan;
use crate::ui::Outcome;

/// Problems at their places, then a line for each note.
pub fn report(findings: &[Finding]) -> String {
    let problems: Vec<_> =
        of(Level::Problem, findings).map(|finding| finding.diagnostic.clone()).collect();
    let notes = of(Level::Note, findings).map(|finding| {
        let diagnostic = &finding.diagnostic;
        format!("{CYAN}note:{CYAN:#} {} {}\n", diagnostic.path(), diagnostic.message)
    });
    diagnostics::render(&problems) + &notes.collect::<String>()
}

/// How many there are, and what to do about them.
pub fn summary(findings: &[Finding]) -> String {
    let fixable = |finding: &&Finding| finding.repair.is_some();
    let fixable = of(Level::Problem, findings).filter(fixable).count();
    let problems = match of(Level::Problem, findings).count() {
        0 => return format!("{BOLD}No problems.{BOLD:#}\n"),
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    let repair = "repair with `cargo amplify check --fix`";
    match fixable {
        0 => format!("{BOLD}{problems}.{BOLD:#}\n"),
        n => format!("{BOLD}{problems}{BOLD:#}, {n} to {repair}\n"),
    }
}

pub fn json(findings: &[Finding], repaired: Option<&Plan>) -> Value {
    let mut document = json!({ "schema": SCHEMA, "findings": findings });
    if let Some(plan) = repaired {
        document["repairs"] = super::plan::json(plan, Outcome::Done)["changes"].take();
    }
    document
}

fn of(level: Level, findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(move |finding| finding.level == level)
}
