//! Removal of entries: the exact reverse of their insertion.

use std::ops::Range;

use toml_edit::{Array, InlineTable, Item, Table, Value};

use super::super::text::{
    TextEdit, after_break, before_break, bom, line_end, line_ending, line_start, replaced,
};
use super::insert::comma;
use super::{EditError, KeyPath, dotted, lookup, parse, read, wrong_type};

/// Removes a string from the array at `path`, if it has it.
pub fn remove_string(text: &str, path: KeyPath, element: &str) -> Result<String, EditError> {
    let document = parse(text)?;
    let Some(item) = lookup(document.as_table(), path) else {
        return Ok(text.to_owned());
    };
    let array = item.as_array().ok_or_else(|| wrong_type(path, item, "array"))?;
    let Some(index) = array.iter().position(|value| value.as_str() == Some(element)) else {
        return Ok(text.to_owned());
    };
    let by_hand = || EditError::ByHand(format!("remove `{element}` from `{}`", dotted(path)));
    let edited = remove_element(text, array, index).ok_or_else(by_hand)?;
    let texts = |array: &Array| -> Vec<_> {
        array.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    };
    let mut expected = texts(array);
    expected.remove(index);
    match lookup(parse(&edited)?.as_table(), path).and_then(Item::as_array) {
        Some(after) if texts(after) == expected => Ok(edited),
        _ => Err(by_hand()),
    }
}

/// Removes the key at `path`: a value, or the header of a table without values of its own.
pub fn remove_key(text: &str, path: KeyPath) -> Result<String, EditError> {
    let document = parse(text)?;
    let root = document.as_table();
    let Some(item) = lookup(root, path) else {
        return Ok(text.to_owned());
    };
    let by_hand = || EditError::ByHand(format!("remove `{}`", dotted(path)));
    let range = match item {
        Item::Value(value) => {
            let end = value.span().ok_or_else(by_hand)?.end;
            match inline_parent(root, path) {
                Some((table, name)) => inline_member(text, table, name, end).ok_or_else(by_hand)?,
                None => whole_line(text, end),
            }
        }
        Item::Table(table) if has_own_values(table) || table.is_dotted() => return Err(by_hand()),
        Item::Table(table) => section(text, table.span().ok_or_else(by_hand)?.start),
        _ => return Err(by_hand()),
    };
    let edited = replaced(text, range, "");
    if is_written(&edited, path)? { Err(by_hand()) } else { Ok(edited) }
}

/// Whether the text has a key itself: a value, or a table with a header or a line of its own.
pub fn is_written(text: &str, path: KeyPath) -> Result<bool, EditError> {
    read(text, path, |item| match item {
        Some(Item::Table(table)) => !table.is_implicit() || table.is_dotted(),
        found => found.is_some(),
    })
}

/// Whether the text has the table or array at `path` itself, and it is empty.
pub fn is_bare(text: &str, path: KeyPath) -> Result<bool, EditError> {
    read(text, path, |item| match item {
        Some(Item::Table(table)) => {
            !table.is_implicit() && !table.is_dotted() && !has_own_values(table)
        }
        Some(Item::Value(Value::Array(array))) => array.is_empty(),
        _ => false,
    })
}

fn has_own_values(table: &Table) -> bool {
    table.iter().any(|(_, item)| match item {
        Item::Table(table) => table.is_dotted(),
        Item::ArrayOfTables(_) | Item::None => false,
        Item::Value(_) => true,
    })
}

/// The inline table that has the last key of `path`.
fn inline_parent<'a>(root: &'a Table, path: KeyPath<'a>) -> Option<(&'a InlineTable, &'a str)> {
    let (name, parents) = path.split_last()?;
    let parent = lookup(root, parents)?;
    Some((parent.as_inline_table()?, name))
}

/// A member of an inline table with the comma that came with it.
fn inline_member(text: &str, table: &InlineTable, name: &str, end: usize) -> Option<Range<usize>> {
    let (key, _) = table.get_key_value(name)?;
    let start = key.span()?.start;
    // Other keys may precede the key, with dots.
    let before = text[..start].rfind([',', '{'])?;
    if text[before..].starts_with(',') {
        return Some(before..end);
    }
    let rest = &text[end..];
    match rest.trim_start().strip_prefix(',') {
        Some(next) => {
            let first = text.len() - text[before + 1..].trim_start().len();
            Some(first..text.len() - next.trim_start().len())
        }
        None => Some(before + 1..end),
    }
}

/// The line of byte `end`, with the line break that belongs to it.
fn whole_line(text: &str, end: usize) -> Range<usize> {
    let (start, end) = (line_start(text, end), line_end(text, end));
    match start.checked_sub(1) {
        Some(_) => before_break(text, start)..end,
        None => bom(text)..after_break(text, end),
    }
}

/// The line of a header, with one of the empty lines around it.
fn section(text: &str, header: usize) -> Range<usize> {
    let start = line_start(text, header).max(bom(text));
    let end = after_break(text, line_end(text, header));
    let eol = line_ending(text);
    if text[end..].starts_with(eol) {
        return start..end + eol.len();
    }
    let above = text[bom(text)..start].strip_suffix(eol);
    let (above, is_last) = match above {
        // Without a final line break, the one before the header is removed too.
        Some(above) if !text.ends_with('\n') && end == text.len() => (above, true),
        _ => (&text[bom(text)..start], false),
    };
    let set_off = above.ends_with(eol) && (is_last || above.ends_with(&eol.repeat(2)));
    let above = if set_off { &above[..above.len() - eol.len()] } else { above };
    bom(text) + above.len()..end
}

fn remove_element(text: &str, array: &Array, index: usize) -> Option<String> {
    let open = array.span()?.start + 1;
    let close = array.span()?.end - 1;
    let spans: Vec<_> = array.iter().map(Value::span).collect::<Option<_>>()?;
    let Range { start, end } = spans[index].clone();
    let previous = index.checked_sub(1).map(|previous| spans[previous].end);
    let next = spans.get(index + 1).map(|next| next.start);
    let comma_after = comma(&text[end..next.unwrap_or(close)]).map(|at| end + at);
    let starts_line =
        text[line_start(text, start)..start].trim().is_empty() && line_start(text, start) >= open;
    let mut edit = TextEdit::default();
    let line_end = line_end(text, comma_after.unwrap_or(end));
    let alone = next.is_none_or(|next| next > line_end);
    match (previous, next) {
        _ if starts_line && alone => {
            let rest = text[comma_after.map_or(end, |at| at + 1)..line_end].trim();
            let end = if rest.is_empty() || rest.starts_with('#') {
                line_end
            } else {
                comma_after.map_or(end, |at| at + 1)
            };
            if let (Some(previous), None) = (previous, comma_after) {
                let comma = previous + comma(&text[previous..start])?;
                edit.replace(comma..comma + 1, "");
            }
            edit.replace(before_break(text, line_start(text, start))..end, "");
        }
        (Some(previous), _) if !starts_line => edit.replace(previous..end, ""),
        (_, Some(next)) => edit.replace(start..next, ""),
        _ => edit.replace(start..comma_after.map_or(end, |at| at + 1), ""),
    }
    Some(edit.apply(text))
}
