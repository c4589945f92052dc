//! Behind `defineBackend`: properties of the user pool that `defineAuth` does not know.

use std::ops::Range;

use tree_sitter::Node;

use super::backend::{self, Backend};
use super::existing::{Existing, find};
use super::source::{Source, string_range};
use super::statements::{Style, statements};
use super::{Constant, Export, Handler, Refusal, imports, values};
use crate::edit::text::{TextEdit, paragraph};

/// A trigger that is set with a property override.
#[derive(Clone, Copy, Debug)]
pub struct Override<'a> {
    /// The property of the user pool, such as `LambdaConfig.PreTokenGenerationConfig`.
    pub property: &'a str,
    /// The version of the event, such as `V2_0`.
    pub version: &'a str,
    /// What it is for: a comment without its `//`.
    pub comment: &'a str,
    /// Whether the user pool also needs to be allowed to call the function.
    pub permission: Permission,
}

/// Who allows the user pool to call the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// `defineAuth`, as the function is also among its triggers.
    Given,
    /// A statement of ours.
    Added,
}

/// What the permission is granted to, as CDK has it.
pub const PRINCIPAL: Export =
    Export { name: "ServicePrincipal", module: "aws-cdk-lib/aws-iam", extension: "" };

/// `text` with `function` in the backend, and the property set to it.
///
/// # Errors
/// When `text` is not TypeScript, sets the property to something else, or has no place for it.
pub fn set_override(
    text: &str,
    auth: &Export,
    function: &Export,
    wanted: &Override,
) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    // An override that is there counts, also where the backend cannot be followed.
    let existing = find(&source, wanted.property)?;
    let backend = Backend::find(&source)?;
    let edit = match existing {
        Some(existing) => {
            existing.check_function(&source, &backend, function)?;
            change_version(&source, &existing, wanted.version)
        }
        None => add(&source, backend, auth, function, wanted)?,
    };
    let edited = source.edited(&edit)?;
    let backend = Backend::find(&edited).map_err(|_| Refusal::not_as_planned())?;
    match find(&edited, wanted.property) {
        Ok(Some(found))
            if found.version == wanted.version
                && found.check_function(&edited, &backend, function).is_ok() =>
        {
            Ok(edited.text)
        }
        _ => Err(Refusal::not_as_planned()),
    }
}

/// The handler that the property is set to; none when it is not set.
///
/// # Errors
/// When `text` is not TypeScript, or sets the property in a way that cannot be followed.
pub fn overriding_handler(text: &str, property: &str) -> Result<Option<Handler>, Refusal> {
    let source = Source::parse(text)?;
    let Some(existing) = find(&source, property)? else {
        return Ok(None);
    };
    let backend = Backend::find(&source)?;
    let member = source.text_of(existing.arn).split('.').nth(1);
    let value = member.and_then(|member| backend.value(&source, member));
    Ok(Some(values::describe(&source, value.unwrap_or(existing.arn))))
}

