//! Every directory in `tests/typescript` is an Amplify app as people write it.
//!
//! - `before/`, `after/`: the app, and the files of it that change; `expect.md` says why
//! - `case.json`: what is asked for, and what is to come of it ([`App`])

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde::Deserialize;

use crate::cases::golden::differences;
use crate::cases::names_in;
use crate::cases::sandbox::{Run, call};
use crate::support::{Tree, apply_patch, entries, read_tree, repository, write_tree};
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let names = names_in("tests/typescript");
    assert!(names.len() > 40, "there are only {} apps", names.len());
    let test = |name: String| {
        let directory = repository().join("tests/typescript").join(&name);
        trial("typescript", &name, move || check(&directory))
    };
    let stays = trial(
        "typescript",
        "a_backend_that_stays",
        a_backend_that_stays_has_no_pool_without_its_file,
    );
    let gone = trial("typescript", "what_is_gone", what_is_gone_is_not_called_again);
    let imported = trial("typescript", "what_is_imported", what_is_imported_stays);
    names.into_iter().map(test).chain([stays, gone, imported]).collect()
}

/// A function that another file of the app imports is not removed, whatever is to be kept.
fn what_is_imported_stays() -> Result<(), String> {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let mut files = read_tree(&repository().join("tests/typescript/01-no-triggers-key/before"));
    let data =
        "import { preSignUp } from '../auth/pre-sign-up/resource';\n\nallow.resource(preSignUp);\n";
    files.insert("amplify/data/resource.ts".to_owned(), data.as_bytes().to_vec());
    write_tree(&root, &files);
    assert_eq!(call(&root, &["new", "auth-trigger", "pre-sign-up"]).code, 0);
    let with_function = read_tree(&root);
    for decision in ["abort", "skip", "overwrite"] {
        let remove = ["remove", "auth-trigger", "pre-sign-up", "--on-conflict", decision];
        let run = call(&root, &remove);
        let lines = lossy(&run.err);
        let is_told = lines.contains("amplify/data/resource.ts:3: allow.resource(preSignUp);");
        if run.code != 3 || !is_told {
            return Err(lines);
        }
        differences("a function in use", &with_function, &read_tree(&root))?;
    }
    Ok(())
}

/// Code that was deleted after the switch, as advised, does not come back with `remove`, and the
/// function keeps its name.
fn what_is_gone_is_not_called_again() -> Result<(), String> {
    let app = repository().join("tests/typescript/90-switch-same-directory/before");
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let mut files = read_tree(&app);
    let auth = files.get_mut("amplify/auth/resource.ts").expect("a user pool");
    *auth = lossy(auth).replace("allow.resource(postConfirmation)", "allow").into_bytes();
    write_tree(&root, &files);
    let new = ["new", "auth-trigger", "post-confirmation"];
    assert_eq!(call(&root, &[&new[..], &["--on-conflict", "overwrite"]].concat()).code, 0);
    fs::remove_dir_all(root.join("amplify/auth/post-confirmation")).expect("removable");
    let switched = read_tree(&root);
    assert_eq!(call(&root, &new).code, 0);
    differences("the second time", &switched, &read_tree(&root))?;
    let removed = call(&root, &["remove", "auth-trigger", "post-confirmation"]);
    let says = lossy(&removed.err);
    let is_told = says.contains(
        "calls nothing instead: './post-confirmation/resource', which it called, is gone",
    );
    assert!(removed.code == 0 && is_told, "{says}");
    let left = fs::read_to_string(root.join("amplify/auth/resource.ts")).expect("a user pool");
    (!left.contains("postConfirmation")).then_some(()).ok_or(left)
}

/// A backend that was made, and has more in it by now, does not go with the user pool.
fn a_backend_that_stays_has_no_pool_without_its_file() -> Result<(), String> {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    fs::create_dir(&root).expect("a directory");
    fs::write(root.join("package.json"), "{}").expect("written");
    let new = ["new", "auth-trigger", "inbound-federation", "--wiring", "typescript"];
    assert_eq!(call(&root, &new).code, 0);
    let backend = root.join("amplify/backend.ts");
    let more = "import { data } from './data/resource';\n";
    let text = fs::read_to_string(&backend).expect("a backend");
    fs::write(&backend, format!("{more}{text}")).expect("writable");
    assert_eq!(call(&root, &["remove", "auth-trigger", "inbound-federation"]).code, 0);
    let left = fs::read_to_string(&backend).expect("a backend");
    assert!(!root.join("amplify/auth").exists());
    let gone = !left.contains("auth/") && left.starts_with(more);
    gone.then_some(()).ok_or(left)
}

