//! What names of a source stand for.

use std::collections::BTreeMap;

use super::Type;
use super::attributes::Attributes;
use super::tokens::RustToken::{self, Braces, Brackets, Parens, Sign, Word};
use super::tokens::{TypePath, angles, items, list, path};

/// How deep types can be in each other. What is deeper is not followed.
const DEPTH: usize = 16;

/// The items of a source by name, each as what follows the name.
#[derive(Default)]
pub struct Items<'a> {
    /// Structs and enums without parameters.
    pub types: BTreeMap<&'a str, TypeDefinition<'a>>,
    aliases: BTreeMap<&'a str, &'a [RustToken]>,
    functions: BTreeMap<&'a str, &'a [RustToken]>,
    /// The crates that names are imported from; `self` for what has parameters or another name, and is
    /// not followed.
    imports: BTreeMap<&'a str, &'a str>,
}

/// A struct or an enum.
pub struct TypeDefinition<'a> {
    pub kind: Kind,
    pub attributes: Attributes<'a>,
    /// What follows its name.
    pub rest: &'a [RustToken],
}

pub enum Kind {
    Struct,
    Enum,
}

impl<'a> Items<'a> {
    pub fn of(source: &'a [RustToken]) -> Self {
        let mut scope = Self::default();
        for item in items(source) {
            let (attributes, item) = Attributes::of(item);
            let (keyword, name, rest) = match item {
                [Word(keyword), tree @ ..] if keyword == "use" => {
                    scope.import(None, tree);
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
                    scope.imports.insert(name, "self");
                }
                "type" => drop(scope.aliases.insert(name, rest)),
                "struct" => {
                    scope
                        .types
                        .insert(name, TypeDefinition { kind: Kind::Struct, attributes, rest });
                }
                "enum" => {
                    scope.types.insert(name, TypeDefinition { kind: Kind::Enum, attributes, rest });
                }
                _ => {}
            }
        }
        scope
    }

    fn import(&mut self, root: Option<&'a str>, tree: &'a [RustToken]) {
        for branch in list(tree) {
            let (TypePath { names, .. }, rest) = path(branch);
            let root = root.or(names.first().copied());
            match (rest, root, names.last()) {
                ([Braces(inner), ..], ..) => self.import(root, inner),
                ([_, Word(other), ..], ..) => drop(self.imports.insert(other, "self")),
                (_, Some(root), Some(name)) => drop(self.imports.insert(name, root)),
                _ => {}
            }
        }
    }

    /// The type that is written out.
    pub fn resolve(&self, written: &[RustToken], depth: usize) -> Type {
        match written {
            _ if depth > DEPTH => Type::Unknown,
            [Sign('&'), .., Word(name)] if name == "str" => Type::String,
            _ => match path(written) {
                (path, []) => self.named(&path.names, &path.arguments, depth),
                _ => Type::Unknown,
            },
        }
    }

    fn named(&self, names: &[&str], arguments: &[&[RustToken]], depth: usize) -> Type {
        let argument = |index: usize| {
            let written = arguments.get(index).copied().unwrap_or_default();
            Box::new(self.resolve(written, depth + 1))
        };
        if let [name] | ["self", name] | ["crate", "event", name] = names {
            if let Some([Sign('='), alias @ .., Sign(';')]) = self.aliases.get(name) {
                return self.resolve(alias, depth + 1);
            }
            if self.types.contains_key(name) {
                return Type::Defined((*name).to_owned());
            }
        }
        match names.last() {
            Some(_) if !self.is_standard(names) => Type::Unknown,
            Some(&"bool") => Type::Boolean,
            Some(&("String" | "str")) => Type::String,
            Some(&("f32" | "f64" | "Number")) => Type::Number,
            Some(&("u8" | "u16" | "u32" | "u64" | "usize")) => Type::Integer,
            Some(&("i8" | "i16" | "i32" | "i64" | "isize")) => Type::Integer,
            Some(&"Option") => Type::Optional(argument(0)),
            Some(&("Box" | "Rc" | "Arc" | "Cow")) => *argument(0),
            Some(&("Vec" | "VecDeque" | "BTreeSet" | "HashSet")) => Type::List(argument(0)),
            Some(&("BTreeMap" | "HashMap" | "Map")) => Type::Map(argument(1)),
            _ => Type::Unknown,
        }
    }

    /// Whether a name is one of the standard library or of `serde_json`.
    fn is_standard(&self, names: &[&str]) -> bool {
        const PRELUDE: [&str; 4] = ["Box", "Option", "String", "Vec"];
        const ROOTS: [&str; 4] = ["std", "core", "alloc", "serde_json"];
        match (names, names.first().and_then(|first| self.imports.get(first))) {
            (_, Some(root)) => ROOTS.contains(root),
            ([name], None) => PRELUDE.contains(name) || name.starts_with(char::is_lowercase),
            _ => names.first().is_some_and(|root| ROOTS.contains(root)),
        }
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
    fn read_from(&self, input: &str, body: &[RustToken]) -> Option<Type> {
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
