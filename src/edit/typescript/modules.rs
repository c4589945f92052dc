//! Which modules a text names, and what it does with them.

use std::ops::Range;

use tree_sitter::Node;

use super::imports::{all, stem, value_uses};
use super::source::{Source, named, string_content};

/// A module that a text names: in an import, an export from it, or a call of `import` or `require`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleUse {
    /// The module, as it is written, without extension.
    pub module: String,
    /// The bytes of the statement or the call.
    pub span: Range<usize>,
    /// The bytes of each use of what an import brings in.
    pub uses: Vec<Range<usize>>,
}

/// The modules that a text names, as far as it is TypeScript.
pub fn module_uses(text: &str) -> Vec<ModuleUse> {
    let Ok(source) = Source::parse_with_errors(text) else {
        return Vec::new();
    };
    let locals = all(&source);
    let mut found = Vec::new();
    let mut left = vec![source.root()];
    while let Some(node) = left.pop() {
        let mut cursor = node.walk();
        left.extend(node.named_children(&mut cursor));
        let Some(module) = named_module(&source, node) else {
            continue;
        };
        let mut uses: Vec<_> = locals
            .iter()
            .filter(|imported| imported.statement == node)
            .flat_map(|imported| value_uses(&source, imported.local))
            .map(|node| node.byte_range())
            .collect();
        uses.sort_by_key(|span| span.start);
        found.push(ModuleUse { module: stem(module).to_owned(), span: node.byte_range(), uses });
    }
    found.sort_by_key(|found| found.span.start);
    found
}

fn named_module<'n>(source: &'n Source, node: Node<'n>) -> Option<&'n str> {
    let module = match node.kind() {
        "import_statement" | "export_statement" => node.child_by_field_name("source")?,
        "call_expression" => {
            let function = node.child_by_field_name("function")?;
            let loads = matches!(source.text_of(function), "import" | "require");
            let arguments = node.child_by_field_name("arguments").filter(|_| loads)?;
            *named(arguments).first()?
        }
        _ => return None,
    };
    string_content(source, module)
}
