//! The user's repository, read only: its root, its files, its Cargo workspace, its record and its
//! wiring.

mod cargo;
mod files;
mod layout;
mod locate;
mod owner;
mod record;
mod state;
mod wiring;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use walkdir::{DirEntry, WalkDir};

use crate::error::{Conflict, Error, Remedy, Result, is_absent};
use crate::path::RepoPath;
use crate::source::SourceFile;

use files::Files;

pub use cargo::{Alone, CargoNames, CargoRoot, Members, Membership, Neighbours, Package};
pub use layout::{AUTH, Target};
pub use locate::{Location, Origin, locate};
pub use owner::git_top;
pub use record::{
    Before, FUNCTION_RECORD, FunctionRecord, RECORD, Record, Shared, hash, located, recorded,
};
pub use state::StateDir;
pub use wiring::Language;
pub(crate) use wiring::{
    AUTH_RESOURCE, App, AppFile, Callee, ModuleUse, SentVersion, Wired, Wiring, auth_keys,
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
    /// The crates below directories that were asked for.
    neighbours: Mutex<BTreeMap<RepoPath, Neighbours>>,
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
            neighbours: Mutex::default(),
        })
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
        Err(Error::failed(format!(
            "there is no project in `{}`: neither it nor a directory above it has `amplify/`",
            directory.display()
        ))
        .hint("make one with `cargo amplify new auth-trigger`")
        .hint("or name the project's directory with `--path DIR`"))
    }

    /// The absolute path of the root.
    pub fn root(&self) -> &Path {
        &self.root
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

    /// How Cargo sees the crate that is, or will be, in the directory `package`.
    pub fn cargo_root(&self, package: &RepoPath) -> Result<CargoRoot> {
        cargo::find(self, package)
    }

    /// What Cargo calls a function and its binary; `None` when there is no crate.
    ///
    /// # Errors
    /// When it is not clear which binary it is.
    pub fn cargo_names(&self, directory: &RepoPath, function: &str) -> Result<Option<CargoNames>> {
        cargo::names(self, directory, function)
    }

    /// Whether Cargo builds only some packages of the workspace in `directory` where none is named.
    ///
    /// # Errors
    /// When its manifest cannot be read.
    pub fn builds_some_members(&self, directory: &RepoPath) -> Result<bool> {
        cargo::builds_some_members(self, directory)
    }

    /// The configuration of rustfmt for what is in `directory`, if the repository has one.
    #[must_use]
    pub fn rustfmt_config(&self, directory: &RepoPath) -> Option<PathBuf> {
        cargo::rustfmt_config(self, directory)
    }

    /// The crates below `directory` that would find a workspace there.
    pub fn neighbours(&self, directory: &RepoPath) -> Neighbours {
        let mut known = self.known_neighbours();
        known.entry(directory.clone()).or_insert_with(|| cargo::neighbours(self, directory)).clone()
    }

    fn known_neighbours(&self) -> MutexGuard<'_, BTreeMap<RepoPath, Neighbours>> {
        self.neighbours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all files, to compare them with what was read.
    pub fn forget(&self) {
        self.files.forget();
    }

    /// Forgets the files that have been written since they were read. A run that has waited for its
    /// turn does so before it makes its plan.
    pub fn renew(&self) {
        self.known_neighbours().clear();
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

    /// The names of the directories in a directory, sorted; none when it does not exist.
    pub fn directories(&self, path: &RepoPath) -> Result<Vec<String>> {
        let entries =
            walk(WalkDir::new(path.under(&self.root)).min_depth(1).max_depth(1), |_| true)?;
        let directories = entries.into_iter().filter(|entry| entry.path().is_dir());
        Ok(directories.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect())
    }

    /// A directory and the readable directories below it, at most `most`, in no order and without
    /// links.
    pub fn directories_below(&self, directory: &RepoPath, most: usize) -> Vec<RepoPath> {
        let start = directory.under(&self.root);
        let directories = WalkDir::new(&start).into_iter().filter_map(|entry| {
            let entry = entry.ok().filter(|entry| entry.file_type().is_dir())?;
            RepoPath::new(entry.path().strip_prefix(&self.root).ok()?)
        });
        directories.take(most).collect()
    }

    /// All files below a directory, sorted, except in `target`; none when it does not exist.
    pub fn files_below(&self, directory: &RepoPath) -> Result<Vec<RepoPath>> {
        let entries =
            walk(WalkDir::new(directory.under(&self.root)), |entry| entry.file_name() != "target")?;
        let files = entries.iter().filter(|entry| !entry.file_type().is_dir()).map(|entry| {
            let path = entry.path().strip_prefix(&self.root).ok().and_then(RepoPath::new);
            path.ok_or_else(|| not_utf8(entry.path()))
        });
        files.collect()
    }

    /// A file, for places in it. One that does not exist is empty.
    pub(crate) fn source(&self, path: &RepoPath) -> Result<SourceFile> {
        Ok(SourceFile::new(path, self.read_text(path)?.unwrap_or_default()))
    }

    /// The `Cargo.toml` of a directory, for places in it.
    pub(crate) fn manifest(&self, directory: &RepoPath) -> Result<SourceFile> {
        self.source(&directory.join("Cargo.toml").unwrap_or_default())
    }

    /// The real path of a file, with symbolic links followed.
    ///
    /// # Errors
    /// A conflict when the path cannot be written: it leaves the root through a link, is inside
    /// `.git`, goes through a file, or is something else than a file.
    pub fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Conflict> {
        let mut real = self.root.clone();
        let mut walked = RepoPath::default();
        for part in path.parts() {
            real.push(part);
            walked = walked.join(part).unwrap_or(walked);
            let conflict = |reason: &str| Conflict::new(&walked, reason, Remedy::MakeRoom);
            let Ok(metadata) = fs::symlink_metadata(&real) else {
                continue;
            };
            if metadata.is_symlink() {
                real = fs::canonicalize(&real)
                    .map_err(|error| conflict(&format!("is a link to nowhere: {error}")))?;
                if !real.starts_with(&self.root) {
                    let target = real.display();
                    return Err(conflict(&format!("links outside the root, to {target}")));
                }
            }
            match (walked == *path, real.is_dir()) {
                (true, true) => return Err(conflict("is a directory, and a file goes there")),
                (false, false) => return Err(conflict("is a file, and a directory goes there")),
                _ => {}
            }
        }
        let conflict = |reason: &str| Conflict::new(path, reason, Remedy::MakeRoom);
        let real = real.strip_prefix(&self.root).ok().and_then(RepoPath::new);
        let real = real.ok_or_else(|| conflict("links to a path that is not UTF-8"))?;
        if real.is_in_git() {
            return Err(conflict("is inside `.git`, which is git's own"));
        }
        Ok(real)
    }

    /// Why this file cannot be replaced; `None` when it can.
    pub fn obstacle(&self, path: &RepoPath) -> Option<Conflict> {
        let (reason, steps) = owner::obstacle(&path.under(&self.root))?;
        Some(Conflict::new(path, reason, Remedy::ByHand(steps.to_owned())))
    }

    /// Whether there is a link on the way from `base` to a path below it.
    pub fn has_link(&self, path: &RepoPath, base: &RepoPath) -> bool {
        let mut directories = std::iter::successors(Some(path.clone()), RepoPath::parent);
        directories.any(|directory| {
            let is_link = |directory: &Path| {
                fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.is_symlink())
            };
            directory.below(base).is_some() && is_link(&directory.under(&self.root))
        })
    }
}

/// The entries of a walk, sorted, and nothing of directories that are not wanted. None when the
/// directory does not exist.
fn walk(walk: WalkDir, is_wanted: fn(&DirEntry) -> bool) -> Result<Vec<DirEntry>> {
    let entries = walk.sort_by_file_name().into_iter().filter_entry(is_wanted);
    let present = entries.filter(|entry| {
        let error = entry.as_ref().err().and_then(walkdir::Error::io_error);
        !error.is_some_and(is_absent)
    });
    let failed = |error: walkdir::Error| {
        let path = error.path().map(Path::to_path_buf).unwrap_or_default();
        Error::io("read", &path, error.into())
    };
    present.map(|entry| entry.map_err(failed)).collect()
}

fn not_utf8(path: &Path) -> Error {
    Error::failed(format!("the path `{}` is not UTF-8", path.display()))
}
