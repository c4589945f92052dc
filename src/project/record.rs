//! `generated.toml`: what was generated, so that it can be taken back and be made again.
//!
//! Each function has one in its folder, which names nothing outside of it, so that the folder can
//! be moved, and two branches that each add a function do not touch the same file.
//! `amplify/generated.toml` has what functions share. Both are committed with the project, where
//! reviewers see them and Cargo and Amplify do not look. What is in them does not depend on the
//! order in which functions were added.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::layout::{AUTH, Target};
use crate::catalog::{Choices, check_function_name};
use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::Project;
use crate::source::{Diagnostic, Text};

/// Where the record of what functions share is, relative to the project.
pub const RECORD: &str = "amplify/generated.toml";

/// Where the record of a function is, relative to its folder.
pub const FUNCTION_RECORD: &str = "generated.toml";

const HEADER: &str = "\
# What `cargo amplify new` has made here: `remove` takes it back, `check` looks after it.
# Commit this file. A file that no longer has the hash below (the start of its SHA-256) is yours.
";

/// What was generated in a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What all functions share: taken back with the last one.
    pub shared: Shared,
    /// The functions, by the name of their folder.
    pub functions: BTreeMap<String, Function>,
    /// Whether some of them are in the shared file still, where all were in the beginning.
    pub is_old: bool,
}

/// `amplify/generated.toml`.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct SharedFile {
    shared: Shared,
    /// Only read. Their files are seen from the project.
    #[serde(skip_serializing)]
    functions: BTreeMap<String, Function>,
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
    /// Globs that were added to `workspace.members`, by manifest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, BTreeSet<String>>,
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
#[serde(deny_unknown_fields, default)]
pub struct Function {
    /// The name that it was made with. Its folder may have got another one since.
    pub name: String,
    /// The scaffold.
    pub kind: String,
    /// The version of the program that the scaffold is from; empty in an old record.
    pub version: String,
    /// What was chosen for the scaffold's inputs; none in an old record, which does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Choices>,
    /// What files of the app had of it before, and keep.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub before: BTreeMap<String, Before>,
    /// Its files, seen from its folder, each with the hash of what was generated.
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
    /// When a file is not a record, or names what is not generated: everything that it names
    /// may be deleted or edited.
    pub fn load(project: &Project) -> Result<Self> {
        let mut foreign = Vec::new();
        let mut record = Self::default();
        let path = project.path(RECORD)?;
        if let Some((file, text)) = read::<SharedFile>(&path, project)? {
            let mut names = Vec::new();
            for shared in file.shared.files() {
                names.extend(located(shared, project).err().map(|error| (shared.clone(), error)));
            }
            record.is_old = !file.functions.is_empty();
            for (name, function) in file.functions {
                let function = function.moved(&name, project, &mut names);
                record.functions.insert(name, function);
            }
            record.shared = file.shared;
            foreign.extend(problems(&path, &text, names));
        }
        for name in project.folders(&project.path(AUTH)?)? {
            let folder = project.path(&format!("{AUTH}/{name}"))?;
            let path = project.path(&format!("{AUTH}/{name}/{FUNCTION_RECORD}"))?;
            // What a link leads to was not generated.
            if project.has_link(&path, &folder) {
                continue;
            }
            if let Some((function, text)) = read::<Function>(&path, project)? {
                foreign.extend(problems(&path, &text, function.foreign(&name, project)));
                record.functions.insert(name, function);
            }
        }
        match foreign.is_empty() {
            true => Ok(record),
            false => Err(ErrorKind::Invalid(foreign).into()),
        }
    }

    /// Whether there is anything to be recorded of what functions share: what is there is to be
    /// taken back, also when the folders of all functions are gone.
    #[must_use]
    pub fn has_shared(&self) -> bool {
        !self.functions.is_empty() || self.shared != Shared::default()
    }

    /// The text of the file with what functions share; `None` when there is nothing.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which a test rules out.
    pub fn shared_text(&self) -> Result<Option<String>> {
        if !self.has_shared() {
            return Ok(None);
        }
        let shared = self.shared.clone();
        text_of(&SharedFile { shared, functions: BTreeMap::new() }).map(Some)
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

impl Function {
    /// The text of its file.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which a test rules out.
    pub fn text(&self) -> Result<String> {
        text_of(self)
    }

    /// A function as it stands in an old record; `foreign` gets the files that are not its own.
    fn moved(mut self, name: &str, project: &Project, foreign: &mut Vec<(String, Error)>) -> Self {
        let folder = format!("{AUTH}/{name}/");
        for (file, hash) in std::mem::take(&mut self.files) {
            let own = file.strip_prefix(&folder).unwrap_or("");
            match Target::own(own, name, project) {
                Ok(_) => drop(self.files.insert(own.to_owned(), hash)),
                Err(error) => foreign.push((file, error)),
            }
        }
        Self { name: name.to_owned(), ..self }
    }

    /// What it names, as the function in the folder `folder`, that is not its own.
    fn foreign(&self, folder: &str, project: &Project) -> Vec<(String, Error)> {
        let name = check_function_name(&self.name).err().map(|error| (self.name.clone(), error));
        let files = self.files.keys().filter_map(|file| {
            let error = Target::own(file, folder, project).err()?;
            Some((file.clone(), error))
        });
        name.into_iter().chain(files).collect()
    }
}

/// A file of the record, and its text; `None` when there is none.
fn read<T: DeserializeOwned>(path: &RepoPath, project: &Project) -> Result<Option<(T, String)>> {
    let Some(text) = project.read_text(path)? else {
        return Ok(None);
    };
    let record = toml::from_str(&text).map_err(|error| {
        let problem = error.to_string();
        Error::in_file(path, problem.trim_end()).hint(as_it_was(path))
    })?;
    Ok(Some((record, text)))
}

fn text_of(record: &impl Serialize) -> Result<String> {
    let failed = |error| Error::failed("cannot write the record").with_source(error);
    let text = toml::to_string_pretty(record).map_err(failed)?;
    Ok(format!("{HEADER}\n{text}"))
}

/// What a file of the record names and should not, each at its place.
fn problems(path: &RepoPath, text: &str, foreign: Vec<(String, Error)>) -> Vec<Diagnostic> {
    // Where each quoted name stands first.
    let (mut places, mut start) = (BTreeMap::new(), 0);
    for part in text.split('"') {
        places.entry(part).or_insert(start..start + part.len());
        start += part.len() + 1;
    }
    let source = Text::from(text.to_owned());
    let problem = |(name, error): (String, Error)| Diagnostic {
        path: path.clone(),
        source: source.clone(),
        span: places.get(name.as_str()).cloned().unwrap_or_default(),
        message: error.to_string(),
        label: "is not generated".to_owned(),
        hint: Some(as_it_was(path)),
    };
    foreign.into_iter().map(problem).collect()
}

fn as_it_was(path: &RepoPath) -> String {
    format!("get the file back as it was: `git checkout {path}`")
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
        let Self {
            ignore,
            created,
            keys,
            exclude,
            members,
            backend,
            objects,
            constants,
            build_steps,
        } = self;
        let sets = [ignore, backend, constants].into_iter().flatten();
        let maps = [keys, exclude, members, objects].into_iter().flat_map(BTreeMap::keys);
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
