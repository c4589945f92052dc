//! `scaffold`

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::transaction::carry_out;
use crate::catalog::{Catalog, SHARED};
use crate::cli::{EjectScaffold, LintScaffolds, Scaffold, TestScaffolds};
use crate::error::{Conflict, Error, ErrorKind, Remedy, Result};
use crate::lint;
use crate::path::RepoPath;
use crate::plan::{Change, NextStep, Plan};
use crate::process::show_cargo;
use crate::project::{Location, Project, Scaffolds, StateDir, TESTS};
use crate::snapshots::{self, Case, Definition, Outcome};
use crate::ui::{Buffer, Mode, Snapshot, Stream, Streams, Ui};

/// Makes scaffolds, and looks after them.
pub fn scaffold(command: &Scaffold, location: &Location, ui: &Ui) -> Result<()> {
    match command {
        Scaffold::Eject(arguments) => eject(arguments, location, ui),
        Scaffold::Lint(arguments) => lint(arguments, location, ui),
        Scaffold::Test(arguments) => test(arguments, location, ui),
    }
}

/// Copies scaffolds into the set, each with a test of what it generates now.
fn eject(arguments: &EjectScaffold, location: &Location, ui: &Ui) -> Result<()> {
    let (project, set) = set(location)?;
    let plan = || {
        let catalog = location.catalog()?;
        let kinds = catalog.find_names(&arguments.kind)?;
        let shared = arguments.shared.then_some(SHARED);
        let owners = kinds.iter().map(String::as_str).chain(shared);
        let mut files: BTreeMap<_, _> = owners.flat_map(|owner| catalog.files_of(owner)).collect();
        let ejected = Catalog::clone(&catalog);
        let ejected = ejected.with_set(&location.scaffolds_label(), files.clone())?;
        let ejected = Arc::new(ejected);
        for kind in &kinds {
            let definition = Definition::of_kind(kind);
            let directory = set.join(&format!("{TESTS}/{kind}")).unwrap_or_default();
            let case = Case { name: kind.clone(), directory, definition };
            if project.files_below(&case.directory)?.is_empty() {
                let text = format!("kind = \"{kind}\"\n");
                files.insert(format!("{TESTS}/{kind}/case.toml"), text);
                let outcome = generate(&case, &project, &ejected)?;
                for (path, change) in snapshots::compare(&project, &case.directory, &outcome)? {
                    let path = path.below(&set).unwrap_or_default().to_owned();
                    files.insert(path, change.after().unwrap_or_default().to_owned());
                }
            }
        }
        let (mut changes, mut conflicts) = (BTreeMap::new(), Vec::new());
        for (path, text) in files {
            let path = set.join(&path).unwrap_or_default();
            conflicts.extend(project.resolve(&path).err());
            match project.read_text(&path)? {
                Some(mine) if mine != text => {
                    let reason = "is there already, and is another one";
                    conflicts.push(Conflict::new(&path, reason, Remedy::MakeRoom));
                }
                mine => drop(changes.insert(path, Change::to(text, mine))),
            }
        }
        let mut plan = Plan::new(&project, changes, conflicts);
        let directory = format!("{set}/auth-trigger/{}", kinds[0]);
        plan.next_steps = vec![
            NextStep::new(directory, "what it generates: edit it, as `docs/scaffolds.md` explains"),
            NextStep::amplify("scaffold lint", "finds mistakes in it"),
            NextStep::amplify(
                "scaffold test",
                "shows what it generates now, and --bless accepts it",
            ),
        ];
        Ok(plan)
    };
    carry_out(&project, Mode::new(arguments.dry_run), ui, &plan)
}

/// Finds all mistakes in scaffolds.
fn lint(arguments: &LintScaffolds, location: &Location, ui: &Ui) -> Result<()> {
    let found = lint::lint(&*location.catalog()?, &arguments.kinds)?;
    ui.lint(&found);
    if found.problems.is_empty() { Ok(()) } else { Err(ErrorKind::Found.into()) }
}

/// Compares what scaffolds generate with what was accepted, or accepts it.
fn test(arguments: &TestScaffolds, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let (project, set) = set(location)?;
    let cases = snapshots::cases(&project, &set.join(TESTS).unwrap_or_default(), &arguments.cases)?;
    let compared = || -> Result<Vec<_>> {
        let outcomes = in_parallel(&cases, &|case| {
            let outcome = generate(case, &project, &catalog)?;
            snapshots::compare(&project, &case.directory, &outcome)
        });
        cases.iter().zip(outcomes).map(|(case, changes)| Ok((case, changes?))).collect()
    };
    if arguments.bless {
        carry_out(&project, Mode::Write, ui, &|| {
            let changes = compared()?.into_iter().flat_map(|(_, changes)| changes);
            let changes = changes.filter(|(_, change)| change.writes());
            Ok(Plan::new(&project, changes.collect(), Vec::new()))
        })?;
    } else {
        let snapshots = compared()?.into_iter().map(|(case, changes)| {
            let plan = Plan::new(&project, changes, Vec::new());
            Snapshot { case: case.name.clone(), plan }
        });
        let snapshots: Vec<_> = snapshots.collect();
        ui.snapshots(&snapshots);
        if snapshots.iter().any(Snapshot::differs) {
            return Err(ErrorKind::Found.into());
        }
    }
    if arguments.build { build(&cases, &catalog, &project, ui) } else { Ok(()) }
}

