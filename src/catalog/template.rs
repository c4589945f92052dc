//! Templates: handlebars, where an unknown variable is an error and nothing is escaped.
//!
//! A scaffold may come from a repository of somebody else, so a template is looked through before it
//! is filled in: every name in it must be known, also in a branch that is not taken, partials must
//! not include each other, and what it does must end soon.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};
use handlebars::{
    Context, Handlebars, Output, Path, PathSeg, RenderContext, RenderError, Renderable, Template,
    TemplateErrorReason,
};
use serde_json::Value;

use super::name::suggestion;
use super::vocabulary::{HELPERS, VARIABLES, register};

/// How many tags a template may have. A chain of `else if` takes the square of its length.
const TAGS: usize = 500;
/// How deep blocks, calls and partials may be in each other.
const DEPTH: usize = 24;
/// How many steps a template may take, with each list at its full length.
const STEPS: usize = 20_000;
/// The longest text that comes out of one template, in bytes.
const LENGTH: usize = 1 << 20;

/// What is wrong with a template, and where: the name of the partial that it is in, if it is in one,
/// and the line and column, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub partial: Option<String>,
    pub position: (usize, usize),
    pub message: String,
    pub hint: String,
}

/// Templates with their variables and partials.
pub struct Templates<'a> {
    handlebars: Handlebars<'static>,
    context: Context,
    /// The texts of all partials, by name.
    partials: HashMap<&'a str, &'a str>,
}

impl<'a> Templates<'a> {
    pub fn new(context: Value, partials: HashMap<&'a str, &'a str>) -> Self {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        register(&mut handlebars);
        Self { handlebars, context: Context::from(context), partials }
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: Value) {
        self.context.data_mut()[name] = value;
    }

    /// Looks a template through. Returns what it uses.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self, text: &str) -> Result<Uses, Vec<Fault>> {
        let template = parsed(text, None).map_err(|fault| vec![fault])?;
        let longest = longest(self.context.data());
        let uses = Uses::default();
        let mut walk = Walk { templates: self, longest, steps: 0, uses, faults: Vec::new() };
        let names = Names { partial: None, more: Vec::new(), are_items: false };
        walk.template(&template, &names, (1, 0), (1, 1));
        if walk.faults.is_empty() { Ok(walk.uses) } else { Err(walk.faults) }
    }

    /// Fills a template in.
    pub fn fill(&mut self, text: &str) -> Result<String, Vec<Fault>> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        for name in self.check(text)?.partials {
            if !self.handlebars.has_template(&name) {
                let text = self.partials.get(name.as_str()).copied().unwrap_or_default();
                let mut partial =
                    Template::clone(&*parsed(text, Some(&name)).map_err(|f| vec![f])?);
                partial.name = Some(name.clone());
                self.handlebars.register_template(&name, partial);
            }
        }
        let template = parsed(text, None).map_err(|fault| vec![fault])?;
        let mut filled = Bounded(String::new());
        let mut scope = RenderContext::new(None);
        match template.render(&self.handlebars, &self.context, &mut scope, &mut filled) {
            Ok(()) => Ok(filled.0),
            Err(error) => Err(vec![Fault {
                partial: error
                    .template_name
                    .clone()
                    .filter(|name| self.partials.contains_key(name.as_str())),
                position: (error.line_no.unwrap_or(1), error.column_no.unwrap_or(1)),
                message: reason(&error),
                hint: String::new(),
            }]),
        }
    }

    /// Whether there is a variable of this name.
    fn has(&self, name: &str) -> bool {
        self.context.data().get(name).is_some() || VARIABLES.iter().any(|(known, _)| *known == name)
    }
}

/// What a template uses.
#[derive(Debug, Default)]
pub struct Uses {
    pub variables: BTreeSet<String>,
    pub partials: BTreeSet<String>,
}

/// The names that a part of a template can use.
#[derive(Clone)]
struct Names {
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

type Position = (usize, usize);

impl Walk<'_, '_> {
    /// Looks at a template that is filled in this many times, this deep in others.
    fn template(
        &mut self,
        template: &Template,
        names: &Names,
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
        names: &Names,
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
        let inside = Names { are_items, ..names.clone() };
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
        names: &Names,
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
        let inside = Names {
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
    fn call(&mut self, call: &HelperTemplate, names: &Names, depth: usize, place: Position) {
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

    fn parameters(&mut self, call: &HelperTemplate, names: &Names, depth: usize, place: Position) {
        for parameter in call.params.iter().chain(call.hash.values()) {
            self.parameter(parameter, names, depth, place);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, names: &Names, depth: usize, place: Position) {
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

    fn variable(&mut self, name: &str, names: &Names, place: Position) {
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

    fn fault(&mut self, names: &Names, position: Position, message: String, hint: &str) {
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

/// A template by its text, each of which is parsed once. `partial` is its name, if it is one.
fn parsed(text: &str, partial: Option<&str>) -> Result<Arc<Template>, Fault> {
    static PARSED: Mutex<Option<HashMap<String, Arc<Template>>>> = Mutex::new(None);
    let fault = |position, message, hint: &str| Fault {
        partial: partial.map(str::to_owned),
        position,
        message,
        hint: hint.to_owned(),
    };
    let mut known = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(template) = known.get(text) {
        return Ok(Arc::clone(template));
    }
    if text.matches("{{").count() > TAGS {
        return Err(fault(
            (1, 1),
            format!("the template has more than {TAGS} tags"),
            "move parts of it to partials",
        ));
    }
    // The parser recurses into calls and literals without a limit.
    let is_deep = |at: &usize| {
        let tag = text[at + 2..].split("}}").next().unwrap_or_default();
        !text[..*at].ends_with('\\') && tag.matches(['(', '[', '{']).count() > DEPTH
    };
    if let Some(at) = text.match_indices("{{").map(|(at, _)| at).find(is_deep) {
        let before = &text[..at];
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
        let message = format!("more than {DEPTH} calls in each other");
        return Err(fault((before.matches('\n').count() + 1, column), message, ""));
    }
    let template = Template::compile(text).map_err(|error| {
        let (message, hint) = match error.reason() {
            TemplateErrorReason::InvalidSyntax(_) => (
                "the template cannot be parsed from here on".to_owned(),
                "is a tag or a block not closed?",
            ),
            other => (other.to_string(), ""),
        };
        fault(error.pos().unwrap_or((1, 1)), message, hint)
    })?;
    let template = Arc::new(template);
    known.insert(text.to_owned(), Arc::clone(&template));
    Ok(template)
}

fn reason(error: &RenderError) -> String {
    let reason = error.reason().to_string();
    reason.lines().next().unwrap_or_default().to_owned()
}

/// A text that does not get too long.
struct Bounded(String);

impl Output for Bounded {
    fn write(&mut self, text: &str) -> io::Result<()> {
        if self.0.len() + text.len() > LENGTH {
            return Err(io::Error::other(format!("more than {LENGTH} bytes come out")));
        }
        self.0.push_str(text);
        Ok(())
    }
}
