//! What differs from system to system: what a file is besides its text, and how its name and content
//! are made to last.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use tempfile::TempPath;

#[cfg(not(unix))]
pub use other::*;
#[cfg(unix)]
pub use unix::*;

/// What something of the user's own is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory that nobody else can write.
    Folder,
    /// A file that nobody else can read.
    File,
}

/// Gives a file a name that nothing has.
///
/// Where a file system has neither a rename that keeps what is there nor hard links, it is looked
/// at before, which is not the same but all there is.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    let Err(failed) = TempPath::try_from_path(from)?.persist_noclobber(to) else {
        return Ok(());
    };
    failed.path.keep()?;
    let is_free = fs::symlink_metadata(to).is_err_and(|error| is_absent(&error));
    match is_free && failed.error.kind() != ErrorKind::AlreadyExists {
        true => fs::rename(from, to),
        false => Err(failed.error),
    }
}

/// Whether an error says that there is nothing at a path.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Gives two files each other's names; where that cannot be done, the second goes.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => fs::rename(from, to),
        outcome => Ok(outcome?),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}
