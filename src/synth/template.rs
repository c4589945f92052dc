//! A CloudFormation template under construction.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::cfn::{reference, set_optional};
use super::names::with_hash;
use crate::catalog::pascal;
use crate::error::{Error, Result};
use crate::model::Secret;

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
    secrets: IndexSet<String>,
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
        let mut resource = json!({ "Type": kind });
        set_optional(&mut resource, "Metadata", metadata);
        resource["Properties"] = properties;
        let other = self.resources.insert(id.to_owned(), resource);
        self.collisions.extend(other.map(|_| id.to_owned()));
    }

    /// `id`, or with a hash of `name` where a resource has that ID already.
    pub(super) fn free_id(&self, id: String, name: &str) -> String {
        if self.resources.contains_key(&id) { with_hash(&id, name) } else { id }
    }

    /// A reference to the parameter for a secret. Parameters get their IDs when all resources have
    /// theirs.
    pub(super) fn secret(&mut self, secret: &Secret) -> Value {
        self.secrets.insert(secret.secret.clone());
        reference(&unnamed(&secret.secret))
    }

    /// Gives the parameters their IDs, and checks that no ID was given twice and that a stack can
    /// have all resources.
    pub(super) fn finish(mut self) -> Result<Self> {
        let wished: BTreeMap<_, _> = self.secrets.iter().map(|name| (name, pascal(name))).collect();
        let is_taken = |id: &String| {
            self.resources.contains_key(id)
                || wished.values().filter(|other| *other == id).count() > 1
        };
        let mut ids = BTreeMap::new();
        for name in &self.secrets {
            let id = &wished[name];
            let id = if is_taken(id) { with_hash(id, name) } else { id.clone() };
            let parameter = json!({
                "Type": "String",
                "NoEcho": true,
                "Description": format!("The secret {name}"),
            });
            let other = self.parameters.insert(id.clone(), parameter);
            if other.is_some() || self.resources.contains_key(&id) {
                self.collisions.push(id.clone());
            }
            ids.insert(unnamed(name), id);
        }
        if !ids.is_empty() {
            self.resources.values_mut().for_each(|resource| name_references(resource, &ids));
        }
        match self.collisions.first() {
            None if self.resources.len() > MOST_RESOURCES => Err(Error::failed(format!(
                "the template would have {} resources, and a stack has at most {MOST_RESOURCES}",
                self.resources.len()
            ))
            .hint("remove groups, each of which is two resources, or functions")),
            None => Ok(self),
            Some(id) => Err(Error::failed(format!("two resources would both be `{id}`")).hint(
                "rename one of the groups, functions, providers or secrets that the ID is made of",
            )),
        }
    }

    pub(super) fn output(&mut self, name: &str, value: impl Into<Value>) {
        let value: Value = value.into();
        self.outputs.insert(name.to_owned(), json!({ "Value": value }));
    }
}

/// What a reference to the parameter for a secret is until the parameter has an ID.
fn unnamed(secret: &str) -> String {
    format!("secret {secret}")
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
