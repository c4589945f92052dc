//! A CloudFormation template under construction.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::cfn::{reference, set_optional};
use crate::catalog::pascal;
use crate::error::{Error, Result};
use crate::model::Secret;

const FORMAT: &str = "2010-09-09";
const DESCRIPTION: &str = "Amplify auth with triggers in Rust";

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
    parameters: IndexMap<String, Secret>,
    resources: Map<String, Value>,
    outputs: Map<String, Value>,
    /// Logical IDs of more than one resource.
    collisions: Vec<String>,
}

impl Template {
    /// The template as CloudFormation reads it.
    pub fn to_value(&self) -> Value {
        let parameters: Map<_, _> = self
            .parameters
            .iter()
            .map(|(id, secret)| {
                let parameter = json!({
                    "Type": "String",
                    "NoEcho": true,
                    "Description": format!("The secret {}", secret.secret),
                });
                (id.clone(), parameter)
            })
            .collect();
        let mut template = json!({
            "AWSTemplateFormatVersion": FORMAT,
            "Description": DESCRIPTION,
            // Local paths to code are right: `sam` and `aws cloudformation package` upload the
            // files.
            "Metadata": { "cfn-lint": { "config": { "ignore_checks": ["W3002"] } } },
        });
        if !parameters.is_empty() {
            template["Parameters"] = parameters.into();
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

    /// Checks that no resource has replaced another.
    pub(super) fn check_ids(&self) -> Result<()> {
        let Some(id) = self.collisions.first() else {
            return Ok(());
        };
        Err(Error::failed(format!("two resources would both be `{id}`"))
            .hint("rename one of the groups, functions or providers that the ID is made of"))
    }

    /// A reference to the parameter for a secret, which is added if necessary.
    pub(super) fn secret(&mut self, secret: &Secret) -> Result<Value> {
        let id = pascal(&secret.secret);
        let known = self.parameters.entry(id.clone()).or_insert_with(|| secret.clone());
        if known != secret {
            return Err(Error::failed(format!(
                "the secrets `{}` and `{}` would both be the parameter {id}",
                known.secret, secret.secret
            ))
            .hint(format!("rename `{}` where it is used", secret.secret)));
        }
        Ok(reference(&id))
    }

    pub(super) fn output(&mut self, name: &str, value: impl Into<Value>) {
        let value: Value = value.into();
        self.outputs.insert(name.to_owned(), json!({ "Value": value }));
    }
}
