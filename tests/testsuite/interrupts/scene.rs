//! Repositories that runs are stopped on.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cargo_amplify::apply::{Disk, FileCall, Hook, Operation, Recovery, apply, lock, recover};
use cargo_amplify::catalog::{Answers, Catalog};
use cargo_amplify::error::Result;
use cargo_amplify::plan::{Decisions, Hosting, Plan, Removal, Request, build, build_removal};
use cargo_amplify::project::{Location, Project, StateDir, locate};

use crate::cases::golden::differences;
use crate::support::{Tree, read_tree, write_tree};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::embedded);

/// The workspace at `root`, with journals beside it.
pub fn open(root: &Path) -> Result<Project> {
    let state = StateDir::At(root.with_extension("state"));
    let location = locate(Some(root), root)?;
    Project::open(&Location { state, ..location })
}

/// `new auth-trigger`
pub fn plan(root: &Path) -> Result<(Project, Plan)> {
    let scaffold = CATALOG.scaffold("pre-token-generation")?;
    let answers = Answers::new(&scaffold, None, &Vec::new())?;
    let project = open(root)?;
    let request = Request {
        catalog: &CATALOG,
        scaffolds: &[(scaffold, answers)],
        login_with: None,
        wiring: None,
        hosting: Hosting::Leave,
        on_conflict: Decisions::NONE,
    };
    let plan = build(&request, &project)?;
    Ok((project, plan))
}

/// `remove auth-trigger`
pub fn plan_removal(root: &Path) -> Result<(Project, Plan)> {
    let scaffold = CATALOG.scaffold("pre-token-generation")?;
    let name = scaffold.name.clone();
    let project = open(root)?;
    let removal =
        Removal { catalog: &CATALOG, functions: &[(scaffold, name)], on_conflict: Decisions::NONE };
    let plan = build_removal(&removal, &project)?;
    Ok((project, plan))
}

/// A run of `new` or of `remove`.
pub type Making = fn(&Path) -> Result<(Project, Plan)>;

/// Carries out what is planned now.
pub fn run(root: &Path, making: Making, hook: &mut Hook) -> Result<()> {
    carry_out(&making(root)?, hook)
}

pub fn carry_out((project, plan): &(Project, Plan), hook: &mut Hook) -> Result<()> {
    let lock = lock(project.root(), &mut |_| {})?;
    apply(plan, project, &lock, &mut Disk::new(hook))
}

/// What the next run of any command does first.
pub fn recover_at(root: &Path, hook: &mut Hook) -> Result<Option<Recovery>> {
    let project = open(root)?;
    let lock = lock(root, &mut |_| {})?;
    recover(&project, &lock, &mut Disk::new(hook))
}

pub fn existing() -> Tree {
    let manifest = b"[workspace]\r\nmembers = []\r\n".to_vec();
    let resource = b"[triggers]\npreSignUp = \"other\"".to_vec();
    Tree::from([
        ("Cargo.toml".to_owned(), manifest),
        ("amplify/auth/resource.toml".to_owned(), resource),
    ])
}

/// Every directory and file, with its mode.
pub fn listing(root: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    let entries = entries.map(|entry| {
        let permissions = entry.metadata().expect("readable").permissions();
        let path = entry.path().strip_prefix(root).expect("below the root");
        format!("{} {permissions:?}", path.display())
    });
    entries.collect()
}

#[derive(Debug, PartialEq, Eq)]
pub struct State {
    pub tree: Tree,
    pub listing: Vec<String>,
}

pub fn state(root: &Path) -> State {
    State { tree: read_tree(root), listing: listing(root) }
}

/// A repository on which a run has an effect, and its two states.
pub struct Scene {
    pub sandbox: tempfile::TempDir,
    pub made: (Project, Plan),
    pub start: Tree,
    pub before: State,
    pub after: State,
    pub calls: usize,
    /// The call that marks the run as done, counted from 1.
    pub done: usize,
}

impl Scene {
    pub fn root(&self) -> PathBuf {
        self.sandbox.path().join("repo")
    }

    pub fn new(start: Tree, making: Making) -> Self {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &start);
        let before = state(&root);
        let mut calls = 0;
        let mut done = None;
        let count = &mut |call: FileCall| {
            calls += 1;
            if call.operation == Operation::Rename && is_done(call.path) {
                done = Some(calls);
            }
            Ok(())
        };
        let made = making(&root).expect("planned");
        carry_out(&made, count).expect("it works");
        let after = state(&root);
        assert_ne!(before, after);
        Self {
            sandbox,
            made,
            start,
            before,
            after,
            calls,
            done: done.expect("a run is done at last"),
        }
    }

    pub fn run(&self, hook: &mut Hook) -> Result<()> {
        carry_out(&self.made, hook)
    }

    pub fn reset(&self) {
        write_tree(&self.root(), &self.start);
        write_tree(&self.root().with_extension("state"), &Tree::new());
    }

    #[track_caller]
    pub fn check(&self, what: &str, expected: &State) {
        let now = state(&self.root());
        differences(what, &expected.tree, &now.tree).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(now.listing, expected.listing, "{what}");
    }

    /// Checks that nothing is left of any run.
    #[track_caller]
    pub fn check_journals(&self, what: &str) {
        let left = read_tree(&self.root().with_extension("state"));
        assert_eq!(left.keys().collect::<Vec<_>>(), [""; 0], "{what}");
    }

    /// Checks that the next run finds a repository as before or as after, and succeeds.
    #[track_caller]
    pub fn check_recovery(&self, what: &str) {
        let recovery = recover_at(&self.root(), &mut |_| Ok(())).expect("recovered");
        match recovery {
            Some(Recovery::Finished) => self.check(what, &self.after),
            Some(Recovery::RolledBack(changed_since)) => {
                assert!(changed_since.is_empty(), "{what}: {changed_since:?}");
                self.check(what, &self.before);
            }
            Some(Recovery::Ignored(problem)) => panic!("{what}: {problem}"),
            None if state(&self.root()) == self.after => {}
            None => self.check(what, &self.before),
        }
        if state(&self.root()) == self.before {
            self.run(&mut |_| Ok(())).expect("the next run succeeds");
        }
        self.check(&format!("the run after {what}"), &self.after);
        self.check_journals(what);
    }
}

/// Whether a file is the journal of a run that has written everything.
pub fn is_done(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".done.json")
}

pub fn scenes() -> Vec<Scene> {
    let new = Scene::new(existing(), plan);
    let remove = Scene::new(new.after.tree.clone(), plan_removal);
    assert_eq!(remove.after.tree, existing());
    vec![new, remove]
}

/// Runs until before call `stop` and then stops, as after SIGKILL.
pub fn killed(stop: usize, run: &mut dyn FnMut(&mut Hook)) {
    let mut calls = 0;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        run(&mut |_| {
            calls += 1;
            match calls > stop {
                true => resume_unwind(Box::new("killed")),
                false => Ok(()),
            }
        });
    }));
    assert!(outcome.is_err(), "the run was over before call {stop}");
}
