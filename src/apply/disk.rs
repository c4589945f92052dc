//! The file system, one call at a time.
//!
//! A hook runs before each call: it notices Ctrl-C, and tests use it to make a call fail, to end
//! the program or to change files.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::system;
use crate::error::{self, Error, Result, is_absent};

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reads a file.
    Read,
    /// Makes a directory.
    CreateDirectory,
    /// Makes an empty file.
    CreateFile,
    /// Writes into a new file.
    Write,
    /// Sets the mode of a new file.
    SetMode,
    /// Syncs the content of a file.
    SyncFile,
    /// Syncs the names in a directory.
    SyncDirectory,
    /// Gives a file its final name.
    Rename,
    /// Removes a file.
    RemoveFile,
    /// Removes an empty directory.
    RemoveDirectory,
}

/// A call that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileCall<'a> {
    /// What it does.
    pub operation: Operation,
    /// The file or directory; for a rename, the final name.
    pub path: &'a Path,
}

/// Runs before each call. If it fails, the call is not made.
pub type Hook<'a> = dyn FnMut(FileCall) -> io::Result<()> + 'a;

/// The mode of a directory that all can read, as far as the user's mask lets them.
pub const ORDINARY: u32 = 0o777;

/// The mode of a directory that only the user can read.
pub const PRIVATE: u32 = 0o700;

/// The file system behind a hook.
pub struct Disk<'a> {
    hook: &'a mut Hook<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    File(Vec<u8>),
    /// A directory, a link, a device.
    Other,
}

impl Found {
    /// Whether it is a file with this text, or nothing for `None`.
    pub fn is(&self, text: Option<&str>) -> bool {
        match self {
            Self::Nothing => text.is_none(),
            Self::File(bytes) => text.is_some_and(|text| text.as_bytes() == bytes),
            Self::Other => false,
        }
    }
}

/// What happens to a file that already has the final name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    Replaced,
    /// It stays and the rename fails.
    Kept,
    /// It gets the other name, so that nothing saved at the last moment is lost. If the file system
    /// cannot exchange names, it is replaced.
    Exchanged,
}

impl<'a> Disk<'a> {
    /// The file system, with `hook` called before each call.
    pub fn new(hook: &'a mut Hook<'a>) -> Self {
        Self { hook }
    }

    pub(super) fn read(&mut self, path: &Path) -> Result<Found> {
        self.call(Operation::Read, "read", path, || match system::read(path) {
            Ok(Some(bytes)) => Ok(Found::File(bytes)),
            Ok(None) => Ok(Found::Other),
            Err(error) if is_absent(&error) => Ok(Found::Nothing),
            Err(error) => Err(error),
        })
    }

    /// Creates a directory, with its mode on Unix.
    pub(super) fn create_directory(&mut self, path: &Path, mode: u32) -> Result<()> {
        let create = || system::create_directory(path, mode);
        self.call(Operation::CreateDirectory, "create", path, create)
    }

    /// Writes a new file, with a Unix mode if it is to have a special one. It is durable after
    /// [`Disk::sync`].
    pub(super) fn write_new(&mut self, path: &Path, text: &str, mode: Option<u32>) -> Result<File> {
        let mut file =
            self.call(Operation::CreateFile, "create", path, || system::create_file(path))?;
        if let Some(mode) = mode {
            self.call(Operation::SetMode, "set the mode of", path, || {
                system::set_mode(&file, mode)
            })?;
        }
        self.call(Operation::Write, "write", path, || file.write_all(text.as_bytes()))?;
        Ok(file)
    }

    /// Gives a new file what `original`, which it replaces, has besides text and mode.
    pub(super) fn copy_attributes(&mut self, file: &File, original: &Path) -> Result<()> {
        self.call(Operation::SetMode, "keep owner and attributes of", original, || {
            system::copy_attributes(original, file)
        })
    }

    /// Makes the content of files and the names in directories durable. All writes are started
    /// before the first is waited for, so that many take about as long as one.
    pub(super) fn sync(
        &mut self,
        files: &[(PathBuf, File)],
        directories: &[PathBuf],
    ) -> Result<()> {
        let names = files.iter().map(|(path, _)| (Operation::SyncFile, path));
        let names =
            names.chain(directories.iter().map(|directory| (Operation::SyncDirectory, directory)));
        let names: Vec<_> = names.collect();
        for (operation, path) in &names {
            self.call(*operation, "sync", path, || Ok(()))?;
        }
        files.iter().for_each(|(_, file)| system::begin_to_write(file));
        in_parallel(names.len(), |index| {
            let outcome = match files.get(index) {
                Some((_, file)) => file.sync_all(),
                None => system::sync_directory(names[index].1),
            };
            described("sync", names[index].1, outcome)
        })
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path, existing: IfExists) -> Result<()> {
        self.call(Operation::Rename, "write", to, || match existing {
            IfExists::Replaced => system::rename(from, to),
            IfExists::Kept => system::rename_to_free(from, to),
            IfExists::Exchanged => system::exchange(from, to),
        })
    }

    pub(super) fn remove_file(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::RemoveFile, "remove", path, || {
            let absent = |error| if is_absent(&error) { Ok(()) } else { Err(error) };
            system::remove_file(path).or_else(absent)
        })
    }

    /// Removes a directory if it exists and is empty.
    pub(super) fn remove_empty_directory(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::RemoveDirectory, "remove", path, || {
            system::remove_directory(path).or_else(|error| {
                let is_full = error.kind() == ErrorKind::DirectoryNotEmpty;
                if is_full || is_absent(&error) { Ok(()) } else { Err(error) }
            })
        })
    }

    fn call<T>(
        &mut self,
        operation: Operation,
        what: &str,
        path: &Path,
        call: impl FnOnce() -> io::Result<T>,
    ) -> Result<T> {
        let outcome = (self.hook)(FileCall { operation, path }).and_then(|()| call());
        described(what, path, outcome)
    }
}

/// The directories at `directory` and above that do not exist, outermost first.
pub fn missing(directory: &Path) -> Vec<PathBuf> {
    let missing = directory.ancestors().take_while(|directory| !directory.exists());
    let mut missing: Vec<_> = missing.map(Path::to_path_buf).collect();
    missing.reverse();
    missing
}

/// How many threads wait for the disk, since a single one would wait for each file in turn.
const THREADS: usize = 4;

fn in_parallel(count: usize, sync: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        let tasks = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        tasks.take_while(|index| *index < count).try_for_each(&sync)
    };
    thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        // If no more threads can start, fewer do the work.
        let others: Vec<_> = (1..THREADS.min(count)).map_while(spawn).collect();
        let panicked = |_| Err(Error::failed("a thread has panicked"));
        let others = others.into_iter().map(|thread| thread.join().unwrap_or_else(panicked));
        [work()].into_iter().chain(others).collect()
    })
}

fn described<T>(what: &str, path: &Path, outcome: io::Result<T>) -> Result<T> {
    outcome.map_err(|error| match error.kind() {
        ErrorKind::Interrupted => error::ErrorKind::Interrupted.into(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Error::io(what, path, error).hint("make the directory writable for you")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Error::io(what, path, error).hint("make room on the disk")
        }
        _ => Error::io(what, path, error),
    })
}
