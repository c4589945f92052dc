//! Looks a template through: what it uses, and what is wrong with it.

use std::collections::BTreeSet;

use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, PathSeg, Template};
use serde_json::Value;

use super::{DEPTH, Fault, Position, Templates, parsed};
use crate::catalog::name::suggestion;
use crate::catalog::vocabulary::{HELPERS, VARIABLES};

/// How many steps a template may take, with each list at its full length.
const STEPS: usize = 20_000;

/// What a template uses.
#[derive(Debug, Default)]
pub struct Uses {
    pub variables: BTreeSet<String>,
    pub partials: BTreeSet<String>,
}

impl Templates<'_> {
    /// Looks a template through. Returns what it uses.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self, text: &str) -> Result<Uses, Vec<Fault>> {
        let template = parsed(text, None).map_err(|fault| vec![fault])?;
        let longest = longest(self.context.data());
        let uses = Uses::default();
        let mut walk = Walk { templates: self, longest, steps: 0, uses, faults: Vec::new() };
        let names = KnownNames { partial: None, more: Vec::new(), are_items: false };
        walk.template(&template, &names, (1, 0), (1, 1));
        if walk.faults.is_empty() { Ok(walk.uses) } else { Err(walk.faults) }
    }

    /// Whether there is a variable of this name.
    fn has(&self, name: &str) -> bool {
        self.context.data().get(name).is_some() || VARIABLES.iter().any(|(known, _)| *known == name)
    }
}

/// The names that a part of a template can use.
#[derive(Clone)]
struct KnownNames {
    /// The partial that it is in.
    partial: Option<String>,
    /// What the partial was given.
    more: Vec<String>,
    /// In a block for items, names may be those of their members.
    are_items: bool,
}

struct Walk<'t, 'a> {
    templates: &'t Templates<'a>,
    longest: usize,
    steps: usize,
    uses: Uses,
    faults: Vec<Fault>,
}

