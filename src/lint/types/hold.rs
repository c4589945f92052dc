//! Holds a value against a type.

use serde_json::{Map, Value};

use super::{Body, Definitions, Field, Type};

/// Where the types are.
const SOURCE: &str = "src/event.rs";

/// How many values are looked at, each once for every type that it may have, and how deep.
const STEPS: usize = 10_000;
const DEPTH: usize = 64;

/// What the type `root` does not read of a value; nothing if it is not defined.
///
/// Each has the keys to the value, and the indices of items. A null is taken for an absent value, as
/// generated code does.
pub fn mismatches(
    definitions: &Definitions,
    root: &str,
    value: &Value,
) -> Vec<(Vec<String>, String)> {
    let mut held = Held { definitions, found: Vec::new(), path: Vec::new(), steps: 0 };
    held.defined(value, root, 0);
    held.found
}

/// What was found so far, and where the value is that is looked at.
struct Held<'a> {
    definitions: &'a Definitions,
    found: Vec<(Vec<String>, String)>,
    path: Vec<String>,
    steps: usize,
}

impl<'a> Held<'a> {
    fn at(&mut self, key: impl ToString, value: &Value, wanted: &Type, depth: usize) {
        self.path.push(key.to_string());
        self.value(value, wanted, depth);
        self.path.pop();
    }

    fn value(&mut self, value: &Value, wanted: &Type, depth: usize) {
        match (wanted, value) {
            _ if self.is_spent(depth) => {}
            (Type::Unknown, _) | (_, Value::Null) => {}
            (Type::Boolean, Value::Bool(_)) | (Type::String, Value::String(_)) => {}
            (Type::Number, Value::Number(_)) => {}
            (Type::Integer, Value::Number(number)) if !number.is_f64() => {}
            (Type::Optional(wanted), _) => self.value(value, wanted, depth + 1),
            (Type::Defined(name), _) => self.defined(value, name, depth + 1),
            (Type::List(wanted), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.at(index, item, wanted, depth + 1);
                }
            }
            (Type::Map(wanted), Value::Object(members)) => {
                for (key, member) in members {
                    self.at(key, member, wanted, depth + 1);
                }
            }
            (Type::Boolean, _) => self.mismatch(value, "a boolean"),
            (Type::String, _) => self.mismatch(value, "a string"),
            (Type::Integer, _) => self.mismatch(value, "an integer"),
            (Type::Number, _) => self.mismatch(value, "a number"),
            (Type::List(_), _) => self.mismatch(value, "an array"),
            (Type::Map(_), _) => self.mismatch(value, "a map"),
        }
    }

    fn defined(&mut self, value: &Value, name: &str, depth: usize) {
        match (self.definitions.0.get(name), value) {
            (None, _) | (Some(Body::Members { .. } | Body::OneOf(_)), Value::Null) => {}
            (Some(Body::Alike(wanted)), _) => self.value(value, wanted, depth + 1),
            (Some(Body::Members { fields, denies_unknown }), Value::Object(members)) => {
                self.members(members, fields, name, depth);
                let is_known = |key: &String| {
                    fields.iter().any(|field| field.is_flat || field.names.contains(key))
                };
                for key in members.keys().filter(|key| *denies_unknown && !is_known(key)) {
                    self.path.push(key.clone());
                    self.add(&format!("is not a field of the struct `{name}` in `{SOURCE}`"));
                    self.path.pop();
                }
            }
            (Some(Body::Members { .. }), _) => {
                self.mismatch(value, &format!("the struct `{name}`"));
            }
            (Some(Body::OneOf(variants)), _) => {
                let is_named = |name: &String| value.as_str() == Some(name);
                if !variants.iter().flatten().any(is_named) {
                    let names = variants.iter().filter_map(|names| names.first());
                    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                    self.mismatch(value, &format!("one of {}", names.join(", ")));
                }
            }
        }
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        fields: &'a [Field],
        name: &str,
        depth: usize,
    ) {
        if self.is_spent(depth) {
            return;
        }
        for field in fields {
            if field.is_flat {
                if let Type::Defined(part) = &field.wanted
                    && let Some(Body::Members { fields, .. }) = self.definitions.0.get(part)
                {
                    self.members(members, fields, part, depth + 1);
                }
                continue;
            }
            let own = members.iter().filter(|(key, _)| field.names.contains(key));
            let mut own = own.filter(|(_, value)| !value.is_null()).peekable();
            if own.peek().is_none() && field.is_required && !self.is_optional(&field.wanted) {
                let problem = format!("has no `{}`, which the struct `{name}`", field.names[0]);
                self.add(&format!("{problem} in `{SOURCE}` requires"));
            }
            own.for_each(|(key, value)| self.at(key, value, &field.wanted, depth + 1));
        }
    }

    /// Whether it is read as an option, or may be.
    fn is_optional(&self, wanted: &Type) -> bool {
        let Type::Defined(name) = wanted else {
            return false;
        };
        let body = self.definitions.0.get(name);
        matches!(body, Some(Body::Alike(Type::Optional(_) | Type::Unknown)))
    }

    /// Counts what is looked at, and tells whether that is enough.
    fn is_spent(&mut self, depth: usize) -> bool {
        self.steps += 1;
        self.steps > STEPS || depth > DEPTH
    }

    fn mismatch(&mut self, value: &Value, wanted: &str) {
        let is = match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => &value.to_string(),
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.add(&format!("is {is}, and {wanted} in `{SOURCE}`"));
    }

    fn add(&mut self, problem: &str) {
        let subject = match self.path.as_slice() {
            [] => "the event".to_owned(),
            path => format!("`{}`", path.join(".")),
        };
        self.found.push((self.path.clone(), format!("{subject} {problem}")));
    }
}
