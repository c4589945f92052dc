//! What a run is about to do, on disk before the run does it.
//!
//! The journal is written before the first change. When everything is written it is renamed, which
//! marks the run as done, and then removed. If a run is killed before that, its journal remains
//! with the old bytes, and the next run that writes rolls back. In the repository itself, a run
//! leaves only staged texts beside their files, with names that no other run has.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Found, IfExists, ORDINARY, missing};
use super::store::{Identity, Store};
use super::system::mode;
use crate::error::Remedy::MakeRoom;
use crate::error::{Conflict, Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::plan::{Change, Plan};
use crate::project::Project;

const VERSION: u32 = 2;

/// Everything that a run changes in a repository.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: u32,
    root: Identity,
    /// A random number, part of the names of staged files.
    run: u64,
    /// Directories to create, outermost first.
    #[serde(rename = "folders")]
    pub(super) directories: Vec<RepoPath>,
    /// Files to write or remove.
    pub(super) entries: Vec<Entry>,
}

/// A file, before and after.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file itself, with links resolved.
    pub path: RepoPath,
    /// Its text before; `None` if there was no file.
    pub before: Option<String>,
    /// Its text after; `None` if it is removed.
    pub after: Option<String>,
    /// Its permissions on Unix; `None` for a new file.
    mode: Option<u32>,
}

impl Journal {
    /// The journal of a run that carries out `plan`.
    ///
    /// # Errors
    /// Refuses when a file is no longer what the plan was made from.
    pub(super) fn new(plan: &Plan, project: &Project) -> Result<Self> {
        let root = project.root();
        let mut entries = Vec::new();
        let mut conflicts = Vec::new();
        for (path, change) in plan.changes.iter().filter(|(_, change)| change.writes()) {
            match entry(path, change, project) {
                Ok(entry) => entries.push(entry),
                Err(conflict) => conflicts.push(conflict),
            }
        }
        if !conflicts.is_empty() {
            return Err(ErrorKind::Refused(conflicts).into());
        }
        let written = entries.iter().filter(|entry| entry.after.is_some());
        let directories: BTreeSet<_> = written.flat_map(|entry| entry.path.parents()).collect();
        let is_missing = |directory: &RepoPath| !directory.under(root).exists();
        Ok(Self {
            version: VERSION,
            root: Identity::of(root).map_err(|error| Error::io("look at", root, error))?,
            run: RandomState::new().build_hasher().finish(),
            directories: directories.into_iter().filter(is_missing).collect(),
            entries,
        })
    }

