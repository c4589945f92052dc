//! Whether an event is one that the types of a source read with serde.
//!
//! Only what is written out in the source, and what a scaffold is likely to have, is followed. All else
//! accepts anything: types of other files, generics, macros, enums with data, implementations of
//! `Deserialize` by hand.

mod attributes;
mod definitions;
mod hold;
mod scope;
mod tokens;

use std::collections::BTreeMap;

pub use hold::mismatches;

/// The types that a source defines, by name.
pub struct Definitions(BTreeMap<String, Body>);

impl Definitions {
    /// Reads them; there are none if it is not Rust.
    pub fn of(source: &str) -> Self {
        let tokens = tokens::tokens(source);
        Self(definitions::bodies(&scope::Items::of(&tokens)))
    }
}

/// What a value must be.
#[derive(Debug)]
enum Type {
    /// Anything: the type cannot be followed.
    Unknown,
    Boolean,
    String,
    Integer,
    Number,
    List(Box<Self>),
    Map(Box<Self>),
    Optional(Box<Self>),
    Defined(String),
}

/// What a defined type is made of.
#[derive(Debug)]
enum Body {
    /// It is read as another type.
    Alike(Type),
    Members {
        fields: Vec<Field>,
        denies_unknown: bool,
    },
    /// A string, which is a name of a variant. The first name of each is its own.
    OneOf(Vec<Vec<String>>),
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
