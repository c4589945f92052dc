//! The rules of Amplify, the CDK and Cognito that a JSON Schema cannot express.
//!
//! Source: `construct.js` of `@aws-amplify/auth-construct`, `factory.js` of
//! `@aws-amplify/backend-auth` and `@aws-amplify/backend-function`, `user-pool.js` of the CDK.

mod auth;
mod definition;
mod function;
mod providers;
mod reach;
mod schedule;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use definition::Definition;
pub use reach::check as unreachable;

use super::parse::{Keys, Parsed};
use super::{Auth, FunctionFile};
use crate::source::{Diagnostic, SourceFile};

/// The problems of the user pool of a project with these functions, each with its directory.
pub fn auth(
    file: &SourceFile,
    auth: &Parsed<Auth>,
    functions: &BTreeMap<&str, &str>,
) -> Vec<Diagnostic> {
    let mut problems = Problems::new(file, auth.left_out());
    auth::check(auth.value(), functions, &mut problems);
    providers::check(auth.value(), &mut problems);
    problems.all
}

/// The problems of the functions of a user pool, which calls those that are `called`.
pub fn functions(
    files: &[(SourceFile, Parsed<FunctionFile>)],
    auth: Option<&Auth>,
    called: &BTreeSet<&str>,
) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (index, (file, this)) in files.iter().enumerate() {
        let mut problems = Problems::new(file, this.left_out());
        let earlier: Vec<_> = files[..index].iter().map(|(_, file)| file.value()).collect();
        function::check(this.value(), &earlier, (auth, called), &mut problems);
        all.append(&mut problems.all);
    }
    all
}

/// The problems of a file.
struct Problems<'a> {
    file: &'a SourceFile,
    /// The paths of what is there and could not be read.
    left_out: &'a [Keys],
    /// Parsed again for the first problem: most files have none.
    document: OnceCell<DeTable<'a>>,
    all: Vec<Diagnostic>,
}

impl<'a> Problems<'a> {
    fn new(file: &'a SourceFile, left_out: &'a [Keys]) -> Self {
        Self { file, left_out, document: OnceCell::new(), all: Vec::new() }
    }

    /// Adds a problem at the value that `keys` lead to.
    fn add(&mut self, keys: &[&str], message: impl Into<String>, label: impl Into<String>) {
        let parse = || DeTable::parse_recoverable(self.file.text()).0.into_inner();
        let span = span_of(self.document.get_or_init(parse), keys);
        self.all.push(self.file.at(span).problem(message, label));
    }

    /// Adds a problem at the value that `keys` lead to: that nothing is at `missing`. It is none if
    /// something there could not be read.
    fn add_missing(
        &mut self,
        keys: &[&str],
        missing: &[&str],
        message: impl Into<String>,
        label: impl Into<String>,
    ) {
        let is_there = |path: &Keys| path.iter().zip(missing).all(|(key, missing)| key == missing);
        if !self.left_out.iter().any(is_there) {
            self.add(keys, message, label);
        }
    }
}

/// The place of the value that a path of keys leads to, where a number is an index; of its key, if
/// it is a table or an array. Where the path leads nowhere, the place of the last key that exists.
fn span_of(document: &DeTable, path: &[&str]) -> Range<usize> {
    let Some((first, rest)) = path.split_first() else {
        return 0..0;
    };
    let Some((key, value)) = document.get_key_value(*first) else {
        return 0..0;
    };
    let mut found = (key.span(), value);
    for key in rest {
        match child(found.1.get_ref(), key) {
            Some(next) => found = next,
            None => return found.0,
        }
    }
    match found.1.get_ref() {
        DeValue::Table(_) | DeValue::Array(_) => found.0,
        _ => found.1.span(),
    }
}

fn child<'a, 'i>(
    value: &'a DeValue<'i>,
    key: &str,
) -> Option<(Range<usize>, &'a Spanned<DeValue<'i>>)> {
    match value {
        DeValue::Table(table) => table.get_key_value(key).map(|(key, value)| (key.span(), value)),
        DeValue::Array(array) => array.get(key.parse::<usize>().ok()?).map(|it| (it.span(), it)),
        _ => None,
    }
}
