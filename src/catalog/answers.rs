//! The user's choices, checked and complete.

use serde_json::{Map, Value, json};

use super::input::Samples;
use super::name::{check_function_name, nearest};
use super::scaffold::Scaffold;
use super::typescript::identifier;
use crate::error::{Error, Result};

/// What the user gave: values by input name, in the order of the command line.
pub type Given = Vec<(String, String)>;

/// One valid answer to each question of a scaffold.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The name of the function, its folder, its crate and its binary.
    pub name: String,
    /// All that templates know.
    context: Map<String, Value>,
}

impl Answers {
    /// Completes what the user gave with the defaults of `scaffold`.
    ///
    /// # Errors
    /// When the name or a value cannot work, or the scaffold has no such input.
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
        for input in &scaffold.inputs {
            let values = given.iter().filter(|(name, _)| *name == input.name);
            let values: Vec<_> = values.map(|(_, value)| value.as_str()).collect();
            let answer = input.answer(&values, samples)?;
            context.insert(input.name.replace('-', "_"), answer);
        }
        Ok(Self { name: name.to_owned(), context })
    }

    /// Tells templates about the project that they are for: `name` is `value`.
    pub fn tell(&mut self, name: &str, value: impl Into<Value>) {
        self.context.insert(name.to_owned(), value.into());
    }

    #[must_use]
    pub(crate) fn context(&self) -> &Map<String, Value> {
        &self.context
    }
}

/// What templates know of the project, where nobody has told them otherwise: the function is
/// described in TOML, its crate is a member of a workspace at the project's root, and it runs
/// on what Amplify runs functions on.
fn project_facts(name: &str) -> [(&'static str, Value); 7] {
    [
        ("wiring", json!("toml")),
        ("resource_file", json!("resource.toml")),
        ("architecture", json!("x86_64")),
        ("membership", json!("member")),
        ("target", json!("../../../target")),
        ("login_with", json!("email")),
        ("export", json!(identifier(name))),
    ]
}

fn check_input(scaffold: &Scaffold, name: &str) -> Result<()> {
    let names: Vec<_> = scaffold.inputs.iter().map(|input| input.name.as_str()).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let error = Error::usage(format!("{} has no input `{name}`", scaffold.name));
    Err(match nearest(name, &names) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => error.hint("it has no inputs"),
        None => error.hint(format!("its inputs are: {}", names.join(", "))),
    })
}
