//! The file system, one call at a time.
//!
//! Before each call a hook is asked. That is where Ctrl-C is noticed, and where tests fail a call,
//! end the program or meddle.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::TempPath;

use crate::error::{Error, Result};

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

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A folder.
    Folder,
}

impl Found {
    /// Whether it is a file with this text, or nothing where there is to be no file.
    pub fn is(&self, text: Option<&str>) -> bool {
        match self {
            Self::Nothing => text.is_none(),
            Self::File(bytes) => text.is_some_and(|text| text.as_bytes() == bytes),
            Self::Folder => false,
        }
    }
}

/// What becomes of a file that has the final name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replaced,
    /// It stays, and the rename fails.
    Kept,
}

impl<'a> Disk<'a> {
    /// The file system, with `hook` asked before each call.
    pub fn new(hook: &'a mut Hook<'a>) -> Self {
        Self { hook }
    }

    /// What is at a path.
    pub(super) fn read(&mut self, path: &Path) -> Result<Found> {
        self.call(Operation::Read, "read", path, || match fs::read(path) {
            Ok(bytes) => Ok(Found::File(bytes)),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Found::Nothing),
                ErrorKind::IsADirectory => Ok(Found::Folder),
                _ => Err(error),
            },
        })
    }

    pub(super) fn create_folder(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::CreateFolder, "create", path, || {
            fs::create_dir(path)
        })
    }

    /// Writes a file that is not there yet, for good. `mode` is that of Unix; without it the file
    /// has the mode of any new file.
    pub(super) fn write_new(&mut self, path: &Path, text: &str, mode: Option<u32>) -> Result<()> {
        let mut file = self.call(Operation::CreateFile, "create", path, || {
            OpenOptions::new().write(true).create_new(true).open(path)
        })?;
        if let Some(mode) = mode {
            self.call(Operation::SetMode, "set the mode of", path, || {
                set_mode(&file, mode)
            })?;
        }
        self.call(Operation::Write, "write", path, || {
            file.write_all(text.as_bytes())
        })?;
        self.call(Operation::SyncFile, "sync", path, || file.sync_all())
    }

    /// Gives the file at `from` the name `to`.
    pub(super) fn rename(&mut self, from: &Path, to: &Path, existing: Existing) -> Result<()> {
        self.call(Operation::Rename, "write", to, || match existing {
            Existing::Replaced => fs::rename(from, to),
            Existing::Kept => {
                let outcome = TempPath::try_from_path(from)?.persist_noclobber(to);
                outcome.map_err(|error| error.error)
            }
        })
    }

    /// Removes a file, if there is one.
    pub(super) fn remove_file(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::RemoveFile, "remove", path, || {
            let expected = [ErrorKind::NotFound, ErrorKind::NotADirectory];
            unless(&expected, fs::remove_file(path))
        })
    }

    /// Removes a folder, if there is one and it is empty.
    pub(super) fn remove_empty_folder(&mut self, path: &Path) -> Result<()> {
        let expected = [
            ErrorKind::NotFound,
            ErrorKind::NotADirectory,
            ErrorKind::DirectoryNotEmpty,
        ];
        self.call(Operation::RemoveFolder, "remove", path, || {
            unless(&expected, fs::remove_dir(path))
        })
    }

    /// Makes the names in a folder last.
    pub(super) fn sync_folder(&mut self, path: &Path) -> Result<()> {
        self.call(Operation::SyncFolder, "sync", path, || {
            if cfg!(unix) {
                File::open(path)?.sync_all()?;
            }
            Ok(())
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
        outcome.map_err(|error| match error.kind() {
            ErrorKind::Interrupted => Error::interrupted(),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Error::io(what, path, error).hint("make the folder writable for you")
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Error::io(what, path, error).hint("make room on the disk")
            }
            _ => Error::io(what, path, error),
        })
    }
}

/// Takes an expected error for success.
fn unless(expected: &[ErrorKind], outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if expected.contains(&error.kind()) => Ok(()),
        outcome => outcome,
    }
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// The mode of a file; `None` where there is no such thing.
#[cfg(unix)]
pub fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o7777)
}

/// The mode of a file; `None` where there is no such thing.
#[cfg(not(unix))]
pub fn mode(_: &Path) -> Option<u32> {
    None
}
