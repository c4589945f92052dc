//! TOML, edited at the spans of the parsed document: keys and strings in arrays.
//!
//! A new entry goes into the sorted part at the end: sorted entries stay sorted, and two new
//! entries have the same order whichever came first. Every edit is parsed and read back before it
//! is returned, and a removal restores every byte.

mod insert;
mod remove;

use std::fmt;
use std::ops::Range;

use toml_edit::{Array, Document, Item, Key, Table, TomlError, Value};

use insert::{insert_element, insert_key};

use super::text::replaced;

pub use remove::{is_bare, is_written, remove_key, remove_string};

/// The keys that lead to a value, from the outermost table inward.
pub type KeyPath<'a> = &'a [&'a str];

/// Why a text could not be edited.
#[derive(Debug)]
pub enum EditError {
    /// The text is not TOML.
    Syntax(TomlError),
    /// The key has this type, and the edit needs the other.
    Type(String, &'static str, &'static str),
    /// The edit had the wrong result; the lines to add manually.
    ByHand(String),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => f.write_str(error.to_string().trim_end()),
            Self::Type(key, found, wanted) => {
                write!(f, "`{key}` is of type {found}, not {wanted}")
            }
            Self::ByHand(lines) => write!(f, "cannot be edited safely; add manually: {lines}"),
        }
    }
}

impl std::error::Error for EditError {}

/// The value of a key, compared with another.
#[derive(Debug, PartialEq, Eq)]
pub enum CurrentValue {
    /// There is no such key.
    Absent,
    /// The same value, perhaps spelled differently.
    Same,
    /// Another value, as TOML.
    Other(String),
}

/// Compares what `text` has at `path` with `value`, as data.
pub fn setting(text: &str, path: KeyPath, value: &str) -> Result<CurrentValue, EditError> {
    let Some(there) = read(text, path, |item| item.map(as_data))? else {
        return Ok(CurrentValue::Absent);
    };
    let wanted = as_data(&Item::Value(value.parse().map_err(EditError::Syntax)?));
    Ok(if there == wanted { CurrentValue::Same } else { CurrentValue::Other(there) })
}

/// The keys of the table at `path`; none when there is no table.
pub fn keys(text: &str, path: KeyPath) -> Result<Vec<String>, EditError> {
    read(text, path, |item| {
        let table = item.and_then(Item::as_table_like).into_iter();
        table.flat_map(|table| table.iter().map(|(key, _)| key.to_owned())).collect()
    })
}

/// The strings of the array at `path`; none when there is no array.
pub fn strings(text: &str, path: KeyPath) -> Result<Vec<String>, EditError> {
    read(text, path, |item| {
        let array = item.and_then(Item::as_array).into_iter().flatten();
        array.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    })
}

/// The string at `path`, or at `key` of a table there.
pub fn string_at(text: &str, path: KeyPath, key: &str) -> Result<Option<String>, EditError> {
    read(text, path, |item| {
        let item = item?;
        item.as_str().or_else(|| item.as_table_like()?.get(key)?.as_str()).map(str::to_owned)
    })
}

/// The span of the value at `path` or of the header of a table; with an `element`, the span of that
/// string in the array. Empty and at the start when it does not exist.
pub fn place(text: &str, path: KeyPath, element: Option<&str>) -> Range<usize> {
    let span = |item: &Item| match element {
        Some(element) => {
            let mut elements = item.as_array()?.iter();
            elements.find(|value| value.as_str() == Some(element))?.span()
        }
        None => item.span(),
    };
    read(text, path, |item| item.and_then(span)).ok().flatten().unwrap_or_default()
}

/// Sets the key at `path` to `value`, which is TOML; an existing value is replaced.
pub fn set_value(text: &str, path: KeyPath, value: &str) -> Result<String, EditError> {
    let document = parse(text)?;
    let Some((key, tables)) = path.split_last() else {
        return Ok(text.to_owned());
    };
    let edited = match lookup(document.as_table(), path) {
        Some(item) => match item.as_value().and_then(Value::span) {
            Some(span) => replaced(text, span, value),
            None => return Err(EditError::ByHand(assignment(key, value))),
        },
        None => insert_key(text, document.as_table(), tables, key, value)?,
    };
    match setting(&edited, path, value) {
        Ok(CurrentValue::Same) => Ok(edited),
        _ => Err(EditError::ByHand(format!("{} = {value}", dotted(path)))),
    }
}

/// Adds a string to the array at `path`, which is created if there is none.
pub fn push_string(text: &str, path: KeyPath, element: &str) -> Result<String, EditError> {
    let document = parse(text)?;
    let quoted = Value::from(element).to_string();
    let Some(item) = lookup(document.as_table(), path) else {
        return set_value(text, path, &format!("[{quoted}]"));
    };
    let array = item.as_array().ok_or_else(|| wrong_type(path, item, "array"))?;
    let has = |array: &Array| array.iter().any(|value| value.as_str() == Some(element));
    if has(array) {
        return Ok(text.to_owned());
    }
    let by_hand = || EditError::ByHand(format!("{quoted} in `{}`", dotted(path)));
    let edited = insert_element(text, array, element, &quoted).ok_or_else(by_hand)?;
    let after = parse(&edited)?;
    match lookup(after.as_table(), path).and_then(Item::as_array) {
        Some(after) if has(after) && after.len() == array.len() + 1 => Ok(edited),
        _ => Err(by_hand()),
    }
}

fn parse(text: &str) -> Result<Document<&str>, EditError> {
    Document::parse(text).map_err(EditError::Syntax)
}

/// What `text` has at `path`.
fn read<T>(
    text: &str,
    path: KeyPath,
    take: impl FnOnce(Option<&Item>) -> T,
) -> Result<T, EditError> {
    Ok(take(lookup(parse(text)?.as_table(), path)))
}

fn lookup<'a>(table: &'a Table, path: KeyPath) -> Option<&'a Item> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(first)?, |item, key| item.as_table_like()?.get(key))
}

/// A value in a normal form, so that equal data is equal text.
fn as_data(item: &Item) -> String {
    if let Some(table) = item.as_table_like() {
        let mut members: Vec<_> =
            table.iter().map(|(key, item)| assignment(key, &as_data(item))).collect();
        members.sort();
        return format!("{{ {} }}", members.join(", "));
    }
    let mut value = item.clone().into_value().unwrap_or_else(|_| Value::from(""));
    if let Value::String(text) = &value {
        return Value::from(text.value().as_str()).to_string();
    }
    value.decor_mut().clear();
    value.to_string()
}

fn wrong_type(path: KeyPath, item: &Item, wanted: &'static str) -> EditError {
    EditError::Type(dotted(path), item.type_name(), wanted)
}

fn assignment(key: &str, value: &str) -> String {
    format!("{} = {value}", dotted(&[key]))
}

/// The keys as a dotted key of TOML.
pub fn dotted(path: KeyPath) -> String {
    let keys = path.iter().map(|key| Key::new(*key).display_repr().into_owned());
    keys.collect::<Vec<_>>().join(".")
}

/// The keys of a dotted key.
pub fn key_path(dotted: &str) -> Result<Vec<String>, EditError> {
    let keys = Key::parse(dotted).map_err(EditError::Syntax)?;
    Ok(keys.iter().map(|key| key.get().to_owned()).collect())
}
