//! Overrides that a backend has already.

use tree_sitter::Node;

use super::backend::Backend;
use super::object;
use super::source::{Source, named, string_content, walk};
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
            return Err(source.refuse(RefusalKind::Occupied, self.target, reason));
        }
        let member = backend.member(source, function);
        let ours = member.map(|name| format!("{variable}.{name}.resources.lambda.functionArn"));
        if ours.as_deref() == Some(arn) {
            return Ok(());
        }
        let reason = format!("this event is already sent to `{arn}`");
        Err(source.refuse(RefusalKind::Occupied, self.arn, reason))
    }

    /// The name of the user pool's resource in `backend.auth.resources…`.
    pub fn auth_member<'s>(&self, source: &'s Source) -> &'s str {
        source
            .text_of(self.target)
            .split('.')
            .nth(1)
            .unwrap_or("auth")
    }
}

/// The override of `property`, if there is one that says all that it should.
pub fn find<'n>(source: &'n Source, property: &str) -> Result<Option<Existing<'n>>, Refusal> {
    let mut found = Vec::new();
    let mut obstacle = None;
    let group = property.split('.').next().unwrap_or(property);
    let last = property.rsplit('.').next().unwrap_or(property);
    let operation = screaming(last);
    walk(source.root(), &mut |node| match node.kind() {
        "call_expression" => {
            let Some((target, argument)) = override_call(source, node) else {
                return;
            };
            match string_content(source, argument) {
                Some(name) if name == property => found.push((node, target)),
                Some(name) if name == group || name.starts_with(&format!("{property}.")) => {
                    obstacle = obstacle.or(Some(node));
                }
                _ => {}
            }
        }
        "assignment_expression" => {
            let left = node
                .child_by_field_name("left")
                .map(|left| source.text_of(left));
            if left.is_some_and(|left| left.ends_with(".lambdaConfig")) {
                obstacle = obstacle.or(Some(node));
            }
        }
        "property_identifier" if source.text_of(node) == operation => {
            obstacle = obstacle.or(Some(node));
        }
        _ => {}
    });
    if let Some(node) = obstacle {
        let reason = format!("`{property}` is set here in another way");
        return Err(source.refuse(RefusalKind::Occupied, node, reason));
    }
    match found.as_slice() {
        [] => Ok(None),
        [(call, target)] => existing(source, *call, *target).map(Some),
        [_, (second, _), ..] => {
            let reason = format!("`{property}` is set more than once");
            Err(source.refuse(RefusalKind::Occupied, *second, reason))
        }
    }
}

fn existing<'n>(
    source: &'n Source,
    call: Node<'n>,
    target: Node<'n>,
) -> Result<Existing<'n>, Refusal> {
    let occupied = |reason: &str| source.refuse(RefusalKind::Occupied, call, reason);
    let unclear = || occupied("this override cannot be followed");
    let arguments = call
        .child_by_field_name("arguments")
        .map(named)
        .unwrap_or_default();
    let value = arguments.get(1).copied().ok_or_else(unclear)?;
    let value = values::object(source, value, "the value of the override");
    let value = value.map_err(|refusal| occupied(&refusal.reason))?;
    let arn = object::property(source, value, "LambdaArn")?.ok_or_else(unclear)?;
    let version_node = object::property(source, value, "LambdaVersion")?.ok_or_else(unclear)?;
    let version = string_content(source, version_node).ok_or_else(unclear)?;
    let statement = call
        .parent()
        .filter(|parent| parent.kind() == "expression_statement");
    let statement = statement
        .filter(|_| calls::is_at_top(call))
        .ok_or_else(|| {
            source.unclear(call, "whether this override is made depends on other code")
        })?;
    Ok(Existing {
        statement,
        target,
        version,
        version_node,
        arn,
    })
}

/// The object and the first argument of `….addPropertyOverride(…)`.
fn override_call<'n>(source: &Source, call: Node<'n>) -> Option<(Node<'n>, Node<'n>)> {
    let function = call.child_by_field_name("function")?;
    let method = function.child_by_field_name("property")?;
    let target = function.child_by_field_name("object")?;
    let arguments = call.child_by_field_name("arguments")?;
    let first = named(arguments).first().copied()?;
    (source.text_of(method) == "addPropertyOverride").then_some((target, first))
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
