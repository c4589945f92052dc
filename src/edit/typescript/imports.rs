//! Import statements: what a name is imported as, and new ones in the text's own style.

use tree_sitter::Node;

use super::source::{Source, named, string_content};
use super::{Export, Refusal, RefusalKind};
use crate::edit::text::{TextEdit, line_end};

/// What an import brings in.
#[derive(Clone, Copy, Debug)]
pub struct Imported<'n> {
    /// The module, as it is written.
    pub module: &'n str,
    /// The name that it exports; none for a namespace.
    pub name: Option<&'n str>,
    /// The name that it has in this text.
    pub local: &'n str,
    /// The import statement.
    pub statement: Node<'n>,
    /// The part of the statement that names it.
    pub node: Node<'n>,
}

/// The import statements at the top of the text, with their modules.
fn statements<'n>(source: &'n Source) -> Vec<(Node<'n>, &'n str)> {
    let statements = named(source.root()).into_iter().filter_map(|statement| {
        let module = statement.child_by_field_name("source")?;
        let is_import = statement.kind() == "import_statement";
        is_import.then_some((statement, string_content(source, module)?))
    });
    statements.collect()
}

/// All that is imported as a value.
pub fn all<'n>(source: &'n Source) -> Vec<Imported<'n>> {
    let mut all = Vec::new();
    for (statement, module) in statements(source) {
        if statement.child(1).is_some_and(|token| token.kind() == "type") {
            continue;
        }
        let clause = named(statement).into_iter().find(|node| node.kind() == "import_clause");
        for part in clause.map(named).unwrap_or_default() {
            let mut add = |node: Node<'n>, name, local: Node| {
                let local = source.text_of(local);
                all.push(Imported { module, name, local, statement, node });
            };
            match part.kind() {
                "identifier" => add(part, Some("default"), part),
                "namespace_import" => {
                    if let Some(local) = named(part).first() {
                        add(part, None, *local);
                    }
                }
                "named_imports" => {
                    for specifier in named(part) {
                        let is_type =
                            specifier.child(0).is_some_and(|token| token.kind() == "type");
                        let name = specifier.child_by_field_name("name");
                        let local = specifier.child_by_field_name("alias").or(name);
                        if let (false, Some(name), Some(local)) = (is_type, name, local) {
                            add(specifier, Some(source.text_of(name)), local);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    all
}

/// What `local` is imported as.
pub fn find<'n>(source: &'n Source, local: &str) -> Option<Imported<'n>> {
    all(source).into_iter().find(|imported| imported.local == local)
}

/// Whether a text imports something from the module of `export`.
#[must_use]
pub fn imports(text: &str, export: &Export) -> bool {
    Source::parse(text).is_ok_and(|source| from_module(&source, export).is_some())
}

fn from_module<'n>(source: &'n Source, export: &Export) -> Option<Imported<'n>> {
    let is_its = |imported: &Imported| same_module(imported.module, export.module);
    all(source).into_iter().find(is_its)
}

/// Refuses an edit that removes `export` and leaves its import, at the place of the import.
///
/// # Errors
/// When a text is not TypeScript, or other code uses `export`.
pub fn check_unused(before: &str, after: &str, export: &Export) -> Result<(), Refusal> {
    let (before, after) = (Source::parse(before)?, Source::parse(after)?);
    match (from_module(&after, export), from_module(&before, export)) {
        (Some(_), Some(import)) => {
            let reason = format!("still uses `{}`, which is imported here", import.local);
            Err(before.refuse(RefusalKind::InUse, import.statement, reason))
        }
        _ => Ok(()),
    }
}

/// A module without its extension.
pub fn stem(module: &str) -> &str {
    let extensions = [".js", ".ts", ".mjs", ".mts"];
    extensions.iter().find_map(|extension| module.strip_suffix(extension)).unwrap_or(module)
}

/// The module of a text that is one import statement and nothing else.
pub fn module_of(statement: &str) -> Option<String> {
    let source = Source::parse(statement).ok()?;
    let is_alone = named(source.root()).len() == 1;
    statements(&source).first().filter(|_| is_alone).map(|(_, module)| (*module).to_owned())
}

/// Whether two imports name the same file, or the same package.
pub fn same_module(a: &str, b: &str) -> bool {
    let normal = |module| {
        let parts = stem(module).split('/');
        parts.filter(|part| *part != ".").collect::<Vec<_>>().join("/")
    };
    a.starts_with('.') == b.starts_with('.') && normal(a) == normal(b)
}

/// The extension of the relative imports in `text`: `.js` for one, or empty. None when there is
/// no relative import, or no TypeScript.
#[must_use]
pub fn import_extension(text: &str) -> Option<String> {
    extension(&Source::parse(text).ok()?).map(str::to_owned)
}

fn extension(source: &Source) -> Option<&str> {
    let modules = statements(source).into_iter().map(|(_, module)| module);
    // Another extension, as of `./config.json`, says nothing about those of modules.
    let is_module = |module: &&str| {
        let file = module.rsplit('/').next().unwrap_or(module);
        module.starts_with('.') && (stem(module) != *module || !file.contains('.'))
    };
    let mut relative = modules.filter(is_module);
    relative.next_back().map(|module| &module[stem(module).len()..])
}

/// Imports `export`, unless that is done already; returns its name in this text.
pub fn import(source: &Source, edit: &mut TextEdit, export: &Export) -> String {
    let known = all(source).into_iter().find(|imported| {
        imported.name == Some(export.name) && same_module(imported.module, export.module)
    });
    if let Some(known) = known {
        return known.local.to_owned();
    }
    let local = free_name(source, export.name);
    let statements = statements(source);
    let specifier = specifier(export, &local);
    let (quote, semicolon) = style(source);
    let extension = if export.module.starts_with('.') {
        extension(source).unwrap_or(export.extension)
    } else {
        ""
    };
    let module = format!("{}{extension}", export.module);
    let line = format!("import {{ {specifier} }} from {quote}{module}{quote}{semicolon}");
    insert(source, edit, &line, previous(&statements, export.module));
    local
}

/// What an import statement says for `export`, which is called `local`.
pub fn specifier(export: &Export, local: &str) -> String {
    if local == export.name { local.to_owned() } else { format!("{} as {local}", export.name) }
}

/// The quote and the end of statements, as the last import has them.
fn style(source: &Source) -> (char, &'static str) {
    let statements = statements(source);
    let last = statements.last().map(|(statement, _)| source.text_of(*statement));
    let quote = last.and_then(|last| last.chars().rev().find(|c| matches!(c, '\'' | '"')));
    let ends = last.is_none_or(|last| last.ends_with(';'));
    (quote.unwrap_or('\''), if ends { ";" } else { "" })
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

/// How often a name is used as a value outside of imports.
pub fn uses(source: &Source, name: &str) -> usize {
    value_uses(source, name).count()
}

pub fn value_uses<'n>(source: &'n Source, name: &str) -> impl Iterator<Item = Node<'n>> {
    let names = ["identifier", "shorthand_property_identifier", "type_identifier"];
    let in_import = |node: &Node| {
        std::iter::successors(Some(*node), Node::parent)
            .any(|node| node.kind() == "import_statement")
    };
    let mentions = source.mentions(name);
    mentions.filter(move |node| names.contains(&node.kind()) && !in_import(node))
}
