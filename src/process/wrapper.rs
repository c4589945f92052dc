//! Keeps what is built of a project apart from what is built of its copies.
//!
//! Cargo knows a package of a workspace by its path below the workspace. Where copies of a project
//! share a target directory, it takes what was built of one for that of another, as long as no
//! source is newer (rust-lang/cargo#12516). But what goes through a wrapper of the compiler it keeps
//! by the path of the wrapper, and only dependencies are shared. So each project has its own there.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// Where the script finds the user's own wrapper.
const INNER: &str = "CARGO_AMPLIFY_INNER_WRAPPER";

const SCRIPT: &str =
    "#!/bin/sh\nexec ${CARGO_AMPLIFY_INNER_WRAPPER:+\"$CARGO_AMPLIFY_INNER_WRAPPER\"} \"$@\"\n";

/// The target directory that the environment names, if others may share it.
pub fn shared_target(root: &Path) -> Option<PathBuf> {
    let mut named = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].into_iter();
    named.find_map(absolute_path).filter(|target| is_shared(target, root))
}

/// The target directory that a binary was built in, if others may share it.
pub fn shared_target_of<'a>(binary: &'a Path, root: &Path) -> Option<&'a Path> {
    binary.parent()?.parent().filter(|target| is_shared(target, root))
}

/// Elsewhere than on Unix, a wrapper would have to be a program.
fn is_shared(target: &Path, root: &Path) -> bool {
    cfg!(unix) && !target.starts_with(root)
}

/// The path in a variable of the environment, as seen from where the user stands.
pub fn absolute_path(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).filter(|path| !path.is_empty())?;
    std::path::absolute(path).ok()
}

/// Has Cargo keep what it builds of the project at `root` apart from others in `target`.
pub fn keep_apart(command: &mut Command, root: &Path, target: &Path) -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let folder = target.join("amplify").join(format!("{:016x}", hasher.finish()));
    let wrapper = folder.join("rustc");
    if fs::read(&wrapper).ok().as_deref() != Some(SCRIPT.as_bytes()) {
        fs::create_dir_all(&folder)?;
        fs::write(&wrapper, SCRIPT)?;
        set_executable(&wrapper)?;
    }
    if let Some(inner) = env::var_os(WRAPPER).filter(|inner| !inner.is_empty()) {
        command.env(INNER, inner);
    }
    command.env(WRAPPER, wrapper);
    Ok(())
}

#[cfg(unix)]
fn set_executable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn set_executable(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
