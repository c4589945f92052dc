//! Keeps the build of a project apart from the builds of its copies.
//!
//! Cargo identifies a package of a workspace by its path below the workspace. If copies of a
//! project share a target directory, it uses the build of one for another, unless a source is newer
//! (rust-lang/cargo#12516). But it keeps the output of different compiler wrappers apart, and
//! shares only dependencies. So each project has its own wrapper.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// Tells the script the user's own wrapper.
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

/// On other systems than Unix, a wrapper would have to be a binary.
fn is_shared(target: &Path, root: &Path) -> bool {
    cfg!(unix) && !target.starts_with(root)
}

/// The path in an environment variable, relative to the current directory.
pub fn absolute_path(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).filter(|path| !path.is_empty())?;
    std::path::absolute(path).ok()
}

/// Makes Cargo keep the build of the project at `root` apart from others in `target`.
pub fn keep_apart(command: &mut Command, root: &Path, target: &Path) -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let directory = target.join("amplify").join(format!("{:016x}", hasher.finish()));
    let wrapper = directory.join("rustc");
    if fs::read(&wrapper).ok().as_deref() != Some(SCRIPT.as_bytes()) {
        fs::create_dir_all(&directory)?;
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
