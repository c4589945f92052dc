//! `case.toml`: what a test of a scaffold generates, and from what.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Tree, below};
use crate::catalog::{Answers, Catalog, DEFAULT_FAMILY, check_input, render, suggestion};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::Project;
use crate::source::{Diagnostic, SourceFile};

/// A test of a scaffold.
#[derive(Debug)]
pub struct Case {
    /// The name of its directory.
    pub name: String,
    /// That directory.
    pub directory: RepoPath,
    /// Its `case.toml`.
    pub definition: CaseDefinition,
}

/// `case.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDefinition {
    /// The scaffold, or several that are generated together.
    pub kind: Spanned<String>,
    /// The name of the function [default: that of the scaffold].
    pub name: Option<String>,
    /// The repository before.
    pub before: Option<Spanned<Repository>>,
    /// The choices: a string, a boolean, or an array of strings.
    #[serde(default)]
    pub inputs: BTreeMap<Spanned<String>, toml::Value>,
    /// Cases that have some of the same files, and keep them for this one too.
    #[serde(default)]
    pub like: Vec<Spanned<String>>,
}

/// The repository before.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Repository {
    /// An empty directory.
    Empty,
    /// A Cargo workspace without members.
    Workspace,
    /// An Amplify app in TypeScript.
    TypeScript,
    /// The files in `before/`.
    Directory,
}

/// Cases by their names: those to test, and those that they are like.
#[derive(Debug)]
pub struct Cases {
    /// All of them.
    pub all: BTreeMap<String, Case>,
    tested: Vec<String>,
}

/// The cases of a directory, of which those with these names are tested, or all if there are none.
///
/// # Errors
/// When there is none, one is not valid, or one is like a case that does not exist or that is like it.
pub fn cases(
    project: &Project,
    directory: &RepoPath,
    catalog: &Catalog,
    names: &[String],
) -> Result<Cases> {
    let known = project.directories(directory)?;
    if known.is_empty() {
        return Err(Error::failed(format!("there is no case in `{directory}`"))
            .hint(format!("add `{directory}/NAME/case.toml` with the line `kind = \"KIND\"`")));
    }
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(Error::usage(format!("there is no case `{unknown}` in `{directory}`"))
            .hint(suggestion(unknown, &known)));
    }
    let chosen = known.iter().filter(|name| names.is_empty() || names.contains(name));
    let tested: Vec<_> = chosen.cloned().collect();
    let (all, open) = (BTreeMap::new(), Vec::new());
    let mut loader = Loader { project, directory, catalog, known, all, open };
    tested.iter().try_for_each(|name| loader.load(name))?;
    Ok(Cases { all: loader.all, tested })
}

/// Reads cases, each after those that it is like.
struct Loader<'a> {
    project: &'a Project,
    directory: &'a RepoPath,
    catalog: &'a Catalog,
    known: Vec<String>,
    all: BTreeMap<String, Case>,
    /// Those that are being read, each like the next one.
    open: Vec<String>,
}

impl Loader<'_> {
    fn load(&mut self, name: &str) -> Result<()> {
        if self.all.contains_key(name) {
            return Ok(());
        }
        let directory = self.directory.child(name);
        let path = directory.child("case.toml");
        if self.project.read_text(&path)?.is_none() {
            return Err(Error::failed(format!("there is no `{path}`"))
                .hint("add it with the line `kind = \"KIND\"`, or remove the directory"));
        }
        let file = self.project.source(&path)?;
        let invalid = |span, label: String| file.at(span).problem("the case is not valid", label);
        let definition: CaseDefinition = toml::from_str(file.text()).map_err(|error| {
            let message = error.message().replace('\n', ", ");
            refused(invalid(error.span().unwrap_or_default(), message))
        })?;
        self.check(&definition, &directory, &file)?;
        self.open.push(name.to_owned());
        for like in &definition.like {
            let other = like.get_ref();
            if !self.known.contains(other) {
                let problem = invalid(like.span(), "there is no case of this name".to_owned());
                return Err(refused(problem.hint(suggestion(other, &self.known))));
            }
            if self.open.contains(other) {
                let problem = invalid(like.span(), format!("`{other}` is like this case"));
                return Err(refused(problem.hint("remove it from one of the two")));
            }
            self.load(other)?;
        }
        self.open.pop();
        let name = name.to_owned();
        self.all.insert(name.clone(), Case { name, directory, definition });
        Ok(())
    }

    /// Checks what a case says of its scaffold and the repository before.
    fn check(
        &self,
        definition: &CaseDefinition,
        directory: &RepoPath,
        file: &SourceFile,
    ) -> Result<()> {
        let at = |span, error: Error| {
            let hints = error.hints().join("; ");
            file.at(span).problem(error.to_string(), hints)
        };
        let kind = &definition.kind;
        let names = self.catalog.find_names(kind.get_ref());
        let names = names.map_err(|error| refused(at(kind.span(), error)))?;
        let scaffolds = names.iter().map(|name| self.catalog.scaffold(name));
        let scaffolds = scaffolds.collect::<Result<Vec<_>>>()?;
        for input in definition.inputs.keys() {
            let mut scaffolds = scaffolds.iter();
            let checked = scaffolds.try_for_each(|it| check_input(it, input.get_ref()));
            checked.map_err(|error| refused(at(input.span(), error)))?;
        }
        match &definition.before {
            Some(before)
                if *before.get_ref() == Repository::Directory
                    && self.project.files_below(&directory.child("before"))?.is_empty() =>
            {
                let problem = format!("there are no files in `{directory}/before`");
                Err(refused(file.at(before.span()).problem(problem, "add them, or say `empty`")))
            }
            _ => Ok(()),
        }
    }
}

fn refused(problem: Diagnostic) -> Error {
    problem.into()
}

impl Cases {
    /// Those to test, in the order of their names.
    pub fn tested(&self) -> impl Iterator<Item = &Case> {
        self.tested.iter().map(|name| &self.all[name])
    }
}

impl CaseDefinition {
    /// The defaults of a scaffold, in an empty directory.
    pub fn of_kind(kind: &str) -> Self {
        Self {
            kind: Spanned::new(0..0, kind.to_owned()),
            name: None,
            before: None,
            inputs: BTreeMap::new(),
            like: Vec::new(),
        }
    }

    /// The command line that generates what is tested, after the program's name.
    pub fn arguments(&self, catalog: &Catalog, name: Option<&str>) -> Vec<String> {
        let kind = self.kind.get_ref();
        let kinds = catalog.find_names(kind).unwrap_or_default();
        let family = kinds.first().and_then(|kind| catalog.family_of(kind));
        let family = family.unwrap_or(DEFAULT_FAMILY);
        let mut arguments = ["new", family, kind].map(str::to_owned).to_vec();
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
                arguments.extend(["--input".to_owned(), format!("{}={value}", input.get_ref())]);
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
        match self.before.as_ref().map_or(Repository::Empty, |before| *before.get_ref()) {
            Repository::Empty => Ok(Tree::new()),
            Repository::Workspace => {
                let manifest = "[workspace]\nresolver = \"3\"\nmembers = []\n";
                Ok(Tree::from([file("Cargo.toml", manifest)]))
            }
            Repository::TypeScript => {
                let scaffold = catalog.find(self.kind.get_ref())?.remove(0);
                let mut answers = Answers::new(&scaffold, None, &Vec::new())?;
                answers.tell("wiring", "typescript");
                let mut files = render(catalog, &scaffold, &answers)?.project;
                files.retain(|path, _| path.ends_with(".ts"));
                Ok(files)
            }
            Repository::Directory => below(project, &directory.child("before")),
        }
    }
}
