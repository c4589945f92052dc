//! What the templates of a scaffold use, in all of its files, whatever is chosen.

use std::collections::BTreeSet;

use toml::Value;

use super::answers::Answers;
use super::render::Renderer;
use super::scaffold::Scaffold;
use super::template::Uses;
use super::{Catalog, SCAFFOLD};
use crate::source::Diagnostic;

/// What templates use, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Survey {
    /// The names of variables.
    pub variables: BTreeSet<String>,
    /// The files of partials, by their paths.
    pub partials: BTreeSet<String>,
    pub problems: Vec<Diagnostic>,
}

impl Catalog {
    /// Looks at all templates of a scaffold: those of its own and those of its family.
    pub fn survey(&self, scaffold: &Scaffold, answers: &Answers) -> Survey {
        let renderer = Renderer::new(self, scaffold, answers);
        let mut survey = Survey::default();
        for owner in [scaffold.family.directory(), scaffold.directory()] {
            for (file, text) in self.directory(&format!("{owner}/")) {
                let mut templates = vec![file.to_owned()];
                if file == SCAFFOLD {
                    let value = toml::from_str(text).unwrap_or(Value::Boolean(false));
                    strings(&value, &mut templates);
                } else if file.ends_with(".hbs") && !file.starts_with("partials/") {
                    templates.push(text.to_owned());
                }
                for template in templates.iter().filter(|text| text.contains("{{")) {
                    match renderer.templates.check(template) {
                        Ok(uses) => survey.add(&uses, self, scaffold),
                        Err(faults) => survey.problems.extend(
                            faults
                                .iter()
                                .map(|fault| self.fault(scaffold, (&owner, file), template, fault)),
                        ),
                    }
                }
            }
        }
        survey
    }
}

impl Survey {
    fn add(&mut self, uses: &Uses, catalog: &Catalog, scaffold: &Scaffold) {
        self.variables.extend(uses.variables.iter().cloned());
        let partials = uses.partials.iter();
        self.partials.extend(partials.map(|name| catalog.partial(scaffold, name)));
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Table(table) => table.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}
