//! Every folder in `tests/cases` is a test.
//!
//! - `case.toml`: the command lines, and what is special about the case ([`Case`])
//! - `in/`: the repository before; missing for an empty folder
//! - `out/`: the repository after; missing when nothing may change
//! - `output`: all that the commands print
//!
//! `just bless` writes `out` and `output` anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use similar::TextDiff;

use crate::support::{Tree, entries, program, read_tree, succeed, write_tree};

/// `case.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// Command lines, run one after the other.
    run: Vec<Vec<String>>,
    /// The folder to run in, relative to the repository.
    #[serde(default)]
    folder: String,
    /// The folders that are git repositories.
    #[serde(default)]
    git: Vec<String>,
    /// The exit code of the last command.
    #[serde(default)]
    exit: i32,
    /// Whether the same commands again change nothing.
    #[serde(default = "yes")]
    again: bool,
    /// Whether the result is also built, linted and tested: see `generated.rs`.
    #[serde(default)]
    pub build: bool,
    /// The folders of the generated crates, which Cargo must find.
    #[serde(default)]
    pub crates: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What to do when a golden file is not as expected, but should be from now on.
pub const BLESS: &str = "to accept what is there now, run `just bless`, \
                     or SNAPSHOTS=overwrite cargo test --test testsuite";

#[test]
fn all_cases() {
    let mut failures = String::new();
    for folder in folders() {
        let name = folder.file_name().expect("a name").to_string_lossy();
        if let Err(failure) = check(&folder) {
            let _ = writeln!(failures, "\n=== {name} ===\n{failure}");
        }
    }
    assert!(failures.is_empty(), "{failures}\n{BLESS}");
}

/// The folders of all cases, sorted.
pub fn folders() -> Vec<PathBuf> {
    let folders = entries("tests/cases");
    assert!(!folders.is_empty(), "there are no cases");
    folders
}

pub fn load(folder: &Path) -> Case {
    let text = fs::read_to_string(folder.join("case.toml")).expect("case.toml");
    toml_edit::de::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

fn check(folder: &Path) -> Result<(), String> {
    let case = load(folder);
    let before = read_tree(&folder.join("in"));
    let sandbox = Sandbox::new(&case, &before);
    let mut printed = String::new();
    for (index, arguments) in case.run.iter().enumerate() {
        let expected = if index + 1 == case.run.len() {
            case.exit
        } else {
            0
        };
        printed += &sandbox.run(&case, arguments, expected)?;
    }
    let after = sandbox.tree();
    if case.exit == 0 {
        if case.again {
            check_twice(&case, &sandbox, &after)?;
        }
        check_loads(&case, &sandbox)?;
        check_fits(&case, &sandbox, &before)?;
        check_dry_run(&case, &before, &after)?;
        check_removal(&case, &sandbox, &before)?;
    }
    compare(folder, &before, &after, &printed)
}

/// The same commands again change nothing.
fn check_twice(case: &Case, sandbox: &Sandbox, after: &Tree) -> Result<(), String> {
    for arguments in &case.run {
        sandbox.run(case, arguments, 0)?;
    }
    differences("the second time", after, &sandbox.tree())
}

/// Cargo still loads the workspace, and each crate is part of it.
fn check_loads(case: &Case, sandbox: &Sandbox) -> Result<(), String> {
    for folder in &case.crates {
        let mut command = Command::new(env!("CARGO"));
        let arguments = [
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ];
        command
            .args(arguments)
            .current_dir(sandbox.root().join(folder));
        let output = command.output().map_err(|error| error.to_string())?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| format!("Cargo: {}", String::from_utf8_lossy(&output.stderr)))?;
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        if !packages.any(|package| package["name"] == name) {
            return Err(format!("Cargo finds no package `{name}`: {metadata:#}"));
        }
    }
    Ok(())
}

/// Where `check` finds nothing before, it finds nothing in what `new` made.
fn check_fits(case: &Case, sandbox: &Sandbox, before: &Tree) -> Result<(), String> {
    let skipped = case.run.concat().iter().any(|argument| argument == "skip");
    if case.crates.is_empty() || skipped {
        return Ok(());
    }
    let check = ["check", "--quiet"].map(str::to_owned);
    match Sandbox::new(case, before).run(case, &check, 0) {
        Ok(_) => sandbox.run(case, &check, 0).map(drop),
        Err(_) => Ok(()),
    }
}

/// The patch that `--dry-run` prints makes what the command makes.
fn check_dry_run(case: &Case, before: &Tree, after: &Tree) -> Result<(), String> {
    let [arguments] = case.run.as_slice() else {
        return Ok(());
    };
    let other_output = [
        "--dry-run",
        "--help",
        "json",
        "list",
        "check",
        "synth",
        "outputs",
    ];
    if arguments
        .iter()
        .any(|argument| other_output.contains(&argument.as_str()))
    {
        return Ok(());
    }
    let sandbox = Sandbox::new(case, before);
    let output = sandbox
        .command(case, arguments)
        .arg("--dry-run")
        .output()
        .map_err(|error| error.to_string())?;
    differences("`--dry-run`", before, &sandbox.tree())?;
    let given = arguments
        .iter()
        .skip_while(|argument| *argument != "--path")
        .nth(1);
    let root = given.map_or(sandbox.root(), |path| sandbox.root().join(path));
    apply_patch(&root, &output.stdout);
    differences("the patch of `--dry-run`", after, &sandbox.tree())
}

