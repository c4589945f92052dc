//! The tools that are needed.

use serde::Serialize;
use serde_json::json;

use super::{BOLD, CYAN, DIM, GREEN, RED, SCHEMA, Ui};

/// A tool that is not a part of this program.
#[derive(Serialize)]
pub struct Tool {
    pub name: &'static str,
    /// `None` if it is missing.
    pub version: Option<String>,
    /// What it does, in a phrase.
    pub purpose: &'static str,
    /// Whether the project needs it.
    pub needed: bool,
    /// The command that installs it, or the page that says how.
    pub install: &'static str,
}

impl Tool {
    /// Whether the project needs it, and it is missing.
    pub fn is_lacking(&self) -> bool {
        self.version.is_none() && self.needed
    }
}

impl Ui {
    /// The tools, a line each, and how to get those that are missing.
    pub fn doctor(&self, tools: &[Tool]) {
        let data = || json!({ "schema": SCHEMA, "tools": tools });
        self.show(|| tools.iter().map(line).collect(), data);
        self.note("AWS credentials are only needed to deploy: no command here asks for them");
    }
}

fn line(tool: &Tool) -> String {
    let (style, version) = match (&tool.version, tool.is_lacking()) {
        (Some(version), _) => (GREEN, version.as_str()),
        (None, true) => (RED, "missing"),
        (None, false) => (DIM, "missing"),
    };
    let line =
        format!("{BOLD}{:12}{BOLD:#}  {style}{version:9}{style:#}  {}\n", tool.name, tool.purpose);
    match tool.version {
        Some(_) => line,
        None => line + &format!("{:25}{CYAN}install:{CYAN:#} {}\n", "", tool.install),
    }
}
