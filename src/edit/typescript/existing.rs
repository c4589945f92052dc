//! Overrides that a backend has already.

use std::ops::Range;

use tree_sitter::Node;

use super::backend::Backend;
use super::object;
use super::source::{Source, named, string_content, string_range};
use super::{Export, Refusal, RefusalKind, calls, values};

/// A statement that overrides the property.
pub struct Existing<'n> {
    pub statement: Node<'n>,
    /// The object that the override is made on.
    target: Node<'n>,
    pub version: &'n str,
    pub version_node: Node<'n>,
    pub arn: Node<'n>,
}

impl Existing<'_> {
    /// The override has to be that of `function`, and made on the backend's user pool.
    pub fn check_function(
        &self,
        source: &Source,
        backend: &Backend,
        function: &Export,
    ) -> Result<(), Refusal> {
        let variable = backend.variable.unwrap_or_default();
        let (target, arn) = (source.text_of(self.target), source.text_of(self.arn));
        let auth = self.auth_member(source);
        let pool = format!("{variable}.{auth}.resources.cfnResources.cfnUserPool");
        let pools = [pool.as_str(), "cfnUserPool"];
        if !pools.contains(&target) || backend.value(source, auth).is_none() {
            let reason = format!("this override is made on `{target}`");
            return Err(source.refuse(RefusalKind::Overridden, self.target, reason));
        }
        let member = backend.member(source, function);
        let ours = member.map(|name| format!("{variable}.{name}.resources.lambda.functionArn"));
        if ours.as_deref() == Some(arn) {
            return Ok(());
        }
        let reason = format!("this event is already sent to `{arn}`");
        Err(source.refuse(RefusalKind::Overridden, self.arn, reason))
    }

    /// The name of the user pool's resource in `backend.auth.resources…`.
    pub fn auth_member<'s>(&self, source: &'s Source) -> &'s str {
        source.text_of(self.target).split('.').nth(1).unwrap_or("auth")
    }
}

/// The version of the event that an override of `property` asks for, wherever it is made, and the
/// bytes that say so; none when nothing overrides it.
///
/// # Errors
/// When `text` is not TypeScript, or sets the property in a way that cannot be followed.
pub fn overridden_version(
    text: &str,
    property: &str,
) -> Result<Option<(String, Range<usize>)>, Refusal> {
    let source = Source::parse(text)?;
    let Some((call, _)) = single(&source, property)? else {
        return Ok(None);
    };
    let value = value(&source, call)?;
    let (version, node) = version(&source, call, value)?;
    Ok(Some((version.to_owned(), string_range(node))))
}

/// Refuses a text that sets `property` by itself.
///
/// # Errors
/// When `text` is not TypeScript, or sets the property, in whatever way.
pub fn check_not_overridden(text: &str, property: &str) -> Result<(), Refusal> {
    let source = Source::parse(text)?;
    match single(&source, property)? {
        Some((call, _)) => {
            let reason = format!("`{property}` is set here");
            Err(source.refuse(RefusalKind::Overridden, call, reason))
        }
        None => Ok(()),
    }
}

/// The override of `property`, if there is one that says all that it should.
pub fn find<'n>(source: &'n Source, property: &str) -> Result<Option<Existing<'n>>, Refusal> {
    match single(source, property)? {
        Some((call, target)) => existing(source, call, target).map(Some),
        None => Ok(None),
    }
}

/// The only call that overrides `property`, and the object that it is made on.
fn single<'n>(source: &'n Source, property: &str) -> Result<Option<(Node<'n>, Node<'n>)>, Refusal> {
    let group = property.split('.').next().unwrap_or(property);
    let last = property.rsplit('.').next().unwrap_or(property);
    let mut found = Vec::new();
    let mut obstacles: Vec<_> = source
        .mentions(&screaming(last))
        .filter(|node| node.kind() == "property_identifier")
        .chain(source.mentions("lambdaConfig").filter_map(assignment_to))
        .collect();
    for (call, target, argument) in override_calls(source) {
        match string_content(source, argument) {
            Some(name) if name == property => found.push((call, target)),
            Some(name) if name == group || name.starts_with(&format!("{property}.")) => {
                obstacles.push(call);
            }
            _ => {}
        }
    }
    // By another name, in a constant for one.
    let elsewhere = |node: &Node| {
        let inside = |(call, _): &(Node, Node)| call.byte_range().contains(&node.start_byte());
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
        [_, (second, _), ..] => {
            let reason = format!("`{property}` is set more than once");
            Err(source.refuse(RefusalKind::Overridden, *second, reason))
        }
    }
}

fn existing<'n>(
    source: &'n Source,
    call: Node<'n>,
    target: Node<'n>,
) -> Result<Existing<'n>, Refusal> {
    let value = value(source, call)?;
    let arn = object::property(source, value, "LambdaArn")?;
    let arn = arn.ok_or_else(|| unclear(source, call))?;
    let (version, version_node) = version(source, call, value)?;
    let statement = call.parent().filter(|parent| parent.kind() == "expression_statement");
    let statement = statement.filter(|_| calls::is_at_top(call)).ok_or_else(|| {
        let reason = "whether this override is made depends on other code";
        source.refuse(RefusalKind::Overridden, call, reason)
    })?;
    Ok(Existing { statement, target, version, version_node, arn })
}

/// The object that the property is set to.
fn value<'n>(source: &'n Source, call: Node<'n>) -> Result<Node<'n>, Refusal> {
    let arguments = call.child_by_field_name("arguments").map(named).unwrap_or_default();
    let value = arguments.get(1).ok_or_else(|| unclear(source, call))?;
    values::object(source, *value, "the value of the override")
        .map_err(|refusal| source.refuse(RefusalKind::Overridden, call, refusal.reason))
}

/// The version in that object, and its string.
fn version<'n>(
    source: &'n Source,
    call: Node,
    value: Node<'n>,
) -> Result<(&'n str, Node<'n>), Refusal> {
    let node = object::property(source, value, "LambdaVersion")?;
    let version = node.and_then(|node| Some((string_content(source, node)?, node)));
    version.ok_or_else(|| unclear(source, call))
}

fn unclear(source: &Source, call: Node) -> Refusal {
    let reason = "this override cannot be followed";
    source.refuse(RefusalKind::Overridden, call, reason)
}

/// The calls of `….addPropertyOverride(…)`, each with its object and its first argument.
fn override_calls<'n>(source: &'n Source) -> impl Iterator<Item = (Node<'n>, Node<'n>, Node<'n>)> {
    source.mentions("addPropertyOverride").filter_map(|property| {
        let method = property.parent()?;
        let target = method.child_by_field_name("object")?;
        let call = calls::call_of(method)?;
        let arguments = call.child_by_field_name("arguments")?;
        let first = named(arguments).first().copied()?;
        Some((call, target, first))
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
