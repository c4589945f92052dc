//! Tests of scaffolds: what is generated from a repository, compared with what was accepted.
//!
//! ```text
//! tests/<case>/case.toml    the kind, the choices, and the repository before: see `Definition`
//! tests/<case>/before/**    that repository, for `before = "directory"`
//! tests/<case>/after/**     the files that are new or different then, but for the records
//! tests/<case>/output       what is printed
//! ```

mod eject;
mod sandbox;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::catalog::{Answers, Catalog, render, suggestion};
use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::plan::Change;
use crate::project::{FUNCTION_RECORD, Project};

pub use eject::eject;
pub use sandbox::{Program, Sandbox, build, compare_all};

/// The files of a directory, by their paths in it.
pub type Tree = BTreeMap<String, String>;

/// What has to change for a case to be as accepted, by file.
pub type Changes = BTreeMap<RepoPath, Change>;

/// A test of a scaffold.
#[derive(Debug)]
pub struct Case {
    /// The name of its directory.
    pub name: String,
    /// That directory.
    pub directory: RepoPath,
    pub definition: Definition,
}

/// `case.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The scaffold, or several that are generated together.
    pub kind: String,
    /// The name of the function [default: that of the scaffold].
    pub name: Option<String>,
    /// The repository before.
    #[serde(default)]
    pub before: Before,
    /// The choices: a string, a boolean, or an array of strings.
    #[serde(default)]
    pub inputs: BTreeMap<String, toml::Value>,
}

/// The repository before.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Before {
    /// An empty directory.
    #[default]
    Empty,
    /// A Cargo workspace without members.
    Workspace,
    /// An Amplify app in TypeScript.
    TypeScript,
    /// The files in `before/`.
    Directory,
}

/// What a case comes to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The repository before.
    pub before: Tree,
    /// The repository then.
    pub after: Tree,
    pub printed: String,
}

/// The cases of a directory; only those with these names, if there are any.
///
/// # Errors
/// When there is none, or one is not valid.
pub fn cases(project: &Project, directory: &RepoPath, names: &[String]) -> Result<Vec<Case>> {
    let known = project.directories(directory)?;
    if known.is_empty() {
        return Err(Error::failed(format!("there is no case in `{directory}`"))
            .hint(format!("add `{directory}/NAME/case.toml` with the line `kind = \"KIND\"`")));
    }
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(Error::usage(format!("there is no case `{unknown}` in `{directory}`"))
            .hint(suggestion(unknown, &known)));
    }
    let chosen = known.into_iter().filter(|name| names.is_empty() || names.contains(name));
    let cases = chosen.map(|name| {
        let directory = directory.join(&name).unwrap_or_default();
        let file = project.source(&directory.join("case.toml").unwrap_or_default())?;
        let definition = toml::from_str(file.text()).map_err(|error| {
            let place = file.at(error.span().unwrap_or_default());
            let message = error.message().replace('\n', ", ");
            Error::from(ErrorKind::Invalid(vec![place.problem("the case is not valid", message)]))
        })?;
        Ok(Case { name, directory, definition })
    });
    cases.collect()
}

impl Definition {
    /// The defaults of a scaffold, in an empty directory.
    pub fn of_kind(kind: &str) -> Self {
        Self { kind: kind.to_owned(), name: None, before: Before::Empty, inputs: BTreeMap::new() }
    }

    /// The command line that generates what is tested, after the program's name.
    pub fn arguments(&self, name: Option<&str>) -> Vec<String> {
        let mut arguments = ["new", "auth-trigger", &self.kind].map(str::to_owned).to_vec();
        if let Some(name) = name.or(self.name.as_deref()) {
            arguments.extend(["--name".to_owned(), name.to_owned()]);
        }
        for (input, value) in &self.inputs {
            let values = match value {
                toml::Value::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                arguments.extend(["--input".to_owned(), format!("{input}={value}")]);
            }
        }
        arguments
    }

    /// The repository before. The case is in `directory`.
    pub fn before(
        &self,
        project: &Project,
        directory: &RepoPath,
        catalog: &Catalog,
    ) -> Result<Tree> {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        match self.before {
            Before::Empty => Ok(Tree::new()),
            Before::Workspace => {
                let manifest = "[workspace]\nresolver = \"3\"\nmembers = []\n";
                Ok(Tree::from([file("Cargo.toml", manifest)]))
            }
            Before::TypeScript => {
                let scaffold = catalog.find(&self.kind)?.remove(0);
                let mut answers = Answers::new(&scaffold, None, &Vec::new())?;
                answers.tell("wiring", "typescript");
                let mut files = render(catalog, &scaffold, &answers)?.project;
                files.retain(|path, _| path.ends_with(".ts"));
                Ok(files)
            }
            Before::Directory => below(project, &directory.join("before").unwrap_or_default()),
        }
    }
}

/// The differences between what a case comes to and what was accepted.
pub fn compare(project: &Project, directory: &RepoPath, outcome: &Outcome) -> Result<Changes> {
    let after = directory.join("after").unwrap_or_default();
    let accepted = below(project, &after)?;
    let is_new = |path: &String, text: &String| {
        // Records have hashes of the others.
        !path.ends_with(FUNCTION_RECORD) && outcome.before.get(path) != Some(text)
    };
    let made = outcome.after.iter().filter(|(path, text)| is_new(path, text));
    let made: BTreeMap<_, _> = made.collect();
    let paths: BTreeSet<_> = accepted.keys().chain(made.keys().copied()).collect();
    let mut changes = BTreeMap::new();
    for path in paths {
        let before = accepted.get(path).cloned();
        let change = match (made.get(path), before) {
            (Some(text), before) => Change::to((*text).clone(), before),
            (None, before) => Change::Delete(before.unwrap_or_default()),
        };
        changes.extend(after.join(path).map(|path| (path, change)));
    }
    let output = directory.join("output").unwrap_or_default();
    let accepted = project.read_text(&output)?;
    changes.insert(output, Change::to(outcome.printed.clone(), accepted));
    Ok(changes)
}

fn below(project: &Project, directory: &RepoPath) -> Result<Tree> {
    let mut files = Tree::new();
    for path in project.files_below(directory)? {
        let name = path.below(directory).unwrap_or_default().to_owned();
        files.insert(name, project.read_text(&path)?.unwrap_or_default());
    }
    Ok(files)
}
