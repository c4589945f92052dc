//! What is in the directories of a project, and where links lead.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::{Project, not_utf8, owner};
use crate::error::{Conflict, Error, Remedy, Result, is_absent};
use crate::path::RepoPath;

impl Project {
    /// Whether there is a file with this path in a directory.
    pub(crate) fn has(&self, directory: &RepoPath, file: &str) -> bool {
        directory.child(file).under(&self.root).is_file()
    }

    /// The names of the directories in a directory, sorted; none when it does not exist.
    pub fn directories(&self, path: &RepoPath) -> Result<Vec<String>> {
        let directory = path.under(&self.root);
        let cannot = |error| Error::io("read", &directory, error);
        let entries = match fs::read_dir(&directory) {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            entries => entries.map_err(cannot)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(cannot)?;
            let kind = entry.file_type().map_err(cannot)?;
            if kind.is_dir() || kind.is_symlink() && entry.path().is_dir() {
                names.extend(entry.file_name().into_string());
            }
        }
        names.sort();
        Ok(names)
    }

    /// A directory and the readable directories below it, at most `most`, in no order and without
    /// links.
    pub fn directories_below(&self, directory: &RepoPath, most: usize) -> Vec<RepoPath> {
        let entries = WalkDir::new(directory.under(&self.root)).into_iter().flatten();
        let directories = entries.filter(|entry| entry.file_type().is_dir());
        directories.filter_map(|entry| self.below(entry.path())).take(most).collect()
    }

    /// All files below a directory, sorted, except in `target`; none when it does not exist.
    pub fn files_below(&self, directory: &RepoPath) -> Result<Vec<RepoPath>> {
        let walk = WalkDir::new(directory.under(&self.root)).sort_by_file_name().into_iter();
        let mut files = Vec::new();
        for entry in walk.filter_entry(|entry| entry.file_name() != "target") {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let path = self.below(entry.path());
                    files.push(path.ok_or_else(|| not_utf8(entry.path()))?);
                }
                Err(error) if error.io_error().is_some_and(is_absent) => {}
                Err(error) => {
                    let path = error.path().map(Path::to_path_buf).unwrap_or_default();
                    return Err(Error::io("read", &path, error.into()));
                }
            }
        }
        Ok(files)
    }

    /// The real path of a file, with symbolic links followed.
    ///
    /// # Errors
    /// A conflict when the path cannot be written: it leaves the root through a link, is inside
    /// `.git`, goes through a file, or is something else than a file.
    pub fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Conflict> {
        let mut real = self.root.clone();
        let mut walked = RepoPath::default();
        let mut parts = path.parts();
        while let Some(part) = parts.next() {
            real.push(part);
            walked = walked.child(part);
            let conflict = |reason: &str| Conflict::new(&walked, reason, Remedy::MakeRoom);
            let Ok(metadata) = fs::symlink_metadata(&real) else {
                real.extend(parts);
                break;
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
