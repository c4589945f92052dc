//! TOML, edited at the spans of the parsed document: a key set, a text added to an array.
//!
//! What was sorted stays sorted, what was not gets the new entry at its end. Every edit is parsed
//! again and read back before it is returned.

use std::fmt;
use std::ops::Range;

use toml_edit::{Array, Document, Item, Table, Value};

use super::text::{TextEdit, append_block, indentation, line_end, line_ending, line_start};

/// The keys that lead to a value, from the outermost table inward.
pub type KeyPath<'a> = &'a [&'a str];

/// Why a text could not be edited; says where, in the words of the parser.
#[derive(Debug)]
pub enum EditError {
    /// The text is not TOML.
    Syntax(String),
    /// A key on the way has another type than the edit needs.
    Type {
        /// The key, dotted.
        key: String,
        /// The type it has.
        found: &'static str,
        /// The type it should have.
        wanted: &'static str,
    },
    /// The edit came out wrong; the lines to add by hand.
    ByHand(String),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => f.write_str(error.trim_end()),
            Self::Type { key, found, wanted } => {
                write!(f, "`{key}` is of type {found}, not {wanted}")
            }
            Self::ByHand(lines) => write!(f, "cannot be edited safely; add by hand: {lines}"),
        }
    }
}

impl std::error::Error for EditError {}

/// What a document says at a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Setting {
    /// Nothing.
    Absent,
    /// The same value, perhaps written in another way.
    Same,
    /// Another value: its text.
    Other(String),
}

/// Compares what `text` has at `path` with `value`, as data.
///
/// # Errors
/// When `text` or `value` is not TOML.
pub fn setting(text: &str, path: KeyPath, value: &str) -> Result<Setting, EditError> {
    let document = parse(text)?;
    let Some(item) = lookup(document.as_table(), path) else {
        return Ok(Setting::Absent);
    };
    let wanted = parse_value(value)?;
    Ok(if as_data(item) == as_data(&Item::Value(wanted)) {
        Setting::Same
    } else {
        Setting::Other(as_data(item))
    })
}

/// Sets the key at `path` to `value`, which is TOML; an existing value is replaced.
///
/// # Errors
/// When `text` is not TOML, or a table on the way is something else.
pub fn set_value(text: &str, path: KeyPath, value: &str) -> Result<String, EditError> {
    let document = parse(text)?;
    let Some((key, tables)) = path.split_last() else {
        return Ok(text.to_owned());
    };
    let edited = match lookup(document.as_table(), path) {
        Some(item) => match value_span(item) {
            Some(span) => {
                let mut edit = TextEdit::default();
                edit.replace(span, value);
                edit.apply(text)
            }
            None => return Err(EditError::ByHand(assignment(key, value))),
        },
        None => insert_key(text, document.as_table(), tables, key, value)?,
    };
    match setting(&edited, path, value) {
        Ok(Setting::Same) => Ok(edited),
        _ => Err(EditError::ByHand(format!(
            "{} = {value}",
            dotted(path.iter().copied())
        ))),
    }
}

/// Adds a text to the array at `path`, which is made when there is none.
///
/// # Errors
/// As [`set_value`], and when the key is not an array.
pub fn push_string(text: &str, path: KeyPath, element: &str) -> Result<String, EditError> {
    let document = parse(text)?;
    let quoted = Value::from(element).to_string();
    let Some(item) = lookup(document.as_table(), path) else {
        return set_value(text, path, &format!("[{quoted}]"));
    };
    let array = item
        .as_array()
        .ok_or_else(|| wrong_type(path, item, "array"))?;
    let has = |array: &Array| array.iter().any(|value| value.as_str() == Some(element));
    if has(array) {
        return Ok(text.to_owned());
    }
    let by_hand = || EditError::ByHand(format!("{quoted} in `{}`", dotted(path.iter().copied())));
    let edited = insert_element(text, array, element, &quoted).ok_or_else(by_hand)?;
    let after = parse(&edited)?;
    match lookup(after.as_table(), path).and_then(Item::as_array) {
        Some(after) if has(after) && after.len() == array.len() + 1 => Ok(edited),
        _ => Err(by_hand()),
    }
}

fn parse(text: &str) -> Result<Document<&str>, EditError> {
    Document::parse(text).map_err(|error| EditError::Syntax(error.to_string()))
}

