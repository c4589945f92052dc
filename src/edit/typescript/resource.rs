//! The definition of a resource, as by `defineAuth`: which functions it calls.

use tree_sitter::Node;

use super::new_property::NewProperty;
use super::object::{self, Order};
use super::source::{Source, named};
use super::{
    Definer, DefinerKeys, Export, Handler, Refusal, RefusalKind, calls, imports, new_import,
    unimport, values,
};
use crate::edit::text::TextEdit;

/// `text` with `function` as the handler at `hook`.
pub fn wire(text: &str, function: &Export, hook: &DefinerKeys) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let edit = wiring(&source, function, hook)?;
    let edited = source.edited(&edit)?;
    match slot(&edited, hook) {
        Ok(Slot::Filled(value)) if values::is_export(&edited, value, function) => Ok(edited.text),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// The edit that [`wire`] makes; an empty one for what is wired already.
fn wiring(source: &Source, function: &Export, hook: &DefinerKeys) -> Result<TextEdit, Refusal> {
    let mut edit = TextEdit::default();
    match slot(source, hook)? {
        Slot::Filled(value) if values::is_export(source, value, function) => {}
        Slot::Filled(value) => {
            let handler = values::describe(source, value);
            let key = hook.keys.join(".");
            let key = key.trim_start_matches("triggers.");
            if let nothing @ ("undefined" | "null") = handler.text.as_str() {
                let reason = format!("`{key}` is {nothing} here");
                return Err(source.refuse(RefusalKind::Mistaken, value, reason));
            }
            let by = handler.module.map_or(handler.text, |module| format!("'{module}'"));
            let reason = format!("`{key}` is already handled by {by}");
            return Err(source.refuse(RefusalKind::Occupied, value, reason));
        }
        Slot::Missing(object, missing) => {
            let name = new_import::import(source, &mut edit, function);
            // What defines a resource stands in an order of its own; triggers are sorted.
            let order = match missing.len() == hook.keys.len() {
                true => Order::LastBefore("triggers"),
                false => Order::Sorted,
            };
            if let Some(entry) = NewProperty::new(missing, &name) {
                object::insert(source, &mut edit, object, &entry, order);
            }
        }
    }
    Ok(edit)
}

/// `text` without `function` at `hook`, and without what [`wire`] has added for it. A text that
/// has it nowhere comes back as it is. The object at the first `kept` of the keys stays, even if
/// nothing is left in it.
pub fn unwire(
    text: &str,
    function: &Export,
    hook: &DefinerKeys,
    kept: usize,
) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let value = match slot(&source, hook)? {
        Slot::Filled(value) if values::is_export(&source, value, function) => value,
        _ => return Ok(text.to_owned()),
    };
    let name = source.text_of(values::unwrap(value));
    let left = imports::uses(&source, name).saturating_sub(1);
    let members = members_to_remove(value);
    let staying = (kept + members.len()).saturating_sub(hook.keys.len());
    let mut candidates = Vec::new();
    for member in members.into_iter().skip(staying) {
        let mut edit = TextEdit::default();
        object::remove(&source, &mut edit, member);
        unimport::remove(&source, &mut edit, function, left);
        candidates.push(source.edited(&edit)?);
    }
    // An object with nothing else in it may have been there, and empty. What would be wired as
    // `text` is, is what it was.
    let was = |candidate: &Source| {
        wiring(candidate, function, hook).is_ok_and(|edit| edit.apply(&candidate.text) == text)
    };
    let was = candidates.iter().position(was).unwrap_or_default();
    let edited = candidates.into_iter().nth(was);
    let edited = edited.ok_or_else(Refusal::not_as_planned)?;
    match slot(&edited, hook) {
        Ok(Slot::Missing(..)) => Ok(edited.text),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// Refuses a resource that another stack has made.
pub fn check_not_foreign(text: &str, definer: &Definer) -> Result<(), Refusal> {
    let source = Source::parse(text)?;
    match call(&source, definer) {
        Err(refusal) if refusal.kind == RefusalKind::Foreign => Err(refusal),
        _ => Ok(()),
    }
}

/// Refuses a handler at `hook` beside the settings of Cognito's own sender, of which Amplify takes
/// one or the other: `senders.email` and `senders.sms` of `defineAuth`.
pub fn check_sender(text: &str, hook: &DefinerKeys) -> Result<(), Refusal> {
    let source = Source::parse(text)?;
    let Ok(Slot::Missing(object, &[_])) = slot(&source, hook) else {
        return Ok(());
    };
    let (_, outer) = hook.keys.split_last().unwrap_or((&"", &[]));
    // What the handler needs may be there already.
    let is_setting = |member: &Node| {
        let key = member.child_by_field_name("key").unwrap_or(*member);
        values::key_name(&source, key) != Some("kmsKeyArn")
    };
    match named(object).into_iter().find(is_setting) {
        Some(setting) if outer.len() > 1 => {
            let reason = format!("`{}` has settings that a handler switches off", outer.join("."));
            Err(source.refuse(RefusalKind::Occupied, setting, reason))
        }
        _ => Ok(()),
    }
}

/// How many of the keys lead to an object that is there, and empty; none for one with properties.
pub fn empty_object(text: &str, hook: &DefinerKeys) -> Option<usize> {
    let source = Source::parse(text).ok()?;
    match slot(&source, hook) {
        Ok(Slot::Missing(object, missing)) if named(object).is_empty() => {
            Some(hook.keys.len() - missing.len()).filter(|depth| *depth > 0)
        }
        _ => None,
    }
}

/// What is called at `hook`; none when nothing is.
pub fn handler(text: &str, hook: &DefinerKeys) -> Result<Option<Handler>, Refusal> {
    let source = Source::parse(text)?;
    Ok(match slot(&source, hook)? {
        Slot::Filled(value) => Some(values::describe(&source, value)),
        Slot::Missing(..) => None,
    })
}

/// The call that defines the resource.
fn call<'n>(source: &'n Source, definer: &Definer) -> Result<Node<'n>, Refusal> {
    calls::single(source, definer.define).map_err(|refusal| {
        let referring = definer.reference.into_iter().flat_map(|it| calls::all(source, it)).next();
        match referring.filter(|_| calls::all(source, definer.define).is_empty()) {
            Some(call) => {
                let reason = format!("the {} is not the app's own", definer.what);
                source.refuse(RefusalKind::Foreign, call, reason)
            }
            None => refusal,
        }
    })
}

