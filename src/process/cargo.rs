//! Builds a crate with Cargo. Cargo's progress and messages go to standard error unchanged.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use serde::Deserialize;

use super::children::{is_stopped, output};
use super::wrapper::{absolute_path, keep_apart, shared_target, shared_target_of};
use crate::error::{Error, ErrorKind, Result};

/// How to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Debug,
    /// As it is deployed.
    Release,
}

/// Whether Cargo shows its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It does.
    Shown,
    /// Only errors and warnings are shown.
    Hidden,
}

/// A crate to build, with its binary.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Its directory.
    pub directory: PathBuf,
    pub package: String,
    pub binary: String,
}

/// What a build has made of a crate.
#[derive(Debug)]
pub struct Built {
    pub binary: PathBuf,
    /// All files that it was built from, except packages from registries: manifests, sources, and
    /// files that sources include.
    pub files: BTreeSet<PathBuf>,
}

/// Builds crates of the workspace in the directory `workspace`, in one run of Cargo. `root` is the
/// directory of the project, or of the workspace around it. Has a result for each crate: one that
/// fails keeps no other from being built.
///
/// # Errors
/// When Cargo is missing, and on Ctrl-C.
pub fn build(
    crates: &[Crate],
    (workspace, root): (&Path, &Path),
    profile: Profile,
    progress: Progress,
) -> Result<Vec<Result<Built>>> {
    let run = |shared: Option<&Path>| {
        build_artifacts(crates, (workspace, root), shared, (profile, progress))
    };
    let known = shared_target(root);
    let mut artifacts = run(known.as_deref())?;
    // If Cargo's configuration names a target directory, only the result shows it.
    let mut binaries = crates.iter().filter_map(|one| find_binary(&artifacts, one));
    let found = binaries.find_map(|binary| shared_target_of(binary, root)).map(Path::to_owned);
    if let (None, Some(target)) = (known, found) {
        artifacts = run(Some(&target))?;
    }
    let local = artifacts.iter().filter(|artifact| artifact.package_id.starts_with("path+"));
    let manifests: BTreeSet<_> = local.map(|artifact| artifact.manifest_path.clone()).collect();
    let built = |one: &Crate| {
        let binary = find_binary(&artifacts, one).ok_or_else(|| {
            Error::failed(format!("`cargo build` failed in `{}`", one.directory.display()))
                .hint("Cargo's messages above say why")
        })?;
        let mut files = sources(binary);
        files.extend(manifests.iter().cloned());
        Ok(Built { binary: binary.to_owned(), files })
    };
    Ok(crates.iter().map(built).collect())
}

fn build_artifacts(
    crates: &[Crate],
    (workspace, root): (&Path, &Path),
    shared: Option<&Path>,
    (profile, progress): (Profile, Progress),
) -> Result<Vec<Artifact>> {
    let mut command = cargo(workspace);
    if let Some(target) = shared {
        keep_apart(&mut command, root, target)
            .map_err(|error| Error::io("write to", target, error))?;
    }
    command.args(["build", "--keep-going", "--message-format=json-render-diagnostics"]);
    for one in crates {
        command.args(["--package", &one.package]);
    }
    if profile == Profile::Release {
        command.arg("--release");
    }
    if progress == Progress::Hidden {
        command.arg("--quiet");
    }
    let (output, _) = run_cargo(command, "cargo build", Stdio::piped())?;
    Ok(output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn find_binary<'a>(artifacts: &'a [Artifact], one: &Crate) -> Option<&'a Path> {
    let manifest = one.directory.join("Cargo.toml");
    let mut artifacts = artifacts.iter().filter(|artifact| {
        let target = &artifact.target;
        target.name == one.binary && target.kind.iter().any(|kind| kind == "bin")
    });
    artifacts.find(|artifact| artifact.manifest_path == manifest)?.executable.as_deref()
}

/// A message of `cargo build --message-format=json`.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    package_id: String,
    manifest_path: PathBuf,
    target: CargoTarget,
}

#[derive(Deserialize)]
struct CargoTarget {
    name: String,
    kind: Vec<String>,
}

/// The target directory of a workspace, when Cargo runs in `directory`; `None` if it cannot say.
pub fn target_directory(directory: &Path, workspace: &Path) -> Option<PathBuf> {
    let mut command = cargo(directory);
    command.args(["metadata", "--format-version=1", "--no-deps", "--offline", "--manifest-path"]);
    command.arg(workspace.join("Cargo.toml")).stderr(Stdio::null());
    let (output, _) = run_cargo(command, "cargo metadata", Stdio::piped()).ok()?;
    let metadata: serde_json::Value = serde_json::from_str(&output).ok()?;
    metadata["target_directory"].as_str().map(PathBuf::from)
}

/// Runs Cargo in `directory`, with all that it prints on standard error.
pub fn show_cargo(directory: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = cargo(directory);
    command.args(arguments);
    let shown = format!("cargo {}", arguments[0]);
    let (_, status) = run_cargo(command, &shown, std::io::stderr().into())?;
    if status.success() {
        return Ok(());
    }
    Err(Error::failed(format!("`{shown}` failed")).hint("Cargo's messages above say why"))
}

/// Runs Cargo, for errors as it is `shown`. Returns what it prints on standard output, if that is a
/// pipe, and how it ended.
fn run_cargo(mut command: Command, shown: &str, stdout: Stdio) -> Result<(String, ExitStatus)> {
    command.stdin(Stdio::null()).stdout(stdout);
    let ended = output(&mut command);
    if is_stopped() && !ended.as_ref().is_ok_and(|(_, status)| status.success()) {
        return Err(ErrorKind::Interrupted.into());
    }
    ended.map_err(|error| {
        Error::failed(format!("cannot start `{shown}`"))
            .with_source(error)
            .hint("install Rust with Cargo from https://rustup.rs, or add it to `PATH`")
    })
}

/// Cargo in `directory`, without what another Cargo has set for the program that it runs.
fn cargo(directory: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(directory);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(variable);
        }
    }
    let paths = PATHS.iter().filter_map(|variable| Some((variable, absolute_path(variable)?)));
    command.envs(paths);
    command
}

/// Variables with paths that Cargo resolves from its working directory.
const PATHS: [&str; 4] =
    ["CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_HOME", "CARGO_TARGET_DIR"];

/// The files that Cargo lists beside the binary in a Makefile rule; none if it cannot be read.
fn sources(binary: &Path) -> BTreeSet<PathBuf> {
    let text = fs::read_to_string(binary.with_extension("d")).unwrap_or_default();
    let (_, files) = text.split_once(": ").unwrap_or_default();
    let files = files.replace("\\ ", "\0");
    let files = files.split_whitespace().map(|file| file.replace('\0', " "));
    files.map(PathBuf::from).collect()
}
