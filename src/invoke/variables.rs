//! Environment variables that handlers get of this program's, because the user says so.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

use crate::error::{Error, Result};

pub type Variables = BTreeMap<String, OsString>;

/// Reads `NAME=VALUE`, and `NAME` for the value that this program has.
///
/// # Errors
/// When a variable has no name, or this program has no such variable.
pub fn variables(given: &[String]) -> Result<Variables> {
    let variable = |given: &String| match given.split_once('=') {
        _ if given.is_empty() || given.starts_with('=') || given.contains('\0') => {
            Err(Error::usage(format!("`{given}` does not name a variable"))
                .hint("write `--env NAME` or `--env NAME=VALUE`"))
        }
        Some((name, value)) => Ok((name.to_owned(), value.into())),
        None => match env::var_os(given) {
            Some(value) => Ok((given.clone(), value)),
            None => Err(Error::usage(format!("the environment variable {given} is not set"))
                .hint(format!("give it a value: `--env {given}=VALUE`"))),
        },
    };
    given.iter().map(variable).collect()
}
