//! Triggers, as a table and as pages.

use std::slice::from_ref;

use serde::Serialize;
use serde_json::json;

use super::style::fill;
use super::{BOLD, CYAN, GREEN, SCHEMA, Ui};
use crate::catalog::{Bundle, Input, Offer, Scaffold};

/// A trigger, as shown to the user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    #[serde(flatten)]
    pub scaffold: Scaffold,
    /// Whether a function is called for it.
    #[serde(skip_serializing_if = "WiredHere::is_unknown")]
    pub wired: WiredHere,
    /// What to say of a scaffold that is not part of the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<String>,
}

/// A bundle of triggers, as shown to the user.
#[derive(Debug, Serialize)]
pub struct BundleRow {
    pub name: String,
    #[serde(flatten)]
    pub bundle: Bundle,
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
    /// What can be generated, by group.
    pub fn list(&self, offers: &[Offer], rows: &[Row], bundles: &[BundleRow]) {
        self.show(
            || table(offers, rows),
            || json!({ "schema": SCHEMA, "triggers": rows, "bundles": bundles }),
        );
        rows.iter().filter_map(|row| row.provenance.as_ref()).for_each(|note| self.note(note));
    }

    /// All that is known about some triggers.
    pub fn explain(&self, rows: &[Row]) {
        let pages = || rows.iter().map(page).collect::<Vec<_>>().join("\n");
        self.show(pages, || json!({ "schema": SCHEMA, "triggers": rows }));
    }
}

/// The offers by group, with the function that a trigger is wired to.
fn table(offers: &[Offer], rows: &[Row]) -> String {
    let width = offers.iter().map(|offer| offer.name.len()).max().unwrap_or(0);
    let groups = offers
        .chunk_by(|one, next| (&one.family, &one.group) == (&next.family, &next.group))
        .map(|group| {
            let lines = group.iter().map(|Offer { name, purpose, .. }| {
                let row = rows.iter().find(|row| row.scaffold.name == *name);
                let wired = match row.map(|row| &row.wired) {
                    Some(WiredHere::To(function)) => {
                        format!("  {:width$}  {GREEN}wired to {function}{GREEN:#}\n", "")
                    }
                    _ => String::new(),
                };
                format!("  {BOLD}{name:width$}{BOLD:#}  {purpose}\n{wired}")
            });
            let title = [&group[0].group, &group[0].family].into_iter().find(|it| !it.is_empty());
            let title = title.map_or("", String::as_str);
            format!("{CYAN}{title}{CYAN:#}\n{}", lines.collect::<String>())
        });
    groups.collect::<Vec<_>>().join("\n")
}

/// All that is known about a trigger.
fn page(row: &Row) -> String {
    let Row { scaffold, wired, provenance } = row;
    let wired = match wired {
        WiredHere::To(function) => format!("yes, to {function}"),
        WiredHere::No => format!("no: {}", scaffold.new_command()),
        WiredHere::NoProject => "there is no project here".to_owned(),
    };
    let summary = fill(&format!("{}.\n", scaffold.summary), WIDTH, "", "");
    let mut text = format!("{BOLD}{}{BOLD:#}\n{summary}", scaffold.name);
    let mut section = |title: &str, lines: &[String]| {
        text += &format!("\n{CYAN}{title}{CYAN:#}\n");
        for line in lines {
            text += &(fill(line, WIDTH, "  ", "    ") + "\n");
        }
    };
    if let Some(trigger) = &scaffold.trigger {
        section("Cognito calls it", from_ref(&trigger.called));
        section("Trigger sources", &trigger.sources);
        section("Event", from_ref(&trigger.request));
        section("Response", from_ref(&trigger.response));
        section("Limits", &trigger.limits);
        section("An error of the handler", from_ref(&trigger.error));
    }
    let input = |input: &Input| format!("{}: {} ({})", input.name, input.help, input.values());
    let inputs: Vec<_> = scaffold.inputs.iter().map(input).collect();
    if !inputs.is_empty() {
        section("Inputs", &inputs);
    }
    if let Some(trigger) = &scaffold.trigger {
        let amplify = format!("{} in Amplify", trigger.amplify);
        let cloudformation = format!("{} in CloudFormation", trigger.cloudformation);
        section("Names", &[amplify, cloudformation]);
    }
    if let Some(provenance) = provenance {
        section("Scaffold", from_ref(provenance));
    }
    section("Wired here", &[wired]);
    if let Some(trigger) = &scaffold.trigger {
        section("More", from_ref(&trigger.docs));
    }
    text
}

/// The width of a page, in columns.
const WIDTH: usize = 80;
