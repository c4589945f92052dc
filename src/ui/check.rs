//! The findings of a check.

use serde_json::json;

use super::github::annotation;
use super::{BOLD, CYAN, Mode, SCHEMA, Ui, diagnostics, plan};
use crate::check::{Finding, Level};
use crate::cli::Format;
use crate::error::counted;
use crate::lint::Lint;
use crate::path::RepoPath;
use crate::plan::Plan;
use crate::program::command;
use crate::source::Diagnostic;

impl Ui {
    /// Settings that are accepted but have no effect.
    pub fn warnings(&self, warnings: &[Diagnostic]) {
        self.talk(&diagnostics::warnings(warnings));
    }

    /// What is wrong with scaffolds.
    pub fn lint(&self, lint: &Lint) {
        let Lint { scaffolds, renderings, problems, notes } = lint;
        if self.format == Format::Json {
            return self.data(&json!({ "schema": SCHEMA, "scaffolds": scaffolds,
                "renderings": renderings, "problems": problems, "notes": notes }));
        }
        self.print(&diagnostics::errors(problems));
        notes.iter().for_each(|note| self.note(note));
        let found = counted(problems.len(), "problem");
        let (looked_at, times) = (counted(*scaffolds, "scaffold"), counted(*renderings, "time"));
        self.talk(&format!("{BOLD}{found}{BOLD:#} in {looked_at}, rendered {times}.\n"));
    }

    /// What a check has found, and what was repaired before it.
    ///
    /// `base` is the root as seen from the top of the git repository.
    pub fn check(&self, findings: &[Finding], repaired: Option<&Plan>, base: &RepoPath) {
        if self.format == Format::Json {
            let mut document = json!({ "schema": SCHEMA, "findings": findings });
            if let Some(plan) = repaired {
                document["repairs"] = plan::json(plan, Mode::Write)["changes"].take();
            }
            return self.data(&document);
        }
        if let Some(plan) = repaired {
            self.talk(&plan::status(plan));
        }
        if self.format == Format::Github {
            let annotations = findings.iter().map(|finding| annotation(finding, base));
            self.print(&annotations.collect::<String>());
            return self.talk(&summary(findings));
        }
        let diagnostics = |level| {
            let findings = findings.iter().filter(move |finding| finding.level == level);
            findings.map(|finding| &finding.diagnostic)
        };
        let notes = diagnostics(Level::Note)
            .map(|note| format!("{CYAN}note:{CYAN:#} {} {}\n", note.path(), note.message));
        self.print(&diagnostics::errors(diagnostics(Level::Problem)));
        self.print(&diagnostics::warnings(diagnostics(Level::Warning)));
        self.print(&notes.collect::<String>());
        self.talk(&summary(findings));
    }
}

/// How many problems and warnings there are, and what to do about them.
fn summary(findings: &[Finding]) -> String {
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let fixable = findings.iter().filter(|finding| finding.repair.is_some()).count();
    let warnings = match count(Level::Warning) {
        0 => String::new(),
        n => format!(", {}", counted(n, "warning")),
    };
    let count = match count(Level::Problem) {
        0 => return format!("{BOLD}No problems{warnings}.{BOLD:#}\n"),
        n => counted(n, "problem") + &warnings,
    };
    match fixable {
        0 => format!("{BOLD}{count}.{BOLD:#}\n"),
        n => format!("{BOLD}{count}{BOLD:#}, {n} fixable with `{}`\n", command("check --fix")),
    }
}
