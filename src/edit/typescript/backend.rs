//! `defineBackend`: what is deployed.

use std::iter::successors;

use tree_sitter::Node;

use super::new_property::NewProperty;
use super::object::{self, Order};
use super::source::{Source, named};
use super::{
    Definer, Export, Handler, Refusal, RefusalKind, calls, imports, new_import, unimport, values,
};
use crate::edit::text::TextEdit;

/// `text` with `resource` among what `defineBackend` is called with.
pub fn add_to_backend(text: &str, resource: &Export) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let backend = DefineBackend::find(&source)?;
    if backend.value(&source, resource).is_some() {
        return Ok(source.text);
    }
    let mut key = resource.name.to_owned();
    // What is spread into it has other functions.
    while object::has_own(&source, backend.object, &key) {
        key += "Trigger";
    }
    let mut edit = TextEdit::default();
    let local = new_import::import(&source, &mut edit, resource);
    let entry = NewProperty::Name(&key, &local);
    object::insert(&source, &mut edit, backend.object, &entry, Order::Sorted);
    let edited = source.edited(&edit)?;
    match DefineBackend::find(&edited) {
        Ok(backend) if backend.value(&edited, resource).is_some() => Ok(edited.text),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// Refuses a backend that has another such resource than `own`.
pub fn check_no_other(text: &str, own: &Export, definer: &Definer) -> Result<(), Refusal> {
    let what = definer.what;
    let source = Source::parse(text)?;
    let backend = DefineBackend::find(&source)?;
    let there = object::property(&source, backend.object, own.name)?;
    if let Some(value) = there.filter(|value| !values::is_export(&source, *value, own)) {
        let from = values::describe(&source, value).module;
        let from = from.map_or(String::new(), |module| format!(", from '{module}'"));
        let reason = format!("the backend already has a {what}{from}");
        return Err(source.unclear(value, reason));
    }
    if let Some(output) = output_of(&source, own.name) {
        let reason =
            format!("the {what} is not the app's own: this gives another one to the frontend");
        return Err(source.refuse(RefusalKind::Foreign, output, reason));
    }
    let definitions = [Some(definer.define), definer.reference].into_iter().flatten();
    let by_name = definitions.clone().flat_map(|name| source.mentions(name));
    let by_import = definitions.flat_map(|name| calls::all(&source, name));
    match by_name.filter_map(calls::call_of).chain(by_import).next() {
        Some(call) => Err(source.unclear(call, format!("the {what} is defined here"))),
        None => Ok(()),
    }
}

/// The call of `addOutput` that has a property `name`.
fn output_of<'n>(source: &'n Source, name: &str) -> Option<Node<'n>> {
    let calls = source.mentions("addOutput").filter_map(|name| calls::call_of(name.parent()?));
    calls.into_iter().find(|call| {
        let output = calls::argument(source, *call, "addOutput");
        output.is_ok_and(|output| matches!(object::property(source, output, name), Ok(Some(_))))
    })
}

/// Refuses a backend that is certainly deployed without a resource.
pub fn check_deployed(text: &str, resource: &Export) -> Result<(), Refusal> {
    let source = Source::parse(text)?;
    if !calls::may_be_called(&source, "defineBackend") {
        let reason = "does not call defineBackend, so that nothing is deployed";
        return Err(Refusal::new(RefusalKind::NotDeployed, reason));
    }
    // What cannot be followed may have it.
    let (Ok(backend), Ok(members)) = (DefineBackend::find(&source), members(text)) else {
        return Ok(());
    };
    let is_key = !matches!(object::property(&source, backend.object, resource.name), Ok(None));
    // By whichever name, and from whichever file that may hand it on.
    let is_it = |member: &Handler| {
        let module = member.module.as_deref().unwrap_or_default();
        [&member.text, module]
            .iter()
            .any(|name| name.to_lowercase().contains(&resource.name.to_lowercase()))
    };
    if is_key || members.known.iter().any(is_it) {
        return Ok(());
    }
    let reason = format!(
        "`{}` is not in what defineBackend is called with, so it is not deployed",
        resource.name
    );
    Err(source.refuse(RefusalKind::NotDeployed, backend.call, reason))
}

