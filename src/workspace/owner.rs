//! Whose a file is, and which git repository a directory is in.

use std::path::Path;

/// The top of the git repository that `folder` is in.
pub fn git_top(folder: &Path) -> Option<&Path> {
    let mut folders = folder.ancestors();
    folders.find(|folder| folder.join(".git").exists())
}

/// Whether `file`, found above `folder`, is by somebody whom a user who has chosen `folder` relies
/// on: the user, the owner of `folder`, or the administrator. Anybody can put a file into a
/// directory such as `/tmp`.
#[cfg(unix)]
pub fn is_trusted(file: &Path, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| std::fs::symlink_metadata(path).map(|found| found.uid());
    let user = rustix::process::geteuid().as_raw();
    let is_trusted = |path: &Path| {
        owner(path)
            .is_ok_and(|uid| uid == 0 || uid == user || owner(folder).is_ok_and(|of| of == uid))
    };
    is_trusted(file) && file.parent().is_none_or(is_trusted)
}

/// Elsewhere a user's directories are not for others to write.
#[cfg(not(unix))]
pub fn is_trusted(_: &Path, _: &Path) -> bool {
    true
}
