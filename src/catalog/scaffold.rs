//! `scaffold.toml`: what a scaffold is, asks for and generates.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::family::{Family, FileRule, Resource};
use super::input::{self, Input};
use super::name::normalized;
use crate::cognito::{AUTH, EventVersion};
use crate::program::command;

/// One scaffold, as its `scaffold.toml` says.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scaffold {
    /// The name of its directory.
    #[serde(skip_deserializing)]
    pub name: String,
    /// What the generated thing does, in one sentence without a final stop.
    pub summary: String,
    /// What it is for, in a phrase of at most 40 characters, for lists [default: the summary].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The group that it is listed in, one of `groups` of `_shared` [default: after all groups].
    #[serde(default)]
    pub group: String,
    /// The trigger of the user pool that the function is for; none for one that something else calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// What makes the family's resource call it.
    #[serde(skip_serializing)]
    pub wiring: WiringRule,
    /// What the user can choose.
    #[serde(default, rename(deserialize = "input"))]
    pub inputs: Vec<Input>,
    /// What is generated.
    #[serde(default, skip_serializing)]
    pub files: Vec<FileRule>,
    /// The environment variables of the function.
    #[serde(default, skip_serializing)]
    pub environment: Vec<EnvironmentRule>,
    /// What the function may do with the user pool.
    #[serde(default, rename = "pool-permissions", skip_serializing)]
    pub pool_permissions: Option<PoolPermissions>,
    /// A template of the path, in the scaffold, of the directory with its sample events.
    #[serde(default = "events", skip_serializing)]
    pub events: String,
    /// The family that it is of.
    #[serde(skip)]
    pub family: Arc<Family>,
    /// Templates of what the user should know; one that comes out empty is not shown.
    #[serde(default, skip_serializing)]
    pub notes: Vec<String>,
}

/// A row of the table of user pool triggers.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// What Amplify calls it, in camelCase.
    pub amplify: String,
    /// Its property in `LambdaConfig` of `AWS::Cognito::UserPool`.
    pub cloudformation: String,
    /// Where `LambdaConfig` says which version of the event it gets, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioned: Option<Versioned>,
    /// The values of `triggerSource` that Cognito calls it with.
    pub sources: Vec<String>,
    /// When Cognito calls it: completes "Cognito calls it …", without a final stop.
    pub called: String,
    /// What the event says, in a sentence or two.
    pub request: String,
    /// What the handler can decide, in a sentence or two.
    pub response: String,
    /// Rules and limits that Cognito sets, a sentence each.
    pub limits: Vec<String>,
    /// What becomes of an error that the handler returns.
    pub error: String,
    /// Whether Cognito reads the `response` of the returned event.
    pub responds: bool,
    /// Whether Cognito does not wait for the function, and Lambda retries it after an error.
    #[serde(default)]
    pub asynchronous: bool,
    /// Where it stands in the flows that it takes part in, by the name of the flow: 1 is first.
    pub flows: BTreeMap<String, u8>,
    /// The page of the Cognito developer guide.
    pub docs: String,
}

/// A property of `LambdaConfig` that has the function with the version of the event.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Versioned {
    /// The property, such as `PreTokenGenerationConfig`.
    pub property: String,
    /// The versions there are; the first is what a trigger gets that does not ask.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub versions: Vec<EventVersion>,
}

/// What makes the resource call the function.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WiringRule {
    /// The keys that lead to its entry in `amplify/<resource>/resource.toml`, outermost first.
    pub key: Vec<String>,
    /// A template of the entry's value, in TOML.
    pub value: String,
    /// The keys that lead to the handler in what the resource's `define` takes, where they are not
    /// `key`; none for a trigger that it does not know.
    pub define: Option<Vec<String>>,
    /// What the user pool's `define` cannot say.
    pub r#override: Option<OverrideRule>,
}

/// The property of the user pool for versions of the event, which a function in TypeScript sets
/// itself.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OverrideRule {
    /// A template of the version of the event; one that comes out empty needs no override.
    pub version: String,
    /// A template of what it is for, in a sentence.
    pub comment: String,
}

impl WiringRule {
    /// The keys that lead to the entry.
    pub fn keys(&self) -> Vec<&str> {
        self.key.iter().map(String::as_str).collect()
    }

    /// The keys that lead to the handler in what the resource's `define` takes; none for a trigger
    /// that it does not know.
    pub fn define_keys(&self) -> Vec<&str> {
        self.define.as_ref().unwrap_or(&self.key).iter().map(String::as_str).collect()
    }
}