fn parse_value(value: &str) -> Result<Value, EditError> {
    value
        .parse()
        .map_err(|error: toml_edit::TomlError| EditError::Syntax(error.to_string()))
}

fn lookup<'a>(table: &'a Table, path: KeyPath) -> Option<&'a Item> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(first)?, |item, key| {
        item.as_table_like()?.get(key)
    })
}

/// A value in one spelling, so that equal data is equal text.
fn as_data(item: &Item) -> String {
    if let Some(table) = item.as_table_like() {
        let mut members: Vec<_> = table
            .iter()
            .map(|(key, item)| assignment(key, &as_data(item)))
            .collect();
        members.sort();
        return format!("{{ {} }}", members.join(", "));
    }
    let mut value = item
        .clone()
        .into_value()
        .unwrap_or_else(|_| Value::from(""));
    if let Value::String(text) = &value {
        return Value::from(text.value().as_str()).to_string();
    }
    value.decor_mut().clear();
    value.to_string()
}

fn value_span(item: &Item) -> Option<Range<usize>> {
    item.as_value().and_then(Value::span)
}

fn wrong_type(path: KeyPath, item: &Item, wanted: &'static str) -> EditError {
    EditError::Type {
        key: dotted(path.iter().copied()),
        found: item.type_name(),
        wanted,
    }
}

fn assignment(key: &str, value: &str) -> String {
    format!("{} = {value}", dotted([key]))
}

fn dotted<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    let keys: Vec<_> = keys
        .into_iter()
        .map(|key| toml_edit::Key::new(key).display_repr().into_owned())
        .collect();
    keys.join(".")
}

/// Inserts a key that is not there yet, in the way its table is written.
fn insert_key(
    text: &str,
    root: &Table,
    tables: KeyPath,
    key: &str,
    value: &str,
) -> Result<String, EditError> {
    let as_section = || {
        let header = dotted(tables.iter().copied());
        append_block(text, &format!("[{header}]\n{}", assignment(key, value)))
    };
    let mut header: &Table = root;
    for (depth, name) in tables.iter().enumerate() {
        let below = &tables[depth + 1..];
        match header.get(name) {
            None if depth == 0 || !header.is_dotted() => return Ok(as_section()),
            None => {
                let key = dotted(below.iter().copied().chain([key]));
                return Ok(insert_dotted(text, header, &tables[..=depth], &key, value));
            }
            Some(Item::Table(table)) if table.is_dotted() && below.is_empty() => {
                return Ok(insert_dotted(text, table, tables, &dotted([key]), value));
            }
            Some(Item::Table(table)) => header = table,
            Some(Item::Value(Value::InlineTable(inline))) => {
                let key = dotted(below.iter().copied().chain([key]));
                return insert_inline(text, inline, &key, value)
                    .ok_or_else(|| EditError::ByHand(format!("{key} = {value}")));
            }
            Some(other) => return Err(wrong_type(&tables[..=depth], other, "table")),
        }
    }
    match (header.is_implicit(), header.span()) {
        (false, Some(span)) => Ok(insert_line(text, header, span, key, value)),
        _ => Ok(as_section()),
    }
}

/// A new line in the body of a `[table]`.
fn insert_line(text: &str, table: &Table, header: Range<usize>, key: &str, value: &str) -> String {
    let mut lines: Vec<_> = table
        .iter()
        .filter_map(|(name, item)| Some((name, last_byte(item)?)))
        .collect();
    lines.sort_by_key(|(_, end)| *end);
    let before = if lines.is_sorted_by_key(|(name, _)| *name) {
        lines.partition_point(|(name, _)| *name < key)
    } else {
        lines.len()
    };
    let place = match before.checked_sub(1) {
        Some(previous) => lines[previous].1,
        None => header.end,
    };
    let indent = indentation(
        text,
        lines.first().map_or(header.start, |(_, end)| *end - 1),
    );
    let mut edit = TextEdit::default();
    edit.insert(
        line_end(text, place),
        format!("{}{indent}{}", line_ending(text), assignment(key, value)),
    );
    edit.apply(text)
}

