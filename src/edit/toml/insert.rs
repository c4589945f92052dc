//! New entries, in the style of their table or array.

use std::ops::Range;

use toml_edit::{Array, Item, Table, Value};

use super::super::text::{
    TextEdit, append_block, bom, indentation, line_end, line_ending, line_start, replaced,
};
use super::{EditError, KeyPath, assignment, dotted, wrong_type};

/// Inserts a key that does not exist yet, in the style of its table.
pub fn insert_key(
    text: &str,
    root: &Table,
    tables: KeyPath,
    key: &str,
    value: &str,
) -> Result<String, EditError> {
    let as_section = || new_section(text, root, tables, &assignment(key, value));
    let mut header: &Table = root;
    for (depth, name) in tables.iter().enumerate() {
        let below = &tables[depth + 1..];
        match header.get(name) {
            None if depth == 0 || !header.is_dotted() => return Ok(as_section()),
            None => {
                let key = dotted(&[below, &[key]].concat());
                return Ok(insert_dotted(text, header, &tables[..=depth], &key, value));
            }
            Some(Item::Table(table)) if table.is_dotted() && below.is_empty() => {
                return Ok(insert_dotted(text, table, tables, &dotted(&[key]), value));
            }
            Some(Item::Table(table)) => header = table,
            Some(Item::Value(Value::InlineTable(inline))) => {
                let key = dotted(&[below, &[key]].concat());
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

/// A new `[table]`, after all others, or in order if they are sorted.
fn new_section(text: &str, root: &Table, tables: KeyPath, line: &str) -> String {
    let section = format!("[{}]\n{line}", dotted(tables));
    let Some(next) = tables.first().and_then(|name| next_section(root, name)) else {
        return append_block(text, &section);
    };
    // The comment above a header belongs to it.
    let mut place = line_start(text, next);
    let start = bom(text);
    while place > start && text[line_start(text, place - 1)..].starts_with('#') {
        place = line_start(text, place - 1);
    }
    let eol = line_ending(text);
    let place = place.max(start);
    replaced(text, place..place, &format!("{}{eol}{eol}", section.replace('\n', eol)))
}

/// Where the section starts that a new one called `name` goes before: the first below it if there
/// is one; `None` when it goes to the end.
fn next_section(root: &Table, name: &str) -> Option<usize> {
    if let Some(first) = root.get(name).and_then(section_start) {
        return Some(first);
    }
    let sections = root.iter().filter_map(|(name, item)| Some((section_start(item)?, name)));
    let mut sections: Vec<_> = sections.collect();
    sections.sort_unstable();
    let names: Vec<_> = sections.iter().map(|(_, name)| *name).collect();
    Some(sections.get(sorted_place(&names, name))?.0)
}

/// Where the first header of a table is.
fn section_start(item: &Item) -> Option<usize> {
    let below = |table: &Table| table.iter().filter_map(|(_, item)| section_start(item)).min();
    match item {
        Item::Table(table) if table.is_dotted() => None,
        Item::Table(table) if table.is_implicit() => below(table),
        Item::Table(table) => {
            table.span().map(|span| span.start).into_iter().chain(below(table)).min()
        }
        Item::ArrayOfTables(tables) => {
            tables.iter().filter_map(|table| Some(table.span()?.start)).min()
        }
        Item::Value(_) | Item::None => None,
    }
}

/// Where `new` goes among `names`: into the sorted part at their end. So sorted names stay sorted,
/// and the result does not depend on the order in which two names were added.
fn sorted_place(names: &[&str], new: &str) -> usize {
    let unsorted = names.windows(2).rposition(|pair| pair[0] > pair[1]);
    let start = unsorted.map_or(0, |last| last + 1);
    start + names[start..].partition_point(|name| *name < new)
}

/// Where a path goes among those of an array: sorted in, or where they are not sorted, to those in the
/// same directory at the end.
fn element_place(paths: &[&str], new: &str) -> usize {
    if paths.is_sorted() {
        return sorted_place(paths, new);
    }
    let directory = |path: &str| path.rsplit_once('/').map(|(directory, _)| directory.to_owned());
    let beside = paths.iter().rev().take_while(|path| directory(path) == directory(new));
    let start = paths.len() - beside.count();
    start + sorted_place(&paths[start..], new)
}

/// A new line in the body of a `[table]`.
fn insert_line(text: &str, table: &Table, header: Range<usize>, key: &str, value: &str) -> String {
    let mut lines: Vec<_> =
        table.iter().filter_map(|(name, item)| Some((name, last_byte(item)?))).collect();
    lines.sort_by_key(|(_, end)| *end);
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    let place = match sorted_place(&names, key).checked_sub(1) {
        Some(previous) => lines[previous].1,
        None => header.end,
    };
    let indent = indentation(text, lines.first().map_or(header.start, |(_, end)| *end - 1));
    let line = format!("{}{indent}{}", line_ending(text), assignment(key, value));
    let end = line_end(text, place);
    replaced(text, end..end, &line)
}

/// A new `a.b.key = value` line among the `a.b.` lines.
fn insert_dotted(text: &str, table: &Table, path: KeyPath, key: &str, value: &str) -> String {
    let mut lines: Vec<_> = table
        .iter()
        .filter_map(|(name, item)| Some((first_byte(item)?, last_byte(item)?, name)))
        .collect();
    lines.sort_unstable();
    let names: Vec<_> = lines.iter().map(|(.., name)| *name).collect();
    let place = sorted_place(&names, key);
    // The prefix as the user wrote it: a dotted table may itself be below a header.
    let first = path.last().copied().unwrap_or_default();
    let Some(beside) = lines.get(place.saturating_sub(1)) else {
        return text.to_owned();
    };
    let start = line_start(text, beside.0).max(bom(text));
    let line = &text[start..beside.0];
    let prefix = line.find(first).map_or(first, |at| &line[..at + first.len()]);
    let line = format!("{}.{key} = {value}", prefix.trim_end());
    let eol = line_ending(text);
    let (at, line) = match place {
        0 => (start, format!("{line}{eol}")),
        _ => (line_end(text, beside.1), format!("{eol}{line}")),
    };
    replaced(text, at..at, &line)
}

fn insert_inline(
    text: &str,
    inline: &toml_edit::InlineTable,
    key: &str,
    value: &str,
) -> Option<String> {
    let span = inline.span()?;
    let names: Vec<_> = inline.iter().map(|(name, _)| name).collect();
    let (at, member) = match (sorted_place(&names, key).checked_sub(1), names.first()) {
        (Some(previous), _) => {
            let (_, previous) = inline.iter().nth(previous)?;
            (last_value_byte(previous)?, format!(", {key} = {value}"))
        }
        (None, Some(first)) => {
            let (first, _) = inline.get_key_value(first)?;
            (first.span()?.start, format!("{key} = {value}, "))
        }
        // `{ }` keeps its space, so that a removal restores it.
        (None, None) if span.len() > 2 => (span.start + 1, format!(" {key} = {value}")),
        (None, None) => (span.start + 1, format!("{key} = {value}")),
    };
    Some(replaced(text, at..at, &member))
}

/// Where the value of `item` starts, if it is in the body of its table.
fn first_byte(item: &Item) -> Option<usize> {
    match item {
        Item::Value(value) => Some(value.span()?.start),
        Item::Table(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, item)| first_byte(item)).min()
        }
        _ => None,
    }
}

/// Where the text of `item` ends, if it is in the body of its table.
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
        Value::InlineTable(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, value)| last_value_byte(value)).max()
        }
        value => Some(value.span()?.end),
    }
}

