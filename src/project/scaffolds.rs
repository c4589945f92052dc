//! The scaffolds of a project: the set in `amplify/scaffolds/`, or the one that the user names.
//!
//! Somebody else may have written it, so that it is only read, and only in part: regular files in the
//! directory itself, up to limits of size, number and depth.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::Location;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::program::shell_word;

/// The directory of the set, relative to the project.
pub const SCAFFOLDS: &str = "amplify/scaffolds";

/// The tests of a set, which are no scaffolds.
pub const TESTS: &str = "tests";

/// The most bytes of a file and of all files, the most files, and how deep directories can be.
const FILE: usize = 256 * 1024;
const ALL: usize = 4 * 1024 * 1024;
const FILES: usize = 1_000;
const DEPTH: usize = 12;

/// Where the scaffolds of a project are from, besides those of the program.
#[derive(Clone, Debug, Default)]
pub enum Scaffolds {
    /// `amplify/scaffolds/`, if there is one.
    #[default]
    OfProject,
    /// This directory, as the user wrote it and as an absolute path.
    In(String, PathBuf),
    /// They are read already.
    Read(Arc<Catalog>),
}

impl Scaffolds {
    /// What a command line ends with to take these.
    pub fn argument(&self) -> String {
        match self {
            Self::In(given, _) => format!(" --scaffolds {}", shell_word(given)),
            Self::OfProject | Self::Read(_) => String::new(),
        }
    }
}

impl Location {
    /// All scaffolds that there are for the project.
    ///
    /// # Errors
    /// When a file of the set cannot be read, is not a plain text, or is beyond a limit.
    pub fn catalog(&self) -> Result<Arc<Catalog>> {
        let directory = self.scaffolds_directory();
        let is_given = match &self.scaffolds {
            Scaffolds::Read(catalog) => return Ok(Arc::clone(catalog)),
            Scaffolds::In(..) => true,
            Scaffolds::OfProject => false,
        };
        if directory.is_dir() {
            let files = self.set_files(&directory, is_given)?;
            return Ok(Arc::new(Catalog::embedded().with_set(&self.scaffolds_label(), files)?));
        }
        if is_given {
            return Err(Error::usage(format!("there is no directory `{}`", directory.display()))
                .hint("name a directory with scaffolds, as `docs/scaffolds.md` explains"));
        }
        Ok(Arc::new(Catalog::embedded()))
    }

    /// The directory of the set, which need not exist.
    pub fn scaffolds_directory(&self) -> PathBuf {
        match &self.scaffolds {
            Scaffolds::In(_, directory) => directory.clone(),
            Scaffolds::OfProject | Scaffolds::Read(_) => self.project.join(SCAFFOLDS),
        }
    }

    /// What messages call it.
    pub fn scaffolds_label(&self) -> RepoPath {
        match &self.scaffolds {
            Scaffolds::In(given, directory) => {
                let name = || RepoPath::new(directory.file_name()?);
                RepoPath::new(given).or_else(name).unwrap_or_default()
            }
            Scaffolds::OfProject | Scaffolds::Read(_) => {
                RepoPath::new(SCAFFOLDS).unwrap_or_default()
            }
        }
    }

    /// The files of a set, by their paths in it, without its tests.
    fn set_files(&self, directory: &Path, is_given: bool) -> Result<BTreeMap<String, String>> {
        // Below a link in the repository could be anything.
        let within = if is_given { directory } else { &self.project };
        let (mut files, mut bytes) = (BTreeMap::new(), 0);
        let walk = WalkDir::new(directory).follow_root_links(is_given).sort_by_file_name();
        let is_wanted = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let is_tests = entry.depth() == 1 && name == TESTS;
            !is_tests && name != ".git" && name != ".DS_Store"
        };
        for entry in walk.into_iter().filter_entry(is_wanted) {
            let entry = entry.map_err(|error| {
                let problem = format!("cannot read the scaffolds in `{}`", directory.display());
                Error::failed(problem).with_source(error)
            })?;
            if entry.file_type().is_dir() && entry.depth() <= DEPTH {
                continue;
            }
            let path = entry.path();
            if !entry.file_type().is_file() {
                let what = if entry.file_type().is_dir() {
                    "is too deep"
                } else {
                    "is not a regular file"
                };
                return Err(refused(path, what));
            }
            let text = self.files.text(path, within)?.unwrap_or_default();
            bytes += text.len();
            if text.len() > FILE {
                return Err(refused(path, "has more than 256 KiB"));
            }
            if files.len() >= FILES || bytes > ALL {
                return Err(refused(directory, "has more than 1,000 files or 4 MiB"));
            }
            let relative = path.strip_prefix(directory).ok().and_then(RepoPath::new);
            let relative = relative.ok_or_else(|| refused(path, "has a name that is not UTF-8"))?;
            files.insert(relative.to_string(), text);
        }
        Ok(files)
    }
}

fn refused(path: &Path, problem: &str) -> Error {
    Error::failed(format!("`{}` {problem}", path.display()))
        .hint("scaffolds are plain text files: remove it, or name another set with `--scaffolds`")
}
