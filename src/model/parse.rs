//! A `resource.toml` as its type, as far as it fits.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::check::check;
use super::parameters;
use crate::source::{Diagnostic, SourceFile};

/// A path of keys.
pub type Keys = Vec<String>;

/// What was read from a file.
#[derive(Debug)]
pub enum Parsed<T> {
    /// All of it, without problems.
    Whole(T),
    /// What is right, without the values at these paths.
    Partial(T, Vec<Keys>),
}

impl<T> Parsed<T> {
    pub fn value(&self) -> &T {
        let (Self::Whole(value) | Self::Partial(value, _)) = self;
        value
    }

    pub fn left_out(&self) -> &[Keys] {
        match self {
            Self::Whole(_) => &[],
            Self::Partial(_, paths) => paths,
        }
    }

    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Parsed<U> {
        match self {
            Self::Whole(value) => Parsed::Whole(make(value)),
            Self::Partial(value, paths) => Parsed::Partial(make(value), paths),
        }
    }
}

/// Reads the file as a `T`, and adds its problems to `diagnostics` and its uses of parameters to
/// `uses`.
pub fn parse<T: DeserializeOwned>(
    file: &SourceFile,
    schema: &Value,
    diagnostics: &mut Vec<Diagnostic>,
    uses: &mut Vec<parameters::Use>,
) -> Option<Parsed<T>> {
    let (mut document, errors) = DeTable::parse_recoverable(file.text());
    if !errors.is_empty() {
        diagnostics.extend(errors.iter().map(|error| syntax(file, error)));
        return None;
    }
    let checked = check(file, &document, schema);
    let is_whole = checked.problems.is_empty();
    diagnostics.extend(checked.problems);
    uses.extend(checked.parameters);
    let mut unreadable = checked.unreadable;
    let mut left_out = Vec::new();
    // What is left out may be missing where it was.
    while leave_out(document.get_mut(), &unreadable, &mut Vec::new(), &mut left_out) {
        unreadable = check(file, &document, schema).unreadable;
    }
    match T::deserialize(toml::Deserializer::from(document)) {
        Ok(value) if is_whole => Some(Parsed::Whole(value)),
        Ok(value) => Some(Parsed::Partial(value, left_out)),
        Err(error) => {
            if is_whole {
                diagnostics.push(syntax(file, &error));
            }
            None
        }
    }
}

fn syntax(file: &SourceFile, error: &toml::de::Error) -> Diagnostic {
    file.not_toml(error.span(), error.message())
}

/// Removes what is at these places from a table, arrays as a whole. Returns whether anything was.
fn leave_out(
    table: &mut DeTable,
    places: &[Range<usize>],
    path: &mut Keys,
    left_out: &mut Vec<Keys>,
) -> bool {
    let before = left_out.len();
    let mut wrong = Vec::new();
    for (key, value) in table.iter_mut() {
        path.push(key.get_ref().to_string());
        let mut is_wrong = places.contains(&key.span()) || places.contains(&value.span());
        match value.get_mut() {
            _ if is_wrong => {}
            DeValue::Table(table) => _ = leave_out(table, places, path, left_out),
            DeValue::Array(items) => {
                is_wrong = items.iter().any(|item| places.contains(&item.span()));
                for (index, item) in items.iter_mut().enumerate() {
                    if let DeValue::Table(table) = item.get_mut() {
                        path.push(index.to_string());
                        leave_out(table, places, path, left_out);
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        if is_wrong {
            left_out.push(path.clone());
            wrong.push(key.get_ref().to_string());
        }
        path.pop();
    }
    for key in wrong {
        table.remove(key.as_str());
    }
    left_out.len() > before
}
