//! All or nothing: whatever stops a run, at whatever call, the repository is wholly as before or
//! wholly as after, and the next run succeeds.

pub mod scene;

use std::fs;
use std::io::{Error as IoError, ErrorKind as IoErrorKind};
use std::path::Path;

use cargo_amplify::error::ErrorKind;
use cargo_amplify::plan::{Call, Disk, Operation, Recovery, apply, is_interrupted, lock};

use crate::support::{read_tree, write_tree};
use scene::*;

tests![
    a_failure_of_any_single_call_puts_everything_back,
    where_no_call_works_any_more_the_next_run_puts_everything_back,
    a_kill_before_any_call_is_undone_or_finished_by_the_next_run,
    a_kill_during_the_recovery_is_undone_or_finished_too,
    a_new_root_goes_away_again,
    a_run_leaves_nothing_but_its_result,
    a_file_that_cannot_be_written_puts_everything_back,
    a_file_that_came_up_in_the_meantime_is_not_replaced,
    a_file_that_has_changed_since_the_plan_is_refused,
    a_file_that_changes_while_others_are_written_keeps_the_change,
    a_file_that_was_changed_after_a_kill_stays_as_it_is,
    a_journal_that_leaves_the_repository_is_refused,
    #[cfg(unix)]
    modes_survive_the_run_and_the_recovery,
];

fn a_failure_of_any_single_call_puts_everything_back() {
    let failures = [
        IoErrorKind::Other,
        IoErrorKind::StorageFull,
        IoErrorKind::PermissionDenied,
        IoErrorKind::Interrupted,
    ];
    for scene in scenes() {
        assert!(scene.calls > 40, "a run has only {} calls", scene.calls);
        for (stop, failure) in (0..scene.calls).flat_map(|stop| failures.map(|kind| (stop, kind))) {
            scene.reset();
            let (mut calls, mut failed) = (0, None);
            let outcome = scene.run(&mut |call| {
                calls += 1;
                if calls == stop + 1 {
                    failed = Some((call.operation, call.path.to_path_buf()));
                    return Err(IoError::from(failure));
                }
                Ok(())
            });
            let what = format!("{failure:?} at call {stop}, {failed:?}");
            match outcome {
                Err(error) => {
                    let interrupted = failure == IoErrorKind::Interrupted;
                    assert_eq!(error.kind == ErrorKind::Interrupted, interrupted, "{what}");
                    scene.check(&what, &scene.before);
                }
                // All was written, and only an empty `.amplify/` could not be removed.
                Ok(()) => {
                    assert_eq!(failed.expect("failed").0, Operation::RemoveFolder, "{what}");
                    assert_eq!(read_tree(&scene.root()), scene.after.tree, "{what}");
                }
            }
            if failure == IoErrorKind::Other {
                scene.check_recovery(&what);
            }
        }
    }
}

fn where_no_call_works_any_more_the_next_run_puts_everything_back() {
    for scene in scenes() {
        for stop in 0..scene.calls {
            scene.reset();
            let mut calls = 0;
            let outcome = scene.run(&mut |_| {
                calls += 1;
                match calls > stop {
                    true => Err(IoErrorKind::StorageFull.into()),
                    false => Ok(()),
                }
            });
            if let Err(error) = outcome {
                let hints = error.hints.join(" ");
                assert!(
                    hints.contains("the next command of cargo amplify"),
                    "{hints}"
                );
            }
            scene.check_recovery(&format!("no call from {stop} on"));
        }
    }
}

fn a_kill_before_any_call_is_undone_or_finished_by_the_next_run() {
    for scene in scenes() {
        for stop in 0..scene.calls {
            scene.reset();
            killed(stop, &mut |hook| {
                let _ = scene.run(hook);
            });
            scene.check_recovery(&format!("a kill before call {stop}"));
        }
    }
}

fn a_kill_during_the_recovery_is_undone_or_finished_too() {
    for scene in scenes() {
        for stop in (0..scene.calls).step_by(9) {
            let begin = || {
                scene.reset();
                killed(stop, &mut |hook| {
                    let _ = scene.run(hook);
                });
            };
            begin();
            let mut calls = 0;
            let count = &mut |_: Call| {
                calls += 1;
                Ok(())
            };
            recover_at(&scene.root(), count).expect("recovered");
            for second in (0..calls).step_by(5) {
                begin();
                killed(second, &mut |hook| {
                    let _ = recover_at(&scene.root(), hook);
                });
                scene.check_recovery(&format!("kills before calls {stop} and {second}"));
            }
        }
    }
}

fn a_new_root_goes_away_again() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("deep/root");
    let outcome = run(&root, plan, &mut |call| match call.operation {
        Operation::Rename => Err(IoErrorKind::Interrupted.into()),
        _ => Ok(()),
    });
    assert_eq!(
        outcome.expect_err("interrupted").kind,
        ErrorKind::Interrupted
    );
    assert!(!sandbox.path().join("deep").exists());
}

fn a_run_leaves_nothing_but_its_result() {
    for scene in scenes() {
        assert!(!scene.root().join(".amplify").exists());
        assert!(!is_interrupted(&scene.root()));
        let hidden = scene.after.tree.keys().filter(|path| path.contains("/."));
        assert_eq!(hidden.count(), 0);
    }
}