/// The project whose files the set is among, and the directory of the set in it.
fn set(location: &Location) -> Result<(Project, RepoPath)> {
    let project = Project::open(location)?;
    let directory = location.scaffolds_directory();
    let directory = directory.canonicalize().unwrap_or(directory);
    if let Ok(below) = directory.strip_prefix(project.root()) {
        return Ok((project, RepoPath::new(below).unwrap_or_default()));
    }
    let project = Project::open(&Location { project: directory.clone(), ..location.clone() })?;
    let below = directory.strip_prefix(project.root()).ok().and_then(RepoPath::new);
    let below = below.ok_or_else(|| Error::usage("the set of scaffolds has no path in UTF-8"))?;
    Ok((project, below))
}

/// Generates a case in a directory of its own.
fn generate(case: &Case, project: &Project, catalog: &Arc<Catalog>) -> Result<Outcome> {
    let sandbox = tempfile::tempdir()
        .map_err(|error| Error::failed("cannot create a temporary directory").with_source(error))?;
    let root = sandbox.path().join("repository");
    let before = case.definition.before(project, &case.directory, catalog)?;
    std::fs::create_dir_all(&root).map_err(|error| Error::io("create", &root, error))?;
    snapshots::write(&root, &before)?;
    let root = root.canonicalize().map_err(|error| Error::io("find", &root, error))?;
    let arguments = case.definition.arguments(None);
    let (code, printed) = run(&arguments, &root, sandbox.path(), catalog)?;
    let mut shown = format!("$ cargo amplify {}\n", arguments.join(" "));
    shown += &printed.replace(&root.display().to_string(), "[REPOSITORY]");
    if code != 0 {
        shown += &format!("exit code {code}\n");
    }
    Ok(Outcome { before, after: snapshots::read(&root), printed: shown })
}

/// Runs this program on other scaffolds. Returns the exit code and all that is printed.
fn run(
    arguments: &[String],
    root: &Path,
    sandbox: &Path,
    catalog: &Arc<Catalog>,
) -> Result<(u8, String)> {
    let buffer = Buffer::default();
    let stream = || Stream::plain(Box::new(buffer.clone()));
    let streams = Streams { out: stream(), err: stream() };
    let program = ["cargo-amplify", "amplify"].map(str::to_owned).into_iter();
    let arguments = program.chain(arguments.iter().cloned()).map(Into::into).collect();
    let state = StateDir::At(sandbox.join("state"));
    let scaffolds = Scaffolds::Read(Arc::clone(catalog));
    let code = super::main_with(scaffolds, arguments, root, state, streams);
    if code == 130 {
        return Err(ErrorKind::Interrupted.into());
    }
    Ok((code, String::from_utf8_lossy(&buffer.take()).into_owned()))
}

/// Has Cargo format, lint and test the functions of all cases in one workspace, each called as its
/// case, and runs them on all their sample events.
fn build(cases: &[Case], catalog: &Arc<Catalog>, project: &Project, ui: &Ui) -> Result<()> {
    let failed = |error| Error::failed("cannot create a temporary directory").with_source(error);
    let sandbox = tempfile::tempdir().map_err(failed)?;
    let root = sandbox.path().join("repository");
    // What Cargo has built is used again.
    let target = project.root().join("target/scaffold-test").display().to_string();
    let config = format!("[build]\ntarget-dir = {}\n", toml_edit::Value::from(target));
    snapshots::write(&root, &[(".cargo/config.toml".to_owned(), config)].into())?;
    let root = root.canonicalize().map_err(|error| Error::io("find", &root, error))?;
    for case in cases {
        let is_bundle = catalog.find_names(&case.definition.kind)?.len() > 1;
        let name = Some(case.name.as_str()).filter(|_| !is_bundle);
        let mut arguments = case.definition.arguments(name);
        // Several cases can be of one trigger: the last one is wired.
        arguments.extend(["--on-conflict", "overwrite"].map(str::to_owned));
        let (code, printed) = run(&arguments, &root, sandbox.path(), catalog)?;
        if code != 0 {
            return Err(Error::failed(format!(
                "the case `{}` cannot be built:\n{printed}",
                case.name
            )));
        }
    }
    for arguments in [
        &["fmt", "--all", "--check"][..],
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
        &["test", "--workspace", "--quiet"],
    ] {
        ui.note(&format!("cargo {}", arguments.join(" ")));
        show_cargo(&root, arguments)?;
    }
    ui.note("running all sample events");
    let invoke = ["invoke", "--all", "-q"].map(str::to_owned);
    match run(&invoke, &root, sandbox.path(), catalog)? {
        (0, _) => Ok(()),
        (_, printed) => Err(Error::failed(format!("sample events were rejected:\n{printed}"))),
    }
}

/// What becomes of each item, in their order, with a thread for each processor.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: &(dyn Fn(&T) -> R + Sync)) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                match items.get(index) {
                    Some(item) => done.push((index, work(item))),
                    None => return done,
                }
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default());
        done.collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