impl Walk<'_, '_> {
    /// Looks at a template that is filled in this many times, this deep in others.
    fn template(
        &mut self,
        template: &Template,
        names: &KnownNames,
        (times, depth): (usize, usize),
        start: Position,
    ) {
        if depth > DEPTH {
            return self.fault(
                names,
                start,
                format!("more than {DEPTH} blocks, calls or partials in each other"),
                "",
            );
        }
        for (index, element) in template.elements.iter().enumerate() {
            // Those of an `else` that goes on have no place of their own.
            let place = template.mapping.get(index).map_or(start, |place| (place.0, place.1));
            self.steps = self.steps.saturating_add(times);
            if self.steps > STEPS {
                if self.faults.is_empty() {
                    self.fault(
                        names,
                        place,
                        format!("the template takes more than {STEPS} steps"),
                        "use fewer `each` and partials in each other",
                    );
                }
                return;
            }
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => {
                    self.call(call, names, depth, place);
                }
                TemplateElement::HelperBlock(block) => {
                    self.block(block, names, (times, depth), place)
                }
                TemplateElement::PartialExpression(partial) => {
                    self.partial(partial, names, (times, depth), place)
                }
                // Blocks for partials, and decorators, which could define more of them.
                _ => {
                    self.fault(
                        names,
                        place,
                        "partials are files, and take no blocks".to_owned(),
                        "move it to `partials/NAME.hbs`, and write `{{> NAME}}`",
                    );
                }
            }
        }
    }

    fn block(
        &mut self,
        block: &HelperTemplate,
        names: &KnownNames,
        (times, depth): (usize, usize),
        place: Position,
    ) {
        let name = block.name.as_name().unwrap_or_default();
        let (times_inside, are_items) = match name {
            "if" | "unless" => (times, names.are_items),
            "each" => (times.saturating_mul(self.longest), true),
            "with" => (times, true),
            _ => {
                return self.fault(
                    names,
                    place,
                    format!("`{name}` is not a block"),
                    &suggestion(name, &["if", "unless", "each", "with"]),
                );
            }
        };
        self.parameters(block, names, depth, place);
        let inside = KnownNames { are_items, ..names.clone() };
        if let Some(template) = &block.template {
            self.template(template, &inside, (times_inside, depth + 1), place);
        }
        if let Some(template) = &block.inverse {
            // A chain of `else if` is no deeper than its first block.
            let depth = if block.chain { depth } else { depth + 1 };
            self.template(template, names, (times, depth), place);
        }
    }

    fn partial(
        &mut self,
        partial: &DecoratorTemplate,
        names: &KnownNames,
        (times, depth): (usize, usize),
        place: Position,
    ) {
        let Some(name) = partial.name.as_name() else {
            return self.fault(
                names,
                place,
                "the name of a partial is computed".to_owned(),
                "write it out: `{{> NAME}}`",
            );
        };
        let Some(text) = self.templates.partials.get(name) else {
            let mut known: Vec<_> = self.templates.partials.keys().collect();
            known.sort_unstable();
            return self.fault(
                names,
                place,
                format!("there is no partial `{name}`"),
                &suggestion(name, &known),
            );
        };
        for parameter in partial.params.iter().chain(partial.hash.values()) {
            self.parameter(parameter, names, depth, place);
        }
        self.uses.partials.insert(name.to_owned());
        let inside = KnownNames {
            partial: Some(name.to_owned()),
            more: partial.hash.keys().chain(&names.more).cloned().collect(),
            are_items: names.are_items || !partial.params.is_empty(),
        };
        match parsed(text, Some(name)) {
            Ok(template) => self.template(&template, &inside, (times, depth + 1), (1, 1)),
            Err(fault) => self.faults.push(fault),
        }
    }

    /// A variable, or a helper with its parameters.
    fn call(&mut self, call: &HelperTemplate, names: &KnownNames, depth: usize, place: Position) {
        if call.params.is_empty() && call.hash.is_empty() {
            return self.parameter(&call.name, names, depth, place);
        }
        let name = call.name.as_name().unwrap_or_default();
        if !HELPERS.iter().any(|(known, _)| *known == name) {
            let known = HELPERS.map(|(known, _)| known);
            return self.fault(
                names,
                place,
                format!("there is no helper `{name}`"),
                &suggestion(name, &known),
            );
        }
        self.parameters(call, names, depth, place);
    }

    fn parameters(
        &mut self,
        call: &HelperTemplate,
        names: &KnownNames,
        depth: usize,
        place: Position,
    ) {
        for parameter in call.params.iter().chain(call.hash.values()) {
            self.parameter(parameter, names, depth, place);
        }
    }

    fn parameter(
        &mut self,
        parameter: &Parameter,
        names: &KnownNames,
        depth: usize,
        place: Position,
    ) {
        match parameter {
            Parameter::Subexpression(_) if depth > DEPTH => {
                self.fault(
                    names,
                    place,
                    format!("more than {DEPTH} blocks, calls or partials in each other"),
                    "",
                );
            }
            Parameter::Subexpression(inner) => {
                if let TemplateElement::Expression(call) = inner.as_element() {
                    self.call(call, names, depth + 1, place);
                }
            }
            Parameter::Name(name) => self.variable(name, names, place),
            Parameter::Path(Path::Relative((parts, _))) => match parts.first() {
                Some(PathSeg::Named(name)) => self.variable(name, names, place),
                // What is above items, as `../name`.
                _ => parts.iter().for_each(|part| {
                    if let PathSeg::Named(name) = part {
                        self.uses.variables.insert(name.clone());
                    }
                }),
            },
            // A literal, or a name that a block has set.
            _ => {}
        }
    }

    fn variable(&mut self, name: &str, names: &KnownNames, place: Position) {
        self.uses.variables.insert(name.to_owned());
        if names.are_items
            || names.more.iter().any(|known| known == name)
            || self.templates.has(name)
        {
            return;
        }
        let context = self.templates.context.data().as_object();
        let known = context.into_iter().flat_map(|known| known.keys().cloned());
        let known: Vec<_> = known.chain(names.more.iter().cloned()).collect();
        self.fault(
            names,
            place,
            format!("there is no variable `{name}`"),
            &suggestion(name, &known),
        );
    }

    fn fault(&mut self, names: &KnownNames, position: Position, message: String, hint: &str) {
        let fault =
            Fault { partial: names.partial.clone(), position, message, hint: hint.to_owned() };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// The length of the longest list that a template can go through.
fn longest(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(longest).fold(items.len(), usize::max),
        Value::Object(members) => members.values().map(longest).fold(members.len(), usize::max),
        _ => 1,
    }
}