/// `case.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// `edited`, `unchanged` or `refuse`.
    pub expect: String,
    pub trigger: String,
    pub version: Option<String>,
    /// More arguments.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The files that are edited.
    pub changed_files: Vec<String>,
    /// What a refusal says.
    #[serde(default)]
    pub refusal: String,
    /// The directory of the function.
    pub handler_dir: String,
}

/// The directories of all apps, sorted.
pub fn directories() -> Vec<PathBuf> {
    entries("tests/typescript")
}

pub fn load(directory: &Path) -> App {
    let text = fs::read_to_string(directory.join("case.json")).expect("case.json");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
}

fn check(directory: &Path) -> Result<(), String> {
    let app = load(directory);
    // Every change is in a file that is named.
    let changed: Vec<_> = read_tree(&directory.join("after")).into_keys().collect();
    assert_eq!(changed, app.changed_files);
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let before = without_function(&app, read_tree(&directory.join("before")));
    write_tree(&root, &before);
    let output = run(&root, &app, &[]);
    let after = read_tree(&root);
    let printed = lossy(&output.err);
    if app.expect == "refuse" {
        differences("a refused app", &before, &after)?;
        let says = |text: &str| printed.replace('`', "").contains(&text.replace('`', ""));
        let refused = output.code == 3 && says(&app.refusal);
        return refused.then_some(()).ok_or(printed);
    }
    if output.code != 0 {
        return Err(printed);
    }
    let mut expected = before.clone();
    expected.extend(read_tree(&directory.join("after")));
    for (path, text) in &expected {
        let (text, edited) = (lossy(text), lossy(after.get(path).map_or(&[], Vec::as_slice)));
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
    let directory = format!("{}/", app.handler_dir);
    tree.into_iter().filter(|(path, _)| !path.starts_with(&directory)).collect()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(root: &Path, app: &App, more: &[&str]) -> Run {
    let mut arguments = vec!["new", "auth-trigger", &app.trigger];
    if let Some(version) = &app.version {
        arguments.extend(["--event-version", version]);
    }
    arguments.extend(app.arguments.iter().map(String::as_str));
    call(root, &[arguments.as_slice(), more].concat())
}

fn check_twice(root: &Path, app: &App, after: &Tree) -> Result<(), String> {
    let output = run(root, app, &[]);
    if output.code != 0 {
        return Err(lossy(&output.err));
    }
    differences("the second time", after, &read_tree(root))
}

/// The patch that `--dry-run` prints makes what the command makes.
fn check_dry_run(root: &Path, app: &App, before: &Tree, after: &Tree) -> Result<(), String> {
    write_tree(root, before);
    let output = run(root, app, &["--dry-run"]);
    differences("`--dry-run`", before, &read_tree(root))?;
    apply_patch(root, &output.out);
    differences("the patch of `--dry-run`", after, &read_tree(root))
}

/// What was added goes again, to the byte. What was there before `new` and is not needed any
/// more goes with it.
fn check_removal(root: &Path, app: &App, before: &Tree, after: &Tree) -> Result<(), String> {
    write_tree(root, after);
    let output = call(root, &["remove", "auth-trigger", &app.trigger]);
    if output.code != 0 {
        return Err(lossy(&output.err));
    }
    let left = read_tree(root);
    // What the function has taken the place of is wired again, byte for byte.
    let switched = !app.arguments.is_empty();
    let was_wired = |path: &&String| !switched && lossy(&before[*path]).contains(&app.trigger);
    let mut expected = before.clone();
    for path in before.keys().filter(was_wired) {
        expected.insert(path.clone(), left.get(path).cloned().unwrap_or_default());
    }
    differences("what is left after `remove`", &expected, &left)
}
