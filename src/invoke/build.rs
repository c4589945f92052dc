//! Builds a crate with Cargo. Its progress and its messages go to standard error, untouched.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::children::{is_stopped, spawn};
use crate::error::{Error, Result};

/// How to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Fast to build.
    Debug,
    /// As it is deployed.
    Release,
}

/// Whether Cargo says what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It does.
    Shown,
    /// It says only what is wrong.
    Hidden,
}

/// Builds the crate in the folder `package` and returns its binary: the one that is called `name`,
/// or the only one.
///
/// # Errors
/// When Cargo is missing or fails, when there is no such binary, and on Ctrl-C.
pub fn build(package: &Path, name: &str, profile: Profile, progress: Progress) -> Result<PathBuf> {
    let mut arguments = vec!["build", "--message-format=json-render-diagnostics"];
    if profile == Profile::Release {
        arguments.push("--release");
    }
    if progress == Progress::Hidden {
        arguments.push("--quiet");
    }
    let output = run_cargo(package, &arguments)?;
    let mut binaries: Vec<_> = output.lines().filter_map(binary).collect();
    let named = binaries.iter().position(|(target, _)| target == name);
    match (named, binaries.len()) {
        (Some(index), _) => Ok(binaries.swap_remove(index).1),
        (None, 1) => Ok(binaries.swap_remove(0).1),
        (None, count) => Err(Error::failed(format!(
            "the crate in `{}` has {count} binaries, and none is called `{name}`",
            package.display()
        ))
        .hint(format!(
            "add `[[bin]]` with `name = \"{name}\"` to its `Cargo.toml`"
        ))),
    }
}

/// Runs Cargo in `folder` and returns what it prints on standard output.
///
/// # Errors
/// When Cargo is missing or fails, and on Ctrl-C.
pub fn run_cargo(folder: &Path, arguments: &[&str]) -> Result<String> {
    let shown = format!("cargo {}", arguments[0]);
    let mut command = cargo(folder);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let (mut child, group) =
        spawn(&mut command).map_err(|error| stopped_or(missing(&shown, error)))?;
    let lines = child.stdout.take().map(BufReader::new).map(BufRead::lines);
    let output: String = lines
        .into_iter()
        .flatten()
        .map_while(Result::ok)
        .flat_map(|line| [line, "\n".to_owned()])
        .collect();
    let status = child
        .wait()
        .map_err(|error| Error::io("run Cargo in", folder, error))?;
    drop(group);
    if status.success() {
        return Ok(output);
    }
    Err(stopped_or(
        Error::failed(format!("`{shown}` failed in `{}`", folder.display()))
            .hint("Cargo's messages above say why"),
    ))
}

/// Runs Cargo in `folder`, with all that it prints on standard error.
///
/// # Errors
/// As [`run_cargo`].
pub fn show_cargo(folder: &Path, arguments: &[&str]) -> Result<()> {
    let shown = format!("cargo {}", arguments[0]);
    let mut command = cargo(folder);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(std::io::stderr());
    let (mut child, group) =
        spawn(&mut command).map_err(|error| stopped_or(missing(&shown, error)))?;
    let status = child
        .wait()
        .map_err(|error| Error::io("run Cargo in", folder, error))?;
    drop(group);
    if status.success() {
        return Ok(());
    }
    Err(stopped_or(
        Error::failed(format!("`{shown}` failed")).hint("Cargo's messages above say why"),
    ))
}

fn missing(shown: &str, error: std::io::Error) -> Error {
    Error::failed(format!("cannot start `{shown}`"))
        .with_source(error)
        .hint("install Rust with Cargo from https://rustup.rs, or add it to `PATH`")
}

/// Cargo in `folder`, without what another Cargo has set for the program that it runs.
fn cargo(folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(folder);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(variable);
        }
    }
    command
}

/// `error`, unless it is only what Ctrl-C has caused.
fn stopped_or(error: Error) -> Error {
    if is_stopped() {
        Error::interrupted()
    } else {
        error
    }
}

/// A message of `cargo build --message-format=json`.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The name and the path of the binary that a line of Cargo's output tells of.
fn binary(line: &str) -> Option<(String, PathBuf)> {
    let message: Message = serde_json::from_str(line).ok()?;
    let (executable, target) = (message.executable?, message.target?);
    let is_binary = target.kind.iter().any(|kind| kind == "bin");
    is_binary.then_some((target.name, executable))
}
