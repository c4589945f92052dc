//! What a name or an expression stands for, as far as one text tells.

use tree_sitter::Node;

use super::imports::{self, Imported};
use super::source::{Source, named, string_content};
use super::{Export, Handler, Refusal, RefusalKind, is_amplify};

/// An expression without parentheses and type annotations around it.
pub fn unwrap(mut node: Node<'_>) -> Node<'_> {
    while let Some(inner) = unwrap_one(node) {
        node = inner;
    }
    node
}

fn unwrap_one(node: Node<'_>) -> Option<Node<'_>> {
    let wraps = matches!(
        node.kind(),
        "satisfies_expression"
            | "as_expression"
            | "parenthesized_expression"
            | "non_null_expression"
    );
    wraps.then(|| named(node).first().copied())?
}

/// Whether a node is a name that stands for a value.
pub fn is_name(node: Node) -> bool {
    matches!(node.kind(), "identifier" | "shorthand_property_identifier")
}

/// The object that an expression is, through constants of this text. `what` names the expression
/// in a refusal.
pub fn object<'n>(source: &'n Source, node: Node<'n>, what: &str) -> Result<Node<'n>, Refusal> {
    let value = unwrap(node);
    if value.kind() == "object" {
        return without_stray_comma(source, value);
    }
    let not_an_object = || source.unclear(value, format!("{what} is not an object literal"));
    if !is_name(value) {
        return Err(match value.kind() {
            "call_expression" => source.unclear(value, format!("{what} is a call, not an object")),
            _ => not_an_object(),
        });
    }
    let name = source.text_of(value);
    if let Some(imported) = imports::find(source, name) {
        let module = imported.module;
        return Err(source.unclear(value, format!("{what} is imported from '{module}'")));
    }
    let constant = constant(source, name).map(unwrap);
    let object = constant.filter(|value| value.kind() == "object");
    let object = object.ok_or_else(not_an_object)?;
    // Which would fail when it runs, and lead from spread to spread without an end here.
    if object.end_byte() > value.start_byte() {
        return Err(source.unclear(value, format!("`{name}` is used before it is declared")));
    }
    match change(source, name) {
        Some(change) => Err(source.unclear(change, format!("`{name}` may be changed here"))),
        None => without_stray_comma(source, object),
    }
}

/// The grammar is laxer than TypeScript: it takes commas that nothing comes before.
fn without_stray_comma<'n>(source: &Source, object: Node<'n>) -> Result<Node<'n>, Refusal> {
    let mut cursor = object.walk();
    let mut before = "{";
    for part in object.children(&mut cursor).skip(1) {
        match part.kind() {
            "," if matches!(before, "{" | ",") => {
                return Err(source.refuse(RefusalKind::Syntax, part, "syntax error"));
            }
            "comment" => {}
            kind => before = kind,
        }
    }
    Ok(object)
}

/// The value of a constant that is declared at the top of the text.
pub fn constant<'n>(source: &'n Source, name: &str) -> Option<Node<'n>> {
    let declarations =
        named(source.root()).into_iter().filter_map(|statement| match statement.kind() {
            "export_statement" => statement.child_by_field_name("declaration"),
            _ => Some(statement),
        });
    let constants = declarations.filter(|declaration| {
        declaration.kind() == "lexical_declaration"
            && declaration.child(0).is_some_and(|kind| kind.kind() == "const")
    });
    let declarator = constants.flat_map(named).find(|declarator| {
        let declared = declarator.child_by_field_name("name");
        declared.is_some_and(|declared| source.text_of(declared) == name)
    });
    declarator?.child_by_field_name("value")
}

/// Where something may change an object that is known as `name`.
fn change<'n>(source: &'n Source, name: &str) -> Option<Node<'n>> {
    source.mentions(name).find(|mention| {
        let whole = whole(*mention);
        let Some(user) = whole.parent() else {
            return false;
        };
        let is_target = |field| user.child_by_field_name(field) == Some(whole);
        match user.kind() {
            "assignment_expression" | "augmented_assignment_expression" => is_target("left"),
            "unary_expression" | "update_expression" => is_target("argument"),
            "arguments" => user.parent().is_some_and(|call| may_change(source, call, whole)),
            _ => false,
        }
    })
}

/// Whether a call may change its argument: not one of Amplify's, or one that only reads.
fn may_change(source: &Source, call: Node, argument: Node) -> bool {
    let Some(function) = call.child_by_field_name("function") else {
        return true;
    };
    let start = function.child_by_field_name("object").unwrap_or(function);
    let name = source.text_of(start);
    match name {
        "console" | "JSON" => false,
        // `Object.assign(name, …)` and the like.
        "Object" | "Reflect" => {
            let arguments = call.child_by_field_name("arguments").map(named);
            arguments.unwrap_or_default().first() == Some(&argument)
        }
        _ => imports::find(source, name).is_none_or(|imported| !is_amplify(imported.module)),
    }
}

/// The whole of `name.a['b']!.c` of which a node is the start.
fn whole(start: Node<'_>) -> Node<'_> {
    let mut node = start;
    while let Some(parent) = node.parent() {
        let starts =
            parent.child_by_field_name("object") == Some(node) || unwrap_one(parent) == Some(node);
        if !starts {
            break;
        }
        node = parent;
    }
    node
}

/// Whether an expression is something that another file exports.
pub fn is_export(source: &Source, node: Node, export: &Export) -> bool {
    let value = unwrap(node);
    let same = |name: &str, module: &str| {
        name == export.name && imports::same_module(module, export.module)
    };
    if is_name(value) {
        return match imports::find(source, source.text_of(value)) {
            Some(Imported { module, name: Some(name), .. }) => same(name, module),
            _ => false,
        };
    }
    let part = |field| value.child_by_field_name(field).map(|node| source.text_of(node));
    match (value.kind(), part("object"), part("property")) {
        ("member_expression", Some(object), Some(property)) => {
            match imports::find(source, object) {
                Some(Imported { module, name: None, .. }) => same(property, module),
                _ => false,
            }
        }
        _ => false,
    }
}

/// What the user's own code calls a handler.
pub fn describe(source: &Source, node: Node) -> Handler {
    let value = unwrap(node);
    let name = value.child_by_field_name("object").unwrap_or(value);
    let imported = imports::find(source, source.text_of(name));
    Handler {
        text: source.text_of(value).to_owned(),
        span: value.byte_range(),
        module: imported.map(|imported| imports::stem(imported.module).to_owned()),
    }
}

/// The name of a property, if that is plain to see.
pub fn key_name<'n>(source: &'n Source, key: Node) -> Option<&'n str> {
    match key.kind() {
        "string" => string_content(source, key),
        "computed_property_name" => string_content(source, *named(key).first()?),
        _ => Some(source.text_of(key)).filter(|name| !name.contains('\\')),
    }
}
