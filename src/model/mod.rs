//! The backend as `amplify/**/resource.toml` describe it, checked by Amplify's rules.
//!
//! Each file is parsed with the places of its keys and values, checked against the JSON Schema of
//! its type, read into the type as far as it fits, and what was read is checked against rules that a
//! schema cannot express. All problems are reported at once, as [`Backend::diagnostics`].

mod access;
pub(crate) mod auth;
mod check;
pub(crate) mod function;
mod login;
pub(crate) mod overrides;
mod parameters;
mod parse;
pub(crate) mod providers;
mod rules;
pub mod schema;
pub(crate) mod setting;
mod wirings;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::{Family, Scaffold, resources};
use crate::cognito::AUTH;
use crate::error::{ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::{App, Language, Project, Wired, Wiring};
use crate::source::{Diagnostic, SourceFile};

pub use auth::{Auth, TriggerTarget};
pub use function::{Function, Logging, Variable};
use parse::{Parsed, parse};
pub use setting::Secret;

const RESOURCE: &str = "resource.toml";

/// The user pool and the functions of a project.
#[derive(Debug, Default)]
pub struct Backend {
    /// The user pool; `None` without a valid `amplify/auth/resource.toml`.
    pub auth: Option<Auth>,
    /// The functions with a valid file, by name.
    pub functions: BTreeMap<String, FunctionFile>,
    /// Who is called for each trigger, by its scaffold; not for one whose wiring is a problem.
    pub(crate) wirings: BTreeMap<String, Wiring>,
    /// All problems, by file.
    pub diagnostics: Vec<Diagnostic>,
    /// What is accepted, and does not do what it says.
    pub warnings: Vec<Diagnostic>,
    /// The directories of functions with an invalid file, by the name of either.
    broken: BTreeMap<String, String>,
    /// All uses of parameters.
    parameters: Vec<parameters::Use>,
}

/// What is wrong with a `scaffold.toml`.
pub(crate) fn scaffold_problems(file: &SourceFile) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    parse::<Scaffold>(file, &schema::scaffold(), &mut problems, &mut Vec::new());
    problems
}

/// What is wrong with the `scaffold.toml` of what a family shares.
pub(crate) fn family_problems(file: &SourceFile) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    parse::<Family>(file, &schema::family(), &mut problems, &mut Vec::new());
    problems
}

/// A function and its directory.
#[derive(Debug)]
pub struct FunctionFile {
    /// What its `resource.toml` says.
    pub function: Function,
    /// The resource in whose directory it is.
    pub resource: String,
    /// The directory of its crate.
    pub directory: RepoPath,
}

impl Backend {
    /// Reads `amplify/auth/resource.toml` and all `amplify/auth/<function>/resource.toml`. Problems
    /// in them are diagnostics, not errors.
    pub fn read(project: &Project, scaffolds: &[Scaffold]) -> Result<Self> {
        let mut backend = Self::default();
        let file = read(project, &project.auth()?)?;
        let auth = file.as_ref().and_then(|file| {
            let schema = schema::auth(scaffolds);
            parse::<Auth>(file, &schema, &mut backend.diagnostics, &mut backend.parameters)
        });
        if let Some(Parsed::Whole(auth)) = &auth {
            backend.auth = Some(auth.clone());
        }
        for scaffold in scaffolds {
            backend.read_wiring(project, scaffold)?;
        }
        backend.read_functions(project, scaffolds)?;
        let record = project.record()?;
        backend.leave_one_scaffold(&record, scaffolds);
        backend.check_kinds(&record, scaffolds);
        if file.is_some() && backend.auth.is_none() {
            // A key that is misspelt there may be the wiring.
            backend.wirings.retain(|_, wiring| !matches!(wiring, Wiring::Unwired));
        }
        if let (Some(file), Some(auth)) = (&file, &auth) {
            let problems = rules::auth(file, auth, &backend.directories());
            backend.add(problems);
        }
        backend.add(parameters::problems(&backend.parameters));
        backend.warnings = backend.unreachable(project, scaffolds, file.as_ref())?;
        backend.look_elsewhere(project, scaffolds)?;
        let place = |problem: &Diagnostic| (problem.path().clone(), problem.place.span.start);
        backend.diagnostics.sort_by_key(place);
        backend.warnings.sort_by_key(place);
        Ok(backend)
    }

