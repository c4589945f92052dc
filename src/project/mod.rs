//! The user's repository, read only: its root, its files, its Cargo workspace, its record and its
//! wiring.

mod cargo;
mod files;
mod layout;
mod locate;
mod owner;
mod record;
mod scaffolds;
mod state;
mod tree;
mod wiring;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::catalog::make_one;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::source::SourceFile;

use files::Files;

pub(crate) use cargo::{
    Alone, CargoNames, CargoRoot, Membership, Neighbours, Package, expand_member, is_glob, matched,
    seen_from,
};
pub use files::git_top;
pub use layout::Target;
pub use locate::{Location, Origin, locate};
pub use record::{
    Before, FUNCTION_RECORD, FunctionRecord, RECORD, Record, Shared, hash, located, recorded,
};
pub use scaffolds::{SCAFFOLDS, Scaffolds, TESTS};
pub use state::StateDir;
pub use wiring::Language;
pub(crate) use wiring::{
    App, AppFile, Callee, CodeLayout, LocatedUse, NodePackage, SentVersion, Wired, Wiring, definer,
    function_in,
};

/// A project on disk. Each file is read at most once, when it is needed.
#[derive(Debug)]
pub struct Project {
    /// The directory outside of which nothing is written: the project, or the Cargo workspace
    /// around it. Absolute; it need not exist yet.
    root: PathBuf,
    /// The directory that has `amplify/`.
    directory: RepoPath,
    /// The directory of a Cargo workspace above that the project does not belong to.
    unrelated: Option<PathBuf>,
    state: StateDir,
    files: Arc<Files>,
    derived: Mutex<Derived>,
}

/// What was made of the files, each part when it was first needed.
#[derive(Debug, Default)]
struct Derived {
    record: Option<Arc<Record>>,
    /// The crates below directories that were asked for.
    neighbours: BTreeMap<RepoPath, Neighbours>,
}

impl Project {
    /// Opens the project at `location`.
    ///
    /// # Errors
    /// When a `Cargo.toml` above the project cannot be read, is another user's, or is that of a
    /// workspace outside the project's git repository.
    pub fn open(location: &Location) -> Result<Self> {
        let project = &location.project;
        let above = cargo::workspace_above(project, &location.files)?;
        let root = above.root.unwrap_or_else(|| project.clone());
        let below = project.strip_prefix(&root).ok().and_then(RepoPath::new);
        let directory = below.ok_or_else(|| not_utf8(project))?;
        Ok(Self {
            root,
            directory,
            unrelated: above.unrelated,
            state: location.state.clone(),
            files: Arc::clone(&location.files),
            derived: Mutex::default(),
        })
    }

    /// The absolute path of a file, for messages.
    pub(crate) fn shown(&self, path: &RepoPath) -> String {
        path.under(&self.root).display().to_string()
    }

    /// Whether there is a project: a directory `amplify/`.
    pub fn exists(&self) -> bool {
        self.directory.under(&self.root).join("amplify").is_dir()
    }

    /// Fails where there is no project.
    pub fn must_exist(&self) -> Result<()> {
        if self.exists() {
            return Ok(());
        }
        let directory = self.directory.under(&self.root);
        let why = match directory.is_dir() {
            true => "neither it nor a directory above it has `amplify/`",
            false => "there is no such directory",
        };
        let error =
            Error::failed(format!("there is no project in `{}`: {why}", directory.display()));
        Err(match App::elsewhere(self).as_slice() {
            [] => error.hint(make_one()).hint("or name the project's directory with `--path DIR`"),
            apps => error.hint(format!("name the directory of one: {}", wiring::paths(apps))),
        })
    }

    /// The absolute path of the root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of what is below the root.
    pub fn below(&self, path: &Path) -> Option<RepoPath> {
        RepoPath::new(path.strip_prefix(&self.root).ok()?)
    }

    /// The directory of a Cargo workspace above the root that the project does not belong to,
    /// although Cargo would find it.
    pub fn unrelated(&self) -> Option<&Path> {
        self.unrelated.as_deref()
    }

    /// Where journals of runs are kept.
    pub fn state(&self) -> &StateDir {
        &self.state
    }

    /// A path below the project, such as `amplify/auth/resource.toml`.
    pub fn path(&self, path: &str) -> Result<RepoPath> {
        self.directory.join(path).ok_or_else(|| {
            Error::failed(format!("`{path}` leaves the project"))
                .hint("use a relative path without `..`")
        })
    }

    /// The directory that has `amplify/`.
    pub fn directory(&self) -> &RepoPath {
        &self.directory
    }

    /// What was generated in the project.
    ///
    /// # Errors
    /// When a record cannot be read or is not valid.
    pub fn record(&self) -> Result<Arc<Record>> {
        let known = &mut self.derived().record;
        let record = match known {
            Some(record) => record,
            None => known.insert(Arc::new(Record::load(self)?)),
        };
        Ok(Arc::clone(record))
    }

    fn derived(&self) -> MutexGuard<'_, Derived> {
        self.derived.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all files, to compare them with what was read.
    pub fn forget(&self) {
        *self.derived() = Derived::default();
        self.files.forget();
    }

    /// Forgets the files that have been written since they were read. A run that has waited for its
    /// turn does so before it makes its plan.
    pub fn renew(&self) {
        *self.derived() = Derived::default();
        self.files.renew();
    }

    /// The bytes of a file; `None` when there is nothing at the path.
    pub fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        Ok(self.files.bytes(&path.under(&self.root), &self.root)?.map(|bytes| bytes.to_vec()))
    }

    /// The text of a file; `None` when there is nothing at the path.
    pub fn read_text(&self, path: &RepoPath) -> Result<Option<String>> {
        self.files.text(&path.under(&self.root), &self.root)
    }

    /// The directories below `amplify/` that were read as files.
    pub(crate) fn directories_for_files(&self) -> Result<Vec<RepoPath>> {
        let amplify = self.path("amplify")?;
        let found = self.files.directories();
        let found = found.iter().filter_map(|it| RepoPath::new(it.strip_prefix(&self.root).ok()?));
        Ok(found.filter(|path| path.below(&amplify).is_some()).collect())
    }

    /// A file, for places in it. One that does not exist is empty.
    pub(crate) fn source(&self, path: &RepoPath) -> Result<SourceFile> {
        Ok(SourceFile::new(path, self.read_text(path)?.unwrap_or_default()))
    }

    /// The `Cargo.toml` of a directory, for places in it.
    pub(crate) fn manifest(&self, directory: &RepoPath) -> Result<SourceFile> {
        self.source(&directory.child("Cargo.toml"))
    }
}

fn not_utf8(path: &Path) -> Error {
    Error::failed(format!("the path `{}` is not UTF-8", path.display()))
}
