//! Builds the functions of a project, under a watch on all that they are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::functions::{Function, functions};
use super::report::Report;
use super::variables::Variables;
use super::watch::Watch;
use crate::catalog::Catalog;
use crate::error::{Error, ErrorKind, Result};
use crate::lambda::Deployment;
use crate::process::{Profile, Progress, build};
use crate::project::Project;

/// What is served, and who hears of it.
pub struct Setup {
    pub project: Project,
    /// The triggers that can call functions.
    pub catalog: Catalog,
    pub profile: Profile,
    /// Whether Cargo says what it does.
    pub progress: Progress,
    /// What handlers get of this program's environment, beside what all get.
    pub variables: Variables,
    /// Takes what happens.
    pub tell: Arc<dyn Fn(News) + Send + Sync>,
}

pub enum News<'a> {
    /// These functions are built, for the first time or anew.
    Ready(Vec<&'a str>),
    /// Functions could not be found or built.
    Problem(&'a Error),
    Log(&'a str, &'a str),
    /// A function has answered an event of Cognito's.
    Answered(&'a Report),
}

/// Functions by name, each ready, or why it could not be built.
pub type Functions = BTreeMap<String, Result<Ready, String>>;

#[derive(Clone)]
pub struct Ready {
    pub deployment: Arc<Deployment>,
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
    pub functions: Result<Functions>,
    /// What they were built from, as far as that is known.
    pub files: BTreeSet<PathBuf>,
}

/// Builds all functions. They are most likely built from the files that are `known`.
pub fn build_all(setup: &Setup, known: &BTreeSet<PathBuf>) -> Builds {
    let begin = SystemTime::now();
    let builds = build_once(setup, known);
    // What was not watched yet may have changed since it was read.
    let is_new = |file: &PathBuf| modified(file).is_some_and(|time| time >= begin);
    if builds.files.difference(known).any(is_new) {
        return build_once(setup, &builds.files);
    }
    builds
}

fn build_once(setup: &Setup, known: &BTreeSet<PathBuf>) -> Builds {
    let root = setup.project.root();
    let project = setup.project.folder().under(root);
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
fn build_each(setup: &Setup, files: &mut BTreeSet<PathBuf>) -> Result<Functions> {
    setup.project.forget();
    let functions = functions(&setup.project, &setup.catalog)?;
    let mut all = BTreeMap::new();
    for function in &functions {
        let built = match build_one(setup, function, files) {
            Ok(ready) => Ok(ready),
            Err(error) if error.kind == ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                (setup.tell)(News::Problem(&error));
                Err(error.to_string())
            }
        };
        all.insert(function.name.clone(), built);
    }
    Ok(all)
}

fn build_one(setup: &Setup, function: &Function, files: &mut BTreeSet<PathBuf>) -> Result<Ready> {
    let root = setup.project.root();
    let package = function.folder.under(root);
    let built = build((&package, root), &function.name, setup.profile, setup.progress)?;
    files.extend(built.files);
    Ok(Ready {
        at: modified(&built.binary),
        deployment: Arc::new(function.deployment(built.binary, &setup.variables)),
    })
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|file| file.modified()).ok()
}
