//! Triggers, as a table and as pages.

use serde::Serialize;
use serde_json::json;

use super::{BOLD, CYAN, DIM, GREEN, SCHEMA, Ui};
use crate::catalog::{Input, Scaffold};

/// A trigger, as shown to the user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    #[serde(flatten)]
    pub scaffold: Scaffold,
    /// Whether a function is called for it.
    #[serde(skip_serializing_if = "WiredHere::is_unknown")]
    pub wired: WiredHere,
}

/// Whether the user pool of the project calls a function for a trigger.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum WiredHere {
    /// There is no project.
    NoProject,
    No,
    To(String),
}

impl WiredHere {
    fn is_unknown(&self) -> bool {
        matches!(self, Self::NoProject)
    }
}

impl Ui {
    /// The triggers, a line each.
    pub fn list(&self, rows: &[Row]) {
        self.show(|| table(rows), || json!({ "schema": SCHEMA, "triggers": rows }));
    }

    /// All that is known about some triggers.
    pub fn explain(&self, rows: &[Row]) {
        let pages = || rows.iter().map(page).collect::<Vec<_>>().join("\n");
        self.show(pages, || json!({ "schema": SCHEMA, "triggers": rows }));
    }
}

/// A line for each trigger.
fn table(rows: &[Row]) -> String {
    let width = |column: fn(&Row) -> &str| rows.iter().map(|row| column(row).len()).max();
    let name: fn(&Row) -> &str = |row| &row.scaffold.name;
    let called: fn(&Row) -> &str = |row| &row.scaffold.trigger.called;
    let (names, calls) = (width(name).unwrap_or(0), width(called).unwrap_or(0));
    let lines = rows.iter().map(|row| {
        let trigger = &row.scaffold.trigger;
        let mark = if let WiredHere::To(_) = row.wired { "wired" } else { "" };
        let sources =
            trigger.sources.iter().map(|source| source.split('_').next_back().unwrap_or(source));
        let sources = sources.collect::<Vec<_>>().join(" ");
        format!(
            "{BOLD}{:names$}{BOLD:#}  {GREEN}{mark:5}{GREEN:#}  {:calls$}  {DIM}{sources}{DIM:#}\n",
            name(row),
            called(row)
        )
    });
    lines.collect()
}

/// All that is known about a trigger.
fn page(row: &Row) -> String {
    let Row { scaffold, wired } = row;
    let trigger = &scaffold.trigger;
    let wired = match wired {
        WiredHere::To(function) => format!("yes, to {function}"),
        WiredHere::No => format!("no: cargo amplify new auth-trigger {}", scaffold.name),
        WiredHere::NoProject => "there is no project here".to_owned(),
    };
    let mut text = format!("{BOLD}{}{BOLD:#}\n{}.\n", scaffold.name, scaffold.summary);
    let mut section = |title: &str, lines: &[&str]| {
        text += &format!("\n{CYAN}{title}{CYAN:#}\n");
        for line in lines {
            text += &format!("  {line}\n");
        }
    };
    section("Cognito calls it", &[&trigger.called]);
    section("Trigger sources", &all(&trigger.sources));
    section("Event", &[&trigger.request]);
    section("Response", &[&trigger.response]);
    section("Limits", &all(&trigger.limits));
    section("An error of the handler", &[&trigger.error]);
    let input = |input: &Input| format!("{}: {} ({})", input.name, input.help, input.values());
    let inputs: Vec<_> = scaffold.inputs.iter().map(input).collect();
    if !inputs.is_empty() {
        section("Inputs", &all(&inputs));
    }
    let amplify = format!("{} in Amplify", trigger.amplify);
    let cloudformation = format!("{} in CloudFormation", trigger.cloudformation);
    section("Names", &[&amplify, &cloudformation]);
    section("Wired here", &[&wired]);
    section("More", &[&trigger.docs]);
    text
}

fn all(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
