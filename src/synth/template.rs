//! A CloudFormation template under construction.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::cfn::{present, reference};
use super::names::with_hash;
use crate::catalog::pascal;
use crate::error::{Error, Result};
use crate::model::Secret;
use crate::model::setting::{Parameter, Setting};

const FORMAT: &str = "2010-09-09";
const DESCRIPTION: &str = "Amplify auth with triggers in Rust";

/// Source: quotas of CloudFormation.
const MOST_RESOURCES: usize = 500;

/// Whether a file begins like a template of [`Template::to_value`], in JSON or YAML.
pub fn is_template(text: &str) -> bool {
    let lines = text.lines().map(|line| line.replace(['{', '"', '\'', ','], ""));
    let lines: Vec<_> = lines.filter(|line| !line.trim().is_empty()).take(2).collect();
    let expected =
        [format!("AWSTemplateFormatVersion: {FORMAT}"), format!("Description: {DESCRIPTION}")];
    lines.iter().map(|line| line.trim()).eq(expected)
}

/// A template, with parameters, resources and outputs in the order in which they were added.
#[derive(Debug, Default)]
pub struct Template {
    /// Parameters by their names in `resource.toml`; they get IDs in [`Self::finish`].
    declared: IndexMap<String, Value>,
    parameters: Map<String, Value>,
    resources: Map<String, Value>,
    outputs: Map<String, Value>,
    /// Logical IDs that were given twice.
    collisions: Vec<String>,
}

impl Template {
    /// The template as CloudFormation reads it.
    pub fn to_value(&self) -> Value {
        let mut template = json!({
            "AWSTemplateFormatVersion": FORMAT,
            "Description": DESCRIPTION,
            // Local paths to code are right: `sam` and `aws cloudformation package` upload the
            // files.
            "Metadata": { "cfn-lint": { "config": { "ignore_checks": ["W3002"] } } },
        });
        if !self.parameters.is_empty() {
            template["Parameters"] = self.parameters.clone().into();
        }
        template["Resources"] = self.resources.clone().into();
        template["Outputs"] = self.outputs.clone().into();
        template
    }

    pub(super) fn resource(&mut self, id: &str, kind: &str, properties: Value) {
        self.resource_with(id, kind, None, properties);
    }

    pub(super) fn resource_with(
        &mut self,
        id: &str,
        kind: &str,
        metadata: Option<Value>,
        properties: Value,
    ) {
        let resource = json!({ "Type": kind, "Metadata": metadata, "Properties": properties });
        let other = self.resources.insert(id.to_owned(), present(resource));
        self.collisions.extend(other.map(|_| id.to_owned()));
    }

    /// `id`, or with a hash of `name` where a resource has that ID already.
    pub(super) fn free_id(&self, id: String, name: &str) -> String {
        if self.resources.contains_key(&id) { with_hash(&id, name) } else { id }
    }

    /// A reference to the parameter for a secret.
    pub(super) fn secret(&mut self, secret: &Secret) -> Value {
        let name = &secret.secret;
        let description = format!("The secret {name}");
        let parameter = json!({ "Type": "String", "NoEcho": true, "Description": description });
        self.declare(name, parameter)
    }

    /// The value of a setting, or a reference to its parameter.
    pub(super) fn setting<T: ParameterValue>(&mut self, setting: &Setting<T>) -> Value {
        match setting {
            Setting::Fixed(value) => json!(value),
            Setting::Parameter(parameter) => self.parameter(parameter),
        }
    }

    /// A reference to a parameter.
    pub(super) fn parameter<T: ParameterValue>(&mut self, parameter: &Parameter<T>) -> Value {
        let declared = json!({
            "Type": T::TYPE,
            "Default": parameter.default.as_ref().map(ParameterValue::to_text),
            "Description": format!("The parameter {}", parameter.name),
        });
        self.declare(&parameter.name, present(declared))
    }

    /// A default need not be given at each use.
    fn declare(&mut self, name: &str, parameter: Value) -> Value {
        let known = self.declared.entry(name.to_owned()).or_insert_with(|| parameter.clone());
        if known["Description"] != parameter["Description"] {
            self.collisions.push(name.to_owned());
        }
        if let Some(default) = parameter.get("Default") {
            known["Default"] = default.clone();
        }
        reference(&unnamed(name))
    }

    /// Gives the parameters their IDs, and checks that no ID was given twice and that a stack can
    /// have all resources.
    pub(super) fn finish(mut self) -> Result<Self> {
        let wished: BTreeMap<_, _> =
            self.declared.keys().map(|name| (name, pascal(name))).collect();
        let is_taken = |id: &String| {
            self.resources.contains_key(id)
                || wished.values().filter(|other| *other == id).count() > 1
        };
        let mut ids = BTreeMap::new();
        for (name, parameter) in &self.declared {
            let id = &wished[name];
            let id = if is_taken(id) { with_hash(id, name) } else { id.clone() };
            let other = self.parameters.insert(id.clone(), parameter.clone());
            if other.is_some() || self.resources.contains_key(&id) {
                self.collisions.push(id.clone());
            }
            ids.insert(unnamed(name), id);
        }
        if !ids.is_empty() {
            let values = self.resources.values_mut().chain(self.outputs.values_mut());
            values.for_each(|value| name_references(value, &ids));
        }
        match self.collisions.first() {
            None if self.resources.len() > MOST_RESOURCES => Err(Error::failed(format!(
                "the template would have {} resources, and a stack has at most {MOST_RESOURCES}",
                self.resources.len()
            ))
            .hint("remove groups (two resources each) or functions")),
            None => Ok(self),
            Some(id) => Err(Error::failed(format!("two resources would both be `{id}`")).hint(
                "rename one of the groups, functions, providers, secrets or parameters that the ID is \
                 made of",
            )),
        }
    }

    /// Sets the outputs to the values of an object.
    pub(super) fn outputs(&mut self, values: Value) {
        let Value::Object(values) = present(values) else {
            return;
        };
        let outputs = values.into_iter().map(|(name, value)| (name, json!({ "Value": value })));
        self.outputs = outputs.collect();
    }
}

/// What a reference to a parameter is until the parameter has an ID.
fn unnamed(parameter: &str) -> String {
    format!("parameter {parameter}")
}

/// What CloudFormation takes as a parameter.
pub(super) trait ParameterValue: Serialize {
    const TYPE: &'static str;

    /// The value as a default is written.
    fn to_text(&self) -> String;
}

impl ParameterValue for String {
    const TYPE: &'static str = "String";

    fn to_text(&self) -> String {
        self.clone()
    }
}

impl ParameterValue for Vec<String> {
    const TYPE: &'static str = "CommaDelimitedList";

    fn to_text(&self) -> String {
        self.join(",")
    }
}

fn name_references(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(id) if key == "Ref" => {
                        if let Some(named) = ids.get(id) {
                            id.clone_from(named);
                        }
                    }
                    value => name_references(value, ids),
                }
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|item| name_references(item, ids)),
        _ => {}
    }
}
