//! Templates: handlebars, where an unknown variable is an error and nothing is escaped.
//!
//! A scaffold may come from a repository of somebody else, so a template is looked through before it
//! is filled in: every name in it must be known, also in a branch that is not taken, partials must
//! not include each other, and what it does must end soon.

mod walk;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::{
    Context, Handlebars, Output, RenderContext, RenderError, Renderable, Template,
    TemplateErrorReason,
};
use serde_json::Value;

use super::vocabulary::register;
pub use walk::Uses;

/// How many tags a template may have. A chain of `else if` takes the square of its length.
const TAGS: usize = 500;
/// How deep blocks, calls and partials may be in each other.
const DEPTH: usize = 24;
/// The longest text that comes out of one template, in bytes.
const LENGTH: usize = 1 << 20;

/// What is wrong with a template, and where: the name of the partial that it is in, if it is in one,
/// and the line and column, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub partial: Option<String>,
    pub position: Position,
    pub message: String,
    pub hint: String,
}

/// A line and a column, counted from 1.
type Position = (usize, usize);

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
