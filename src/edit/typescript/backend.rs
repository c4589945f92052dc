//! `defineBackend`: what is deployed, and the constant that refers to it.

use tree_sitter::Node;

use super::entry::Entry;
use super::object::{self, Order};
use super::source::{Source, named};
use super::{Constant, Export, Refusal, RefusalKind, calls, imports, values};
use crate::edit::text::TextEdit;

const DEFINE_BACKEND: &str = "defineBackend";
const AUTH: &str = "defineAuth";

/// The call of `defineBackend`.
pub struct Backend<'n> {
    pub call: Node<'n>,
    /// The constant that the result is kept in.
    pub variable: Option<&'n str>,
    object: Node<'n>,
}

/// `text` with `resource` among what `defineBackend` is called with.
///
/// # Errors
/// When `text` is not TypeScript, or the place cannot be followed.
pub fn add_to_backend(text: &str, resource: &Export) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let backend = Backend::find(&source)?;
    backend.check_no_pool(&source, resource)?;
    let mut edit = TextEdit::default();
    backend.add_member(&source, &mut edit, resource)?;
    let edited = source.edited(&edit)?;
    match Backend::find(&edited) {
        Ok(backend) if backend.member(&edited, resource).is_some() => Ok(edited.text),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// Whether the result of `defineBackend` is kept in a constant.
#[must_use]
pub fn keeps_result(text: &str) -> bool {
    let source = Source::parse(text);
    source
        .is_ok_and(|source| Backend::find(&source).is_ok_and(|backend| backend.variable.is_some()))
}

/// `text` without `resource` in the backend, if nothing else in it uses the resource; also
/// without the constant for the backend, if nothing uses that.
///
/// # Errors
/// When `text` is not TypeScript, or the place cannot be followed.
pub fn remove_from_backend(
    text: &str,
    resource: &Export,
    constant: Constant,
) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let edit = removal(&source, resource, constant)?;
    Ok(edit.apply(text))
}

/// The edit that [`remove_from_backend`] makes.
pub fn removal(
    source: &Source,
    resource: &Export,
    constant: Constant,
) -> Result<TextEdit, Refusal> {
    let backend = Backend::find(source)?;
    let mut edit = TextEdit::default();
    let member = backend.member(source, resource);
    let value = member.and_then(|member| object::property(source, backend.object, member).ok()?);
    if let (Some(member), Some(value)) = (member, value) {
        let used = backend
            .variable
            .is_some_and(|variable| source.text.contains(&format!("{variable}.{member}")));
        let uses = imports::uses(source, source.text_of(values::unwrap(value)));
        if !used && uses == 1 {
            object::remove(source, &mut edit, object::member_of(value));
            imports::remove(source, &mut edit, resource, 0);
        }
    }
    if constant == Constant::Ours {
        backend.forget_result(source, &mut edit);
    }
    Ok(edit)
}

impl<'n> Backend<'n> {
    pub fn find(source: &'n Source) -> Result<Self, Refusal> {
        let call = calls::single(source, DEFINE_BACKEND)?;
        let object = calls::argument(source, call, DEFINE_BACKEND)?;
        let declarator = call.parent().filter(|parent| parent.kind() == "variable_declarator");
        let name = declarator.and_then(|declarator| declarator.child_by_field_name("name"));
        let variable = name.filter(|name| name.kind() == "identifier");
        Ok(Self { call, variable: variable.map(|name| source.text_of(name)), object })
    }

    /// A backend has one user pool: none that comes from elsewhere than `resource`.
    fn check_no_pool(&self, source: &'n Source, resource: &Export) -> Result<(), Refusal> {
        let there = object::property(source, self.object, resource.name)?;
        let other = there.filter(|value| !values::is_export(source, *value, resource));
        if let Some(value) = other {
            let from = values::describe(source, value).module;
            let from = from.map_or(String::new(), |module| format!(", from '{module}'"));
            let reason = format!("the backend has a user pool already{from}");
            return Err(source.unclear(value, reason));
        }
        let definitions = [AUTH, "referenceAuth"];
        let mut calls = definitions.iter().flat_map(|name| source.mentions(name));
        match calls.find_map(calls::call_of) {
            Some(call) => Err(source.unclear(call, "the user pool is defined here")),
            None => Ok(()),
        }
    }

