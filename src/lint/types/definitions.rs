//! What serde's derive macro makes of a definition.

use std::collections::BTreeMap;

use super::attributes::Attributes;
use super::scope::{Items, Kind, TypeDefinition};
use super::tokens::RustToken::{self, Braces, Parens, Sign, Word};
use super::tokens::list;
use super::{Body, Field, Type};

/// What all structs and enums are made of, by their names.
pub fn bodies(scope: &Items) -> BTreeMap<String, Body> {
    let types = scope.types.iter();
    types.map(|(name, item)| ((*name).to_owned(), body(scope, item))).collect()
}

fn body(scope: &Items, TypeDefinition { kind, attributes, rest }: &TypeDefinition) -> Body {
    if !attributes.derives_deserialize || attributes.is_changed {
        return Body::Alike(Type::Unknown);
    }
    match (kind, rest) {
        (Kind::Enum, [.., Braces(variants)]) => {
            let names = list(variants).into_iter().map(|written| variant(attributes, written));
            let names = names.collect::<Option<Vec<_>>>();
            names.map_or(Body::Alike(Type::Unknown), Body::OneOf)
        }
        (Kind::Struct, [.., Braces(fields)]) => {
            let fields = list(fields).into_iter();
            let fields = fields.filter_map(|written| field(scope, attributes, written)).collect();
            Body::Members { fields, denies_unknown: attributes.has("deny_unknown_fields") }
        }
        (Kind::Struct, [Parens(fields), ..]) => match list(fields).as_slice() {
            [field] => {
                let (attributes, written) = Attributes::of(field);
                Body::Alike(wanted(scope, &attributes, written))
            }
            _ => Body::Alike(Type::Unknown),
        },
        _ => Body::Alike(Type::Unknown),
    }
}

/// The names of a variant without data, none if it is not read.
fn variant(owner: &Attributes, written: &[RustToken]) -> Option<Vec<String>> {
    match Attributes::of(written) {
        (own, _) if own.is_changed => None,
        (own, [Word(_)]) if is_skipped(&own) => Some(Vec::new()),
        (own, [Word(name)]) => Some(names(&own, name, owner)),
        _ => None,
    }
}

/// A field that is read.
fn field(scope: &Items, owner: &Attributes, written: &[RustToken]) -> Option<Field> {
    let (attributes, written) = Attributes::of(written);
    let [Word(name), Sign(':'), written @ ..] = written else {
        return None;
    };
    if is_skipped(&attributes) {
        return None;
    }
    let wanted = wanted(scope, &attributes, written);
    // Of a type that is not read by itself, serde does not know that it is optional.
    let is_optional =
        matches!(wanted, Type::Optional(_) | Type::Unknown) && !attributes.has("deserialize_with");
    let has_default = attributes.has("default") || owner.has("default");
    Some(Field {
        names: names(&attributes, name, owner),
        wanted,
        is_required: !is_optional && !has_default && !attributes.is_changed,
        is_flat: attributes.has("flatten"),
    })
}

fn wanted(scope: &Items, attributes: &Attributes, written: &[RustToken]) -> Type {
    match attributes.value("deserialize_with") {
        _ if attributes.is_changed => Type::Unknown,
        Some(function) => scope.read_by(function),
        None => scope.resolve(written, 0),
    }
}

fn is_skipped(attributes: &Attributes) -> bool {
    attributes.has("skip") || attributes.has("skip_deserializing")
}

/// What a field or a variant of `owner` is called in JSON.
fn names(attributes: &Attributes, name: &str, owner: &Attributes) -> Vec<String> {
    let own = attributes.value("rename").map(str::to_owned);
    let own = own.unwrap_or_else(|| spelled(name, owner.value("rename_all").unwrap_or_default()));
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