/// Inserts `quoted` where `element` belongs, on a line of its own where the others have one.
pub fn insert_element(text: &str, array: &Array, element: &str, quoted: &str) -> Option<String> {
    let span = array.span()?;
    let eol = line_ending(text);
    let mut edit = TextEdit::default();
    let spans: Vec<_> = array.iter().map(Value::span).collect::<Option<_>>()?;
    let Some(first) = spans.first() else {
        let inside = &text[span.start + 1..span.end - 1];
        if inside.contains('\n') {
            let indent = format!("{}    ", indentation(text, span.start));
            edit.insert(line_end(text, span.start), format!("{eol}{indent}{quoted},"));
        } else {
            edit.insert(span.start + 1, quoted);
        }
        return Some(edit.apply(text));
    };
    let place = match array.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
        Some(texts) => element_place(&texts, element),
        None => spans.len(),
    };
    let own_line = text[span.start..first.start].contains('\n');
    let indent = indentation(text, first.start);
    match place.checked_sub(1) {
        None if own_line => {
            edit.insert(line_end(text, span.start), format!("{eol}{indent}{quoted},"));
        }
        None => edit.insert(first.start, format!("{quoted}, ")),
        Some(previous) => {
            let end = spans[previous].end;
            let next = spans.get(place).map_or(span.end - 1, |next| next.start);
            let comma = comma(&text[end..next]).map(|at| end + at);
            // After the comma, the line may have a comment, but not another element.
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
pub(super) fn comma(gap: &str) -> Option<usize> {
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
