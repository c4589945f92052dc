//! What a check has found.

use serde_json::json;

use super::{BOLD, CYAN, Mode, Reader, SCHEMA, Ui, diagnostics, plan};
use crate::check::{Finding, Level};
use crate::plan::Plan;

impl Ui {
    /// What a check has found, and what was repaired before it.
    pub fn check(&self, findings: &[Finding], repaired: Option<&Plan>) {
        if self.reader == Reader::Program {
            let mut document = json!({ "schema": SCHEMA, "findings": findings });
            if let Some(plan) = repaired {
                document["repairs"] = plan::json(plan, Mode::Write)["changes"].take();
            }
            return self.data(&document);
        }
        if let Some(plan) = repaired {
            self.talk(&plan::status(plan));
        }
        let (problems, notes): (Vec<_>, Vec<_>) =
            findings.iter().partition(|finding| finding.level == Level::Problem);
        let places: Vec<_> = problems.iter().map(|finding| finding.diagnostic.clone()).collect();
        let notes = notes.iter().map(|Finding { diagnostic, .. }| {
            format!("{CYAN}note:{CYAN:#} {} {}\n", diagnostic.path(), diagnostic.message)
        });
        self.print(&(diagnostics::render(&places) + &notes.collect::<String>()));
        self.talk(&summary(&problems));
    }
}

/// How many problems there are, and what to do about them.
fn summary(problems: &[&Finding]) -> String {
    let fixable = problems.iter().filter(|finding| finding.repair.is_some()).count();
    let count = match problems.len() {
        0 => return format!("{BOLD}No problems.{BOLD:#}\n"),
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    match fixable {
        0 => format!("{BOLD}{count}.{BOLD:#}\n"),
        n => format!("{BOLD}{count}{BOLD:#}, {n} to repair with `cargo amplify check --fix`\n"),
    }
}
