//! What serde's derive macro makes of a definition.

use super::attributes::Attributes;
use super::scope::{Definition, Kind, Scope};
use super::tokens::Token::{self, Braces, Parens, Sign, Word};
use super::tokens::{list, tokens};
use super::{Body, Field, Members, Tagging, Type, Variant};

/// What a struct or an enum is made of.
pub fn body(scope: &Scope, Definition { kind, attributes, rest }: &Definition) -> Body {
    if !attributes.derives_deserialize || attributes.is_changed {
        return Body::Alike(Type::Unknown);
    }
    if let Some(other) = attributes.value("from").or(attributes.value("try_from")) {
        return Body::Alike(scope.resolve(&tokens(other)));
    }
    match kind {
        Kind::Struct => contents(scope, attributes, attributes.value("rename_all"), rest),
        Kind::Enum => variants(scope, attributes, rest),
    }
}

/// The fields of a struct or a variant, which are renamed as `rule` says.
fn contents(scope: &Scope, attributes: &Attributes, rule: Option<&str>, rest: &[Token]) -> Body {
    match rest {
        [.., Braces(fields)] => {
            let fields = list(fields).into_iter();
            let fields = fields.filter_map(|written| field(scope, attributes, rule, written));
            let mut fields: Vec<_> = fields.collect();
            if attributes.has("transparent") {
                return Body::Alike(fields.pop().map_or(Type::Unknown, |field| field.wanted));
            }
            Body::Members(Members { fields, denies_unknown: attributes.has("deny_unknown_fields") })
        }
        [Parens(fields), ..] => match list(fields).as_slice() {
            [field] => {
                let (attributes, written) = Attributes::of(field);
                Body::Alike(wanted(scope, &attributes, written))
            }
            _ => Body::Alike(Type::Unknown),
        },
        _ => Body::Nothing,
    }
}

/// A field that is read.
fn field(
    scope: &Scope,
    owner: &Attributes,
    rule: Option<&str>,
    written: &[Token],
) -> Option<Field> {
    let (attributes, written) = Attributes::of(written);
    let [Word(name), Sign(':'), written @ ..] = written else {
        return None;
    };
    if attributes.has("skip") || attributes.has("skip_deserializing") {
        return None;
    }
    let wanted = wanted(scope, &attributes, written);
    // Of a type that is not read by itself, serde does not know that it is optional.
    let is_optional = match wanted {
        Type::Optional(_) | Type::Unknown => !attributes.has("deserialize_with"),
        _ => false,
    };
    let has_default = attributes.has("default") || owner.has("default");
    Some(Field {
        names: names(&attributes, name, rule),
        wanted,
        is_required: !is_optional && !has_default && !attributes.is_changed,
        is_flat: attributes.has("flatten"),
    })
}

fn wanted(scope: &Scope, attributes: &Attributes, written: &[Token]) -> Type {
    match attributes.value("deserialize_with") {
        _ if attributes.is_changed || attributes.has("with") => Type::Unknown,
        Some(function) => scope.read_by(function),
        None => scope.resolve(written),
    }
}

fn variants(scope: &Scope, attributes: &Attributes, rest: &[Token]) -> Body {
    let [.., Braces(written)] = rest else {
        return Body::Nothing;
    };
    let mut variants = Vec::new();
    for written in list(written) {
        let (own, written) = Attributes::of(written);
        let [Word(name), rest @ ..] = written else {
            continue;
        };
        if own.is_changed || own.has("untagged") || own.has("with") || own.has("deserialize_with") {
            return Body::Alike(Type::Unknown);
        }
        if own.has("skip") || own.has("skip_deserializing") {
            continue;
        }
        let rule = own.value("rename_all").or(attributes.value("rename_all_fields"));
        let body = contents(scope, &own, rule, rest);
        let names = names(&own, name, attributes.value("rename_all"));
        variants.push(Variant { names, body, is_other: own.has("other") });
    }
    let tagging = match (attributes.value("tag"), attributes.value("content")) {
        _ if attributes.has("untagged") => Tagging::Untagged,
        (Some(tag), content) => Tagging::Member(tag.to_owned(), content.map(str::to_owned)),
        (None, _) => Tagging::External,
    };
    Body::Variants(tagging, variants)
}

/// What a field or a variant is called in JSON.
fn names(attributes: &Attributes, name: &str, rule: Option<&str>) -> Vec<String> {
    let own = attributes.value("rename").map(str::to_owned);
    let own = own.unwrap_or_else(|| spelled(name, rule.unwrap_or_default()));
    let others = attributes.values("alias").map(str::to_owned);
    [own].into_iter().chain(others).collect()
}

/// A name as a rule of `rename_all` spells it.
fn spelled(name: &str, rule: &str) -> String {
    let mut words = Vec::<String>::new();
    for character in name.chars() {
        if words.is_empty() || character == '_' || character.is_uppercase() {
            words.push(String::new());
        }
        let word = words.last_mut().filter(|_| character != '_');
        word.into_iter().for_each(|word| word.extend(character.to_lowercase()));
    }
    let pascal = || words.iter().map(|word| with_first(word, char::to_ascii_uppercase)).collect();
    match rule {
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => with_first(&pascal(), char::to_ascii_lowercase),
        "snake_case" => words.join("_"),
        "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "kebab-case" => words.join("-"),
        "SCREAMING-KEBAB-CASE" => words.join("-").to_uppercase(),
        _ => name.to_owned(),
    }
}

fn with_first(word: &str, change: fn(&char) -> char) -> String {
    let mut characters = word.chars();
    characters.next().iter().map(change).chain(characters).collect()
}
