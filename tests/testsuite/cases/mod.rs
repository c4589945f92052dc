//! Every directory in `tests/cases` is a test, called after it.
//!
//! - `case.toml`: the command lines, and what is special about the case ([`Case`])
//! - `[in]` there, or `in/` for what is long or no plain text: the repository before
//! - `output`: all that the commands print, and which files there are then: see [`golden`]
//! - `out/`: those files that neither the repository before nor a case in `like` has
//!
//! `just bless` writes `out` and `output` anew. The tests of our scaffolds, in `tests/scaffolds`, are
//! cases too: `scaffold test` compares their files, and here is tested what holds for every case.

pub mod golden;
pub mod of_scaffolds;
pub mod promises;
pub mod sandbox;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use cargo_amplify::project::{FUNCTION_RECORD, FunctionRecord, RECORD};
use libtest_mimic::Trial;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::support::{Tree, entries, read_tree, repository};
use crate::trial;
use sandbox::{Run, Sandbox};

/// `case.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// The directory's name.
    #[serde(skip)]
    pub name: String,
    /// Command lines, run one after the other.
    pub run: Vec<Vec<String>>,
    /// The cases whose results, one laid over the other, the repository is before, under `in/`.
    #[serde(default)]
    start: Vec<String>,
    /// Files of the repository before, those of `in/` apart.
    #[serde(default, rename = "in")]
    files: BTreeMap<String, String>,
    /// Files of those results that are not there.
    #[serde(default)]
    without: Vec<String>,
    /// Cases that have some of the resulting files, and keep them for this one too.
    #[serde(default)]
    like: Vec<String>,
    /// The directory to run in, relative to the repository.
    #[serde(default)]
    pub directory: String,
    /// The directories that are git repositories.
    #[serde(default)]
    pub git: Vec<String>,
    /// Whether each command is a process of its own. Without, they are function calls.
    #[serde(default)]
    pub process: bool,
    /// Whether the same commands again change nothing.
    #[serde(default = "yes")]
    pub again: bool,
    /// Whether the result is also built, linted and tested: see `generated.rs`.
    #[serde(default)]
    pub build: Build,
    /// The directories of the generated crates, which Cargo must find.
    #[serde(default)]
    pub crates: Vec<String>,
}

/// Whether and when a case's crate is built.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Build {
    /// Never.
    #[default]
    No,
    /// With all others.
    Yes,
    /// Only by those who ask for it, as its dependencies take minutes.
    Long,
}

fn yes() -> bool {
    true
}

impl Case {
    pub fn load(name: &str) -> Self {
        if of_scaffolds::file(name).exists() {
            return of_scaffolds::case(name);
        }
        Self { name: name.to_owned(), ..parse(&directory(name).join("case.toml")) }
    }

    /// The repository before.
    pub fn before(&self) -> Tree {
        let mut tree = Tree::new();
        for case in &self.start {
            tree.extend((*result(case)).clone());
        }
        for path in &self.without {
            let count = tree.len();
            tree.retain(|file, _| file != path && !is_below(file, path));
            assert!(tree.len() < count, "{}: there is no {path}", self.name);
        }
        let files = self.files.iter();
        tree.extend(files.map(|(path, text)| (path.clone(), text.clone().into_bytes())));
        tree.extend(read_tree(&directory(&self.name).join("in")));
        tree
    }
}

fn parse<T: DeserializeOwned>(file: &Path) -> T {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Whether `pattern` is the file's directory, with `/**` at its end.
fn is_below(file: &str, pattern: &str) -> bool {
    let directory = pattern.strip_suffix("**");
    directory.is_some_and(|directory| file.starts_with(directory))
}

pub fn tests() -> Vec<Trial> {
    let test = |name: &String| {
        let case = name.clone();
        trial("cases", name, move || check(&Case::load(&case)))
    };
    let others = of_scaffolds::tests().into_iter().chain(functions![are_few]);
    names().iter().map(test).chain(others).collect()
}

/// What has to be read after a change of a template stays little: `like` shares what is equal.
fn are_few() {
    let trees = ["tests/cases", "tests/scaffolds"].map(|path| read_tree(&repository().join(path)));
    let files: Vec<_> = trees.iter().flat_map(BTreeMap::values).collect();
    let lines = |text: &&Vec<u8>| text.iter().filter(|byte| **byte == b'\n').count();
    let lines: usize = files.iter().map(lines).sum();
    assert!(files.len() < 720 && lines < 22_500, "{} files, {lines} lines", files.len());
}

/// The names of all cases.
pub fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| [names_in("tests/cases"), of_scaffolds::names()].concat());
    &NAMES
}

/// The names of the directories in a directory, sorted.
pub fn names_in(directory: &str) -> Vec<String> {
    let directories = entries(directory).into_iter().filter(|path| path.is_dir());
    let name = |path: PathBuf| path.file_name()?.to_str().map(str::to_owned);
    let names: Vec<_> = directories.filter_map(name).collect();
    assert!(!names.is_empty(), "there is nothing in {directory}");
    names
}

fn directory(name: &str) -> PathBuf {
    repository().join("tests/cases").join(name)
}

/// The repository after the commands of a case, which run once for all who ask.
pub fn result(name: &str) -> Arc<Tree> {
    type Results = BTreeMap<String, Arc<OnceLock<Arc<Tree>>>>;
    static RESULTS: Mutex<Results> = Mutex::new(BTreeMap::new());
    let cell = {
        let mut results = RESULTS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(results.entry(name.to_owned()).or_default())
    };
    let run = || {
        let case = Case::load(name);
        let sandbox = Sandbox::new(&case, &case.before());
        run_all(&case, &sandbox);
        Arc::new(sandbox.tree())
    };
    Arc::clone(cell.get_or_init(run))
}

fn check(case: &Case) -> Result<(), String> {
    let before = case.before();
    let sandbox = Sandbox::new(case, &before);
    let runs = run_all(case, &sandbox);
    let after = sandbox.tree();
    if runs.iter().all(|run| run.code == 0) {
        promises::check(case, &sandbox, &before, &after)?;
    }
    if !directory(&case.name).exists() {
        return Ok(());
    }
    let printed: String = case.run.iter().zip(&runs).map(|(line, run)| run.shown(line)).collect();
    let others: Vec<_> = case.like.iter().map(|name| (name.as_str(), result(name))).collect();
    golden::compare(&directory(&case.name), &printed, &before, &after, &others)
}

fn run_all(case: &Case, sandbox: &Sandbox) -> Vec<Run> {
    case.run.iter().map(|arguments| sandbox.run(case, arguments)).collect()
}

/// The functions that are recorded in the project that a directory is in, by name.
pub fn recorded(directory: &Path) -> BTreeMap<String, FunctionRecord> {
    let mut projects = directory.ancestors();
    let Some(project) = projects.find(|directory| directory.join(RECORD).exists()) else {
        return BTreeMap::new();
    };
    let below = |directory: &Path| entries(directory.to_str().expect("a text")).into_iter();
    let resources = below(&project.join("amplify")).filter(|path| path.is_dir());
    let functions = resources.flat_map(|resource| below(&resource));
    let functions = functions.filter_map(|directory| {
        let text = fs::read_to_string(directory.join(FUNCTION_RECORD)).ok()?;
        let function: FunctionRecord = toml::from_str(&text).expect("a record");
        Some((function.name.clone(), function))
    });
    functions.collect()
}
