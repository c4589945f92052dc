//! The rules of Amplify, the CDK and Cognito that a JSON Schema cannot say.
//!
//! Source: `construct.js` of `@aws-amplify/auth-construct`, `factory.js` of
//! `@aws-amplify/backend-auth` and `@aws-amplify/backend-function`, `user-pool.js` of the CDK.

mod auth;
mod function;
mod schedule;

use super::source::{Source, span_of};
use super::{Auth, FunctionFile};
use crate::source::Diagnostic;

/// What is wrong with the user pool, when there are functions of these names.
pub fn auth(file: &Source, auth: &Auth, functions: &[&str]) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    auth::check(auth, functions, &mut findings);
    findings.located(file)
}

/// What is wrong with the functions of a user pool.
pub fn functions(
    files: &[(Source, FunctionFile)],
    auth: Option<&Auth>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (index, (file, this)) in files.iter().enumerate() {
        let mut findings = Findings::default();
        let earlier: Vec<_> = files[..index].iter().map(|(_, file)| file).collect();
        function::check(this, &earlier, auth, &mut findings);
        diagnostics.extend(findings.located(file));
    }
}

/// What is wrong, by the keys that lead there.
#[derive(Default)]
struct Findings(Vec<Finding>);

struct Finding {
    keys: Vec<String>,
    message: String,
    label: String,
}

impl Findings {
    fn add(&mut self, keys: &[&str], message: impl Into<String>, label: impl Into<String>) {
        self.0.push(Finding {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            message: message.into(),
            label: label.into(),
        });
    }

    /// The same with their places in the file.
    fn located(self, file: &Source) -> Vec<Diagnostic> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let (document, _) = file.document();
        let locate = |finding: Finding| {
            let keys: Vec<_> = finding.keys.iter().map(String::as_str).collect();
            let span = span_of(&document, &keys);
            file.problem(span, finding.message, finding.label)
        };
        self.0.into_iter().map(locate).collect()
    }
}
