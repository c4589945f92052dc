//! Generates cases with the program itself, each in a repository of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, thread};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::{Case, Cases, Changes, GeneratedTree, Tree, compare};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::process::show_cargo;
use crate::program::{INSTALLED, as_installed};
use crate::project::Project;

/// Runs the program with other scaffolds in a sandbox. Returns the exit code and all that is printed.
pub type Program = fn(&[String], &Sandbox, &Arc<Catalog>) -> Result<(u8, String)>;

/// A repository with a state directory of its own. Both are removed when this is dropped.
pub struct Sandbox {
    directory: TempDir,
    /// The real path of the repository.
    pub root: PathBuf,
}

impl Sandbox {
    fn new(files: &Tree) -> Result<Self> {
        let directory = tempfile::tempdir().map_err(|error| {
            Error::failed("cannot create a temporary directory").with_source(error)
        })?;
        let root = directory.path().join("repository");
        fs::create_dir(&root).map_err(|error| Error::io("create", &root, error))?;
        let root = root.canonicalize().map_err(|error| Error::io("find", &root, error))?;
        for (path, text) in files {
            let path = RepoPath::new(path).unwrap_or_default().under(&root);
            let failed = |error| Error::io("write", &path, error);
            fs::create_dir_all(path.parent().unwrap_or(&root)).map_err(failed)?;
            fs::write(&path, text).map_err(failed)?;
        }
        Ok(Self { directory, root })
    }

    /// The directory for the program's state.
    pub fn state(&self) -> PathBuf {
        self.directory.path().join("state")
    }

    fn files(&self) -> Tree {
        let entries = WalkDir::new(&self.root).into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file()).filter_map(|entry| {
            let path = RepoPath::new(entry.path().strip_prefix(&self.root).ok()?)?;
            let text = String::from_utf8_lossy(&fs::read(entry.path()).ok()?).into_owned();
            Some((path.to_string(), text))
        });
        files.collect()
    }
}

/// Generates cases, and compares them with what was accepted.
pub fn compare_all<'a>(
    cases: &'a Cases,
    project: &Project,
    catalog: &Arc<Catalog>,
    program: Program,
) -> Result<Vec<(&'a Case, Changes)>> {
    let all: Vec<_> = cases.all.iter().collect();
    let outcomes = in_parallel(&all, |(name, case)| {
        Ok((name.as_str(), generate(case, project, catalog, program)?))
    });
    let outcomes = outcomes.into_iter().collect::<Result<BTreeMap<_, _>>>()?;
    let compared = cases.tested().map(|case| {
        let like = case.definition.like.iter().map(|name| &outcomes[name.get_ref().as_str()]);
        let (outcome, like) = (&outcomes[case.name.as_str()], like.collect::<Vec<_>>());
        Ok((case, compare(project, &case.directory, outcome, &like)?))
    });
    compared.collect()
}

/// Generates a case.
pub(super) fn generate(
    case: &Case,
    project: &Project,
    catalog: &Arc<Catalog>,
    program: Program,
) -> Result<GeneratedTree> {
    let before = case.definition.before(project, &case.directory, catalog)?;
    let sandbox = Sandbox::new(&before)?;
    let arguments = case.definition.arguments(catalog, None);
    let (code, printed) = as_installed(|| program(&arguments, &sandbox, catalog))?;
    let mut shown = format!("$ {INSTALLED} {}\n", arguments.join(" "));
    shown += &printed.replace(&sandbox.root.display().to_string(), "[REPOSITORY]");
    if code != 0 {
        shown += &format!("exit code {code}\n");
    }
    Ok(GeneratedTree { before, after: sandbox.files(), printed: shown })
}

/// Has Cargo format, lint and test the functions of all cases in one workspace, each called as its
/// case, and runs them on all their sample events. `tell` hears what is done. What Cargo builds goes
/// to `target`.
pub fn build(
    cases: &Cases,
    catalog: &Arc<Catalog>,
    program: Program,
    target: &Path,
    tell: &dyn Fn(&str),
) -> Result<()> {
    let target = toml_edit::Value::from(target.display().to_string());
    let config = format!("[build]\ntarget-dir = {target}\n");
    let sandbox = Sandbox::new(&[(".cargo/config.toml".to_owned(), config)].into())?;
    for Case { name, definition, .. } in cases.tested() {
        let is_bundle = catalog.find_names(definition.kind.get_ref())?.len() > 1;
        let mut arguments =
            definition.arguments(catalog, Some(name.as_str()).filter(|_| !is_bundle));
        // Several cases can be of one trigger: the last one is wired.
        arguments.extend(["--on-conflict", "overwrite"].map(str::to_owned));
        let (code, printed) = program(&arguments, &sandbox, catalog)?;
        if code != 0 {
            return Err(Error::failed(format!("the case `{name}` cannot be built:\n{printed}")));
        }
    }
    for arguments in [
        &["fmt", "--all", "--check"][..],
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
        &["test", "--workspace", "--quiet"],
    ] {
        tell(&format!("cargo {}", arguments.join(" ")));
        show_cargo(&sandbox.root, arguments)?;
    }
    tell("running all sample events");
    match program(&["invoke", "--all", "-q"].map(str::to_owned), &sandbox, catalog)? {
        (0, _) => Ok(()),
        (_, printed) => Err(Error::failed(format!("sample events were rejected:\n{printed}"))),
    }
}

/// What becomes of each item, in their order, with a thread for each processor.
fn in_parallel<'a, T: Sync, R: Send>(items: &'a [T], work: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(1);
    let mut done: Vec<Option<R>> = items.iter().map(|_| None).collect();
    thread::scope(|scope| {
        for (items, done) in items.chunks(share).zip(done.chunks_mut(share)) {
            let work = &work;
            scope.spawn(move || {
                items.iter().zip(done).for_each(|(item, done)| *done = Some(work(item)));
            });
        }
    });
    done.into_iter().flatten().collect()
}
