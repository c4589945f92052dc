//! Builds the functions of a project, under a watch on all that they are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::functions::{LocalFunction, functions};
use super::report::Report;
use super::variables::Variables;
use super::watch::Watch;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::lambda::Deployment;
use crate::path::RepoPath;
use crate::process::{Built, Crate, Profile, Progress, build};
use crate::project::{Membership, Project};

/// How functions are built and run.
pub struct RunOptions {
    pub profile: Profile,
    pub progress: Progress,
    /// What handlers get of this program's environment, beside what all get.
    pub variables: Variables,
}

/// What is served, and who hears of it.
pub struct ServeOptions {
    pub project: Project,
    /// The triggers that can call functions.
    pub catalog: Arc<Catalog>,
    pub run: RunOptions,
    /// Takes what happens.
    pub tell: Arc<dyn Fn(ServeEvent) + Send + Sync>,
}

pub enum ServeEvent<'a> {
    /// These functions are built, for the first time or again.
    Ready(Vec<&'a str>),
    /// Functions could not be found or built.
    Problem(&'a Error),
    Log(&'a str, &'a str),
    /// A function has answered an event of Cognito's.
    Answered(&'a Report),
}

/// Functions by name, each ready, or why it could not be built.
pub type BuiltFunctions = BTreeMap<String, Result<Ready, String>>;

#[derive(Clone)]
pub struct Ready {
    pub deployment: Arc<Deployment>,
    /// The directory of its crate.
    pub directory: RepoPath,
    /// When its binary was written.
    at: Option<SystemTime>,
}

impl Ready {
    /// Whether it is the same build.
    pub fn is_as(&self, other: &Self) -> bool {
        self.deployment == other.deployment && self.at == other.at
    }
}

/// What a build of all functions has come to.
pub struct Builds {
    /// A watch that began before it, on all files that it read.
    pub watch: notify::Result<Watch>,
    pub functions: Result<BuiltFunctions>,
    /// What they were built from, as far as that is known.
    pub files: BTreeSet<PathBuf>,
}

/// Builds all functions. They are most likely built from the files that are `known`.
pub fn build_all(setup: &ServeOptions, known: &BTreeSet<PathBuf>) -> Builds {
    let begin = SystemTime::now();
    let builds = build_once(setup, known);
    // What was not watched yet may have changed since it was read.
    let is_new = |file: &PathBuf| modified(file).is_some_and(|time| time >= begin);
    if builds.files.difference(known).any(is_new) {
        return build_once(setup, &builds.files);
    }
    builds
}

fn build_once(setup: &ServeOptions, known: &BTreeSet<PathBuf>) -> Builds {
    let root = setup.project.root();
    let project = setup.project.directory().under(root);
    let watch = Watch::start(&project.join("amplify"), &[root, &project], known);
    let mut files = BTreeSet::new();
    let functions = build_each(setup, &mut files);
    if !functions.as_ref().is_ok_and(|all| all.values().all(Result::is_ok)) {
        // Cargo does not say what a build that fails is made from.
        files.extend(known.iter().cloned());
    }
    Builds {
        watch: watch.and_then(|mut watch| watch.add(&files).map(|()| watch)),
        functions,
        files,
    }
}

/// Builds each function; one that fails keeps none of the others from working.
fn build_each(setup: &ServeOptions, files: &mut BTreeSet<PathBuf>) -> Result<BuiltFunctions> {
    setup.project.forget();
    let functions = functions(&setup.project, &setup.catalog)?;
    let all: Vec<_> = functions.iter().collect();
    let built = build_functions(&setup.project, &all, &setup.run)?;
    let ready = functions.iter().zip(built).map(|(function, built)| {
        let built = built.map_err(|error| {
            (setup.tell)(ServeEvent::Problem(&error));
            error.to_string()
        });
        let ready = built.map(|built| {
            files.extend(built.files);
            Ready {
                at: modified(&built.binary),
                directory: function.directory.clone(),
                deployment: Arc::new(function.deployment(built.binary, &setup.run.variables)),
            }
        });
        (function.name.clone(), ready)
    });
    Ok(ready.collect())
}

/// Builds functions, those of a workspace in one run of Cargo. Has a result for each.
///
/// # Errors
/// When Cargo is missing, and on Ctrl-C.
pub fn build_functions(
    project: &Project,
    functions: &[&LocalFunction],
    options: &RunOptions,
) -> Result<Vec<Result<Built>>> {
    let root = project.root();
    let mut results = BTreeMap::new();
    let mut workspaces: BTreeMap<PathBuf, Vec<(usize, Crate)>> = BTreeMap::new();
    for (index, function) in functions.iter().enumerate() {
        match to_build(project, function) {
            Ok((workspace, one)) => workspaces.entry(workspace).or_default().push((index, one)),
            Err(error) => drop(results.insert(index, Err(error))),
        }
    }
    for (workspace, crates) in workspaces {
        let (indices, crates): (Vec<_>, Vec<_>) = crates.into_iter().unzip();
        let built = build(&crates, (&workspace, root), options.profile, options.progress)?;
        results.extend(indices.into_iter().zip(built));
    }
    Ok(results.into_values().collect())
}

/// The directory of the function's workspace, and its crate.
fn to_build(project: &Project, function: &LocalFunction) -> Result<(PathBuf, Crate)> {
    let root = project.root();
    let names = project.cargo_names(&function.directory, &function.name)?.ok_or_else(|| {
        Error::failed(format!("`{}/Cargo.toml` has no `package.name`", function.directory))
    })?;
    let workspace = project.cargo_root(&function.directory)?;
    let directory = function.directory.under(root);
    let is_member = matches!(workspace.membership, Membership::Member);
    let workspace = if is_member { workspace.directory.under(root) } else { directory.clone() };
    Ok((workspace, Crate { directory, package: names.package, binary: names.binary }))
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|file| file.modified()).ok()
}
