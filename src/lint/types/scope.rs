//! What names of a source stand for.

use std::collections::BTreeMap;

use super::attributes::Attributes;
use super::tokens::Token::{self, Braces, Brackets, Parens, Sign, Word};
use super::tokens::{angles, items, list, path};
use super::{Body, SIMPLE, Type, definitions};

/// How deep types can be in each other. What is deeper is not followed.
const DEPTH: usize = 16;

/// The items of a source by name, each as what follows the name.
#[derive(Default)]
pub struct Scope<'a> {
    /// Structs and enums without parameters.
    types: BTreeMap<&'a str, Definition<'a>>,
    aliases: BTreeMap<&'a str, &'a [Token]>,
    functions: BTreeMap<&'a str, &'a [Token]>,
    /// The whole paths of what is imported, and of what has parameters and is not followed.
    imports: BTreeMap<&'a str, Vec<&'a str>>,
}

/// A struct or an enum.
pub struct Definition<'a> {
    pub kind: Kind,
    pub attributes: Attributes<'a>,
    /// What follows its name.
    pub rest: &'a [Token],
}

pub enum Kind {
    Struct,
    Enum,
}

impl<'a> Scope<'a> {
    pub fn of(source: &'a [Token]) -> Self {
        let mut scope = Self::default();
        for item in items(source) {
            let (attributes, item) = Attributes::of(item);
            let (keyword, name, rest) = match item {
                [Word(keyword), tree @ ..] if keyword == "use" => {
                    scope.import(&[], tree);
                    continue;
                }
                [Word(keyword), Word(name), rest @ ..] => (keyword.as_str(), name, rest),
                _ => continue,
            };
            let (parameters, rest) = angles(rest).unwrap_or((&[], rest));
            let is_generic = list(parameters).iter().any(|it| !matches!(it, [Sign('\''), ..]));
            match keyword {
                "fn" => drop(scope.functions.insert(name, rest)),
                "struct" | "enum" | "type" if is_generic => {
                    scope.imports.insert(name, vec!["self", name]);
                }
                "type" => drop(scope.aliases.insert(name, rest)),
                "struct" => {
                    scope.types.insert(name, Definition { kind: Kind::Struct, attributes, rest });
                }
                "enum" => {
                    scope.types.insert(name, Definition { kind: Kind::Enum, attributes, rest });
                }
                _ => {}
            }
        }
        scope
    }

    fn import(&mut self, before: &[&'a str], tree: &'a [Token]) {
        for branch in list(tree) {
            let (path, rest) = path(branch);
            let names = [before, &path.names].concat();
            match (rest, names.last().copied()) {
                ([Braces(inner), ..], _) => self.import(&names, inner),
                ([Word(_), Word(name), ..], _) => drop(self.imports.insert(name, names)),
                (_, Some(name)) => drop(self.imports.insert(name, names)),
                _ => {}
            }
        }
    }

    /// All structs and enums.
    pub fn bodies(&self) -> BTreeMap<String, Body> {
        let types = self.types.iter();
        types.map(|(name, item)| ((*name).to_owned(), definitions::body(self, item))).collect()
    }

    /// The type that is written out.
    pub fn resolve(&self, written: &[Token]) -> Type {
        self.resolve_within(written, 0)
    }

    fn resolve_within(&self, written: &[Token], depth: usize) -> Type {
        match written {
            _ if depth > DEPTH => Type::Unknown,
            [Sign('&'), .., Word(name)] if name == "str" => simple("str"),
            [Brackets(inner)] => {
                let item = inner.split(|token| matches!(token, Sign(';'))).next();
                Type::List(Box::new(self.resolve_within(item.unwrap_or_default(), depth + 1)))
            }
            _ => match path(written) {
                (path, []) => self.named(&path.names, &path.arguments, depth),
                _ => Type::Unknown,
            },
        }
    }

    fn named(&self, names: &[&str], arguments: &[&[Token]], depth: usize) -> Type {
        let argument = |index: usize| {
            let written = arguments.get(index).copied().unwrap_or_default();
            Box::new(self.resolve_within(written, depth + 1))
        };
        if let [name] | ["self", name] | ["crate", "event", name] = names {
            if let Some([Sign('='), alias @ .., Sign(';')]) = self.aliases.get(name) {
                return self.resolve_within(alias, depth + 1);
            }
            if self.types.contains_key(name) {
                return Type::Defined((*name).to_owned());
            }
        }
        match self.well_known(names) {
            Some("Option") => Type::Optional(argument(0)),
            Some("Box" | "Rc" | "Arc" | "Cow") => *argument(0),
            Some("Vec" | "VecDeque" | "BTreeSet" | "HashSet" | "IndexSet") => {
                Type::List(argument(0))
            }
            Some("BTreeMap" | "HashMap" | "IndexMap" | "Map") => Type::Map(argument(1)),
            Some(name) => simple(name),
            None => Type::Unknown,
        }
    }

    /// The last of these names, if they are a path of the standard library or another one whose
    /// types are known.
    fn well_known<'n>(&self, names: &[&'n str]) -> Option<&'n str>
    where
        'a: 'n,
    {
        const PRELUDE: [&str; 4] = ["Box", "Option", "String", "Vec"];
        const ROOTS: [&str; 6] = ["std", "core", "alloc", "serde_json", "indexmap", "hashbrown"];
        let (first, rest) = names.split_first()?;
        let imported = self.imports.get(first);
        let is_known = match imported {
            Some(path) => ROOTS.contains(path.first()?),
            None if rest.is_empty() => {
                PRELUDE.contains(first) || first.starts_with(char::is_lowercase)
            }
            None => ROOTS.contains(first),
        };
        let last = rest.last().or(imported.and_then(|path| path.last())).unwrap_or(first);
        is_known.then_some(last)
    }

    /// What a function for `deserialize_with` reads.
    pub fn read_by(&self, function: &str) -> Type {
        let Some([Parens(parameters), .., Braces(body)]) = self.functions.get(function) else {
            return Type::Unknown;
        };
        let input = parameters.iter().find_map(|token| match token {
            Word(word) if word != "mut" => Some(word),
            _ => None,
        });
        input.and_then(|input| self.read_from(input, body)).unwrap_or(Type::Unknown)
    }

    /// The type of the first `T::deserialize(input)?`.
    fn read_from(&self, input: &str, body: &[Token]) -> Option<Type> {
        let mut rest = body;
        loop {
            match rest {
                [] => return None,
                [Parens(inner) | Braces(inner) | Brackets(inner), more @ ..] => {
                    if let Some(read) = self.read_from(input, inner) {
                        return Some(read);
                    }
                    rest = more;
                }
                [Word(_), ..] => {
                    let (path, more) = path(rest);
                    if let ([names @ .., "deserialize"], [Parens(argument), Sign('?'), ..]) =
                        (path.names.as_slice(), more)
                        && matches!(argument.as_slice(), [Word(word)] if word == input)
                    {
                        return Some(self.named(names, &path.arguments, 0));
                    }
                    rest = more;
                }
                [_, more @ ..] => rest = more,
            }
        }
    }
}

fn simple(name: &str) -> Type {
    SIMPLE.iter().find(|simple| simple.name == name).map_or(Type::Unknown, Type::Simple)
}
