//! One parameter may have several uses: they must agree on what it is.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

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

/// The use of a parameter that a table is, if its schema is that of one.
pub fn used(file: &SourceFile, table: &DeTable, schema: &Value) -> Option<Use> {
    let kind = schema["properties"]["default"]["type"].as_str();
    let kind = kind.filter(|_| schema["properties"].get("parameter").is_some())?;
    let name = table.get("parameter")?;
    Some(Use {
        name: name.get_ref().as_str()?.to_owned(),
        kind: kind.to_owned(),
        default: table.get("default").map(|value| strings(value.get_ref())),
        place: file.at(name.span()),
    })
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
