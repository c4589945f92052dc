//! Windows: a user's own directories are for nobody else to write, and files have no modes.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

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

/// Why no other file can take the place of the one at `path`, and what to do about it; `None` when
/// one can.
pub fn obstacle(path: &Path) -> Option<String> {
    let is_read_only = fs::metadata(path).ok()?.permissions().readonly();
    is_read_only.then(|| "is read-only\n  if it may be changed, make it writable".to_owned())
}

/// Files have nothing to copy but their text.
pub fn copy_attributes(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Names last by themselves.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder.
pub fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// Sets the permissions of a file, which has none.
pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// The permissions of a file, which has none.
pub fn mode(_: &Path) -> Option<u32> {
    None
}
