//! The file system, one call at a time.
//!
//! Before each call a hook is asked. That is where Ctrl-C is noticed, and where tests fail a call,
//! end the program or meddle.

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
    /// Makes a folder.
    CreateFolder,
    /// Makes an empty file.
    CreateFile,
    /// Writes into a new file.
    Write,
    /// Sets the mode of a new file.
    SetMode,
    /// Makes the content of a file last.
    SyncFile,
    /// Makes the names in a folder last.
    SyncFolder,
    /// Gives a file its final name.
    Rename,
    /// Removes a file.
    RemoveFile,
    /// Removes an empty folder.
    RemoveFolder,
}

/// A call that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// What it does.
    pub operation: Operation,
    /// To which file or folder; the final name for a rename.
    pub path: &'a Path,
}

/// What is asked before each call; its error takes the place of the call.
pub type Hook<'a> = dyn FnMut(Call) -> io::Result<()> + 'a;

/// The file system behind a hook.
pub struct Disk<'a> {
    hook: &'a mut Hook<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    File(Vec<u8>),
    /// No file but a folder, a link, a device.
    Other,
}

impl Found {
    /// Whether it is a file with this text, or nothing where there is to be no file.
    pub fn is(&self, text: Option<&str>) -> bool {
        match self {
            Self::Nothing => text.is_none(),
            Self::File(bytes) => text.is_some_and(|text| text.as_bytes() == bytes),
            Self::Other => false,
        }
    }
}

/// What becomes of a file that has the final name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfTaken {
    Replaced,
    /// It stays, and the rename fails.
    Kept,
    /// It gets the other name, so that nothing is lost that was saved at the last moment; where
    /// the file system cannot do that, it is replaced.
    Exchanged,
}

impl<'a> Disk<'a> {
    /// The file system, with `hook` asked before each call.
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

    pub(super) fn create_folder(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::CreateFolder, "create", path, || system::create_folder(path))
    }

    /// Makes a folder that others cannot look into.
    pub(super) fn create_private_folder(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::CreateFolder, "create", path, || system::create_private(path))
    }

    /// Writes a file that is not there yet. `mode` is that of Unix; without it the file has the
    /// mode of any new file. It is on disk for good once [`Disk::sync_files`] has it.
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

    /// Makes a new file that takes the place of `original` what that is besides text and mode.
    pub(super) fn liken(&mut self, file: &File, original: &Path) -> Result<()> {
        self.call(Operation::SetMode, "keep owner and attributes of", original, || {
            system::copy_attributes(original, file)
        })
    }

    /// Makes the content of files and the names in folders last. All are on their way to the disk
    /// before one is waited for, so that a file system writes many in about the time of one.
    pub(super) fn sync(&mut self, files: &[(PathBuf, File)], folders: &[PathBuf]) -> Result<()> {
        let names = files.iter().map(|(path, _)| (Operation::SyncFile, path));
        let names = names.chain(folders.iter().map(|folder| (Operation::SyncFolder, folder)));
        let names: Vec<_> = names.collect();
        for (operation, path) in &names {
            self.call(*operation, "sync", path, || Ok(()))?;
        }
        files.iter().for_each(|(_, file)| system::begin_to_write(file));
        side_by_side(names.len(), |index| {
            let outcome = match files.get(index) {
                Some((_, file)) => file.sync_all(),
                None => system::sync_folder(names[index].1),
            };
            told("sync", names[index].1, outcome)
        })
    }

    /// Gives the file at `from` the name `to`.
    pub(super) fn rename(&mut self, from: &Path, to: &Path, existing: IfTaken) -> Result<()> {
        self.call(Operation::Rename, "write", to, || match existing {
            IfTaken::Replaced => system::rename(from, to),
            IfTaken::Kept => system::rename_to_free(from, to),
            IfTaken::Exchanged => system::exchange(from, to),
        })
    }

    pub(super) fn remove_file(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::RemoveFile, "remove", path, || {
            system::remove_file(path).or_else(|error| match is_absent(&error) {
                true => Ok(()),
                false => Err(error),
            })
        })
    }

    /// Removes a folder, if there is one and it is empty.
    pub(super) fn remove_empty_folder(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::RemoveFolder, "remove", path, || {
            system::remove_folder(path).or_else(|error| {
                match is_absent(&error) || error.kind() == ErrorKind::DirectoryNotEmpty {
                    true => Ok(()),
                    false => Err(error),
                }
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
        let outcome = (self.hook)(Call { operation, path }).and_then(|()| call());
        told(what, path, outcome)
    }
}

/// How many threads wait for the disk. One after the other, files would take as long as each by itself.
const THREADS: usize = 4;

fn side_by_side(count: usize, sync: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        let tasks = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        tasks.take_while(|index| *index < count).try_for_each(&sync)
    };
    thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        // Where there can be no more threads, fewer do it all.
        let others: Vec<_> = (1..THREADS.min(count)).map_while(spawn).collect();
        let panicked = |_| Err(Error::failed("a thread has panicked"));
        let others = others.into_iter().map(|thread| thread.join().unwrap_or_else(panicked));
        [work()].into_iter().chain(others).collect()
    })
}

fn told<T>(what: &str, path: &Path, outcome: io::Result<T>) -> Result<T> {
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
