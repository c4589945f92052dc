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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_given_or_passed_on() {
        let given = ["A=1".to_owned(), "B=".to_owned(), "C=x=y".to_owned(), "PATH".to_owned()];
        let read = variables(&given).expect("variables");
        assert_eq!(read["A"], "1");
        assert_eq!(read["B"], "");
        assert_eq!(read["C"], "x=y");
        assert_eq!(Some(&read["PATH"]), env::var_os("PATH").as_ref());
        for wrong in ["", "=1", "NO_SUCH_VARIABLE_IS_SET"] {
            assert!(variables(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
