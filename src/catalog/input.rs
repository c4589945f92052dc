//! Inputs of scaffolds, and the values that they accept.

use heck::ToKebabCase;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::name::suggestion;
use super::vocabulary::VARIABLES;
use crate::cognito::{Protection, check_group_name, claim_protection};
use crate::error::{Error, Result};

#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// The name, in kebab-case; templates know it in snake_case.
    pub name: String,
    /// What is chosen, in a phrase without a final stop.
    pub help: String,
    #[serde(flatten)]
    pub kind: InputKind,
}

/// The type of an input.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum InputKind {
    /// One of a few values.
    Choice {
        /// The values.
        choices: Vec<String>,
        /// The value if none is given.
        default: String,
    },
    /// Yes or no [default: no].
    Flag,
    /// Names of user pool groups.
    Groups {
        /// The value when no input that has a sample is given.
        sample: Vec<String>,
    },
    /// Claims as `NAME=VALUE`.
    Claims {
        /// The value when no input that has a sample is given.
        sample: Vec<String>,
    },
}

impl Input {
    /// Whether it has a sample, which is left out as soon as the user gives values of their own.
    pub fn is_sample(&self) -> bool {
        matches!(self.kind, InputKind::Groups { .. } | InputKind::Claims { .. })
    }

    /// The values that it accepts, where they are few; the default comes first.
    pub(super) fn few(&self) -> Vec<String> {
        match &self.kind {
            InputKind::Choice { choices, default } => {
                let others = choices.iter().filter(|choice| *choice != default);
                [default].into_iter().chain(others).cloned().collect()
            }
            InputKind::Flag => vec!["false".to_owned(), "true".to_owned()],
            InputKind::Groups { .. } | InputKind::Claims { .. } => Vec::new(),
        }
    }

    /// The values that it accepts and the default, for help texts.
    pub fn values(&self) -> String {
        match &self.kind {
            InputKind::Choice { choices, default } => {
                format!("{} [default: {default}]", choices.join(", "))
            }
            InputKind::Flag => "true, false [default: false]".to_owned(),
            InputKind::Groups { sample } => {
                format!("NAME, repeatable [sample: {}]", sample.join(", "))
            }
            InputKind::Claims { sample } => {
                format!("NAME=VALUE, repeatable [sample: {}]", sample.join(", "))
            }
        }
    }

    /// The value as templates see it; `given` are the values that the user gave.
    pub(super) fn answer(&self, given: &[&str], samples: Samples) -> Result<Value> {
        match &self.kind {
            InputKind::Choice { choices, default } => {
                let chosen = self.choice(given, choices, default)?;
                Ok(json!(chosen))
            }
            InputKind::Flag => {
                let choices = ["false".to_owned(), "true".to_owned()];
                let chosen = self.choice(given, &choices, "false")?;
                Ok(json!(chosen == "true"))
            }
            InputKind::Groups { sample } => {
                let names = samples.or(given, sample);
                self.distinct(names.iter().copied())?;
                names.iter().try_for_each(|name| self.check_group(name))?;
                Ok(json!(names))
            }
            InputKind::Claims { sample } => {
                let claims = samples.or(given, sample);
                let claims: Vec<_> =
                    claims.iter().map(|text| self.claim(text)).collect::<Result<_>>()?;
                self.distinct(claims.iter().map(|(name, _)| *name))?;
                let pair = |(name, value): &(&str, &str)| json!({ "name": name, "value": value });
                Ok(claims.iter().map(pair).collect())
            }
        }
    }

    fn choice<'a>(
        &self,
        given: &[&str],
        choices: &'a [String],
        default: &'a str,
    ) -> Result<&'a str> {
        let given = match given {
            [] => return Ok(default),
            [one] => *one,
            _ => {
                return Err(Error::usage(format!("the input `{}` is given twice", self.name)));
            }
        };
        if let Some(choice) = choices.iter().find(|choice| choice.eq_ignore_ascii_case(given)) {
            return Ok(choice);
        }
        Err(Error::usage(format!("`{given}` is not a value of the input `{}`", self.name))
            .hint(suggestion(given, choices)))
    }

    fn check_group(&self, name: &str) -> Result<()> {
        check_group_name(name).map_err(|problem| {
            Error::failed(format!("the group `{}` {problem}", name.escape_debug()))
                .hint(format!("choose a name without blanks: `--{} admins`", self.name))
        })
    }

    fn claim<'a>(&self, text: &'a str) -> Result<(&'a str, &'a str)> {
        let flag = &self.name;
        let Some((name, value)) = text.split_once('=') else {
            return Err(Error::usage(format!("`{text}` has no `=` between name and value"))
                .hint(format!("write `--{flag} {text}=VALUE`")));
        };
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(Error::failed(format!(
                "the claim `{}` has no name that can be printed",
                text.escape_debug()
            ))
            .hint(format!("write `--{flag} NAME={value}`")));
        }
        let Some(protection) = claim_protection(name) else {
            return Ok((name, value));
        };
        let (why, instead) = match protection {
            Protection::Fixed => (
                "is Cognito's own and cannot be changed",
                format!("choose another name: `--{flag} app_{}={value}`", name.replace(':', "_")),
            ),
            Protection::Groups => (
                "is made from the user's groups",
                "name the groups instead: `--group NAME`".to_owned(),
            ),
            Protection::Scopes => (
                "is made from the scopes",
                "add scopes in `handler.rs` with `.scope(NAME)`, for events V2_0 and V3_0"
                    .to_owned(),
            ),
            Protection::SuppressOnly => (
                "is a developer attribute, which can be left out but not set",
                format!("choose another name: `--{flag} {}={value}`", name.replace("dev:", "app:")),
            ),
            Protection::Audience => (
                "can only be the app client, and only in the access token",
                "set it in `handler.rs` from `event.caller_context.client_id`".to_owned(),
            ),
        };
        Err(Error::failed(format!("the claim `{name}` {why}")).hint(instead))
    }

    fn distinct<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<()> {
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::failed(format!(
                "`--{} {}` is given twice",
                self.name,
                pair[0].escape_debug()
            ))
            .hint("give each name once")),
            None => Ok(()),
        }
    }
}

/// Whether samples are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Samples {
    /// The user gave no values of their own.
    Shown,
    LeftOut,
}

impl Samples {
    fn or<'a>(self, given: &[&'a str], sample: &'a [String]) -> Vec<&'a str> {
        match self {
            Self::Shown => sample.iter().map(String::as_str).collect(),
            Self::LeftOut => given.to_vec(),
        }
    }
}

/// What the types of inputs do not rule out, each with the text that has it.
pub(super) fn problems(inputs: &[Input]) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let mut add = |key: &str, problem: String| problems.push((key.to_owned(), problem));
    for (index, input) in inputs.iter().enumerate() {
        let name = &input.name;
        let place = format!("\"{name}\"");
        if name.is_empty() || *name != name.to_kebab_case() {
            add(&place, format!("the input `{name}` is not in kebab-case"));
        }
        if VARIABLES.iter().any(|(known, _)| *known == name.replace('-', "_")) {
            add(&place, format!("the input `{name}` has the name of a variable of all templates"));
        }
        if name == "architecture" || inputs[..index].iter().any(|it| it.name == *name) {
            add(&place, format!("there are two inputs `{name}`"));
        }
        if let InputKind::Choice { choices, default } = &input.kind
            && !choices.contains(default)
        {
            let problem = format!("the default `{default}` of `{name}` is not one of `choices`");
            add(&format!("\"{default}\""), problem);
        }
    }
    problems
}
