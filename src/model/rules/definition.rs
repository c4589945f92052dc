//! The user pool as either language defines it, as far as that is plain to see.

use toml::de::{DeTable, DeValue};

use super::{child, span_of};
use crate::edit::typescript::{self, CallSetting, Definer};
use crate::error::Result;
use crate::project::Project;
use crate::source::{Place, SourceFile};

const USER_POOL: Definer =
    Definer { what: "user pool", define: "defineAuth", reference: Some("referenceAuth") };

/// The file that defines the user pool.
pub struct Definition<'a> {
    project: &'a Project,
    file: &'a SourceFile,
    parsed: Written<'a>,
}

enum Written<'a> {
    Toml(DeTable<'a>),
    TypeScript(typescript::CallDefinition),
}

impl<'a> Definition<'a> {
    /// `amplify/auth/resource.toml`.
    pub fn toml(project: &'a Project, file: &'a SourceFile) -> Self {
        let document = DeTable::parse_recoverable(file.text()).0.into_inner();
        Self { project, file, parsed: Written::Toml(document) }
    }

    /// `amplify/auth/resource.ts`; `None` for a text that is not TypeScript.
    pub fn typescript(project: &'a Project, file: &'a SourceFile) -> Option<Self> {
        let code = typescript::CallDefinition::parse(file.text(), USER_POOL).ok()?;
        Some(Self { project, file, parsed: Written::TypeScript(code) })
    }

    /// The setting that `keys` lead to.
    pub fn get(&self, keys: &[&str]) -> CallSetting {
        match &self.parsed {
            Written::Toml(document) => in_toml(document, keys),
            Written::TypeScript(code) => code.setting(keys),
        }
    }

    /// Whether nothing is set there, for certain.
    pub fn lacks(&self, keys: &[&str]) -> bool {
        self.get(keys) == CallSetting::Absent
    }

    /// The text that is set there, and its place.
    pub fn text(&self, keys: &[&str]) -> Option<(String, Place)> {
        match self.get(keys) {
            CallSetting::Present(Some(text), span) => Some((text, self.file.at(span))),
            _ => None,
        }
    }

    /// Whether the code of an app may set something beside what it calls `defineAuth` with: whether it
    /// has one of these words, in lower case and without `_`.
    pub fn may_be_set_in_code(&self, words: &[&str]) -> bool {
        let find = || -> Result<bool> {
            for path in self.project.code_below(&self.project.path("amplify")?)? {
                let text = self.project.read_text(&path)?.unwrap_or_default();
                let text = text.to_lowercase().replace('_', "");
                if words.iter().any(|word| text.contains(word)) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        // What cannot be read may say anything.
        matches!(self.parsed, Written::TypeScript(_)) && find().unwrap_or(true)
    }
}

fn in_toml(document: &DeTable, keys: &[&str]) -> CallSetting {
    let (first, rest) = keys.split_first().unwrap_or((&"", &[]));
    let start = document.get(*first);
    let value = start.and_then(|start| {
        rest.iter().try_fold(start, |value, key| child(value.get_ref(), key).map(|(_, next)| next))
    });
    match value.map(|value| value.get_ref()) {
        None | Some(DeValue::Boolean(false)) => CallSetting::Absent,
        Some(DeValue::Array(array)) if array.is_empty() => CallSetting::Absent,
        Some(value) => {
            let text = value.as_str().map(str::to_owned);
            CallSetting::Present(text, span_of(document, keys))
        }
    }
}
