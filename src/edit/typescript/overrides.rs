//! Overrides: properties of the user pool that code sets by itself, past `defineAuth`.

use std::ops::Range;

use tree_sitter::Node;

use super::source::{Source, named, string_content, string_range};
use super::{Refusal, RefusalKind, calls, object, values};

/// The version of the event that an override of `property` asks for, wherever it is made, and the
/// bytes that say so; none when nothing overrides it.
pub fn overridden_version(
    text: &str,
    property: &str,
) -> Result<Option<(String, Range<usize>)>, Refusal> {
    let source = Source::parse(text)?;
    let Some(call) = single(&source, property)? else {
        return Ok(None);
    };
    let version = version(&source, call).ok_or_else(|| {
        source.refuse(RefusalKind::Overridden, call, "this override cannot be followed")
    })?;
    Ok(Some((source.text[version.clone()].to_owned(), version)))
}

/// Refuses a text that sets `property` by itself.
pub fn check_not_overridden(text: &str, property: &str) -> Result<(), Refusal> {
    let source = Source::parse(text)?;
    match single(&source, property)? {
        Some(call) => {
            let reason = format!("`{property}` is set here");
            Err(source.refuse(RefusalKind::Overridden, call, reason))
        }
        None => Ok(()),
    }
}

/// The only call that overrides `property`.
fn single<'n>(source: &'n Source, property: &str) -> Result<Option<Node<'n>>, Refusal> {
    let group = property.split('.').next().unwrap_or(property);
    let last = property.rsplit('.').next().unwrap_or(property);
    let mut found = Vec::new();
    if let Some(all) = source.mentions("lambdaConfig").find_map(assignment_to) {
        let reason = "all triggers are set here at once, in place of those of defineAuth";
        return Err(source.refuse(RefusalKind::AllSet, all, reason));
    }
    let mut obstacles: Vec<_> = source
        .mentions(&screaming(last))
        .filter(|node| node.kind() == "property_identifier")
        .collect();
    for (call, argument) in override_calls(source) {
        match string_content(source, argument) {
            Some(name) if name == property => found.push(call),
            Some(name) if name == group || name.starts_with(&format!("{property}.")) => {
                obstacles.push(call);
            }
            _ => {}
        }
    }
    // By another name, in a constant for one.
    let elsewhere = |node: &Node| {
        let inside = |call: &Node| call.byte_range().contains(&node.start_byte());
        let mut ends = source.text_of(*node).split(property).skip(1);
        let is_named = ends.any(|end| end.is_empty() || end.starts_with('.'));
        node.kind() == "string_fragment" && is_named && !found.iter().any(inside)
    };
    obstacles.extend(source.around(property).filter(elsewhere));
    if let Some(node) = obstacles.into_iter().min_by_key(Node::start_byte) {
        let reason = format!("`{property}` is set here in another way");
        return Err(source.refuse(RefusalKind::Overridden, node, reason));
    }
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        [_, second, ..] => {
            let reason = format!("`{property}` is set more than once");
            Err(source.refuse(RefusalKind::Overridden, *second, reason))
        }
    }
}

/// The bytes of the version in the object that an override sets a property to.
fn version(source: &Source, call: Node) -> Option<Range<usize>> {
    let value = *named(call.child_by_field_name("arguments")?).get(1)?;
    let value = values::object(source, value, "the value of the override").ok()?;
    let version = object::property(source, value, "LambdaVersion").ok()??;
    string_content(source, version).map(|_| string_range(version))
}

/// The calls of `….addPropertyOverride(…)`, each with its first argument.
fn override_calls<'n>(source: &'n Source) -> impl Iterator<Item = (Node<'n>, Node<'n>)> {
    source.mentions("addPropertyOverride").filter_map(|property| {
        let call = calls::call_of(property.parent()?)?;
        let first = *named(call.child_by_field_name("arguments")?).first()?;
        Some((call, first))
    })
}

/// The assignment to the member of an object that has this name.
fn assignment_to(property: Node<'_>) -> Option<Node<'_>> {
    let member = property.parent()?;
    let assignment = member.parent()?;
    let assigned = assignment.kind() == "assignment_expression"
        && assignment.child_by_field_name("left") == Some(member)
        && member.child_by_field_name("property") == Some(property);
    assigned.then_some(assignment)
}

/// `PreTokenGenerationConfig` as CDK spells it among its operations.
fn screaming(name: &str) -> String {
    let mut screaming = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !screaming.is_empty() {
            screaming.push('_');
        }
        screaming.extend(character.to_uppercase());
    }
    screaming
}
