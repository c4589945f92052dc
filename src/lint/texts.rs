//! What comes out of templates: whether it parses, and is laid out as its formatter does.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Lint, Rendered};
use crate::edit::typescript;
use crate::process::{Formatted, format_texts, formatted};
use crate::source::{Diagnostic, Place, offset};

const EDITION: &str = "2024";

/// A text that comes out, with what it comes from.
struct RenderedText<'a> {
    subject: &'a Rendered<'a>,
    /// The file that it goes to.
    target: &'a str,
    /// The file of the catalog that it is made from.
    source: &'a str,
    text: &'a str,
}

pub fn check(subjects: &[Rendered], lint: &mut Lint) {
    let mut texts = BTreeMap::new();
    for subject in subjects {
        for rendering in &subject.renderings {
            for (target, text) in rendering.files.iter().chain(&rendering.project) {
                let source = rendering.sources[target].as_str();
                let extension = target.rsplit_once('.').map_or("", |(_, extension)| extension);
                let known = texts.entry((extension, text.as_str()));
                known.or_insert(RenderedText { subject, target, source, text });
            }
            let value = rendering.wiring.as_str();
            if toml::from_str::<toml::Table>(&format!("value = {value}")).is_err() {
                let problem = format!("the value of the wiring is not valid TOML: `{value}`");
                lint.problems.push(
                    subject.declared(subject.scaffold.wiring.value.trim()).problem(problem, ""),
                );
            }
        }
    }
    let mut sources = Vec::new();
    for ((extension, _), text) in &texts {
        let problem = match *extension {
            "json" => json(text),
            "toml" => toml(text),
            "ts" => type_script(text),
            "rs" => {
                sources.push(text);
                None
            }
            _ => None,
        };
        lint.problems.extend(problem.or_else(|| layout(text)));
    }
    rust(&sources, lint);
}

fn json(text: &RenderedText) -> Option<Diagnostic> {
    match serde_json::from_str::<Value>(text.text) {
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let place = text.place(offset(text.text, error.line(), error.column()));
            Some(place.problem(format!("`{}` is not valid JSON", text.target), reason))
        }
        Ok(value) => text.unlike(&format!("{value:#}\n"), "two spaces a level, a member a line"),
    }
}

fn toml(text: &RenderedText) -> Option<Diagnostic> {
    let error = text.text.parse::<toml_edit::DocumentMut>().err()?;
    let message = error.message().replace('\n', ", ");
    let place = text.place(error.span().unwrap_or_default().start);
    Some(place.problem(format!("`{}` is not valid TOML", text.target), message))
}

fn type_script(text: &RenderedText) -> Option<Diagnostic> {
    let refusal = typescript::syntax_error(text.text)?;
    let place = text.place(refusal.span.unwrap_or_default().start);
    Some(place.problem(format!("`{}` is not valid TypeScript", text.target), refusal.reason))
}

/// Has rustfmt look at all texts at once, and at each only if something is wrong.
fn rust(texts: &[&RenderedText], lint: &mut Lint) {
    let all: Vec<_> = texts.iter().map(|text| text.text).collect();
    if format_texts(&all, EDITION) {
        return;
    }
    for text in texts {
        match formatted(text.text, EDITION, None) {
            Formatted::Text(after) => {
                lint.problems.extend(text.unlike(&after, "as rustfmt does"));
            }
            Formatted::Refused { message, position: (line, column) } => {
                let problem = format!("`{}` is not valid Rust", text.target);
                let place = text.place(offset(text.text, line, column));
                lint.problems.push(place.problem(problem, message));
            }
            Formatted::Missing => {
                lint.notes.push("Rust is not checked: rustfmt is not installed".to_owned());
                return;
            }
        }
    }
}

/// What every text keeps to.
fn layout(text: &RenderedText) -> Option<Diagnostic> {
    let mut lines = text.text.lines().enumerate();
    if let Some((index, line)) = lines.find(|(_, line)| line.ends_with([' ', '\t', '\r'])) {
        let place = text.place(offset(text.text, index + 1, line.trim_end().len() + 1));
        return Some(place.problem(
            format!("`{}` is not formatted", text.target),
            "white space at the end of the line",
        ));
    }
    let is_closed =
        text.text.is_empty() || text.text.ends_with('\n') && !text.text.ends_with("\n\n");
    let last = offset(text.text, text.text.lines().count(), 1);
    let problem = || format!("`{}` is not formatted", text.target);
    (!is_closed).then(|| text.place(last).problem(problem(), "one line break at the end"))
}

impl RenderedText<'_> {
    /// A problem at the first line that is not as it should be.
    fn unlike(&self, wanted: &str, label: &str) -> Option<Diagnostic> {
        if self.text == wanted {
            return None;
        }
        let pairs = self.text.lines().zip(wanted.lines());
        let same = pairs.take_while(|(line, wanted)| line == wanted).count();
        let place = self.place(offset(self.text, same + 1, 1));
        Some(
            place.problem(
                format!("`{}` is not formatted", self.target),
                format!("lay it out {label}"),
            ),
        )
    }

    fn place(&self, offset: usize) -> Place {
        self.subject.place(self.source, self.text, offset)
    }
}