    /// The name under which the backend has a resource.
    pub fn member(&self, source: &'n Source, resource: &Export) -> Option<&'n str> {
        named(self.object).into_iter().find_map(|member| match member.kind() {
            "shorthand_property_identifier" if values::is_export(source, member, resource) => {
                Some(source.text_of(member))
            }
            "pair" if values::is_export(source, member.child_by_field_name("value")?, resource) => {
                object::property(source, self.object, "").ok()?;
                values::key_name(source, member.child_by_field_name("key")?)
            }
            _ => None,
        })
    }

    /// What the backend has under a name.
    pub fn value(&self, source: &'n Source, member: &str) -> Option<Node<'n>> {
        object::property(source, self.object, member).ok()?
    }

    /// `name`, if the backend has a resource of that name.
    pub fn named_member<'k>(&self, source: &Source, name: &'k str) -> Option<&'k str> {
        let value = object::property(source, self.object, name).ok()?;
        value.map(|_| name)
    }

    /// Adds a resource, unless it is there; returns its name in the backend.
    pub fn add_member(
        &self,
        source: &Source,
        edit: &mut TextEdit,
        resource: &Export,
    ) -> Result<String, Refusal> {
        if let Some(member) = self.member(source, resource) {
            return Ok(member.to_owned());
        }
        let mut key = resource.name.to_owned();
        while object::property(source, self.object, &key)?.is_some() {
            key += "Trigger";
        }
        let local = imports::import(source, edit, resource);
        let entry = Entry::Name(&key, &local);
        object::insert(source, edit, self.object, &entry, Order::Sorted);
        Ok(key)
    }

    /// The constant that the result is kept in, made if the call stands alone.
    pub fn keep_result(&self, source: &Source, edit: &mut TextEdit) -> Result<String, Refusal> {
        let declarator = self.call.parent();
        if declarator.is_some_and(|parent| parent.child_by_field_name("type").is_some()) {
            return Err(source.refuse(
                RefusalKind::NoHandle,
                self.call,
                "the type of the constant for the backend is written out",
            ));
        }
        if let Some(variable) = self.variable {
            return Ok(variable.to_owned());
        }
        let parent = self.call.parent().map_or("", |parent| parent.kind());
        match parent {
            "expression_statement" => {
                let name = match imports::free_name(source, "backend") {
                    name if name == "backend" => name,
                    _ => imports::free_name(source, "amplifyBackend"),
                };
                edit.insert(self.call.start_byte(), format!("const {name} = "));
                Ok(name)
            }
            "variable_declarator" => Err(source.refuse(
                RefusalKind::TakenApart,
                self.call,
                "the result of defineBackend is destructured; cannot add the override",
            )),
            _ => Err(source.refuse(
                RefusalKind::NoHandle,
                self.call,
                "the result of defineBackend is not kept in a constant",
            )),
        }
    }

    /// The reverse of [`Self::keep_result`], for a constant that nothing uses any more.
    fn forget_result(&self, source: &Source, edit: &mut TextEdit) {
        let Some(declaration) = self.call.parent().and_then(|declarator| declarator.parent())
        else {
            return;
        };
        let at_top = declaration.parent().is_some_and(|parent| parent.kind() == "program");
        let ours = format!("const {} = ", self.variable.unwrap_or_default());
        let range = declaration.start_byte()..self.call.start_byte();
        let unused = self.variable.is_some_and(|name| imports::uses(source, name) == 1);
        if at_top && unused && source.text[range.clone()] == ours {
            edit.replace(range, "");
        }
    }
}
