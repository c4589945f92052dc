//! One parameter may have several uses: they must agree on what it is.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::check::alternatives;
use crate::source::{Diagnostic, Place, SourceFile};

/// A place that uses a parameter, as its schema and the file say.
#[derive(Debug)]
pub struct Use {
    name: String,
    /// What JSON Schema calls the type of the value.
    kind: String,
    /// The default; a string is a list of one.
    default: Option<Vec<String>>,
    place: Place,
}

/// Adds all uses of parameters in a table to `uses`.
pub fn find(file: &SourceFile, table: &DeTable, schema: &Value, uses: &mut Vec<Use>) {
    let properties = &schema["properties"];
    if let Some(name) = table.get("parameter")
        && let Some(text) = name.get_ref().as_str()
        && let Some(kind) = properties["default"]["type"].as_str()
    {
        let default = table.get("default").map(|value| strings(value.get_ref()));
        let place = file.at(name.span());
        uses.push(Use { name: text.to_owned(), kind: kind.to_owned(), default, place });
        return;
    }
    for (key, value) in table.iter() {
        let rule = properties.get(key.get_ref().as_ref());
        find_in(file, value.get_ref(), rule.unwrap_or(&schema["additionalProperties"]), uses);
    }
}

fn find_in(file: &SourceFile, value: &DeValue, schema: &Value, uses: &mut Vec<Use>) {
    for branch in alternatives(schema).unwrap_or(std::slice::from_ref(schema)) {
        match value {
            DeValue::Array(items) => {
                items.iter().for_each(|item| find_in(file, item.get_ref(), &branch["items"], uses));
            }
            DeValue::Table(table) => find(file, table, branch, uses),
            _ => {}
        }
    }
}

fn strings(value: &DeValue) -> Vec<String> {
    match value {
        DeValue::Array(items) => items.iter().flat_map(|item| strings(item.get_ref())).collect(),
        value => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// The problems of uses that are not what an earlier one is.
pub fn problems(uses: &[Use]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut first: BTreeMap<&str, &Use> = BTreeMap::new();
    let mut defaults: BTreeMap<&str, &Use> = BTreeMap::new();
    for this in uses {
        let name = &this.name;
        let other = first.entry(name).or_insert(this);
        if other.kind != this.kind {
            let message = format!("the parameter `{name}` is both a string and an array");
            let label = format!("{} elsewhere", in_words(&other.kind));
            problems.push(this.place.problem(message, label));
        }
        let Some(default) = &this.default else {
            continue;
        };
        if defaults.entry(name).or_insert(this).default.as_ref() != Some(default) {
            let message = format!("the parameter `{name}` has two defaults");
            problems.push(this.place.problem(message, "give the default once, or the same one"));
        }
        if this.kind == "array" && default.iter().any(|item| item.contains(',')) {
            let message = format!("the parameter `{name}` cannot have a comma in an item");
            let label = "CloudFormation separates the items of a list by commas";
            problems.push(this.place.problem(message, label));
        }
    }
    problems
}

fn in_words(kind: &str) -> &str {
    if kind == "array" { "an array" } else { "a string" }
}
