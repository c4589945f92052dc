//! What a file is besides its text and its permissions: an edit keeps it, or is refused.

use std::fs::File;
use std::io;
use std::path::Path;

/// Why no other file can take the place of the one at `path`, and what to do about it; `None` when
/// one can.
#[cfg(unix)]
pub fn obstacle(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::symlink_metadata(path).ok()?;
    let user = rustix::process::geteuid();
    let mode = found.mode() & 0o777;
    if mode & 0o222 == 0 {
        return Some(format!(
            "is read-only: its mode is {mode:04o}\n  if it may be changed, `chmod u+w` it"
        ));
    }
    if found.nlink() > 1 {
        let others = found.nlink() - 1;
        return Some(format!(
            "has other names, which would not change with it: hard links, {others} of them\n  \
             replace it by a copy of itself"
        ));
    }
    if found.uid() != user.as_raw() && !user.is_root() {
        return Some("belongs to another user, and would become yours\n  `chown` it".to_owned());
    }
    None
}

/// Gives a new file the owner, the group and the extended attributes of the `original` whose place
/// it takes.
#[cfg(unix)]
pub fn copy(original: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (old, new) = (std::fs::metadata(original)?, file.metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    copy_extended(original, file)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn copy_extended(original: &Path, file: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr, getxattr, getxattr_query, listxattr, listxattr_query};
    use rustix::io::Errno;
    let mut names = match listxattr_query(original) {
        Ok(length) => vec![0; length],
        // A file system without them.
        Err(Errno::NOTSUP) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let length = listxattr(original, &mut names[..])?;
    for name in names[..length].split(|byte| *byte == 0) {
        if name.is_empty() {
            continue;
        }
        let mut value = vec![0; getxattr_query(original, name)?];
        let length = getxattr(original, name, &mut value[..])?;
        let outcome = fsetxattr(file, name, &value[..length], XattrFlags::empty());
        // These are the system's to set.
        if !name.starts_with(b"security.") && !name.starts_with(b"com.apple.") {
            outcome?;
        }
    }
    Ok(())
}

#[cfg(all(unix, not(any(target_os = "linux", target_vendor = "apple"))))]
fn copy_extended(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Elsewhere a file that can be written can be replaced.
#[cfg(not(unix))]
pub fn obstacle(path: &Path) -> Option<String> {
    let found = std::fs::metadata(path).ok()?;
    let is_read_only = found.permissions().readonly();
    is_read_only.then(|| "is read-only\n  if it may be changed, make it writable".to_owned())
}

#[cfg(not(unix))]
pub fn copy(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}
