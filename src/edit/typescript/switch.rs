//! A handler in the place of another one, and back.

use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use super::imports::{self, Imported};
use super::resource::{Slot, slot};
use super::source::Source;
use super::{DefinerKeys, Export, Refusal, RefusalKind, new_import, object, unimport, values};
use crate::edit::text::TextEdit;

/// What stood where a function is wired now, as it was written.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// The property: `preSignUp` or `preSignUp: checkDomain`.
    pub property: String,
    /// The import statement, if nothing else in the text used what it imports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<String>,
}

/// `text` with `function` in the place of the handler at `hook`, and what that was.
pub fn switch(
    text: &str,
    function: &Export,
    hook: &DefinerKeys,
) -> Result<(String, Replaced), Refusal> {
    let source = Source::parse(text)?;
    let value = filled(&source, hook)?;
    let member = object::member_of(value);
    let mut edit = TextEdit::default();
    let (name, import) = match only_use(&source, value) {
        Some(old) => {
            let statement = source.text_of(old.statement).to_owned();
            (unimport::import_instead(&source, &mut edit, function, &old), Some(statement))
        }
        None => (new_import::import(&source, &mut edit, function), None),
    };
    let key = match member.child_by_field_name("key") {
        Some(key) => source.text_of(key),
        None => source.text_of(member),
    };
    if key == name {
        edit.replace(member.byte_range(), name);
    } else if member == value {
        edit.replace(member.byte_range(), format!("{key}: {name}"));
    } else {
        edit.replace(value.byte_range(), name);
    }
    let edited = source.edited(&edit)?;
    let is_wired =
        filled(&edited, hook).is_ok_and(|value| values::is_export(&edited, value, function));
    match is_wired {
        true => Ok((edited.text, Replaced { property: source.text_of(member).to_owned(), import })),
        false => Err(Refusal::not_as_planned()),
    }
}

/// `text` with what `function` has taken the place of at `hook`: the reverse of [`switch`]. None
/// when `function` is not wired there, or what it has replaced is gone. Refused while other code uses
/// `function`.
pub fn switch_back(
    text: &str,
    function: &Export,
    hook: &DefinerKeys,
    replaced: &Replaced,
) -> Result<Option<String>, Refusal> {
    let source = Source::parse(text)?;
    let value = match filled(&source, hook) {
        Ok(value) if values::is_export(&source, value, function) => value,
        _ => return Ok(None),
    };
    let name = source.text_of(values::unwrap(value));
    let left = imports::uses(&source, name).saturating_sub(1);
    let ours = imports::find(&source, name);
    if let Some(ours) = ours.filter(|_| left > 0) {
        let reason = format!("still uses `{name}`, which is imported here");
        return Err(source.refuse(RefusalKind::InUse, ours.statement, reason));
    }
    let candidates = candidates(&source, value, ours.as_ref(), function, replaced);
    let fits: Vec<_> = candidates.into_iter().filter(|text| has(text, hook, replaced)).collect();
    let was = |candidate: &String| {
        switch(candidate, function, hook)
            .is_ok_and(|(edited, again)| edited == text && again == *replaced)
    };
    let exact = fits.iter().position(was).unwrap_or_default();
    Ok(fits.into_iter().nth(exact))
}

/// The texts that may have been before; first the one that keeps all of what was added since.
fn candidates(
    source: &Source,
    value: Node,
    ours: Option<&Imported>,
    function: &Export,
    replaced: &Replaced,
) -> Vec<String> {
    let with_property = || {
        let mut edit = TextEdit::default();
        edit.replace(object::member_of(value).byte_range(), replaced.property.as_str());
        edit
    };
    let without_function = || {
        let mut edit = with_property();
        unimport::remove(source, &mut edit, function, 0);
        edit
    };
    let (Some(import), Some(ours)) = (&replaced.import, ours) else {
        return vec![without_function().apply(&source.text)];
    };
    // The record may say anything.
    let Some(module) = imports::module_of(import) else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    texts.extend(new_import::with_all_of(&without_function().apply(&source.text), import));
    // Its statement is in place of the other one, or another one has lost a part.
    let mut edit = with_property();
    edit.replace(ours.statement.byte_range(), import.as_str());
    texts.push(edit.apply(&source.text));
    let mut all = imports::all(source).into_iter();
    let lost = all.find(|other| other.module == module);
    if let Some(other) = lost.filter(|other| other.statement != ours.statement) {
        let mut edit = without_function();
        edit.replace(other.statement.byte_range(), import.as_str());
        texts.push(edit.apply(&source.text));
    }
    texts
}

/// Whether a text has the property, and knows what that names.
fn has(text: &str, hook: &DefinerKeys, replaced: &Replaced) -> bool {
    let Ok(source) = Source::parse(text) else {
        return false;
    };
    let Ok(value) = filled(&source, hook) else {
        return false;
    };
    let inner = values::unwrap(value);
    source.text_of(object::member_of(value)) == replaced.property
        && (!values::is_name(inner) || source.mentions(source.text_of(inner)).count() > 1)
}

/// The handler at `hook`.
fn filled<'n>(source: &'n Source, hook: &DefinerKeys) -> Result<Node<'n>, Refusal> {
    match slot(source, hook)? {
        Slot::Filled(value) => Ok(value),
        Slot::Missing(..) => Err(Refusal::not_as_planned()),
    }
}

/// The import of which a handler is the only use in the text.
fn only_use<'n>(source: &'n Source, value: Node<'n>) -> Option<Imported<'n>> {
    let handler = value.byte_range();
    let is_its = |imported: &Imported| {
        let mut uses = imports::value_uses(source, imported.local).peekable();
        uses.peek().is_some() && uses.all(|node| handler.contains(&node.start_byte()))
    };
    let mut only = imports::all(source).into_iter().filter(is_its);
    only.next().filter(|_| only.next().is_none())
}
