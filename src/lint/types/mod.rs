//! Whether an event is one that the types of a source read with serde.
//!
//! Only what is written out in the source is followed. All else accepts anything: types of other
//! files, generics, macros, implementations of `Deserialize` by hand.

mod attributes;
mod definitions;
mod hold;
mod scope;
mod tokens;
mod variants;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use hold::mismatches;

/// The types that a source defines, by name.
pub struct Definitions(BTreeMap<String, Body>);

impl Definitions {
    /// Reads them; there are none if it is not Rust.
    pub fn of(source: &str) -> Self {
        let tokens = tokens::tokens(source);
        let scope = scope::Scope::of(&tokens);
        Self(scope.bodies())
    }
}

/// What a value must be.
#[derive(Debug)]
enum Type {
    /// Anything: the type cannot be followed.
    Unknown,
    Simple(&'static Simple),
    List(Box<Self>),
    Map(Box<Self>),
    Optional(Box<Self>),
    Defined(String),
}

/// What a defined type, or a variant of one, is made of.
#[derive(Debug)]
enum Body {
    Nothing,
    /// It is read as another type.
    Alike(Type),
    Members(Members),
    Variants(Tagging, Vec<Variant>),
}

#[derive(Debug)]
struct Members {
    fields: Vec<Field>,
    denies_unknown: bool,
}

#[derive(Debug)]
struct Field {
    /// Its name in JSON, and others that are taken.
    names: Vec<String>,
    wanted: Type,
    is_required: bool,
    /// Its members are beside the other fields.
    is_flat: bool,
}

/// How a value says which variant it is.
#[derive(Debug)]
enum Tagging {
    /// By the variant's name, or as the only member, which is called so.
    External,
    /// By this member; the rest is beside it, or is another member.
    Member(String, Option<String>),
    Untagged,
}

#[derive(Debug)]
struct Variant {
    names: Vec<String>,
    body: Body,
    /// It stands for those that are not known.
    is_other: bool,
}

/// A type of the standard library or `serde_json` that has no parts.
#[derive(Debug)]
struct Simple {
    name: &'static str,
    wanted: &'static str,
    takes: fn(&Value) -> bool,
}

static SIMPLE: [Simple; 20] = [
    simple::<bool>("bool", "a boolean"),
    simple::<String>("String", "a string"),
    simple::<String>("str", "a string"),
    simple::<char>("char", "a string of one character"),
    simple::<u8>("u8", "a `u8`"),
    simple::<u16>("u16", "a `u16`"),
    simple::<u32>("u32", "a `u32`"),
    simple::<u64>("u64", "a `u64`"),
    simple::<u128>("u128", "a `u128`"),
    simple::<usize>("usize", "a `usize`"),
    simple::<i8>("i8", "an `i8`"),
    simple::<i16>("i16", "an `i16`"),
    simple::<i32>("i32", "an `i32`"),
    simple::<i64>("i64", "an `i64`"),
    simple::<i128>("i128", "an `i128`"),
    simple::<isize>("isize", "an `isize`"),
    simple::<f32>("f32", "a number"),
    simple::<f64>("f64", "a number"),
    simple::<serde_json::Number>("Number", "a number"),
    simple::<Value>("Value", "anything"),
];

const fn simple<T: DeserializeOwned>(name: &'static str, wanted: &'static str) -> Simple {
    Simple { name, wanted, takes: |value| T::deserialize(value).is_ok() }
}
