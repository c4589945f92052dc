//! Imports that are taken out, or give their place to another one.

use tree_sitter::Node;

use super::Export;
use super::imports::{Imported, all, same_module, stem};
use super::new_import::{free_name, import, specifier};
use super::source::{Source, named, string_range};
use crate::edit::text::{TextEdit, after_break, before_break, line_end};

/// Takes an import out again, if `uses` of its name remain none.
pub fn remove(source: &Source, edit: &mut TextEdit, export: &Export, uses_left: usize) {
    let imported = all(source).into_iter().find(|imported| {
        imported.name == Some(export.name) && same_module(imported.module, export.module)
    });
    if let Some(imported) = imported.filter(|_| uses_left == 0) {
        remove_part(source, edit, &imported);
    }
}

/// Whether an import statement has nothing else.
fn is_alone(imported: &Imported) -> bool {
    let siblings = imported.node.parent().map(named).unwrap_or_default();
    let clauses = named(imported.statement).into_iter();
    let mut clauses = clauses.filter(|node| node.kind() == "import_clause");
    siblings.len() == 1 && clauses.all(|clause| named(clause).len() == 1)
}

fn remove_part(source: &Source, edit: &mut TextEdit, imported: &Imported) {
    if is_alone(imported) {
        edit.replace(whole_lines(source, imported.statement), "");
    } else {
        let is_comma = |node: &Node| node.kind() == ",";
        let (start, end) = (imported.node.start_byte(), imported.node.end_byte());
        let next = imported.node.next_sibling().filter(is_comma);
        let previous = imported.node.prev_sibling().filter(is_comma);
        let range = match (next, previous) {
            (Some(next), _) => {
                let end = next.end_byte();
                let behind = &source.text[end..];
                start..end + behind.len() - behind.trim_start_matches(' ').len()
            }
            (None, Some(previous)) => previous.start_byte()..end,
            (None, None) => start..end,
        };
        edit.replace(range, "");
    }
}

/// The bytes of a statement, with the line ending before it if it has its lines to itself, else
/// with the one behind it if it starts the text.
fn whole_lines(source: &Source, node: Node) -> std::ops::Range<usize> {
    let text = &source.text;
    let (start, end) = (node.start_byte(), node.end_byte());
    let before = text[..start].trim_end_matches([' ', '\t']);
    let rest = &text[end..line_end(text, end)];
    if !rest.trim().is_empty() {
        let blank = usize::from(text[..start].ends_with(' '));
        return start - blank..end;
    }
    match before.ends_with('\n') {
        true => before_break(text, before.len())..end,
        false => start..after_break(text, end),
    }
}

/// Imports `export` in the place of something that nothing uses then: its statement is edited, or
/// loses a part. Returns the name of `export` in this text.
pub fn import_instead(
    source: &Source,
    edit: &mut TextEdit,
    export: &Export,
    old: &Imported,
) -> String {
    let is_imported =
        all(source).iter().any(|imported| same_module(imported.module, export.module));
    let module = old.statement.child_by_field_name("source");
    let (true, false, Some(module)) = (is_alone(old), is_imported, module) else {
        remove_part(source, edit, old);
        return import(source, edit, export);
    };
    let local = match old.local == export.name {
        true => export.name.to_owned(),
        false => free_name(source, export.name),
    };
    let specifier = specifier(export, &local);
    let specifier = match old.node.kind() {
        "import_specifier" => specifier,
        _ => format!("{{ {specifier} }}"),
    };
    edit.replace(old.node.byte_range(), specifier);
    let extension = &old.module[stem(old.module).len()..];
    edit.replace(string_range(module), format!("{}{extension}", export.module));
    local
}
