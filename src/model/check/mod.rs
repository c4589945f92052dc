//! Checks a parsed TOML file against a JSON Schema and reports all problems at once.
//!
//! Supports the keywords of JSON Schema that [`super::schema`] uses, and no others.

mod schema_words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex::Regex;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use schema_words::{alternatives, choices, in_words, takes, told_apart, type_of, types};

use super::parameters;
use crate::catalog::{nearest, suggestion};
use crate::error::counted;
use crate::source::{Diagnostic, SourceFile};

/// What a schema says of a document.
#[derive(Default)]
pub struct Checked {
    /// In the order of the file.
    pub problems: Vec<Diagnostic>,
    /// The places of what cannot be read into the type of the schema: keys, values, and tables that
    /// lack something.
    pub unreadable: Vec<Range<usize>>,
    /// The uses of parameters.
    pub parameters: Vec<parameters::Use>,
}

/// Checks `document`, of which `file` has the text.
pub fn check(file: &SourceFile, document: &Spanned<DeTable>, schema: &Value) -> Checked {
    let mut checker = Checker { file, found: Checked::default() };
    checker.table("", 0..0, document.get_ref(), schema);
    checker.found.problems.sort_by_key(|problem| problem.place.span.start);
    checker.found
}

struct Checker<'a> {
    file: &'a SourceFile,
    found: Checked,
}

