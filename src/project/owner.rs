//! Who owns a file, and whether it can be replaced.

use std::fs;
use std::path::Path;

/// Whether `file`, found above `directory`, belongs to somebody whom the user trusts: the user, the
/// owner of `directory`, or the administrator. Anybody can create a file in a directory such as
/// `/tmp`.
#[cfg(unix)]
pub fn is_trusted(file: &Path, directory: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| std::fs::symlink_metadata(path).map(|found| found.uid());
    let user = rustix::process::geteuid().as_raw();
    let is_trusted = |path: &Path| {
        owner(path)
            .is_ok_and(|uid| uid == 0 || uid == user || owner(directory).is_ok_and(|of| of == uid))
    };
    is_trusted(file) && file.parent().is_none_or(is_trusted)
}

/// Elsewhere, other users cannot write to a user's directories.
#[cfg(not(unix))]
pub fn is_trusted(_: &Path, _: &Path) -> bool {
    true
}

/// Why the file at `path` cannot be replaced, and what to do about it; `None` when it can.
#[cfg(unix)]
pub fn obstacle(path: &Path) -> Option<(String, &'static str)> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::symlink_metadata(path).ok()?;
    let user = rustix::process::geteuid();
    let mode = found.mode() & 0o777;
    if mode & 0o222 == 0 {
        let reason = format!("is read-only: its mode is {mode:04o}");
        return Some((reason, "if it may be changed, `chmod u+w` it"));
    }
    if found.nlink() > 1 {
        let others = found.nlink() - 1;
        let reason = format!(
            "has other names, which would not change with it: hard links, {others} of them"
        );
        return Some((reason, "replace it by a copy of itself"));
    }
    if found.uid() != user.as_raw() && !user.is_root() {
        return Some(("belongs to another user, and would become yours".to_owned(), "`chown` it"));
    }
    None
}

#[cfg(not(unix))]
pub fn obstacle(path: &Path) -> Option<(String, &'static str)> {
    let is_read_only = fs::metadata(path).ok()?.permissions().readonly();
    is_read_only.then(|| ("is read-only".to_owned(), "if it may be changed, make it writable"))
}
