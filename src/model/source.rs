//! A `resource.toml` as parsed: values and keys with their places.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::path::RepoPath;
use crate::source::{Diagnostic, Text};

/// A `resource.toml`.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: RepoPath,
    pub text: Text,
}

impl Source {
    /// A problem at a place in this file.
    pub fn problem(&self, span: Range<usize>, message: String, label: String) -> Diagnostic {
        Diagnostic {
            path: self.path.clone(),
            source: self.text.clone(),
            span,
            message,
            label,
            hint: None,
        }
    }
}

/// The place of the value that a path of keys leads to; a number is an index. The place of the
/// last key where there is no value of its own, and of the last one that exists.
pub fn span_of(document: &Spanned<DeTable>, path: &[&str]) -> Range<usize> {
    let Some((first, rest)) = path.split_first() else {
        return 0..0;
    };
    let Some((key, value)) = document.get_ref().get_key_value(*first) else {
        return 0..0;
    };
    let mut found = (key.span(), value);
    for key in rest {
        found = match child(found.1.get_ref(), key) {
            Some((Some(span), value)) => (span, value),
            Some((None, value)) => (value.span(), value),
            None => return found.0,
        };
    }
    match found.1.get_ref() {
        DeValue::Table(_) | DeValue::Array(_) => found.0,
        _ => found.1.span(),
    }
}

type Child<'a, 'i> = (Option<Range<usize>>, &'a Spanned<DeValue<'i>>);

fn child<'a, 'i>(value: &'a DeValue<'i>, key: &str) -> Option<Child<'a, 'i>> {
    match value {
        DeValue::Table(table) => {
            let (key, value) = table.get_key_value(key)?;
            Some((Some(key.span()), value))
        }
        DeValue::Array(array) => Some((None, array.get(key.parse::<usize>().ok()?)?)),
        _ => None,
    }
}