/// `new` then `remove` is as before, to the byte.
fn check_removal(case: &Case, sandbox: &Sandbox, before: &Tree) -> Result<(), String> {
    if !case.run.iter().any(|arguments| arguments[0] == "new") {
        return Ok(());
    }
    let arguments = case.run.concat();
    let given = arguments
        .windows(2)
        .find_map(|pair| (pair[0] == "--path").then_some(pair[1].as_str()));
    let project = sandbox.root().join(&case.folder).join(given.unwrap_or(""));
    let replaces = arguments
        .iter()
        .any(|argument| ["overwrite", "skip"].contains(&argument.as_str()));
    let Some(record) = find_record(&project).filter(|_| !replaces) else {
        return Ok(());
    };
    let record: cargo_amplify::plan::Record =
        toml_edit::de::from_str(&record).map_err(|error| error.to_string())?;
    for (name, function) in record.functions {
        let mut command = vec![
            "remove",
            "auth-trigger",
            &function.kind,
            "--name",
            &name,
            "-q",
        ];
        command.extend(given.iter().flat_map(|path| ["--path", path]));
        let command: Vec<_> = command.into_iter().map(str::to_owned).collect();
        sandbox.run(case, &command, 0)?;
    }
    differences("what is left after `remove`", before, &sandbox.tree())
}

/// The record of the project that a folder is in.
fn find_record(folder: &Path) -> Option<String> {
    let mut records = folder
        .ancestors()
        .map(|folder| folder.join(cargo_amplify::plan::RECORD));
    fs::read_to_string(records.find(|record| record.exists())?).ok()
}

/// `git apply`, in a folder that may not exist yet.
pub fn apply_patch(folder: &Path, patch: &[u8]) {
    if patch.is_empty() {
        return;
    }
    fs::create_dir_all(folder).expect("created");
    let file = folder.join(".patch");
    fs::write(&file, patch).expect("written");
    succeed(
        Command::new("git")
            .args(["apply", ".patch"])
            .current_dir(folder),
    );
    fs::remove_file(file).expect("removed");
}

fn compare(folder: &Path, before: &Tree, after: &Tree, printed: &str) -> Result<(), String> {
    // A repository that does not change is not kept twice.
    let changed = if before == after {
        Tree::new()
    } else {
        after.clone()
    };
    golden_tree(&folder.join("out"), &changed)?;
    golden_text(&folder.join("output"), printed)
}

/// Compares with the golden files in a folder, or writes them.
pub fn golden_tree(folder: &Path, actual: &Tree) -> Result<(), String> {
    if blessing() {
        write_tree(folder, actual);
    }
    differences(&folder.display().to_string(), &read_tree(folder), actual)
}

/// Compares with a golden file, or writes it.
pub fn golden_text(file: &Path, actual: &str) -> Result<(), String> {
    if blessing() {
        fs::write(file, actual).map_err(|error| error.to_string())?;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    Err(format!(
        "{} is not as expected:\n{}",
        file.display(),
        diff(&expected, actual)
    ))
}

/// Whether to accept what is there now.
fn blessing() -> bool {
    std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite")
}

/// Says how two trees differ, file by file.
pub fn differences(what: &str, expected: &Tree, actual: &Tree) -> Result<(), String> {
    let mut text = String::new();
    for path in expected
        .keys()
        .chain(actual.keys().filter(|path| !expected.contains_key(*path)))
    {
        let side = |tree: &Tree| {
            tree.get(path)
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let _ = match (side(expected), side(actual)) {
            (Some(_), None) => writeln!(text, "{path} is missing"),
            (None, Some(_)) => writeln!(text, "{path} should not be there"),
            (Some(old), Some(new)) if old != new => writeln!(text, "{path}:\n{}", diff(&old, &new)),
            _ => Ok(()),
        };
    }
    if text.is_empty() {
        return Ok(());
    }
    Err(format!("{what} is not as expected:\n{text}"))
}

fn diff(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().to_string()
}

/// A copy of a case's repository, in a folder that no Cargo or git project is above of.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new(case: &Case, tree: &Tree) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = Self(folder);
        write_tree(&sandbox.root(), tree);
        for repository in &case.git {
            let folder = sandbox.root().join(repository).join(".git");
            fs::create_dir_all(folder).expect("created");
        }
        sandbox
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("repo")
    }

    fn tree(&self) -> Tree {
        read_tree(&self.root())
    }

    fn command(&self, case: &Case, arguments: &[String]) -> Command {
        let mut command = program();
        let folder = self.root().join(&case.folder);
        fs::create_dir_all(&folder).expect("created");
        command.current_dir(folder).args(arguments);
        command
    }

    /// Runs the program; returns the command line and all that it prints, with the sandbox's
    /// path replaced.
    fn run(&self, case: &Case, arguments: &[String], exit: i32) -> Result<String, String> {
        let output = self
            .command(case, arguments)
            .output()
            .map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| {
            let real = self.0.path().canonicalize().expect("there");
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.replace(&*real.to_string_lossy(), "[SANDBOX]")
        };
        let mut printed = format!("$ cargo amplify {}\n", arguments.join(" "));
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let _ = write!(printed, "--- {name}\n{}", text(bytes));
            }
        }
        match output.status.code() {
            Some(code) if code == exit => Ok(printed),
            code => Err(format!("exit code {code:?} and not {exit}:\n{printed}")),
        }
    }
}
