//! A write that is stopped, at any step and for any reason, leaves everything as it was.

use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_amplify::catalog::{Answers, Catalog};
use cargo_amplify::error::{Error, ErrorKind, Result};
use cargo_amplify::plan::{OnConflict, Plan, Request, Step, apply, build};
use cargo_amplify::workspace::{Workspace, locate};

use crate::cases::differences;
use crate::support::{Tree, program, read_tree, write_tree};

fn plan(root: &Path) -> Result<(Workspace, Plan)> {
    let catalog = Catalog::embedded();
    let scaffold = catalog.scaffold("auth-trigger", "pre-token-generation")?;
    let answers = Answers::new(&scaffold, None, &Vec::new())?;
    let workspace = Workspace::open(&locate(Some(root), root)?)?;
    let request = Request {
        catalog: &catalog,
        scaffolds: &[(scaffold, answers)],
        login_with: None,
        on_conflict: OnConflict::Abort,
    };
    let plan = build(&request, &workspace)?;
    Ok((workspace, plan))
}

fn existing() -> Tree {
    let manifest = b"[workspace]\r\nmembers = []\r\n".to_vec();
    let resource = b"[triggers]\npreSignUp = \"other\"".to_vec();
    Tree::from([
        ("Cargo.toml".to_owned(), manifest),
        ("amplify/auth/resource.toml".to_owned(), resource),
    ])
}

/// Every folder and file, with its mode.
fn listing(root: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let entries = entries.map(|entry| {
        let permissions = entry.metadata().expect("readable").permissions();
        format!("{} {permissions:?}", entry.path().display())
    });
    entries.collect()
}

/// Stops the work before step `stop` in the way of `stop_with`; `false` when it was done before.
fn interrupted(stop: usize, stop_with: &mut dyn FnMut(Step) -> Result<()>) -> bool {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let before = (read_tree(&root), listing(&root));
    let (workspace, plan) = plan(&root).expect("planned");
    let mut steps = 0;
    let outcome = apply(&plan, &workspace, &mut |step| {
        steps += 1;
        if steps > stop {
            stop_with(step)
        } else {
            Ok(())
        }
    });
    if outcome.is_ok() {
        return false;
    }
    differences(&format!("step {stop}"), &before.0, &read_tree(&root))
        .unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(listing(&root), before.1, "step {stop}");
    true
}

#[test]
fn ctrl_c_at_any_step_puts_everything_back() {
    let mut stop = 0;
    while interrupted(stop, &mut |_| Err(Error::interrupted())) {
        stop += 1;
    }
    // Folders, files to stage and files to rename.
    assert!(stop > 30, "the work has only {stop} steps");
}

#[test]
fn a_new_root_goes_away_again() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("deep/root");
    let (workspace, plan) = plan(&root).expect("planned");
    let outcome = apply(&plan, &workspace, &mut |step| match step {
        Step::Commit(_) => Err(Error::interrupted()),
        _ => Ok(()),
    });
    assert_eq!(
        outcome.expect_err("interrupted").kind,
        ErrorKind::Interrupted
    );
    assert!(!sandbox.path().join("deep").exists());
}

#[test]
fn a_file_that_cannot_be_written_puts_everything_back() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let (workspace, plan) = plan(&root).expect("planned");
    let last = plan
        .changes
        .keys()
        .next_back()
        .expect("a file")
        .under(&root);
    // Somebody puts a folder where the last file goes, after everything was checked.
    let outcome = apply(&plan, &workspace, &mut |step| {
        if step == Step::Commit(&last) {
            fs::remove_file(&last)
                .and_then(|()| fs::create_dir(&last))
                .expect("replaced");
        }
        Ok(())
    });
    let error = outcome.expect_err("failed").to_string();
    assert!(error.starts_with("cannot write `"), "{error}");
    assert_eq!(read_tree(&root).keys().collect::<Vec<_>>(), ["Cargo.toml"]);
}

#[test]
fn a_file_that_came_up_in_the_meantime_is_not_replaced() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let (workspace, plan) = plan(&root).expect("planned");
    let mine = root.join("amplify/auth/pre-token-generation/src/handler.rs");
    let outcome = apply(&plan, &workspace, &mut |step| {
        if step == Step::Commit(&mine) {
            fs::write(&mine, "mine").expect("written");
        }
        Ok(())
    });
    outcome.expect_err("refused");
    assert_eq!(fs::read_to_string(&mine).expect("there"), "mine");
}

#[test]
fn a_file_that_has_changed_since_the_plan_is_refused() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let (workspace, plan) = plan(&root).expect("planned");
    fs::write(root.join("Cargo.toml"), "[workspace]\n").expect("written");
    let error = apply(&plan, &workspace, &mut |_| Ok(())).expect_err("refused");
    assert_eq!(error.kind, ErrorKind::Refused);
    assert_eq!(error.conflicts[0].reason, "has changed in the meantime");
    assert!(!root.join("amplify/auth/pre-token-generation").exists());
}

/// A signal at any moment of a real run: the repository is as before or as after, never between.
#[cfg(unix)]
#[test]
fn a_signal_at_any_moment_leaves_no_half_work() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let (workspace, plan) = plan(&root).expect("planned");
    apply(&plan, &workspace, &mut |_| Ok(())).expect("written");
    let after = read_tree(&root);
    let mut stopped = 0;
    for delay in 0..120 {
        write_tree(&root, &existing());
        let mut run = program()
            .args(["new", "auth-trigger", "-q"])
            .current_dir(&root)
            .spawn()
            .expect("it starts");
        std::thread::sleep(std::time::Duration::from_micros(delay * 150));
        let _ = Command::new("kill")
            .args(["-INT", &run.id().to_string()])
            .output();
        let status = run.wait().expect("it ends");
        let expected = if status.success() {
            after.clone()
        } else {
            stopped += 1;
            existing()
        };
        let what = format!("after {delay} x 150 µs and {status}");
        differences(&what, &expected, &read_tree(&root)).unwrap_or_else(|e| panic!("{e}"));
    }
    assert!(stopped > 0, "no run was stopped");
}

/// An edited file keeps its mode, and a new one has that of any other new file.
#[cfg(unix)]
#[test]
fn modes_survive() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let manifest = root.join("Cargo.toml");
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o440)).expect("set");
    let (workspace, plan) = plan(&root).expect("planned");
    apply(&plan, &workspace, &mut |_| Ok(())).expect("written");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&manifest), 0o440);
    let ordinary = root.join("ordinary");
    fs::write(&ordinary, "").expect("written");
    assert_eq!(mode(&root.join(".gitignore")), mode(&ordinary));
}