impl Checker<'_> {
    /// Checks a value. Messages call it `name`; `place` is that of its key.
    fn value(&mut self, name: &str, place: Range<usize>, value: &Spanned<DeValue>, schema: &Value) {
        if let Some(branches) = alternatives(schema) {
            return self.alternatives(name, place, value, branches);
        }
        if let Some(allowed) = choices(schema) {
            return self.choice(name, value, &allowed);
        }
        let wanted = schema["type"].as_str().unwrap_or_default();
        match (wanted, value.get_ref()) {
            ("object", DeValue::Table(table)) => self.table(name, place, table, schema),
            ("array", DeValue::Array(array)) => {
                if array.is_empty() && schema.get("minItems").is_some() {
                    self.add(place, format!("`{name}` must not be empty"), "nothing here");
                }
                let rule = &schema["items"];
                for item in array.iter() {
                    if takes(rule, item.get_ref()) {
                        self.value(name, item.span(), item, rule);
                    } else {
                        let what = format!("each item of `{name}`");
                        let example = rule["x-example"].as_str();
                        self.wrong_type(&what, item.span(), item, &types(rule), example);
                    }
                }
            }
            ("string", DeValue::String(text)) => self.text(name, value.span(), text, schema),
            ("integer", DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                self.number(name, value.span(), number, schema);
            }
            ("boolean", DeValue::Boolean(_)) => {}
            (wanted, _) => {
                let what = format!("`{name}`");
                self.wrong_type(&what, place, value, &[wanted], schema["x-example"].as_str());
            }
        }
    }

    fn table(&mut self, name: &str, place: Range<usize>, table: &DeTable, schema: &Value) {
        self.found.parameters.extend(parameters::used(self.file, table, schema));
        let patterns = schema["patternProperties"].as_object();
        for (key, value) in table.iter() {
            let text: &str = key.get_ref();
            let mut patterns = patterns.into_iter().flatten();
            let rule = schema["properties"]
                .get(text)
                .or_else(|| Some(patterns.find(|(pattern, _)| matches(pattern, text))?.1))
                .or_else(|| schema.get("additionalProperties").filter(|rule| rule.is_object()));
            let Some(rule) = rule else {
                self.unknown_key(name, key.span(), text, schema);
                continue;
            };
            if let Some(names) = schema.get("propertyNames") {
                let what = format!("a key of `{name}`");
                self.pattern(&what, key.span(), text, names);
            }
            self.value(text, key.span(), value, rule);
        }
        if let Some(most) = schema["maxProperties"].as_u64()
            && table.len() as u64 > most
        {
            self.add(
                place.clone(),
                format!("`{name}` can have at most {most} entries"),
                &format!("{} are here", table.len()),
            );
        }
        for key in schema["required"].as_array().into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            if !table.contains_key(key) {
                let message = match name {
                    "" => format!("`{key}` is missing"),
                    name => format!("`{name}` has no `{key}`"),
                };
                self.unreadable(place.clone(), message, &format!("add `{key}`"));
            }
        }
    }

    fn unknown_key(&mut self, table: &str, span: Range<usize>, key: &str, schema: &Value) {
        let known: Vec<&str> = schema["properties"]
            .as_object()
            .map(|known| known.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let prefix = schema["x-prefix"].as_str().unwrap_or_default();
        if let Some(name) = key.strip_prefix(prefix).filter(|_| !prefix.is_empty()) {
            let length = name.chars().count();
            let label = match name {
                "" => format!("write a name after `{prefix}`"),
                name if name.contains(char::is_whitespace) => {
                    format!("the name after `{prefix}` has blanks")
                }
                _ => format!(
                    "the name after `{prefix}` has {length} characters, and Cognito allows 1 to 20"
                ),
            };
            let message = format!("`{key}` cannot be the name of an attribute");
            return self.unreadable(span, message, &label);
        }
        let message = match table {
            "" => format!("unknown key `{key}`"),
            table => format!("unknown key `{key}` in `{table}`"),
        };
        let elsewhere = schema["x-elsewhere"][key].as_str();
        let label = match elsewhere {
            Some(why) => why.to_owned(),
            None if prefix.is_empty() => suggestion(key, &known),
            None => match nearest(key, &known) {
                Some(near) if near.eq_ignore_ascii_case(key) => suggestion(key, &known),
                Some(near) => format!("did you mean `{prefix}{key}` or `{near}`?"),
                None => format!("did you mean `{prefix}{key}`?"),
            },
        };
        self.unreadable(span, message, &label);
    }

    /// One of several schemas must fit. Reports the problems of the one that fits best.
    fn alternatives(
        &mut self,
        name: &str,
        place: Range<usize>,
        value: &Spanned<DeValue>,
        branches: &[Value],
    ) {
        let fitting: Vec<_> =
            branches.iter().filter(|branch| takes(branch, value.get_ref())).collect();
        if fitting.is_empty() {
            let wanted: Vec<_> = branches.iter().flat_map(types).collect();
            return self.wrong_type(&format!("`{name}`"), place, value, &wanted, None);
        }
        if let Some((key, chosen)) = told_apart(&fitting, value.get_ref()) {
            let known: Vec<_> = fitting
                .iter()
                .filter_map(|branch| branch["properties"][key]["const"].as_str())
                .collect();
            let text = chosen.get_ref().as_str();
            return match known.iter().position(|known| Some(*known) == text) {
                Some(index) => self.value(name, place, value, fitting[index]),
                None => self.choice(key, chosen, &known),
            };
        }
        let attempt = |branch: &&Value| {
            let mut checker = Checker { file: self.file, found: Checked::default() };
            checker.value(name, place.clone(), value, branch);
            checker.found
        };
        let attempts = fitting.iter().map(attempt);
        if let Some(best) = attempts.min_by_key(|found| found.problems.len()) {
            self.found.problems.extend(best.problems);
            self.found.unreadable.extend(best.unreadable);
            self.found.parameters.extend(best.parameters);
        }
    }

    fn choice(&mut self, name: &str, value: &Spanned<DeValue>, allowed: &[&str]) {
        let DeValue::String(text) = value.get_ref() else {
            let what = format!("`{name}`");
            return self.wrong_type(&what, value.span(), value, &["string"], None);
        };
        let text: &str = text;
        if allowed.contains(&text) {
            return;
        }
        let label = suggestion(text, allowed);
        self.unreadable(value.span(), format!("`{name}` cannot be `{text}`"), &label);
    }

    fn text(&mut self, name: &str, span: Range<usize>, text: &str, schema: &Value) {
        let length = text.chars().count() as u64;
        let least = schema["minLength"].as_u64().unwrap_or(0);
        let most = schema["maxLength"].as_u64();
        if length < least || most.is_some_and(|most| length > most) {
            let wanted = match most {
                Some(most) => format!("{least} to {most} characters long"),
                None => format!("{least} or more characters long"),
            };
            let label = counted(text.chars().count(), "character");
            self.add(span, format!("`{name}` must be {wanted}"), &label);
        } else {
            self.pattern(&format!("`{name}`"), span, text, schema);
        }
    }

    fn pattern(&mut self, name: &str, span: Range<usize>, text: &str, schema: &Value) {
        if let Some(pattern) = schema["pattern"].as_str()
            && !matches(pattern, text)
        {
            let wanted = schema["patternErrorMessage"].as_str().unwrap_or(pattern);
            self.add(span, format!("{name} cannot be `{text}`"), &format!("must be {wanted}"));
        }
    }

    fn number(&mut self, name: &str, span: Range<usize>, number: Option<i64>, schema: &Value) {
        let least = schema["minimum"].as_i64();
        let most = schema["maximum"].as_i64();
        let fits = number.is_some_and(|number| {
            least.is_none_or(|least| least <= number) && most.is_none_or(|most| number <= most)
        });
        if fits {
            return;
        }
        let range = match (least, most) {
            (Some(least), Some(most)) => format!("an integer from {least} to {most}"),
            (Some(least), None) => format!("an integer from {least} on"),
            _ => "an integer of at most 63 bits".to_owned(),
        };
        self.unreadable(span, format!("`{name}` is out of range"), &format!("must be {range}"));
    }

    fn wrong_type(
        &mut self,
        what: &str,
        place: Range<usize>,
        value: &Spanned<DeValue>,
        wanted: &[&str],
        example: Option<&str>,
    ) {
        let mut wanted: Vec<_> = wanted.iter().map(|name| in_words(name)).collect();
        wanted.dedup();
        let found = value.get_ref();
        let span = match found {
            DeValue::Table(_) | DeValue::Array(_) => place,
            _ => value.span(),
        };
        let label = match example {
            Some(example) => format!("write `{example}`"),
            None => format!("this is {}", in_words(type_of(found))),
        };
        self.unreadable(span, format!("{what} must be {}", wanted.join(" or ")), &label);
    }

    fn unreadable(&mut self, span: Range<usize>, message: String, label: &str) {
        self.found.unreadable.push(span.clone());
        self.add(span, message, label);
    }

    fn add(&mut self, span: Range<usize>, message: String, label: &str) {
        self.found.problems.push(self.file.at(span).problem(message, label));
    }
}

/// Patterns are compiled once, which takes longer than to match them.
fn matches(pattern: &str, text: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<String, Option<Regex>>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    // The patterns are those of the schema, and a test compiles each.
    let compiled = compiled.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).ok());
    compiled.as_ref().is_some_and(|pattern| pattern.is_match(text))
}