    /// Writes the journal to disk, whole or not at all.
    pub(super) fn write(&self, store: &Store, disk: &mut Disk) -> Result<()> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::failed("cannot write the journal").with_source(error))?;
        store.write(&text, disk)
    }

    /// Reads a journal of the project's root.
    ///
    /// # Errors
    /// When it is not one, or a path that it names leads through a link now.
    pub(super) fn parse(text: &str, store: &Store, project: &Project) -> Result<Self> {
        let journal: Result<Self, _> = serde_json::from_str(text);
        let problem = match journal {
            Ok(journal) if journal.version != VERSION => {
                format!("has the form {} of another version", journal.version)
            }
            Ok(journal) if Identity::of(project.root()).ok().as_ref() != Some(&journal.root) => {
                "is of another directory".to_owned()
            }
            Ok(journal) => {
                journal.check_places(project)?;
                return Ok(journal);
            }
            Err(error) => format!("cannot be read: {error}"),
        };
        let file = store.begun();
        Err(Error::failed(format!("`{}` {problem}", file.display())).hint(
            "an interrupted run left it there, with the old text of each file: put back what \
                 you need, and remove it",
        ))
    }

    /// Restores every file that is as the run has left it, and removes the journal. Returns the
    /// files that were changed since.
    pub(super) fn roll_back(
        &self,
        root: &Path,
        store: &Store,
        disk: &mut Disk,
    ) -> Result<Vec<RepoPath>> {
        let mut changed_since = Vec::new();
        for entry in self.entries.iter().rev() {
            let path = entry.path.under(root);
            let staged = self.staged(entry).under(root);
            let (saved, found) = (disk.read(&staged)?, disk.read(&path)?);
            if entry.is_saved(&saved) {
                if found == Found::Nothing && entry.after.is_none() {
                    disk.rename(&staged, &path, IfExists::Kept)?;
                } else if found.is(entry.after.as_deref()) {
                    disk.rename(&staged, &path, IfExists::Exchanged)?;
                    disk.remove_file(&staged)?;
                }
                changed_since.push(entry.path.clone());
                continue;
            }
            disk.remove_file(&staged)?;
            if found.is(entry.before.as_deref()) {
                continue;
            }
            if !found.is(entry.after.as_deref()) {
                changed_since.push(entry.path.clone());
                continue;
            }
            match &entry.before {
                None => disk.remove_file(&path)?,
                Some(before) => {
                    for directory in missing(path.parent().unwrap_or(root)) {
                        disk.create_directory(&directory, ORDINARY)?;
                    }
                    let file = disk.write_new(&staged, before, entry.mode())?;
                    if found != Found::Nothing {
                        disk.copy_attributes(&file, &path)?;
                    }
                    disk.sync(&[(staged.clone(), file)], &[])?;
                    disk.rename(&staged, &path, IfExists::Replaced)?;
                }
            }
        }
        for directory in self.directories.iter().rev() {
            disk.remove_empty_directory(&directory.under(root))?;
        }
        self.sync_directories(root, disk)?;
        store.remove(disk)?;
        Ok(changed_since)
    }

    /// Makes all names durable and marks the run as done.
    pub(super) fn commit(&self, root: &Path, store: &Store, disk: &mut Disk) -> Result<()> {
        self.sync_directories(root, disk)?;
        store.mark_done(disk)
    }

    /// Removes the directories that the run has emptied, then the journal.
    pub(super) fn clean_up(&self, root: &Path, store: &Store, disk: &mut Disk) -> Result<()> {
        let mut left = BTreeSet::new();
        for entry in self.entries.iter().filter(|entry| entry.after.is_none()) {
            for directory in
                entry.path.parents().take_while(|directory| *directory != RepoPath::default())
            {
                if !is_empty(&directory.under(root)) {
                    break;
                }
                disk.remove_empty_directory(&directory.under(root))?;
                left.extend(directory.parent().map(|above| above.under(root)));
            }
        }
        let left: Vec<_> = left.into_iter().filter(|directory| directory.is_dir()).collect();
        disk.sync(&[], &left)?;
        store.remove(disk)
    }

    /// Whether everything was written, even if some of it was changed since: each staged text is in
    /// its place, and no file is as before.
    pub(super) fn is_written(&self, root: &Path, disk: &mut Disk) -> Result<bool> {
        for entry in &self.entries {
            let staged = disk.read(&self.staged(entry).under(root))?;
            let found = disk.read(&entry.path.under(root))?;
            let is_changed = staged == Found::Nothing && !found.is(entry.before.as_deref());
            if entry.is_saved(&staged) || !(found.is(entry.after.as_deref()) || is_changed) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Removes staged texts that were not moved into place.
    pub(super) fn remove_staged(&self, root: &Path, disk: &mut Disk) -> Result<()> {
        let mut staged = self.entries.iter().map(|entry| self.staged(entry));
        staged.try_for_each(|staged| disk.remove_file(&staged.under(root)))
    }

    /// The path of the staged text of a file.
    pub(super) fn staged(&self, entry: &Entry) -> RepoPath {
        let name = entry.path.parts().last().unwrap_or_default();
        let name = format!(".{name}.amplify-{:016x}", self.run);
        let directory = entry.path.parent().unwrap_or_default();
        directory.join(&name).unwrap_or_default()
    }

    fn sync_directories(&self, root: &Path, disk: &mut Disk) -> Result<()> {
        let files = self.entries.iter().map(|entry| &entry.path);
        let parents = files.chain(&self.directories).filter_map(RepoPath::parent);
        let directories: BTreeSet<_> = parents.map(|directory| directory.under(root)).collect();
        let directories: Vec<_> = directories.into_iter().filter(|up| up.is_dir()).collect();
        disk.sync(&[], &directories)
    }

    /// Rejects paths that no plan has: a new link, for example, could lead anywhere.
    fn check_places(&self, project: &Project) -> Result<()> {
        let files = self.entries.iter().map(|entry| &entry.path);
        let places = files.chain(&self.directories).filter_map(|path| {
            if path.is_in_git() || path.as_str().is_empty() {
                Some(Conflict::new(path, "is not a place that a run writes to", MakeRoom))
            } else if project.has_link(path, &RepoPath::default()) {
                Some(Conflict::new(path, "is reached through a link now", MakeRoom))
            } else {
                None
            }
        });
        let conflicts: Vec<_> = places.collect();
        if conflicts.is_empty() {
            return Ok(());
        }
        Err(ErrorKind::Refused(conflicts).into())
    }
}

impl Entry {
    /// Whether the staged file is not a text of the run, or the start of one, but what somebody
    /// saved between the comparison of the file and the exchange.
    fn is_saved(&self, staged: &Found) -> bool {
        let mut texts = [&self.before, &self.after].into_iter().flatten();
        match staged {
            Found::Nothing => false,
            Found::File(bytes) => !texts.any(|text| text.as_bytes().starts_with(bytes)),
            Found::Other => true,
        }
    }

    pub(super) fn mode(&self) -> Option<u32> {
        self.mode.map(|mode| mode & 0o777)
    }
}

fn entry(path: &RepoPath, change: &Change, project: &Project) -> Result<Entry, Conflict> {
    // A link that was created since the plan was made would lead elsewhere.
    let same_place = project.resolve(path)? == *path;
    let now = project.read_text(path).ok().flatten();
    if !same_place || now.as_deref() != change.before() {
        return Err(Conflict::new(path, "has changed in the meantime", MakeRoom));
    }
    Ok(Entry {
        path: path.clone(),
        before: change.before().map(str::to_owned),
        after: change.after().map(str::to_owned),
        mode: mode(&path.under(project.root())),
    })
}

fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}
