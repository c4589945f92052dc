//! `amplify/generated.toml`: what was generated, so that it can be taken back.
//!
//! It is committed with the project, where reviewers see it and Cargo and Amplify do not look.
//! Paths are relative to the project. What is in it does not depend on the order in which
//! functions were added.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::layout::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::Project;
use crate::source::{Diagnostic, Text};

/// Where the record is, relative to the project.
pub const RECORD: &str = "amplify/generated.toml";

const HEADER: &str = "\
# What `cargo amplify new` has made here: `remove` takes it back, `check` looks after it.
# Commit this file. A file that no longer has the hash below (the start of its SHA-256) is yours.
";

/// What was generated in a project.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Record {
    /// What all functions share: taken back with the last one.
    pub shared: Shared,
    /// The functions, by name.
    pub functions: BTreeMap<String, Function>,
}

/// What was made in files that are not a function's own.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shared {
    /// Ignore files that `/target` was added to.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ignore: BTreeSet<String>,
    /// Files that were not there, with the hash of what they were before anything was added.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub created: BTreeMap<String, String>,
    /// Keys that were not there, by the file that they were added to.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, BTreeSet<String>>,
    /// Folders that were added to `workspace.exclude`, by manifest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exclude: BTreeMap<String, BTreeSet<String>>,
    /// Backends of Amplify that the user pool was added to.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub backend: BTreeSet<String>,
    /// Objects of what `defineAuth` is called with that were there, and empty, by file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<String, BTreeSet<String>>,
    /// Of older versions, which put statements behind `defineBackend`: read, and not kept.
    #[serde(skip_serializing)]
    pub constants: BTreeSet<String>,
    /// Commands that build files of Amplify Hosting have got.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub build_steps: BTreeMap<String, Vec<String>>,
}

/// A generated function.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// The scaffold.
    pub kind: String,
    /// What files of the app had of it before, and keep.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub before: BTreeMap<String, Before>,
    /// Its files, each with the hash of what was generated.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// What a file of an Amplify app had of a function before it was generated.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Before {
    /// An import that nothing was wired with.
    Import,
    /// All that makes Cognito call it.
    Wiring,
}

impl Record {
    /// Reads the record of a project; an empty one when there is none.
    ///
    /// # Errors
    /// When the file is not a record, or names what is not generated: everything that it names
    /// may be deleted or edited.
    pub fn load(project: &Project) -> Result<Self> {
        let path = project.path(RECORD)?;
        let text = project.read_text(&path)?.unwrap_or_default();
        let record: Self = toml::from_str(&text).map_err(|error| {
            let problem = error.to_string();
            Error::in_file(&path, problem.trim_end())
                .hint(format!("get the file back as it was: `git checkout {path}`"))
        })?;
        let foreign = record.foreign(project);
        if foreign.is_empty() {
            return Ok(record);
        }
        // Where each quoted name stands first.
        let (mut places, mut start) = (BTreeMap::new(), 0);
        for part in text.split('"') {
            places.entry(part).or_insert(start..start + part.len());
            start += part.len() + 1;
        }
        let source = Text::from(text.clone());
        let problem = |(name, error): (&str, Error)| {
            let place = places.get(name).cloned();
            Diagnostic {
                path: path.clone(),
                source: source.clone(),
                span: place.unwrap_or_default(),
                message: error.to_string(),
                label: "is not generated".to_owned(),
                hint: Some(format!("get the file back as it was: `git checkout {path}`")),
            }
        };
        Err(ErrorKind::Invalid(foreign.into_iter().map(problem).collect()).into())
    }

    /// What it names that is neither a file of a function nor one that functions share.
    fn foreign(&self, project: &Project) -> Vec<(&str, Error)> {
        let mut foreign = Vec::new();
        for (name, function) in &self.functions {
            for file in function.files.keys() {
                if let Err(error) = Target::own(file, name, project) {
                    foreign.push((file.as_str(), error));
                }
            }
        }
        for file in self.shared.files() {
            if let Err(error) = located(file, project) {
                foreign.push((file.as_str(), error));
            }
        }
        foreign
    }

    /// The text of the file; `None` when nothing is recorded.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which a test rules out.
    pub fn text(&self) -> Result<Option<String>> {
        if self.functions.is_empty() {
            return Ok(None);
        }
        let failed = |error| Error::failed("cannot write the record").with_source(error);
        let text = toml::to_string_pretty(self).map_err(failed)?;
        Ok(Some(format!("{HEADER}\n{text}")))
    }

    /// The functions made by a scaffold.
    #[must_use]
    pub fn functions_of(&self, kind: &str) -> Vec<&str> {
        let functions = self.functions.iter();
        functions
            .filter(|(_, function)| function.kind == kind)
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// The start of the SHA-256 of a text. A line break counts as one, however it is written, so that
/// git may turn LF to CRLF.
#[must_use]
pub fn hash(text: &str) -> String {
    let digest = hmac_sha256::Hash::hash(text.replace("\r\n", "\n").as_bytes());
    digest.iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

impl Shared {
    fn files(&self) -> impl Iterator<Item = &String> {
        let Self { ignore, created, keys, exclude, backend, objects, constants, build_steps } =
            self;
        let sets = [ignore, backend, constants].into_iter().flatten();
        let maps = [keys, exclude, objects].into_iter().flat_map(BTreeMap::keys);
        sets.chain(maps).chain(created.keys()).chain(build_steps.keys())
    }
}

/// A path as it stands in the record: seen from the project, which may be below the root.
pub fn recorded(path: &RepoPath, project: &Project) -> String {
    let mut up = String::new();
    let mut base = Some(project.folder().clone());
    while let Some(folder) = base {
        if let Some(below) = path.below(&folder) {
            return format!("{up}{below}");
        }
        up.push_str("../");
        base = folder.parent();
    }
    path.to_string()
}

/// The file that stands in the record as one that functions share.
///
/// # Errors
/// When it is another one.
pub fn located(recorded: &str, project: &Project) -> Result<RepoPath> {
    let path = project.folder().relative(recorded);
    let path = path.ok_or_else(|| Error::failed(format!("`{recorded}` leaves the root")))?;
    Target::shared(&path, project)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_are_not_hashed() {
        assert_eq!(hash("a\r\nb"), hash("a\nb"));
        assert_ne!(hash("a\nb"), hash("a b"));
        assert_eq!(hash(""), "e3b0c44298fc1c14");
    }
}
