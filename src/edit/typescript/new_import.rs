//! New imports, in the text's own style.

use tree_sitter::Node;

use super::Export;
use super::imports::{Imported, all, extension, find, same_module, statements, stem};
use super::source::{Source, named};
use crate::edit::text::{TextEdit, line_end};

/// Imports `export`, unless that is done already; returns its name in this text.
pub fn import(source: &Source, edit: &mut TextEdit, export: &Export) -> String {
    let known = all(source).into_iter().find(|imported| {
        imported.name == Some(export.name) && same_module(imported.module, export.module)
    });
    if let Some(known) = known {
        return known.local.to_owned();
    }
    let local = free_name(source, export.name);
    import_as(source, edit, export, &local);
    local
}

fn import_as(source: &Source, edit: &mut TextEdit, export: &Export, local: &str) {
    let line = statement(source, export, local);
    insert(source, edit, &line, previous(&statements(source), export.module));
}

/// The statement that imports `export` as `local`, as the last import of the text is written.
pub fn statement(source: &Source, export: &Export, local: &str) -> String {
    let statements = statements(source);
    let last = statements.last().map(|(statement, _)| *statement);
    let text = last.map(|last| source.text_of(last));
    let quote = text.and_then(|text| text.chars().rev().find(|c| matches!(c, '\'' | '"')));
    let quote = quote.unwrap_or('\'');
    let end = if text.is_none_or(|text| text.ends_with(';')) { ";" } else { "" };
    let extension = if export.module.starts_with('.') {
        extension(source).unwrap_or(export.extension)
    } else {
        ""
    };
    let module = format!("{quote}{}{extension}{quote}", export.module);
    let inside = text.and_then(|text| text.split_once('{')?.1.chars().next());
    let blank = if inside.is_none_or(char::is_whitespace) { " " } else { "" };
    let braces = |specifier: &str| format!("{{{blank}{specifier}{blank}}}");
    match last.filter(|last| last.kind() != "import_statement") {
        Some(_) => {
            let same = local == export.name;
            let specifier =
                if same { local.to_owned() } else { format!("{}: {local}", export.name) };
            format!("const {} = require({module}){end}", braces(&specifier))
        }
        None => format!("import {} from {module}{end}", braces(&specifier(export, local))),
    }
}

/// What an import statement says for `export`, which is called `local`.
pub fn specifier(export: &Export, local: &str) -> String {
    if local == export.name { local.to_owned() } else { format!("{} as {local}", export.name) }
}

/// The import that a new one goes behind: the last, or the last that is smaller where all imports
/// of its kind, `./…/resource`, are sorted. None to go before all.
fn previous<'n>(statements: &[(Node<'n>, &str)], module: &str) -> Option<Node<'n>> {
    let last = statements.last().map(|(statement, _)| *statement);
    let Some((prefix, name, file)) = sibling(module) else {
        return last;
    };
    let is_sibling =
        |other: &str| sibling(stem(other)).is_some_and(|(p, _, f)| (p, f) == (prefix, file));
    let siblings: Vec<_> = statements
        .iter()
        .enumerate()
        .filter(|(_, (_, other))| is_sibling(other))
        .filter_map(|(index, (_, other))| Some((index, sibling(stem(other))?.1)))
        .collect();
    if !siblings.is_sorted_by_key(|(_, name)| *name) {
        return last;
    }
    match siblings.iter().find(|(_, other)| *other > name) {
        // A comment right above the first import is about that one.
        Some((0, _)) if comment_above(statements[0].0).is_some() => last,
        Some((next, _)) => next.checked_sub(1).map(|index| statements[index].0),
        None => last,
    }
}

/// The comment in the line above a statement.
fn comment_above(statement: Node<'_>) -> Option<Node<'_>> {
    let above = statement.prev_sibling()?;
    let is_near = above.end_position().row + 1 == statement.start_position().row;
    (above.kind() == "comment" && is_near).then_some(above)
}

/// `./a/resource` as (`.`, `a`, `resource`).
fn sibling(module: &str) -> Option<(&str, &str, &str)> {
    let (rest, file) = module.rsplit_once('/')?;
    let (prefix, name) = rest.rsplit_once('/')?;
    Some((prefix, name, file))
}

/// Puts a line behind a statement, or before the first one.
fn insert(source: &Source, edit: &mut TextEdit, line: &str, previous: Option<Node>) {
    let eol = source.eol();
    let Some(previous) = previous else {
        let mut statements = named(source.root()).into_iter();
        let first = statements.find(|statement| statement.kind() != "hash_bang_line");
        let start = first.map_or(source.text.len(), |first| first.start_byte());
        edit.insert(start, format!("{line}{eol}"));
        return;
    };
    let end = previous.end_byte();
    let tail = source.line_tail(end, previous.next_sibling());
    let rest = &source.text[tail..line_end(&source.text, tail)];
    if rest.trim().is_empty() {
        edit.insert(tail, format!("{eol}{line}"));
    } else {
        edit.insert(end, format!(" {line}"));
    }
}

/// `wanted`, or a name like it that nothing in the text has.
pub fn free_name(source: &Source, wanted: &str) -> String {
    let is_name =
        |node: Node| node.kind().contains("identifier") && node.kind() != "property_identifier";
    let candidates = std::iter::once(wanted.to_owned())
        .chain(std::iter::once(format!("{wanted}Trigger")))
        .chain((2..).map(|number| format!("{wanted}Trigger{number}")));
    let mut free = candidates.filter(|name| !source.mentions(name).any(is_name));
    free.next().unwrap_or_default()
}

/// A text that imports all that an import statement brings in.
pub fn with_all_of(text: &str, statement: &str) -> Option<String> {
    let (source, statement) = (Source::parse(text).ok()?, Source::parse(statement).ok()?);
    let mut edit = TextEdit::default();
    for Imported { module, name, local, .. } in all(&statement) {
        let export = Export { name: name?, module: stem(module), extension: "" };
        if find(&source, local).is_none() {
            import_as(&source, &mut edit, &export, local);
        }
    }
    Some(edit.apply(text))
}
