//! Every folder in `tests/typescript` is an Amplify app as people write it.
//!
//! - `before/`, `after/`: the app, and the files of it that change; `expect.md` says why
//! - `case.json`: what is asked for, and what is to come of it ([`App`])

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde::Deserialize;

use crate::cases::{apply_patch, differences};
use crate::support::{Tree, entries, program, read_tree, write_tree};

/// `case.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// `edited`, `unchanged` or `refuse`.
    pub expect: String,
    pub trigger: String,
    pub version: Option<String>,
    /// The files that are edited.
    pub changed_files: Vec<String>,
    /// What a refusal says.
    #[serde(default)]
    pub refusal: String,
    /// The folder of the function.
    pub handler_dir: String,
}

/// The folders of all apps, sorted.
pub fn folders() -> Vec<PathBuf> {
    let folders = entries("tests/typescript");
    assert!(folders.len() > 40, "there are only {} apps", folders.len());
    folders
}

pub fn load(folder: &Path) -> App {
    let text = fs::read_to_string(folder.join("case.json")).expect("case.json");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

#[test]
fn all_apps() {
    let mut failures = String::new();
    for folder in folders() {
        if let Err(failure) = check(&folder) {
            failures += &format!("\n=== {} ===\n{failure}\n", folder.display());
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn check(folder: &Path) -> Result<(), String> {
    let app = load(folder);
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    let before = without_function(&app, read_tree(&folder.join("before")));
    write_tree(&root, &before);
    let output = run(&root, &app, &[]);
    let after = read_tree(&root);
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    if app.expect == "refuse" {
        differences("a refused app", &before, &after)?;
        let says = |text: &str| printed.replace('`', "").contains(&text.replace('`', ""));
        let refused = output.status.code() == Some(3) && says(&app.refusal);
        return refused.then_some(()).ok_or(printed);
    }
    if !output.status.success() {
        return Err(printed);
    }
    let mut expected = before.clone();
    expected.extend(read_tree(&folder.join("after")));
    for (path, text) in &expected {
        let (text, edited) = (
            lossy(text),
            lossy(after.get(path).map_or(&[], Vec::as_slice)),
        );
        if text != edited {
            return Err(format!("{path} is\n{edited}\nand not\n{text}"));
        }
    }
    check_twice(&root, &app, &after)?;
    check_dry_run(&root, &app, &before, &after)?;
    check_removal(&root, &app, &before, &after)
}

/// The app without a function that is there already: whether its wiring is recognized does not
/// depend on that.
fn without_function(app: &App, tree: Tree) -> Tree {
    let folder = format!("{}/", app.handler_dir);
    tree.into_iter()
        .filter(|(path, _)| !path.starts_with(&folder))
        .collect()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(root: &Path, app: &App, more: &[&str]) -> Output {
    let mut command = program();
    command
        .args(["new", "auth-trigger", &app.trigger])
        .args(more);
    if let Some(version) = &app.version {
        command.args(["--event-version", version]);
    }
    command.current_dir(root).output().expect("it starts")
}

fn check_twice(root: &Path, app: &App, after: &Tree) -> Result<(), String> {
    let output = run(root, app, &[]);
    if !output.status.success() {
        return Err(lossy(&output.stderr));
    }
    differences("the second time", after, &read_tree(root))
}

/// The patch that `--dry-run` prints makes what the command makes.
fn check_dry_run(root: &Path, app: &App, before: &Tree, after: &Tree) -> Result<(), String> {
    write_tree(root, before);
    let output = run(root, app, &["--dry-run"]);
    differences("`--dry-run`", before, &read_tree(root))?;
    apply_patch(root, &output.stdout);
    differences("the patch of `--dry-run`", after, &read_tree(root))
}

/// What was added goes again, to the byte. What was there before `new` and is not needed any
/// more goes with it.
fn check_removal(root: &Path, app: &App, before: &Tree, after: &Tree) -> Result<(), String> {
    write_tree(root, after);
    let output = program()
        .args(["remove", "auth-trigger", &app.trigger])
        .current_dir(root)
        .output()
        .expect("it starts");
    if !output.status.success() {
        return Err(lossy(&output.stderr));
    }
    let left = read_tree(root);
    let was_wired = |path: &&String| lossy(&before[*path]).contains(&app.trigger);
    let mut expected = before.clone();
    for path in before.keys().filter(was_wired) {
        expected.insert(path.clone(), left.get(path).cloned().unwrap_or_default());
    }
    differences("what is left after `remove`", &expected, &left)
}

/// Every change of `app` is in a file that is named.
#[test]
fn apps_say_what_changes() {
    for folder in folders() {
        let app = load(&folder);
        let changed: Vec<_> = read_tree(&folder.join("after")).into_keys().collect();
        assert_eq!(changed, app.changed_files, "{}", folder.display());
    }
}
