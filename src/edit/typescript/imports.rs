//! Import statements: what a name is imported as, and where it is used.

use tree_sitter::Node;

use super::source::{Source, named, string_content};
use super::{Export, Refusal, RefusalKind};

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

/// The statements at the top of the text that bring in a module, each with the module: imports,
/// and declarations of what `require` returns.
pub fn statements<'n>(source: &'n Source) -> Vec<(Node<'n>, &'n str)> {
    let statements = named(source.root()).into_iter().filter_map(|statement| {
        let module = match statement.kind() {
            "import_statement" => statement.child_by_field_name("source")?,
            _ => required(source, statement)?.1,
        };
        Some((statement, string_content(source, module)?))
    });
    statements.collect()
}

/// The only declarator of a statement if its value is a call of `require`, and the module.
fn required<'n>(source: &'n Source, statement: Node<'n>) -> Option<(Node<'n>, Node<'n>)> {
    let [declarator] = named(statement).try_into().ok()?;
    let call: Node = declarator.child_by_field_name("value")?;
    let callee = call.child_by_field_name("function")?;
    let module = *named(call.child_by_field_name("arguments")?).first()?;
    (source.text_of(callee) == "require").then_some((declarator, module))
}

/// All that is imported as a value.
pub fn all<'n>(source: &'n Source) -> Vec<Imported<'n>> {
    let mut all = Vec::new();
    for (statement, module) in statements(source) {
        if statement.child(1).is_some_and(|token| token.kind() == "type") {
            continue;
        }
        for (node, name, local) in parts(source, statement) {
            let (name, local) = (name.map(|name| source.text_of(name)), source.text_of(local));
            let name = if node.kind() == "identifier" { Some("default") } else { name };
            all.push(Imported { module, name, local, statement, node });
        }
    }
    all
}

/// The parts of a statement, each with the name that it takes from the module and its own. None for
/// a namespace.
fn parts<'n>(
    source: &'n Source,
    statement: Node<'n>,
) -> Vec<(Node<'n>, Option<Node<'n>>, Node<'n>)> {
    let of_import = |part: Node<'n>| match part.kind() {
        "identifier" => vec![(part, Some(part), part)],
        "namespace_import" => named(part).iter().map(|local| (part, None, *local)).collect(),
        _ => named(part).into_iter().filter_map(specified).collect(),
    };
    match required(source, statement).map(|(declarator, _)| declarator) {
        Some(declarator) => match declarator.child_by_field_name("name") {
            Some(pattern) if pattern.kind() == "object_pattern" => {
                named(pattern).into_iter().filter_map(specified).collect()
            }
            Some(local) => vec![(declarator, None, local)],
            None => Vec::new(),
        },
        None => {
            let mut clauses = named(statement).into_iter();
            let clause = clauses.find(|node| node.kind() == "import_clause");
            clause.map(named).unwrap_or_default().into_iter().flat_map(of_import).collect()
        }
    }
}

/// One of the names in braces: that of the module, and its own. None for a type.
fn specified(part: Node<'_>) -> Option<(Node<'_>, Option<Node<'_>>, Node<'_>)> {
    let field = |name| part.child_by_field_name(name);
    let (name, local) = match part.kind() {
        "shorthand_property_identifier_pattern" => (part, part),
        "pair_pattern" => (field("key")?, field("value")?),
        _ if part.child(0).is_some_and(|token| token.kind() == "type") => return None,
        _ => (field("name")?, field("alias").or(field("name"))?),
    };
    Some((part, Some(name), local))
}

/// What `local` is imported as.
pub fn find<'n>(source: &'n Source, local: &str) -> Option<Imported<'n>> {
    all(source).into_iter().find(|imported| imported.local == local)
}

/// Whether a text imports something from the module of `export`.
pub fn imports(text: &str, export: &Export) -> bool {
    Source::parse(text).is_ok_and(|source| from_module(&source, export).is_some())
}

fn from_module<'n>(source: &'n Source, export: &Export) -> Option<Imported<'n>> {
    let is_its = |imported: &Imported| same_module(imported.module, export.module);
    all(source).into_iter().find(is_its)
}

/// Refuses an edit that removes `export` and leaves its import, which other code uses, at the place
/// of the import.
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
pub fn import_extension(text: &str) -> Option<String> {
    extension(&Source::parse(text).ok()?).map(str::to_owned)
}

pub fn extension(source: &Source) -> Option<&str> {
    let modules = statements(source).into_iter().map(|(_, module)| module);
    // Another extension, as of `./config.json`, says nothing about those of modules.
    let is_module = |module: &&str| {
        let file = module.rsplit('/').next().unwrap_or(module);
        module.starts_with('.') && (stem(module) != *module || !file.contains('.'))
    };
    let mut relative = modules.filter(is_module);
    relative.next_back().map(|module| &module[stem(module).len()..])
}

/// How often a name is used as a value outside of imports.
pub fn uses(source: &Source, name: &str) -> usize {
    value_uses(source, name).count()
}

pub fn value_uses<'n>(source: &'n Source, name: &str) -> impl Iterator<Item = Node<'n>> {
    let names = ["identifier", "shorthand_property_identifier", "type_identifier"];
    mentions_outside(source, name).filter(move |node| names.contains(&node.kind()))
}

/// The nodes outside of imports that read `text`.
pub fn mentions_outside<'n>(source: &'n Source, text: &str) -> impl Iterator<Item = Node<'n>> {
    let statements = statements(source);
    let in_import = move |node: &Node| {
        let at = node.start_byte();
        statements.iter().any(|(statement, _)| statement.byte_range().contains(&at))
    };
    source.mentions(text).filter(move |node| !in_import(node))
}
