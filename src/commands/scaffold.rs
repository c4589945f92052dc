//! `scaffold`

use super::start::run_in;
use super::transaction::carry_out;
use crate::cli::{EjectScaffold, LintScaffolds, ScaffoldCommand, TestScaffolds};
use crate::error::{Error, ErrorKind, Result};
use crate::lint;
use crate::path::RepoPath;
use crate::plan::Plan;
use crate::project::{Location, Project, TESTS};
use crate::snapshots;
use crate::ui::{Mode, Snapshot, Ui};

/// Makes scaffolds, and looks after them.
pub fn scaffold(command: &ScaffoldCommand, location: &Location, ui: &Ui) -> Result<()> {
    match command {
        ScaffoldCommand::Eject(arguments) => eject(arguments, location, ui),
        ScaffoldCommand::Lint(arguments) => lint(arguments, location, ui),
        ScaffoldCommand::Test(arguments) => test(arguments, location, ui),
    }
}

/// Copies scaffolds into the set, each with a test of what it generates now.
fn eject(arguments: &EjectScaffold, location: &Location, ui: &Ui) -> Result<()> {
    let (project, set) = set(location)?;
    carry_out(&project, Mode::new(arguments.dry_run), ui, &|| {
        let catalog = location.catalog()?;
        let kinds = catalog.find_names(&arguments.kind)?;
        let what = (kinds.as_slice(), arguments.shared);
        snapshots::eject(what, &catalog, &set, (&project, location), run_in)
    })
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
    let cases = snapshots::cases(&project, &set.child(TESTS), &catalog, &arguments.cases)?;
    let compared = || snapshots::compare_all(&cases, &project, &catalog, run_in);
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
        ui.snapshots(&snapshots, &location.scaffolds);
        if snapshots.iter().any(Snapshot::differs) {
            return Err(ErrorKind::Found.into());
        }
    }
    if !arguments.build {
        return Ok(());
    }
    // What Cargo has built is used again.
    let target = project.root().join("target/scaffold-test");
    snapshots::build(&cases, &catalog, run_in, &target, &|what| ui.note(what))
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
