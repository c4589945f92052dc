//! The one call of a function of Amplify's.

use std::ops::Range;

use tree_sitter::Node;

use super::modules::module_uses;
use super::source::{Source, named};
use super::{AMPLIFY, Refusal, RefusalKind, imports, is_amplify, values};

/// The call of `function`, which the text imports from Amplify, at the top of the text.
pub fn single<'n>(source: &'n Source, function: &str) -> Result<Node<'n>, Refusal> {
    match all(source, function).as_slice() {
        [] => Err(no_call(source, function)),
        [call] if is_at_top(*call) => Ok(*call),
        [call] => {
            Err(source
                .unclear(*call, format!("{function} is called inside of a function or block")))
        }
        [_, second, ..] => {
            Err(source.unclear(*second, format!("{function} is called more than once")))
        }
    }
}

/// The calls of `function`, by whatever name the text imports it from Amplify, in their order.
pub fn all<'n>(source: &'n Source, function: &str) -> Vec<Node<'n>> {
    let imported = imports::all(source).into_iter().filter(|imported| is_amplify(imported.module));
    let callees: Vec<_> = imported
        .filter_map(|imported| match imported.name {
            Some(name) if name == function => Some(imported.local.to_owned()),
            None => Some(format!("{}.{function}", imported.local)),
            Some(_) => None,
        })
        .collect();
    let mut calls: Vec<_> =
        callees.iter().flat_map(|callee| source.mentions(callee)).filter_map(call_of).collect();
    calls.sort_by_key(Node::start_byte);
    calls
}

/// Whether `function` may be called: here in whatever way, or in another file that is named here.
/// A resource's own file only defines it.
pub fn may_be_called(source: &Source, function: &str) -> bool {
    let elsewhere = |module: &str| !is_amplify(module) && !module.ends_with("/resource");
    !all(source, function).is_empty()
        || imports::mentions_outside(source, function).next().is_some()
        || module_uses(&source.text).iter().any(|used| elsewhere(&used.module))
}

/// Why there is no call of `function`.
fn no_call(source: &Source, function: &str) -> Refusal {
    let called = format!("{function}(");
    let mut named = source.around(&called);
    if let Some(comment) = named.find(|node| node.kind() == "comment") {
        let reason = format!("the call of {function} is in a comment");
        return source.refuse(RefusalKind::Mistaken, comment, reason);
    }
    Refusal::new(RefusalKind::Unclear, format!("no call to {function} from '{AMPLIFY}'"))
}

/// The call of a function.
pub fn call_of(callee: Node<'_>) -> Option<Node<'_>> {
    let call = callee.parent()?;
    (call.child_by_field_name("function") == Some(callee)).then_some(call)
}

/// The call of `defineFunction` that has Amplify compile a handler in TypeScript: one that gets no
/// function to make it with.
pub fn typescript_handler(text: &str) -> Option<Range<usize>> {
    let source = Source::parse_with_errors(text).ok()?;
    let call = all(&source, "defineFunction").into_iter().find(|call| {
        let arguments = call.child_by_field_name("arguments").map(named).unwrap_or_default();
        arguments.first().is_none_or(|argument| values::unwrap(*argument).kind() == "object")
    })?;
    Some(call.byte_range())
}

/// The object that a call has as its only or first argument.
pub fn argument<'n>(
    source: &'n Source,
    call: Node<'n>,
    function: &str,
) -> Result<Node<'n>, Refusal> {
    let arguments = call.child_by_field_name("arguments").map(named).unwrap_or_default();
    match arguments.first() {
        Some(argument) => values::object(source, *argument, &format!("the argument of {function}")),
        None => Err(source.unclear(call, format!("{function} is called without an argument"))),
    }
}

/// Whether nothing but a module's own top level decides that a node is run, and run once.
fn is_at_top(node: Node) -> bool {
    let mut above = node;
    while let Some(parent) = above.parent() {
        let kind = parent.kind();
        let nested = kind == "statement_block"
            || kind == "class_body"
            || kind == "arrow_function"
            || kind == "ternary_expression"
            || kind == "binary_expression"
            || kind.contains("function_") && kind != "function_type"
            || kind.ends_with("_statement")
                && !matches!(kind, "expression_statement" | "export_statement");
        if nested {
            return false;
        }
        above = parent;
    }
    true
}
