//! Windows: only the user can write to the user's directories, and files have no modes.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use tempfile::TempPath;

use super::FileKind;

/// Why a file or directory is not the user's own; `None` if it is.
pub fn problem_of(path: &Path, kind: FileKind) -> Option<String> {
    let is_right = match kind {
        FileKind::Directory => path.is_dir(),
        FileKind::File => path.is_file(),
    };
    (!is_right).then(|| "is not what this program puts there".to_owned())
}

pub fn inode_and_device(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Files have no attributes to copy.
pub fn copy_attributes(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Names are durable by themselves.
pub fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file; `None` if it is not a regular file.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let is_file = fs::symlink_metadata(path)?.is_file();
    is_file.then(|| fs::read(path)).transpose()
}

/// Creates a file that does not exist.
pub fn create_file(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

pub fn create_directory(path: &Path, _: u32) -> io::Result<()> {
    fs::create_dir(path)
}

pub use fs::{remove_dir as remove_directory, remove_file, rename, rename as exchange};

/// Renames a file unless something has the name.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    let Err(failed) = TempPath::try_from_path(from)?.persist_noclobber(to) else {
        return Ok(());
    };
    failed.path.keep()?;
    Err(failed.error)
}

/// Files are written when they are synced.
pub fn begin_to_write(_: &File) {}

pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

pub fn mode(_: &Path) -> Option<u32> {
    None
}