/// A new `a.b.key = value` line behind the last `a.b.` line.
fn insert_dotted(text: &str, table: &Table, path: KeyPath, key: &str, value: &str) -> String {
    let last = table
        .iter()
        .filter_map(|(_, item)| last_byte(item))
        .max()
        .unwrap_or(0);
    let start = line_start(text, last);
    // The prefix as the user wrote it: a dotted table may itself stand below a header.
    let first = path.last().copied().unwrap_or_default();
    let line = &text[start..last];
    let prefix = line
        .find(first)
        .map_or(first, |at| &line[..at + first.len()]);
    let mut edit = TextEdit::default();
    edit.insert(
        line_end(text, last),
        format!("{}{}.{key} = {value}", line_ending(text), prefix.trim_end()),
    );
    edit.apply(text)
}

/// A new member of an inline table.
fn insert_inline(
    text: &str,
    inline: &toml_edit::InlineTable,
    key: &str,
    value: &str,
) -> Option<String> {
    let span = inline.span()?;
    let mut edit = TextEdit::default();
    let last = inline
        .iter()
        .filter_map(|(_, value)| last_value_byte(value))
        .max();
    match last {
        Some(end) => edit.insert(end, format!(", {key} = {value}")),
        None => edit.replace(span, format!("{{ {key} = {value} }}")),
    }
    Some(edit.apply(text))
}

/// Where the text of `item` ends, if it stands in the body of its table.
fn last_byte(item: &Item) -> Option<usize> {
    match item {
        Item::Value(value) => last_value_byte(value),
        Item::Table(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, item)| last_byte(item)).max()
        }
        _ => None,
    }
}

fn last_value_byte(value: &Value) -> Option<usize> {
    match value {
        Value::InlineTable(table) if table.is_dotted() => table
            .iter()
            .filter_map(|(_, value)| last_value_byte(value))
            .max(),
        value => Some(value.span()?.end),
    }
}

/// Puts `quoted` where `element` belongs, on a line of its own where the others have one.
fn insert_element(text: &str, array: &Array, element: &str, quoted: &str) -> Option<String> {
    let span = array.span()?;
    let eol = line_ending(text);
    let mut edit = TextEdit::default();
    let spans: Vec<_> = array.iter().map(Value::span).collect::<Option<_>>()?;
    let Some(first) = spans.first() else {
        let inside = &text[span.start + 1..span.end - 1];
        if inside.contains('\n') {
            let indent = format!("{}    ", indentation(text, span.start));
            edit.insert(
                line_end(text, span.start),
                format!("{eol}{indent}{quoted},"),
            );
        } else {
            edit.insert(span.start + 1, quoted);
        }
        return Some(edit.apply(text));
    };
    let place = match array.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
        Some(texts) if texts.is_sorted() => texts.partition_point(|text| *text < element),
        _ => spans.len(),
    };
    let own_line = text[span.start..first.start].contains('\n');
    let indent = indentation(text, first.start);
    match place.checked_sub(1) {
        None if own_line => {
            edit.insert(
                line_end(text, span.start),
                format!("{eol}{indent}{quoted},"),
            );
        }
        None => edit.insert(first.start, format!("{quoted}, ")),
        Some(previous) => {
            let end = spans[previous].end;
            let next = spans.get(place).map_or(span.end - 1, |next| next.start);
            let comma = comma(&text[end..next]).map(|at| end + at);
            // The line may go on after the comma with a comment, but not with an element.
            let line = line_end(text, comma.unwrap_or(end));
            match comma {
                Some(_) if own_line && line < next => {
                    edit.insert(line, format!("{eol}{indent}{quoted},"));
                }
                None if own_line && line < next => {
                    edit.insert(end, ",");
                    edit.insert(line, format!("{eol}{indent}{quoted}"));
                }
                None if own_line => edit.insert(end, format!(",{eol}{indent}{quoted}")),
                _ => edit.insert(end, format!(", {quoted}")),
            }
        }
    }
    Some(edit.apply(text))
}

/// The first comma of `gap` that is not in a comment.
fn comma(gap: &str) -> Option<usize> {
    let mut in_comment = false;
    gap.bytes().position(|byte| {
        in_comment = match byte {
            b'#' => true,
            b'\n' => false,
            _ => in_comment,
        };
        byte == b',' && !in_comment
    })
}

#[cfg(test)]
mod tests;
