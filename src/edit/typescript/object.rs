//! Object literals: properties found, put in and taken out in the way the object is written.

use std::ops::Range;

use tree_sitter::Node;

use super::Refusal;
use super::new_property::{NewProperty, ObjectStyle};
use super::source::{Source, named};
use super::values::{self, key_name};
use crate::edit::text::{TextEdit, after_break, before_break, line_end, line_start};

/// Where a new property goes.
#[derive(Clone, Copy)]
pub enum Order<'a> {
    /// Where it belongs if all others are sorted, else last.
    Sorted,
    /// Last, but before a last property of this name.
    LastBefore(&'a str),
}

/// The value of the property `key`; a name for one that is written as a name alone.
pub fn property<'n>(
    source: &'n Source,
    object: Node<'n>,
    key: &str,
) -> Result<Option<Node<'n>>, Refusal> {
    for member in named(object).into_iter().rev() {
        let name = match member.kind() {
            "shorthand_property_identifier" => {
                if source.text_of(member) == key {
                    return Ok(Some(member));
                }
                continue;
            }
            "spread_element" => match spread(source, member, key)? {
                Some(value) => return Ok(Some(value)),
                None => continue,
            },
            "pair" => member.child_by_field_name("key"),
            _ => member.child_by_field_name("name"),
        };
        match name.map(|name| key_name(source, name)) {
            Some(Some(name)) if name == key => {
                let is_pair = |_: &Node| member.kind() == "pair";
                let value = member.child_by_field_name("value").filter(is_pair);
                let not_a_value =
                    || source.unclear(member, format!("`{key}` is not an object literal"));
                return value.map(Some).ok_or_else(not_a_value);
            }
            Some(Some(_)) => {}
            _ => return Err(source.unclear(member, "the name of this property is computed")),
        }
    }
    Ok(None)
}

/// The value of `key` in what is spread into an object.
fn spread<'n>(
    source: &'n Source,
    member: Node<'n>,
    key: &str,
) -> Result<Option<Node<'n>>, Refusal> {
    let Some(spread) = named(member).first().copied() else {
        return Err(source.unclear(member, "this spread is empty"));
    };
    match values::object(source, spread, "what is spread here") {
        Ok(object) => property(source, object, key),
        Err(_) if lacks(source, spread, key) => Ok(None),
        Err(refusal) => {
            Err(source.unclear(member, format!("`{key}` may come from here: {refusal}")))
        }
    }
}

/// Whether an expression has no property `key`, whichever way its conditions turn out.
fn lacks(source: &Source, node: Node, key: &str) -> bool {
    let value = values::unwrap(node);
    let part = |name| value.child_by_field_name(name);
    let part_lacks = |name| part(name).is_some_and(|part| lacks(source, part, key));
    match value.kind() {
        "ternary_expression" => part_lacks("consequence") && part_lacks("alternative"),
        "binary_expression" => match part("operator").map(|operator| operator.kind()) {
            // What is spread where the left side decides is `false`, or empty alike.
            Some("&&") => part_lacks("right"),
            Some("||" | "??") => part_lacks("left") && part_lacks("right"),
            _ => false,
        },
        "undefined" | "null" | "false" => true,
        _ => {
            let object = values::object(source, value, "what is spread here");
            object.is_ok_and(|object| matches!(property(source, object, key), Ok(None)))
        }
    }
}

/// Whether an object itself has a property `key`, whatever is spread into it.
pub fn has_own(source: &Source, object: Node, key: &str) -> bool {
    named(object).iter().any(|member| member_key(source, *member) == Some(key))
}

/// The property of an object that has `key` but for two letters, or for capitals.
pub fn misspelt<'n>(source: &'n Source, object: Node<'n>, key: &str) -> Option<Node<'n>> {
    named(object).into_iter().find(|member| {
        let other = member_key(source, *member).unwrap_or_default().to_lowercase();
        other.len() > 4 && strsim::damerau_levenshtein(&other, &key.to_lowercase()) <= 2
    })
}

/// Puts `entry` into an object that has no such property.
pub fn insert(
    source: &Source,
    edit: &mut TextEdit,
    object: Node,
    entry: &NewProperty,
    order: Order,
) {
    let members = named(object);
    let Some(first) = members.first() else {
        return insert_into_empty(source, edit, object, entry);
    };
    let style = style(source, object, &members);
    let index = place(source, &members, entry.key(), order);
    let Some(previous) = index.checked_sub(1).map(|index| members[index]) else {
        let open = object.start_byte() + 1;
        let own_line = first.start_position().row > object.start_position().row;
        if own_line {
            let tail = source.line_tail(open, object.child(0).and_then(|open| open.next_sibling()));
            edit.insert(tail, line(&style, entry, ","));
        } else {
            edit.insert(first.start_byte(), format!("{}, ", entry.inline()));
        }
        return;
    };
    let comma = comma_after(previous);
    let end = comma.map_or(previous.end_byte(), |comma| comma.end_byte());
    let behind = comma.unwrap_or(previous).next_sibling();
    let tail = source.line_tail(end, behind);
    let own_line = source.text[tail..line_end(&source.text, tail)].trim().is_empty();
    match (comma, own_line) {
        (Some(_), true) => edit.insert(tail, line(&style, entry, ",")),
        (Some(_), false) => edit.insert(end, format!(" {},", entry.inline())),
        (None, true) => {
            edit.insert(previous.end_byte(), ",");
            edit.insert(tail, line(&style, entry, ""));
        }
        (None, false) => edit.insert(tail_of_comments(previous), format!(", {}", entry.inline())),
    }
}