/// An environment variable of the function.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentRule {
    /// Its name, in capitals.
    pub name: String,
    /// A template of its value.
    pub value: String,
    /// A template of what it is for, in lines of at most 90 columns.
    pub comment: String,
    /// As in `files`.
    pub when: Option<String>,
}

/// What the function may do with the user pool.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolPermissions {
    /// Actions of an IAM policy.
    pub actions: Vec<String>,
    /// As in `files`.
    pub when: Option<String>,
}

/// `bundle.toml`: scaffolds of one family that make sense only together.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// What they do together, in one sentence without a final stop.
    pub summary: String,
    /// As of a [`Scaffold`].
    pub purpose: Option<String>,
    pub scaffolds: Vec<String>,
}

fn events() -> String {
    "events".to_owned()
}

/// The resources that call the functions of some scaffolds, sorted by name.
pub(crate) fn resources(scaffolds: &[Scaffold]) -> Vec<&Resource> {
    let resources = scaffolds.iter().map(|scaffold| &scaffold.family.resource);
    let by_name: BTreeMap<_, _> = resources.map(|resource| (&resource.name, resource)).collect();
    by_name.into_values().collect()
}

impl Scaffold {
    /// Its directory in the catalogue.
    pub(crate) fn directory(&self) -> String {
        format!("{}/{}", self.family.name, self.name)
    }

    /// The command that generates it.
    pub fn new_command(&self) -> String {
        command(&format!("new {} {}", self.family.name, self.name))
    }

    /// Whether it is called as its trigger. There can be others for the same trigger.
    pub fn has_name_of_trigger(&self) -> bool {
        let amplify = self.trigger.as_ref().map(|trigger| normalized(&trigger.amplify));
        amplify == Some(normalized(&self.name))
    }

    /// What its types do not rule out, each with the text that has it.
    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut add = |key: &str, problem: String| problems.push((key.to_owned(), problem));
        if self.wiring.key.is_empty() {
            add("key", "`key` has no keys".to_owned());
        }
        match &self.trigger {
            None if self.family.resource.name == AUTH => {
                add("", "there is no `[trigger]`, and the user pool calls it".to_owned());
            }
            Some(_) if self.family.resource.name != AUTH => {
                add("[trigger]", "`[trigger]` is for what the user pool calls".to_owned());
            }
            Some(trigger) if trigger.sources.is_empty() => {
                add("sources", "`sources` is empty".to_owned());
            }
            _ => {}
        }
        if self.versioned().is_some_and(|versioned| versioned.versions.is_empty()) {
            add("versions", "`versions` is empty".to_owned());
        }
        if let Some(permissions) = &self.pool_permissions {
            if self.family.resource.name != AUTH {
                let problem = "`[pool-permissions]` is for what the user pool calls";
                add("[pool-permissions]", problem.to_owned());
            }
            let is_action = |it: &&String| {
                let is_part = |c: char| c.is_ascii_alphanumeric() || "-*?".contains(c);
                let parts = it.split_once(':').map(|(service, action)| [service, action]);
                parts
                    .is_some_and(|it| it.iter().all(|it| !it.is_empty() && it.chars().all(is_part)))
            };
            for action in permissions.actions.iter().filter(|action| !is_action(action)) {
                let problem =
                    format!("`{action}` is not an action, such as `cognito-idp:ListUsers`");
                add(&format!("\"{action}\""), problem);
            }
        }
        for EnvironmentRule { name, .. } in &self.environment {
            let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if !name.starts_with(|c: char| c.is_ascii_uppercase()) || !name.chars().all(is_part) {
                let problem = format!("the variable `{name}` is not in capitals, digits and `_`");
                add(&format!("\"{name}\""), problem);
            }
        }
        problems.extend(input::problems(&self.inputs));
        problems
    }

    /// Where its sample events go.
    pub(super) fn event_files(&self) -> FileRule {
        FileRule { from: self.events.clone(), to: self.family.events.clone(), when: None }
    }

    /// The trigger sources that Cognito calls it with; none for a function that something else calls.
    pub fn sources(&self) -> &[String] {
        self.trigger.as_ref().map_or(&[], |trigger| &trigger.sources)
    }

    /// Where the user pool says which version of the event it gets, if it says so.
    pub fn versioned(&self) -> Option<&Versioned> {
        self.trigger.as_ref()?.versioned.as_ref()
    }

    /// The property of the user pool that has the function with the version of its event.
    pub fn versioned_property(&self) -> Option<String> {
        Some(format!("LambdaConfig.{}", self.versioned()?.property))
    }
}
