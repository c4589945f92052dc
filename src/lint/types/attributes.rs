//! Attributes of serde.

use std::collections::BTreeMap;

use super::tokens::RustToken::{self, Brackets, Literal, Parens, Sign, Word};
use super::tokens::list;

/// Attributes that change nothing of what is read.
const INERT: [&str; 8] =
    ["doc", "allow", "expect", "warn", "must_use", "non_exhaustive", "deprecated", "default"];

/// What is said about a definition, a field or a variant in front of it.
#[derive(Debug, Default)]
pub struct Attributes<'a> {
    /// Those of serde, with their values as far as they are about reading.
    serde: BTreeMap<&'a str, Vec<&'a str>>,
    pub derives_deserialize: bool,
    /// There is something else, which may change anything.
    pub is_changed: bool,
}

impl<'a> Attributes<'a> {
    /// Reads the attributes at the start. Returns them and what follows them and the visibility.
    pub fn of(mut tokens: &'a [RustToken]) -> (Self, &'a [RustToken]) {
        let mut attributes = Self::default();
        loop {
            tokens = match tokens {
                [Sign('#'), Sign('!'), Brackets(_), rest @ ..] => rest,
                [Sign('#'), Brackets(attribute), rest @ ..] => {
                    attributes.add(attribute);
                    rest
                }
                [Word(word), Parens(_), rest @ ..] | [Word(word), rest @ ..] if word == "pub" => {
                    rest
                }
                _ => return (attributes, tokens),
            }
        }
    }

    fn add(&mut self, attribute: &'a [RustToken]) {
        match attribute {
            [Word(name), Parens(inner)] if name == "serde" => {
                list(inner).into_iter().for_each(|part| self.add_serde(part));
            }
            [Word(name), Parens(inner)] if name == "derive" => {
                let is_named =
                    |path: &&[RustToken]| matches!(path, [.., Word(name)] if name == "Deserialize");
                self.derives_deserialize |= list(inner).iter().any(is_named);
            }
            [Word(name), ..] => self.is_changed |= !INERT.contains(&name.as_str()),
            _ => self.is_changed = true,
        }
    }

    fn add_serde(&mut self, part: &'a [RustToken]) {
        let (name, value) = match part {
            [Word(name), Parens(sides)] => (name, list(sides).into_iter().find_map(reading)),
            [Word(name), Sign('='), Literal(value)] => (name, Some(value)),
            [Word(name), ..] => (name, None),
            _ => return,
        };
        self.is_changed |= !is_followed(name);
        self.serde.entry(name).or_default().extend(value.map(String::as_str));
    }

    pub fn has(&self, name: &str) -> bool {
        self.serde.contains_key(name)
    }

    pub fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.serde.get(name).into_iter().flatten().copied()
    }

    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.values(name).next()
    }
}

/// The value of an attribute that has one for reading and another for writing.
fn reading(part: &[RustToken]) -> Option<&String> {
    match part {
        [Word(side), Sign('='), Literal(value)] if side == "deserialize" => Some(value),
        _ => None,
    }
}

/// Whether an attribute of serde is followed, or is not about reading.
fn is_followed(name: &str) -> bool {
    matches!(name, "alias" | "default" | "deny_unknown_fields" | "deserialize_with" | "flatten")
        || matches!(name, "rename" | "rename_all" | "skip" | "skip_deserializing")
        || matches!(name, "borrow" | "bound" | "crate" | "expecting" | "into")
        || name.starts_with("skip_serializing")
        || name == "serialize_with"
}
