//! Directories, trees of files and commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use walkdir::WalkDir;

/// Creates the temporary directories of tests in memory, if there is enough, because runs sync what
/// they write.
pub fn use_memory_for_temporary_files() {
    #[cfg(target_os = "linux")]
    if let Ok(memory) = rustix::fs::statvfs("/dev/shm")
        && memory.f_bavail * memory.f_frsize > 1 << 30
    {
        let _ = tempfile::env::override_temp_dir(Path::new("/dev/shm"));
    }
}

/// A directory's files by relative path. A link is its target behind `-> `.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// The program under test, without the user's settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    // As if it was found in `PATH`.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "cargo-amplify");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    // The width of help texts: that of a terminal on standard input, else this one.
    command.stdin(Stdio::null()).env("COLUMNS", "100");
    command.env("CARGO_AMPLIFY_STATE_DIR", state_directory());
    command
}

/// Where the journals of tests are, instead of with the user's.
pub fn state_directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("state")
}

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The entries of a directory of the repository, sorted.
pub fn entries(directory: &str) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(repository().join(directory)).expect("a directory of the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

/// Reads a directory without what Cargo builds. A missing one has no files.
pub fn read_tree(directory: &Path) -> Tree {
    let kept =
        |entry: &walkdir::DirEntry| entry.file_name() != "target" && entry.file_name() != ".git";
    let entries = WalkDir::new(directory).into_iter().filter_entry(kept).flatten();
    let files = entries.filter(|entry| !entry.file_type().is_dir()).map(|entry| {
        let relative = entry.path().strip_prefix(directory).expect("below the directory");
        let path = relative.to_str().expect("UTF-8").replace('\\', "/");
        let content = if entry.file_type().is_symlink() {
            let target = fs::read_link(entry.path()).expect("a link");
            format!("-> {}", target.display()).into_bytes()
        } else {
            fs::read(entry.path()).expect("a readable file")
        };
        (path, content)
    });
    files.collect()
}

/// Makes `directory` contain exactly the files of `tree`.
pub fn write_tree(directory: &Path, tree: &Tree) {
    if directory.exists() {
        fs::remove_dir_all(directory).expect("removed");
    }
    for (path, content) in tree {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        match content.strip_prefix(b"-> ") {
            Some(target) => link(Path::new(std::str::from_utf8(target).expect("UTF-8")), &path),
            None => fs::write(path, content).expect("written"),
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) {
    std::os::unix::fs::symlink(target, path).expect("linked");
}

#[cfg(not(unix))]
fn link(_: &Path, path: &Path) {
    panic!("{} is a link, which only the tests on Unix can make", path.display());
}

/// Makes `directory` contain exactly the files of `tree`, besides what Cargo builds. Unchanged files
/// are not written, because Cargo looks at modification times.
pub fn update_tree(directory: &Path, tree: &Tree) {
    let there = read_tree(directory);
    for (path, content) in tree {
        if there.get(path) != Some(content) {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            fs::write(path, content).expect("written");
        }
    }
    for path in there.keys().filter(|path| !tree.contains_key(*path)) {
        if path != "Cargo.lock" {
            fs::remove_file(directory.join(path)).expect("removed");
        }
    }
}

/// `git apply`, in a directory that may not exist yet.
pub fn apply_patch(directory: &Path, patch: &[u8]) {
    if patch.is_empty() {
        return;
    }
    fs::create_dir_all(directory).expect("created");
    let file = directory.join(".patch");
    fs::write(&file, patch).expect("written");
    succeed(Command::new("git").args(["apply", ".patch"]).current_dir(directory));
    fs::remove_file(file).expect("removed");
}

/// Runs a command that must succeed.
#[track_caller]
pub fn succeed(command: &mut Command) -> Output {
    let output = command.output().expect("the command starts");
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Cargo in a generated project. All share a target directory, so that dependencies are compiled
/// once; their versions are those of `tests/generated.lock`.
pub fn cargo(project: &Path) -> Command {
    let lock = project.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(repository().join("tests/generated.lock"), lock).expect("copied");
    }
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(project);
    builds_generated(&mut command);
    // Set by Cargo for this test itself, and wrong for a build of another package.
    for (variable, _) in std::env::vars() {
        if variable.starts_with("CARGO_PKG_") || variable == "CARGO_MANIFEST_DIR" {
            command.env_remove(variable);
        }
    }
    command
}

/// What Cargo makes of the workspace that a directory is in.
pub fn metadata(directory: &Path) -> Result<serde_json::Value, String> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["metadata", "--no-deps", "--offline"])
        .args(["--format-version", "1"])
        .current_dir(directory);
    let output = command.output().map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("Cargo: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The root of a workspace, and its packages with their editions.
pub type Workspace = (String, BTreeSet<String>);

/// What Cargo makes of each manifest that it can read: the root, the members and their editions.
pub fn what_cargo_makes(root: &Path, of: &Tree) -> BTreeMap<String, Workspace> {
    let manifests = of.keys().filter(|path| path.ends_with("Cargo.toml"));
    let read = manifests.filter_map(|path| {
        let found = metadata(root.join(path).parent()?).ok()?;
        let packages = found["packages"].as_array()?.iter();
        let members =
            packages.map(|package| format!("{} {}", package["manifest_path"], package["edition"]));
        Some((path.clone(), (found["workspace_root"].to_string(), members.collect())))
    });
    read.collect()
}

/// Makes a command build generated crates in the shared directory with the shared settings, so that
/// their dependencies are compiled once.
pub fn builds_generated(command: &mut Command) -> &mut Command {
    command.env("CARGO_TARGET_DIR", target()).env("CARGO_PROFILE_DEV_DEBUG", "0")
}

/// How often something random is tried: this many times, or `REPEAT` times as many for a longer
/// search.
pub fn repeated(times: u32) -> u32 {
    let factor = std::env::var("REPEAT").ok();
    times * factor.map_or(1, |factor| factor.parse().expect("REPEAT is a number"))
}

/// Where generated projects are built.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}

/// Held by tests that build in [`target`], because crates with the same name in different projects
/// would overwrite each other's binaries.
pub static BUILD: Mutex<()> = Mutex::new(());
