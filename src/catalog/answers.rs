//! The user's choices, checked and complete.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::input::{Input, InputKind, Samples};
use super::name::{check_function_name, suggestion};
use super::scaffold::Scaffold;
use super::typescript::identifier;
use crate::error::{Error, Result};

/// What the user gave: values by input name, in the order of the command line.
pub type Given = Vec<(String, String)>;

/// The choice for each input: enough to generate the same again. A list with a sample is no choice.
pub type Choices = BTreeMap<String, Choice>;

/// A choice for an input.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Choice {
    /// The value.
    One(String),
    /// The items of a list.
    Many(Vec<String>),
}

impl Choice {
    /// The values that a user would give for it.
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// One valid answer to each question of a scaffold.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The name of the function, its directory, its crate and its binary.
    pub name: String,
    /// What the user gave this time.
    given: Given,
    /// Those values and the defaults.
    choices: Choices,
    /// All variables of the templates.
    context: Map<String, Value>,
}

impl Answers {
    /// Completes what the user gave with the defaults of `scaffold`.
    pub fn new(scaffold: &Scaffold, name: Option<&str>, given: &Given) -> Result<Self> {
        let name = name.unwrap_or(&scaffold.name);
        check_function_name(name)?;
        for (input, _) in given {
            check_input(scaffold, input)?;
        }
        let is_given = |name: &String| given.iter().any(|(input, _)| input == name);
        let samples =
            if scaffold.inputs.iter().any(|input| input.is_sample() && is_given(&input.name)) {
                Samples::LeftOut
            } else {
                Samples::Shown
            };
        let mut context = Map::new();
        context.insert("name".to_owned(), json!(name));
        for (fact, value) in project_facts(name) {
            context.insert(fact.to_owned(), value);
        }
        context.insert("summary".to_owned(), json!(scaffold.summary));
        context.insert("trigger".to_owned(), json!(scaffold.trigger));
        let mut choices = Choices::new();
        for input in inputs(scaffold) {
            let values = given.iter().filter(|(name, _)| *name == input.name);
            let values: Vec<_> = values.map(|(_, value)| value.as_str()).collect();
            let answer = input.answer(&values, samples)?;
            let choice = match &answer {
                Value::String(value) => Some(Choice::One(value.clone())),
                Value::Bool(value) => Some(Choice::One(value.to_string())),
                _ if values.is_empty() => None,
                _ => Some(Choice::Many(values.into_iter().map(str::to_owned).collect())),
            };
            choices.extend(choice.map(|choice| (input.name.clone(), choice)));
            context.insert(input.name.replace('-', "_"), answer);
        }
        Ok(Self { name: name.to_owned(), given: given.clone(), choices, context })
    }

    /// The same for a function that was generated with earlier choices, which hold where the user
    /// gives no value and the input still exists.
    pub fn upon(&self, earlier: &Choices, scaffold: &Scaffold) -> Result<Self> {
        let is_given = |name: &String| self.given.iter().any(|(input, _)| input == name);
        let is_input = |name: &String| inputs(scaffold).any(|input| input.name == *name);
        let kept = earlier.iter().filter(|(name, _)| is_input(name) && !is_given(name));
        let kept = kept.flat_map(|(input, choice)| {
            choice.values().iter().map(|value| (input.clone(), value.clone()))
        });
        let given = kept.chain(self.given.iter().cloned()).collect();
        Ok(Self { given: self.given.clone(), ..Self::new(scaffold, Some(&self.name), &given)? })
    }

    /// The choices of the user and the defaults.
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// All combinations of the values of inputs that have few, the defaults first.
    pub fn possible(scaffold: &Scaffold) -> Vec<Choices> {
        inputs(scaffold).fold(vec![Choices::new()], |choices, input| {
            let with = |value: String| {
                choices.iter().cloned().map(move |mut choices| {
                    choices.insert(input.name.clone(), Choice::One(value.clone()));
                    choices
                })
            };
            match input.few() {
                few if few.is_empty() => choices.clone(),
                few => few.into_iter().flat_map(with).collect(),
            }
        })
    }

    /// Sets a variable of the templates that depends on the project.
    pub fn tell(&mut self, name: &str, value: impl Into<Value>) {
        self.context.insert(name.to_owned(), value.into());
    }

    pub(crate) fn context(&self) -> &Map<String, Value> {
        &self.context
    }
}

/// The variables that depend on the project, for a function that is declared in TOML and whose
/// crate is a member of a workspace at the project's root.
fn project_facts(name: &str) -> [(&'static str, Value); 7] {
    [
        ("wiring", json!("toml")),
        ("resource_file", json!("resource.toml")),
        ("membership", json!("member")),
        ("own_workspace", json!(false)),
        ("target", json!("../../../target")),
        ("login_with", json!("email")),
        ("export", json!(identifier(name))),
    ]
}

/// The inputs of a scaffold: its own, and the architecture.
fn inputs(scaffold: &Scaffold) -> impl Iterator<Item = &Input> {
    static ARCHITECTURE: LazyLock<Input> = LazyLock::new(|| {
        let choices = ["x86_64", "arm64"].map(str::to_owned).to_vec();
        let default = choices[0].clone();
        Input {
            name: "architecture".to_owned(),
            help: "What the function runs on".to_owned(),
            kind: InputKind::Choice { choices, default },
        }
    });
    scaffold.inputs.iter().chain([&*ARCHITECTURE])
}

/// Checks that a scaffold has an input of this name.
///
/// # Errors
/// When it has none, with the nearest one.
pub fn check_input(scaffold: &Scaffold, name: &str) -> Result<()> {
    if inputs(scaffold).any(|input| input.name == name) {
        return Ok(());
    }
    let names: Vec<_> = scaffold.inputs.iter().map(|input| input.name.as_str()).collect();
    let error = Error::usage(format!("{} does not take `{name}`", scaffold.name));
    Err(match names.as_slice() {
        [] => error.hint("it has no inputs of its own"),
        names => error.hint(suggestion(name, names)),
    })
}