/// What `defineBackend` is called with.
pub struct BackendMembers {
    /// What is certainly there.
    pub known: Vec<Handler>,
    /// Why there may be more.
    pub rest: Option<Refusal>,
}

/// What `defineBackend` is called with.
pub fn members(text: &str) -> Result<BackendMembers, Refusal> {
    let source = Source::parse(text)?;
    let mut left = vec![DefineBackend::find(&source)?.object];
    let mut members = BackendMembers { known: Vec::new(), rest: None };
    while let Some(object) = left.pop() {
        for member in named(object) {
            match member.kind() {
                "spread_element" => {
                    let spread = named(member).first().copied().unwrap_or(member);
                    match values::object(&source, spread, "what is spread here") {
                        Ok(object) => left.push(object),
                        Err(refusal) => members.rest = Some(refusal),
                    }
                }
                _ => {
                    let value = member.child_by_field_name("value").unwrap_or(member);
                    members.known.push(values::describe(&source, value));
                }
            }
        }
    }
    Ok(members)
}

/// Whether a text does nothing but call `defineBackend`, and with nothing.
pub fn is_empty_backend(text: &str) -> bool {
    let Ok(source) = Source::parse(text) else {
        return false;
    };
    let statements: Vec<_> = named(source.root()).iter().map(Node::kind).collect();
    let is_only = matches!(statements.as_slice(), ["import_statement", kind] if *kind != "comment");
    is_only && DefineBackend::find(&source).is_ok_and(|backend| named(backend.object).is_empty())
}

/// `text` without `resource` among what `defineBackend` is called with. Refused while it uses what
/// the backend has of the resource.
pub fn remove_from_backend(text: &str, resource: &Export) -> Result<String, Refusal> {
    if !imports::imports(text, resource) {
        return Ok(text.to_owned());
    }
    let source = Source::parse(text)?;
    let backend = DefineBackend::find(&source)?;
    let Some(value) = backend.value(&source, resource) else {
        return Ok(source.text);
    };
    let member = object::member_of(value);
    let key = member.child_by_field_name("key").unwrap_or(member);
    let name = values::key_name(&source, key).unwrap_or(resource.name);
    if let Some(user) = backend.user_of(&source, name) {
        let reason = format!("still uses the backend's `{name}`");
        return Err(source.refuse(RefusalKind::InUse, user, reason));
    }
    let uses = imports::uses(&source, source.text_of(values::unwrap(value)));
    let mut edit = TextEdit::default();
    object::remove(&source, &mut edit, member);
    unimport::remove(&source, &mut edit, resource, uses.saturating_sub(1));
    Ok(source.edited(&edit)?.text)
}

/// The call of `defineBackend`.
struct DefineBackend<'n> {
    call: Node<'n>,
    object: Node<'n>,
}

impl<'n> DefineBackend<'n> {
    fn find(source: &'n Source) -> Result<Self, Refusal> {
        let function = "defineBackend";
        let call = calls::single(source, function)?;
        Ok(Self { call, object: calls::argument(source, call, function)? })
    }

    /// What the backend has of a resource.
    fn value(&self, source: &Source, resource: &Export) -> Option<Node<'n>> {
        let values = named(self.object).into_iter().filter_map(|member| match member.kind() {
            "pair" => member.child_by_field_name("value"),
            _ => Some(member),
        });
        values.into_iter().find(|value| values::is_export(source, *value, resource))
    }

    /// The first place that uses what the backend has under a name.
    fn user_of(&self, source: &'n Source, name: &str) -> Option<Node<'n>> {
        let declarator = self.call.parent().filter(|node| node.kind() == "variable_declarator");
        let kept_in = declarator?.child_by_field_name("name")?;
        let is_backend = |node: Option<Node>| {
            node.is_some_and(|node| {
                node == self.call || source.text_of(node) == source.text_of(kept_in)
            })
        };
        source.mentions(name).find(|mention| {
            let mut around = successors(mention.parent(), Node::parent);
            around
                .find_map(|node| match node.kind() {
                    "member_expression" | "subscript_expression" => {
                        Some(is_backend(node.child_by_field_name("object")))
                    }
                    // Taken apart.
                    "object_pattern" => {
                        let taken = node.parent()?.child_by_field_name("value");
                        Some(is_backend(taken))
                    }
                    _ => None,
                })
                .unwrap_or(false)
        })
    }
}
