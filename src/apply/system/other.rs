//! Windows: a user's own directories are for nobody else to write, and files have no modes.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use tempfile::TempPath;

use super::Kind;

/// Why what is at a path is not this user's own; `None` when it is.
pub fn problem_of(path: &Path, kind: Kind) -> Option<String> {
    let is_right = match kind {
        Kind::Folder => path.is_dir(),
        Kind::File => path.is_file(),
    };
    (!is_right).then(|| "is not what this program puts there".to_owned())
}

/// The number of a file in its file system, and that of the file system.
pub fn inode_and_device(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Files have nothing to copy but their text.
pub fn copy_attributes(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Names last by themselves.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file; `None` where there is something else.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path)?.is_file() {
        true => fs::read(path).map(Some),
        false => Ok(None),
    }
}

/// Makes a file where nothing is.
pub fn create_file(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

pub use fs::{
    create_dir as create_folder, create_dir as create_private, remove_dir as remove_folder,
    remove_file, rename, rename as exchange,
};

/// Gives a file a name that nothing has.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    let Err(failed) = TempPath::try_from_path(from)?.persist_noclobber(to) else {
        return Ok(());
    };
    failed.path.keep()?;
    Err(failed.error)
}

/// Files are written when they are synced.
pub fn begin_to_write(_: &File) {}

/// Sets the permissions of a file, which has none.
pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// The permissions of a file, which has none.
pub fn mode(_: &Path) -> Option<u32> {
    None
}