/// `text` without the override of `function`, and without all that [`set_override`] has added.
///
/// # Errors
/// As [`overriding_handler`].
pub fn clear_override(
    text: &str,
    function: &Export,
    property: &str,
    comment_of: &dyn Fn(&str) -> String,
    (permission, constant): (Permission, Constant),
) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let Some(existing) = find(&source, property)? else {
        return Ok(text.to_owned());
    };
    let backend = Backend::find(&source)?;
    let theirs = existing.check_function(&source, &backend, function);
    if theirs.is_err() {
        return Ok(text.to_owned());
    }
    let comment = comment_of(existing.version);
    let wanted = Override { property, version: existing.version, comment: &comment, permission };
    let variable = backend.variable.unwrap_or_default();
    let auth = existing.auth_member(&source);
    let member = backend.member(&source, function).unwrap_or(function.name);
    let block = statements(&Style::of(&source), [variable, auth, member], &wanted);
    let block = block.replace('\n', source.eol());
    let mut edit = TextEdit::default();
    match text.find(&block) {
        Some(start) => edit.replace(paragraph_at(&source, start..start + block.len()), ""),
        None => {
            let comment = comment_of_ours(&source, &existing, comment_of);
            let grant = format!("{variable}.{member}.resources.lambda");
            let permission = permission_statement(&source, &grant);
            let statements = [comment, Some(existing.statement), permission];
            remove_statements(&source, &mut edit, statements.into_iter().flatten());
        }
    }
    let cleared = source.edited(&edit)?;
    let mut edited = cleared.edited(&backend::removal(&cleared, function, constant)?)?;
    if permission == Permission::Added {
        let mut edit = TextEdit::default();
        let uses = imports::uses(&edited, PRINCIPAL.name);
        imports::remove(&edited, &mut edit, &PRINCIPAL, uses);
        edited = edited.edited(&edit)?;
    }
    match find(&edited, property) {
        Ok(None) => Ok(edited.text),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// The bytes of a block that was appended, as [`paragraph`] has put it there.
fn paragraph_at(source: &Source, block: Range<usize>) -> Range<usize> {
    let (text, eol) = (&source.text, source.eol());
    let Range { start, end } = block.clone();
    let line_before = text[..start].strip_suffix(eol).map_or(start, str::len);
    if text[end..].starts_with(eol) {
        let is_blank = text[..line_before].ends_with('\n');
        let start = if is_blank { line_before } else { start };
        return start..end + eol.len();
    }
    if !text[end..].is_empty() {
        return block;
    }
    let start = text[..line_before].strip_suffix(eol).map_or(line_before, str::len);
    start..end
}

/// The comment that came with an override, whatever version it says.
fn comment_of_ours<'n>(
    source: &Source,
    existing: &Existing<'n>,
    comment_of: &dyn Fn(&str) -> String,
) -> Option<Node<'n>> {
    let comment = imports::comment_above(existing.statement)?;
    let text = source.text_of(comment).strip_prefix("// ")?;
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let version = words.find(|word| word.starts_with('V') && word.ends_with("_0"));
    (text == comment_of(version.unwrap_or_default())).then_some(comment)
}

/// The statement that allows the user pool to call a function.
fn permission_statement<'n>(source: &'n Source, function: &str) -> Option<Node<'n>> {
    source.mentions("addPermission").find_map(|name| {
        let method = name.parent()?;
        let object = method.child_by_field_name("object")?;
        let statement = super::calls::call_of(method)?.parent()?;
        let is_ours =
            source.text_of(object) == function && statement.kind() == "expression_statement";
        is_ours.then_some(statement)
    })
}

/// Takes out statements with their lines, and with the blank line above the first.
fn remove_statements<'n>(
    source: &Source,
    edit: &mut TextEdit,
    statements: impl Iterator<Item = Node<'n>>,
) {
    for (index, statement) in statements.enumerate() {
        let lines = imports::whole_lines(source, statement);
        let (above, rest) = source.text.split_at(lines.start);
        let has_own_lines = rest.starts_with(source.eol());
        let blank = above.strip_suffix(source.eol()).map(str::len);
        let start = blank.filter(|_| index == 0 && has_own_lines);
        edit.replace(start.unwrap_or(lines.start)..lines.end, "");
    }
}

/// Another version in the override, and in the comment above it.
fn change_version(source: &Source, existing: &Existing, version: &str) -> TextEdit {
    let mut edit = TextEdit::default();
    if existing.version == version {
        return edit;
    }
    edit.replace(string_range(existing.version_node), version);
    if let Some(comment) = imports::comment_above(existing.statement) {
        let text = source.text_of(comment);
        for (at, old) in text.match_indices(existing.version) {
            let start = comment.start_byte() + at;
            edit.replace(start..start + old.len(), version);
        }
    }
    edit
}

fn add(
    source: &Source,
    backend: Backend,
    auth: &Export,
    function: &Export,
    wanted: &Override,
) -> Result<TextEdit, Refusal> {
    let mut edit = TextEdit::default();
    let variable = backend.keep_result(source, &mut edit)?;
    let auth = backend.member(source, auth).or(backend.named_member(source, auth.name));
    let auth = auth.ok_or_else(|| source.unclear(backend.call, "the backend has no `auth`"))?;
    let member = backend.add_member(source, &mut edit, function)?;
    if wanted.permission == Permission::Added {
        imports::import(source, &mut edit, &PRINCIPAL);
    }
    let block = statements(&Style::of(source), [&variable, auth, &member], wanted);
    edit.insert(source.text.len(), paragraph(&source.text, &block));
    Ok(edit)
}