fn line(style: &ObjectStyle, entry: &NewProperty, comma: &str) -> String {
    format!("{}{}{}{comma}", style.eol, style.indent, entry.block(style))
}

/// Where the comments behind the last property of a line end.
fn tail_of_comments(previous: Node) -> usize {
    let next = previous.next_sibling().filter(|next| next.kind() == "comment");
    next.map_or(previous.end_byte(), tail_of_comments)
}

fn insert_into_empty(source: &Source, edit: &mut TextEdit, object: Node, entry: &NewProperty) {
    let text = &source.text;
    let (open, close) = (object.start_byte() + 1, object.end_byte() - 1);
    let inside = &text[open..close];
    if !inside.contains('\n') {
        let entry = entry.inline();
        let entry = match inside {
            "" => format!(" {entry} "),
            blank if blank.trim().is_empty() => format!(" {entry}"),
            _ => format!(" {entry},"),
        };
        return edit.insert(open, entry);
    }
    let style = style(source, object, &[]);
    let start = line_start(text, close);
    if text[start..close].trim().is_empty() {
        let line = format!("{}{},{}", style.indent, entry.block(&style), style.eol);
        edit.insert(start, line);
    } else {
        edit.insert(close, format!("{}{}", line(&style, entry, ","), style.eol));
    }
}

fn style(source: &Source, object: Node, members: &[Node]) -> ObjectStyle {
    let outer = source.indent_of(object);
    let first_of_line = members.iter().find(|member| {
        let start = member.start_byte();
        source.text[line_start(&source.text, start)..start].trim().is_empty()
    });
    let indent = match first_of_line {
        Some(member) => source.indent_of(*member).to_owned(),
        None => format!("{outer}{}", source.indent_unit()),
    };
    let unit = indent.strip_prefix(outer).filter(|unit| !unit.is_empty());
    let unit = unit.unwrap_or(source.indent_unit()).to_owned();
    let trailing = members.last().is_none_or(|last| comma_after(*last).is_some());
    ObjectStyle { indent, unit, eol: source.eol(), comma: if trailing { "," } else { "" } }
}

/// The index that a new property gets.
fn place(source: &Source, members: &[Node], key: &str, order: Order) -> usize {
    let keys: Vec<_> = members.iter().map(|member| member_key(source, *member)).collect();
    match order {
        Order::Sorted => {
            let names: Option<Vec<_>> = keys.iter().copied().collect();
            match names.filter(|names| names.is_sorted()) {
                Some(names) => names.partition_point(|name| *name < key),
                None => members.len(),
            }
        }
        Order::LastBefore(last) => match keys.last() {
            Some(Some(name)) if *name == last && key < last => members.len() - 1,
            _ => members.len(),
        },
    }
}

fn member_key<'n>(source: &'n Source, member: Node) -> Option<&'n str> {
    match member.kind() {
        "pair" => key_name(source, member.child_by_field_name("key")?),
        "shorthand_property_identifier" => Some(source.text_of(member)),
        _ => None,
    }
}

/// The member of an object that a value belongs to.
pub fn member_of(value: Node<'_>) -> Node<'_> {
    value.parent().filter(|parent| parent.kind() == "pair").unwrap_or(value)
}

fn comma_after(member: Node<'_>) -> Option<Node<'_>> {
    let mut next = member.next_sibling()?;
    while next.kind() == "comment" {
        next = next.next_sibling()?;
    }
    (next.kind() == ",").then_some(next)
}

/// Takes a member out of its object: the reverse of [`insert`].
pub fn remove(source: &Source, edit: &mut TextEdit, member: Node) {
    for range in removal(source, member) {
        edit.replace(range, "");
    }
}

/// Whether a text is nothing but what TypeScript takes for blanks: a byte order mark is one.
fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || character == '\u{feff}')
}

fn removal(source: &Source, member: Node) -> Vec<Range<usize>> {
    let text = &source.text;
    let object = member.parent().unwrap_or(member);
    let members = named(object);
    let index = members.iter().position(|other| *other == member).unwrap_or(0);
    let previous = index.checked_sub(1).map(|index| members[index]);
    let comma = comma_after(member);
    let end = comma.map_or(member.end_byte(), |comma| comma.end_byte());
    let start = member.start_byte();
    let line = line_start(text, start);
    let own_line = is_blank(&text[line..start]) && is_blank(&text[end..line_end(text, end)]);
    let (open, close) = (object.start_byte() + 1, object.end_byte() - 1);
    if members.len() == 1 && !text[open..close].contains('\n') && comma.is_none() {
        let from = open + text[open..start].trim_end().len();
        let is_padded = from == open && &text[end..close] == " ";
        let until = if is_padded { close } else { end };
        return vec![Range { start: from, end: until }];
    }
    if own_line && members.len() == 1 {
        // The line ending behind it is the one that came with it.
        return vec![Range { start: line, end: after_break(text, line_end(text, end)) }];
    }
    if own_line {
        let before = previous.and_then(comma_after).filter(|_| comma.is_none());
        let whole_line = before_break(text, line)..end;
        return before.map(|comma| comma.byte_range()).into_iter().chain([whole_line]).collect();
    }
    let range = match (previous, comma) {
        (Some(previous), None) => {
            let from =
                comma_after(previous).map_or(previous.end_byte(), |comma| comma.start_byte());
            from..end
        }
        (Some(_), Some(_)) => {
            let blank = text[..start].len() - text[..start].trim_end_matches(' ').len();
            start - blank..end
        }
        (None, _) => {
            let blank = text[end..].len() - text[end..].trim_start_matches(' ').len();
            start..end + blank
        }
    };
    vec![range]
}