/// What is at the end of some keys.
pub(super) enum Slot<'n, 'k> {
    /// A value.
    Filled(Node<'n>),
    /// Nothing: the object that it goes into, and the keys from there on.
    Missing(Node<'n>, &'k [&'k str]),
}

pub(super) fn slot<'n, 'k>(
    source: &'n Source,
    hook: &DefinerKeys<'k>,
) -> Result<Slot<'n, 'k>, Refusal> {
    let keys = hook.keys;
    let call = call(source, &hook.definer)?;
    let mut object = calls::argument(source, call, hook.definer.define)?;
    for (depth, key) in keys.iter().enumerate() {
        let Some(value) = object::property(source, object, key)? else {
            return match object::misspelt(source, object, key) {
                Some(member) => {
                    let reason = format!("is this meant to be `{key}`?");
                    Err(source.refuse(RefusalKind::Mistaken, member, reason))
                }
                None => Ok(Slot::Missing(object, &keys[depth..])),
            };
        };
        if depth + 1 == keys.len() {
            return Ok(Slot::Filled(value));
        }
        object = values::object(source, value, &format!("`{key}`"))?;
    }
    Err(Refusal::not_as_planned())
}

/// The members that can be taken out for a value, the outermost first: its own, and those around
/// it that have nothing else in them.
fn members_to_remove(value: Node<'_>) -> Vec<Node<'_>> {
    let member = object::member_of(value);
    let object = member.parent().filter(|object| object.kind() == "object");
    let alone = object.filter(|object| named(*object).len() == 1);
    let outer = alone.filter(|object| object.parent().is_some_and(|pair| pair.kind() == "pair"));
    let mut members = outer.map(members_to_remove).unwrap_or_default();
    members.push(member);
    members
}