fn a_file_that_cannot_be_written_puts_everything_back() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let last = root.join("amplify/auth/resource.toml");
    // Somebody puts a folder where the last file goes, after everything was checked.
    let outcome = run(&root, plan, &mut |call| {
        if (call.operation, call.path) == (Operation::Rename, last.as_path()) {
            fs::remove_file(&last).and_then(|()| fs::create_dir(&last))?;
        }
        Ok(())
    });
    let error = outcome.expect_err("failed");
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
    assert!(
        error.hints[0].contains("amplify/auth/resource.toml"),
        "{:?}",
        error.hints
    );
    assert_eq!(read_tree(&root).keys().collect::<Vec<_>>(), ["Cargo.toml"]);
}

fn a_file_that_came_up_in_the_meantime_is_not_replaced() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let mine = root.join("amplify/auth/pre-token-generation/src/handler.rs");
    let outcome = run(&root, plan, &mut |call| {
        if (call.operation, call.path) == (Operation::Rename, mine.as_path()) {
            fs::write(&mine, "mine")?;
        }
        Ok(())
    });
    outcome.expect_err("refused");
    assert_eq!(fs::read_to_string(&mine).expect("there"), "mine");
    fs::remove_file(mine).expect("removed");
    assert_eq!(read_tree(&root), existing());
}

fn a_file_that_has_changed_since_the_plan_is_refused() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let (workspace, plan) = plan(&root).expect("planned");
    fs::write(root.join("Cargo.toml"), "[workspace]\n").expect("written");
    let lock = lock(&root, &mut || {}).expect("locked");
    let error =
        apply(&plan, &workspace, &lock, &mut Disk::new(&mut |_| Ok(()))).expect_err("refused");
    assert_eq!(error.kind, ErrorKind::Refused);
    assert_eq!(error.conflicts[0].reason, "has changed in the meantime");
    assert!(!root.join("amplify/auth/pre-token-generation").exists());
}

fn a_file_that_changes_while_others_are_written_keeps_the_change() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let manifest = root.join("Cargo.toml");
    let outcome = run(&root, plan, &mut |call| {
        if call.operation == Operation::CreateFile
            && call.path.ends_with(".Cargo.toml.amplify-new0")
        {
            fs::write(&manifest, "mine = 1\n")?;
        }
        Ok(())
    });
    let error = outcome.expect_err("refused").to_string();
    assert_eq!(error, "`Cargo.toml` has changed in the meantime");
    assert_eq!(fs::read_to_string(&manifest).expect("there"), "mine = 1\n");
    assert!(!root.join("amplify/auth/pre-token-generation").exists());
}

/// What somebody has changed after the kill is theirs.
fn a_file_that_was_changed_after_a_kill_stays_as_it_is() {
    let scene = Scene::new(existing(), plan);
    scene.reset();
    killed(scene.calls - 5, &mut |hook| {
        let _ = scene.run(hook);
    });
    let handler = "amplify/auth/pre-token-generation/src/handler.rs";
    fs::write(scene.root().join(handler), "mine").expect("written");
    let recovery = recover_at(&scene.root(), &mut |_| Ok(())).expect("recovered");
    let Some(Recovery::Undone(kept)) = recovery else {
        panic!("{recovery:?}");
    };
    assert_eq!(
        kept.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        [handler]
    );
    let mut expected = existing();
    expected.insert(handler.to_owned(), b"mine".to_vec());
    assert_eq!(read_tree(&scene.root()), expected);
}

fn a_journal_that_leaves_the_repository_is_refused() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let outside = sandbox.path().join("outside");
    fs::write(&outside, "mine").expect("written");
    let journal = root.join(".amplify/journal.json");
    fs::create_dir(root.join(".amplify")).expect("created");
    for path in ["../outside", outside.to_str().expect("UTF-8")] {
        let entry = format!(
            r#"{{"path": "{path}", "staged": "x", "before": null, "after": "mine", "mode": null}}"#
        );
        let text = format!(r#"{{"version": 1, "folders": [], "entries": [{entry}]}}"#);
        fs::write(&journal, text).expect("written");
        let error = recover_at(&root, &mut |_| Ok(())).expect_err("refused");
        assert!(
            error.to_string().contains("leaves the repository"),
            "{error}"
        );
        assert!(outside.exists() && journal.exists());
    }
}

/// An edited file keeps its mode, and a new one has that of any other new file.
#[cfg(unix)]
fn modes_survive_the_run_and_the_recovery() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let manifest = root.join("Cargo.toml");
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o440)).expect("set");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    let mut renames = 0;
    killed(0, &mut |hook| {
        let _ = run(&root, plan, &mut |call| {
            renames += usize::from(call.operation == Operation::Rename);
            if renames > 5 { hook(call) } else { Ok(()) }
        });
    });
    assert_ne!(
        fs::read(&manifest).expect("there"),
        existing()["Cargo.toml"]
    );
    recover_at(&root, &mut |_| Ok(())).expect("recovered");
    assert_eq!(
        fs::read(&manifest).expect("there"),
        existing()["Cargo.toml"]
    );
    assert_eq!(mode(&manifest), 0o440);
    run(&root, plan, &mut |_| Ok(())).expect("written");
    assert_eq!(mode(&manifest), 0o440);
    let ordinary = root.join("ordinary");
    fs::write(&ordinary, "").expect("written");
    assert_eq!(mode(&root.join(".gitignore")), mode(&ordinary));
}
