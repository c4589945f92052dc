//! Holds a value against an enum.

use serde_json::Value;

use super::hold::Held;
use super::{Body, Tagging, Variant};

impl<'a> Held<'a> {
    pub(super) fn variants(
        &mut self,
        value: &Value,
        tagging: &Tagging,
        variants: &'a [Variant],
        name: &str,
        depth: usize,
    ) {
        let find = |tag: &str| {
            let mut named = variants.iter();
            let named = named.find(|variant| variant.names.iter().any(|name| name == tag));
            named.or_else(|| variants.iter().find(|variant| variant.is_other))
        };
        let known = variants.iter().map(|variant| format!("`{}`", variant.names[0]));
        let known = format!("one of {}", known.collect::<Vec<_>>().join(", "));
        match (tagging, value) {
            (Tagging::Untagged, _) => {
                let before = self.found.len();
                let is_read = variants.iter().any(|variant| {
                    self.found.truncate(before);
                    self.body(value, &variant.body, name, depth + 1);
                    self.found.len() == before
                });
                self.found.truncate(before);
                if !is_read {
                    self.mismatch(value, &format!("a variant of `{name}`"));
                }
            }
            (Tagging::External, Value::String(tag)) => match find(tag) {
                Some(Variant { body: Body::Nothing, .. }) => {}
                _ => self.mismatch(value, &known),
            },
            (Tagging::External, Value::Object(members)) if members.len() == 1 => {
                for (tag, value) in members {
                    self.path.push(tag.clone());
                    match find(tag) {
                        Some(variant) => self.body(value, &variant.body, name, depth + 1),
                        None => self.add(&format!("is not {known}")),
                    }
                    self.path.pop();
                }
            }
            (Tagging::Member(tag, content), Value::Object(members)) => {
                let tag_value = members.get(tag).unwrap_or(&Value::Null);
                let Some(variant) = tag_value.as_str().and_then(find) else {
                    self.path.push(tag.clone());
                    self.mismatch(tag_value, &known);
                    self.path.pop();
                    return;
                };
                let mut rest = members.clone();
                rest.remove(tag);
                let content = match content {
                    Some(name) => rest.remove(name).unwrap_or_default(),
                    None => rest.into(),
                };
                if !matches!(variant.body, Body::Nothing) {
                    self.body(&content, &variant.body, name, depth + 1);
                }
            }
            _ => self.mismatch(value, &known),
        }
    }
}
