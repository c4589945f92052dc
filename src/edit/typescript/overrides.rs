//! Behind `defineBackend`: properties of the user pool that `defineAuth` does not know.

use tree_sitter::Node;

use super::backend::Backend;
use super::object;
use super::source::{Source, named, string_content, string_range, walk};
use super::{Export, Handler, Refusal, RefusalKind, calls, imports, values};
use crate::edit::text::{TextEdit, append_block};

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
pub const PRINCIPAL: Export = Export {
    name: "ServicePrincipal",
    module: "aws-cdk-lib/aws-iam",
    extension: "",
};

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
    let backend = Backend::find(&source)?;
    let edited = match find(&source, wanted.property)? {
        Some(existing) => {
            existing.check_function(&source, &backend, function)?;
            if existing.version == wanted.version {
                return Ok(text.to_owned());
            }
            change_version(&source, &existing, wanted.version)
        }
        None => add(&source, backend, auth, function, wanted)?,
    };
    let after = Source::parse(&edited).map_err(|_| Refusal::not_as_planned())?;
    let backend = Backend::find(&after).map_err(|_| Refusal::not_as_planned())?;
    match find(&after, wanted.property) {
        Ok(Some(found))
            if found.version == wanted.version
                && found.check_function(&after, &backend, function).is_ok() =>
        {
            Ok(edited)
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
    Ok(Some(values::describe(
        &source,
        value.unwrap_or(existing.arn),
    )))
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
    permission: Permission,
) -> Result<String, Refusal> {
    let source = Source::parse(text)?;
    let Some(existing) = find(&source, property)? else {
        return Ok(text.to_owned());
    };
    let backend = Backend::find(&source)?;
    if existing
        .check_function(&source, &backend, function)
        .is_err()
    {
        return Ok(text.to_owned());
    }
    let comment = comment_of(existing.version);
    let wanted = Override {
        property,
        version: existing.version,
        comment: &comment,
        permission,
    };
    let variable = backend.variable.unwrap_or_default();
    let auth = existing.auth_member(&source);
    let member = backend.member(&source, function).unwrap_or(function.name);
    let block = statements(&Style::of(&source), [variable, auth, member], &wanted);
    let block = block.replace('\n', source.eol());
    let edited = match text.find(&block) {
        Some(start) => {
            let before = text[..start].trim_end_matches(['\n', '\r']);
            let end = start + block.len();
            let behind = if text[end..].trim().is_empty() && text.ends_with('\n') {
                source.eol()
            } else {
                ""
            };
            format!(
                "{before}{behind}{}",
                &text[end..]
                    .strip_prefix(source.eol())
                    .unwrap_or(&text[end..])
            )
        }
        None => {
            let mut edit = TextEdit::default();
            edit.replace(imports::whole_lines(&source, existing.statement), "");
            edit.apply(text)
        }
    };
    let mut edited = super::remove_from_backend(&edited, function)?;
    if permission == Permission::Added {
        let source = Source::parse(&edited)?;
        let mut edit = TextEdit::default();
        imports::remove(
            &source,
            &mut edit,
            &PRINCIPAL,
            imports::uses(&source, PRINCIPAL.name),
        );
        edited = edit.apply(&edited);
    }
    let after = Source::parse(&edited).map_err(|_| Refusal::not_as_planned())?;
    match find(&after, property) {
        Ok(None) => Ok(edited),
        _ => Err(Refusal::not_as_planned()),
    }
}

/// A statement that overrides the property.
struct Existing<'n> {
    statement: Node<'n>,
    /// The object that the override is made on.
    target: Node<'n>,
    version: &'n str,
    version_node: Node<'n>,
    arn: Node<'n>,
}

impl Existing<'_> {
    /// The override has to be that of `function`, and made on the backend's user pool.
    fn check_function(
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
    fn auth_member<'s>(&self, source: &'s Source) -> &'s str {
        source
            .text_of(self.target)
            .split('.')
            .nth(1)
            .unwrap_or("auth")
    }
}

/// The override of `property`, if there is one that says all that it should.
fn find<'n>(source: &'n Source, property: &str) -> Result<Option<Existing<'n>>, Refusal> {
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

/// Another version in the override, and in the comment above it.
fn change_version(source: &Source, existing: &Existing, version: &str) -> String {
    let mut edit = TextEdit::default();
    edit.replace(string_range(existing.version_node), version);
    let comment = existing.statement.prev_sibling().filter(|node| {
        node.kind() == "comment"
            && node.end_position().row + 1 == existing.statement.start_position().row
    });
    if let Some(comment) = comment {
        let text = source.text_of(comment);
        for (at, old) in text.match_indices(existing.version) {
            let start = comment.start_byte() + at;
            edit.replace(start..start + old.len(), version);
        }
    }
    edit.apply(source.text)
}

fn add(
    source: &Source,
    backend: Backend,
    auth: &Export,
    function: &Export,
    wanted: &Override,
) -> Result<String, Refusal> {
    let mut edit = TextEdit::default();
    let variable = backend.keep_result(source, &mut edit)?;
    let auth = backend
        .member(source, auth)
        .or(backend.named_member(source, auth.name));
    let auth = auth.ok_or_else(|| source.unclear(backend.call, "the backend has no `auth`"))?;
    let member = backend.add_member(source, &mut edit, function)?;
    if wanted.permission == Permission::Added {
        imports::import(source, &mut edit, &PRINCIPAL);
    }
    let block = statements(&Style::of(source), [&variable, auth, &member], wanted);
    Ok(append_block(&edit.apply(source.text), &block))
}

/// How statements are written.
pub struct Style<'a> {
    pub unit: &'a str,
    pub quote: char,
    pub end: &'a str,
}

impl<'a> Style<'a> {
    fn of(source: &Source<'a>) -> Self {
        let imports = source
            .text
            .lines()
            .filter(|line| line.starts_with("import "));
        let last = imports.last().map_or("';", str::trim_end);
        Self {
            unit: source.indent_unit(),
            quote: if last.contains('"') { '"' } else { '\'' },
            end: if last.ends_with(';') { ";" } else { "" },
        }
    }
}

/// The statements that set the property of `auth` to the function `member`, both in `backend`.
pub fn statements(style: &Style, [backend, auth, member]: [&str; 3], wanted: &Override) -> String {
    let Override {
        property,
        version,
        comment,
        permission,
    } = wanted;
    let Style { unit, quote, end } = style;
    let mut text = format!(
        "// {comment}\n\
         {backend}.{auth}.resources.cfnResources.cfnUserPool.addPropertyOverride({quote}{property}{quote}, {{\n\
         {unit}LambdaArn: {backend}.{member}.resources.lambda.functionArn,\n\
         {unit}LambdaVersion: {quote}{version}{quote},\n\
         }}){end}"
    );
    if *permission == Permission::Added {
        text += &format!(
            "\n{backend}.{member}.resources.lambda.addPermission({quote}Cognito{quote}, {{\n\
             {unit}principal: new ServicePrincipal({quote}cognito-idp.amazonaws.com{quote}),\n\
             {unit}sourceArn: {backend}.{auth}.resources.userPool.userPoolArn,\n\
             }}){end}"
        );
    }
    text
}