    /// What is right in the definition of the user pool, and does nothing.
    fn unreachable(
        &self,
        project: &Project,
        scaffolds: &[Scaffold],
        file: Option<&SourceFile>,
    ) -> Result<Vec<Diagnostic>> {
        let code = App::find(project, AUTH)?.resource;
        let code = SourceFile::new(&code.path, code.text.unwrap_or_default());
        let definition = match file {
            Some(_) if self.auth.is_none() => None,
            Some(file) => Some(rules::Definition::toml(project, file)),
            None => rules::Definition::typescript(project, &code),
        };
        let wirings = scaffolds.iter().filter_map(|scaffold| {
            let trigger = scaffold.trigger.as_ref()?;
            Some((trigger.amplify.as_str(), self.wirings.get(&scaffold.name)?))
        });
        let check = |definition| rules::unreachable(&definition, &wirings.collect());
        Ok(definition.map(check).unwrap_or_default())
    }

    /// Adds the problems that rules have found, but for values that the schema has refused already.
    fn add(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            if self.diagnostics.iter().all(|known| known.place != problem.place) {
                self.diagnostics.push(problem);
            }
        }
    }

    /// The directories of all functions, by name.
    fn directories(&self) -> BTreeMap<&str, &str> {
        let mut directories: BTreeMap<&str, &str> =
            self.broken.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect();
        for (name, file) in self.functions.iter().filter(|(_, file)| file.resource == AUTH) {
            directories.insert(name, file.directory.parts().last().unwrap_or_default());
        }
        directories
    }

    fn read_functions(&mut self, project: &Project, scaffolds: &[Scaffold]) -> Result<()> {
        let schema = schema::function();
        let mut files = Vec::new();
        for resource in resources(scaffolds) {
            for name in project.directories(&project.resource(&resource.name)?)? {
                files.extend(self.read_function(project, &schema, &resource.name, name)?);
            }
        }
        let called = self.wirings.values().filter_map(Wiring::wired);
        let called = called.filter(|wired| wired.language == Language::Toml);
        let called = called.filter_map(Wired::function).collect();
        let problems = rules::functions(&files, self.auth.as_ref(), &called);
        self.add(problems);
        for (_, parsed) in files {
            let name = parsed.value().function.name.clone();
            match parsed {
                Parsed::Whole(file) => drop(self.functions.insert(name, file)),
                Parsed::Partial(file, _) => {
                    let directory = file.directory.parts().last().unwrap_or_default();
                    for name in [name, directory.to_owned()] {
                        self.broken.insert(name, directory.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    fn read_function(
        &mut self,
        project: &Project,
        schema: &Value,
        resource: &str,
        name: String,
    ) -> Result<Option<(SourceFile, Parsed<FunctionFile>)>> {
        let directory = project.function(resource, &name)?;
        let Some(file) = read(project, &directory)? else {
            return Ok(None);
        };
        let (problems, parameters) = (&mut self.diagnostics, &mut self.parameters);
        let Some(parsed) = parse::<Function>(&file, schema, problems, parameters) else {
            self.broken.insert(name.clone(), name);
            return Ok(None);
        };
        let parsed = parsed.map(|mut function| {
            if function.name.is_empty() {
                function.name = name;
            }
            FunctionFile { function, resource: resource.to_owned(), directory }
        });
        Ok(Some((file, parsed)))
    }

    /// Leaves only the functions that the user pool calls. Returns the names of the others.
    pub fn leave_user_pool(&mut self) -> Vec<String> {
        let others = self.functions.iter().filter(|(_, file)| file.resource != AUTH);
        let others: Vec<_> = others.map(|(name, _)| name.clone()).collect();
        self.functions.retain(|_, file| file.resource == AUTH);
        others
    }

    /// Reports resource files in the wrong place, which are not read.
    fn look_elsewhere(&mut self, project: &Project, scaffolds: &[Scaffold]) -> Result<()> {
        let known = resources(scaffolds);
        let amplify = project.path("amplify")?;
        for name in project.directories(&amplify)? {
            if let Some(directory) = amplify.join(&name)
                && !known.iter().any(|resource| resource.name == name)
                && let Some(file) = read(project, &directory)?
            {
                self.diagnostics.push(file.at(0..0).problem(
                    "the user pool must be defined in `amplify/auth/resource.toml`",
                    "this file is not read",
                ));
            }
        }
        Ok(())
    }

    /// The backend, if it has no problems.
    pub fn valid(self) -> Result<Self> {
        if self.diagnostics.is_empty() {
            return Ok(self);
        }
        Err(ErrorKind::Invalid(self.diagnostics).into())
    }
}

fn read(project: &Project, directory: &RepoPath) -> Result<Option<SourceFile>> {
    let Some(path) = directory.join(RESOURCE) else {
        return Ok(None);
    };
    let text = project.read_text(&path)?;
    Ok(text.map(|text| SourceFile::new(&path, text)))
}
