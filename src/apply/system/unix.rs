//! Linux, macOS and other Unix systems.

use std::fs::{self, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use super::{FileKind, open};

/// Why a file or directory is not the user's own; `None` if it is.
pub fn problem_of(path: &Path, kind: FileKind) -> Option<String> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) => return Some(format!("cannot be read: {error}")),
    };
    let mode = found.mode() & 0o7777;
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Some("belongs to another user".to_owned());
    }
    match kind {
        FileKind::Directory if !found.is_dir() => Some("is not a directory".to_owned()),
        FileKind::Directory if mode & 0o022 != 0 => {
            Some(format!("can be written by others: its mode is {mode:04o}"))
        }
        FileKind::File if !found.is_file() => Some("is not a file".to_owned()),
        FileKind::File if mode != 0o600 => Some(format!("has the mode {mode:04o}, not 0600")),
        _ => None,
    }
}

pub fn inode_and_device(metadata: &Metadata) -> Option<(u64, u64)> {
    Some((metadata.ino(), metadata.dev()))
}

/// Gives a new file the owner, the group and the extended attributes of `original`, which it
/// replaces.
pub fn copy_attributes(original: &Path, file: &File) -> io::Result<()> {
    let Some(original) = open(original)? else {
        return Ok(());
    };
    let (old, new) = (original.metadata()?, file.metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    copy_extended(&original, file)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn copy_extended(original: &File, file: &File) -> io::Result<()> {
    use rustix::fs::{
        XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fsetxattr,
    };
    use rustix::io::Errno;
    let mut names = match flistxattr_query(original) {
        Ok(length) => vec![0; length],
        // A file system without them.
        Err(Errno::NOTSUP) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let length = flistxattr(original, &mut names[..])?;
    for name in names[..length].split(|byte| *byte == 0) {
        if name.is_empty() {
            continue;
        }
        let mut value = vec![0; fgetxattr_query(original, name)?];
        let length = fgetxattr(original, name, &mut value[..])?;
        let outcome = fsetxattr(file, name, &value[..length], XattrFlags::empty());
        // Only the system sets these.
        if !name.starts_with(b"security.") && !name.starts_with(b"com.apple.") {
            outcome?;
        }
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn copy_extended(_: &File, _: &File) -> io::Result<()> {
    Ok(())
}

/// Starts to write a file to disk, if the system has a call for it, and does not wait.
pub fn begin_to_write(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

pub fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

pub fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.mode() & 0o777)
}
