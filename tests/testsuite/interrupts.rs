//! All or nothing: whatever stops a run, at whatever call, the repository is wholly as before or
//! wholly as after, and the next run succeeds.

pub mod scene;

use std::fs;
use std::io::{Error as IoError, ErrorKind as IoErrorKind};
use std::path::Path;

use cargo_amplify::apply::{Call, Disk, Operation, Recovery, apply, interrupted, lock};
use cargo_amplify::error::ErrorKind;

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
    #[cfg(unix)]
    modes_survive_the_run_and_the_recovery,
    a_file_that_is_saved_between_comparison_and_rename_keeps_the_save,
    a_run_that_was_killed_after_its_last_write_is_not_taken_back,
    nothing_stays_of_an_undo_that_died,
    #[cfg(unix)]
    a_directory_that_becomes_a_link_is_not_followed,
];

fn a_failure_of_any_single_call_puts_everything_back() {
    let failures =
        [IoErrorKind::StorageFull, IoErrorKind::PermissionDenied, IoErrorKind::Interrupted];
    for scene in scenes() {
        assert!(scene.calls > 40, "a run has only {} calls", scene.calls);
        // Each call fails in two ways, one of them in turn.
        let ways = |stop| [IoErrorKind::Other, failures[stop % failures.len()]];
        for (stop, failure) in (0..scene.calls).flat_map(|stop| ways(stop).map(|way| (stop, way))) {
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
                // From there on only what is left is tidied up, and tried twice.
                Ok(()) => {
                    assert!(stop >= scene.done, "{what}");
                    scene.check(&what, &scene.after);
                    scene.check_journals(&what);
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
        for stop in (0..scene.calls).step_by(2) {
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
                let hints = error.hints().join(" ");
                let is_untouched = state(&scene.root()) == scene.before;
                assert!(hints.contains("rollback incomplete") || is_untouched, "{hints}");
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
        for stop in (0..scene.calls).step_by(11) {
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
            for second in (0..calls).step_by(7) {
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
    let is_there = root.clone();
    let outcome = run(&root, plan, &mut |call| match call.operation {
        Operation::Rename if call.path.starts_with(&is_there) => {
            Err(IoErrorKind::Interrupted.into())
        }
        _ => Ok(()),
    });
    assert_eq!(outcome.expect_err("interrupted").kind, ErrorKind::Interrupted);
    let left = fs::read_dir(sandbox.path().join("deep")).expect("for the journals");
    let left: Vec<_> = left.map(|entry| entry.expect("readable").file_name()).collect();
    assert_eq!(left, ["root.state"]);
}

fn a_run_leaves_nothing_but_its_result() {
    for scene in scenes() {
        assert_eq!(interrupted(&scene.made.0), None);
        scene.check_journals("a run");
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
    let mut is_put = false;
    let outcome = run(&root, plan, &mut |call| {
        if (call.operation, call.path) == (Operation::Rename, last.as_path()) && !is_put {
            fs::remove_file(&last).and_then(|()| fs::create_dir(&last))?;
            is_put = true;
        }
        Ok(())
    });
    let error = outcome.expect_err("failed");
    assert!(error.to_string().contains("has changed"), "{error}");
    let hints = error.hints().join("\n");
    assert!(hints.contains("look at `amplify/auth/resource.toml`"), "{hints}");
    assert!(last.is_dir());
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
    let (project, plan) = plan(&root).expect("planned");
    fs::write(root.join("Cargo.toml"), "[workspace]\n").expect("written");
    let lock = lock(&root, &mut |_| {}).expect("locked");
    let error =
        apply(&plan, &project, &lock, &mut Disk::new(&mut |_| Ok(()))).expect_err("refused");
    assert_eq!(error.exit_code(), 3);
    assert_eq!(error.conflicts()[0].reason, "has changed in the meantime");
    assert!(!root.join("amplify/auth/pre-token-generation").exists());
}

fn a_file_that_changes_while_others_are_written_keeps_the_change() {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let manifest = root.join("Cargo.toml");
    let outcome = run(&root, plan, &mut |call| {
        if call.operation == Operation::CreateFile
            && call.path.to_string_lossy().contains(".Cargo.toml.amplify-")
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

/// Nor is a save lost that comes at the very last moment, whatever becomes of the run then.
fn a_file_that_is_saved_between_comparison_and_rename_keeps_the_save() {
    let source = "amplify/auth/pre-token-generation/src/error.rs";
    for (scene, victim) in
        scenes().iter().flat_map(|scene| [(scene, "Cargo.toml"), (scene, source)])
    {
        let file = scene.root().join(victim);
        let name = file.file_name().expect("a name").to_string_lossy();
        let aside = format!(".{name}.amplify-");
        for stop in [None, Some(1), Some(2), Some(3)] {
            scene.reset();
            let mut calls = None;
            let mut hook = |call: Call| {
                let to = call.path.file_name().unwrap_or_default().to_string_lossy();
                let is_it = call.operation == Operation::Rename
                    && call.path.parent() == file.parent()
                    && (call.path == file || to.starts_with(&aside));
                if is_it && calls.is_none() {
                    fs::write(&file, "mine = 1\n")?;
                    calls = Some(0);
                } else if let Some(calls) = &mut calls {
                    *calls += 1;
                    if Some(*calls) == stop {
                        std::panic::resume_unwind(Box::new("killed"));
                    }
                }
                Ok(())
            };
            let run = std::panic::AssertUnwindSafe(|| scene.run(&mut hook));
            let outcome = std::panic::catch_unwind(run);
            let what = format!("{victim}, {stop:?}");
            assert!(!matches!(outcome, Ok(Ok(()))), "{what}");
            if stop.is_some() {
                let recovery = recover_at(&scene.root(), &mut |_| Ok(())).expect("recovered");
                let kept = match recovery {
                    Some(Recovery::Undone(kept)) => kept,
                    other => panic!("{what}: {other:?}"),
                };
                assert_eq!(kept.len(), 1, "{what}");
            }
            let mut expected = scene.start.clone();
            expected.insert(victim.to_owned(), b"mine = 1\n".to_vec());
            assert_eq!(read_tree(&scene.root()), expected, "{what}");
            scene.check_journals(&what);
        }
    }
}

/// What somebody has changed after the kill is theirs.
fn a_file_that_was_changed_after_a_kill_stays_as_it_is() {
    let scene = Scene::new(existing(), plan);
    scene.reset();
    let last = scene.root().join("amplify/generated.toml");
    let run = std::panic::AssertUnwindSafe(|| {
        scene.run(&mut |call| match (call.operation, call.path == last) {
            (Operation::Rename, true) => std::panic::resume_unwind(Box::new("killed")),
            _ => Ok(()),
        })
    });
    assert!(std::panic::catch_unwind(run).is_err(), "the run was over");
    let handler = "amplify/auth/pre-token-generation/src/handler.rs";
    fs::write(scene.root().join(handler), "mine").expect("written");
    let recovery = recover_at(&scene.root(), &mut |_| Ok(())).expect("recovered");
    let Some(Recovery::Undone(kept)) = recovery else {
        panic!("{recovery:?}");
    };
    assert_eq!(kept.iter().map(|path| path.as_str()).collect::<Vec<_>>(), [handler]);
    let mut expected = existing();
    expected.insert(handler.to_owned(), b"mine".to_vec());
    assert_eq!(read_tree(&scene.root()), expected);
}

/// Once all is written, it is written: whatever is changed before the next run, nothing is undone.
fn a_run_that_was_killed_after_its_last_write_is_not_taken_back() {
    for scene in scenes() {
        let mut renamed = 0;
        let mut calls = 0;
        scene.reset();
        let count = &mut |call: Call| {
            calls += 1;
            let is_write = matches!(call.operation, Operation::Rename | Operation::RemoveFile);
            if is_write && call.path.starts_with(scene.root()) {
                renamed = calls;
            }
            Ok(())
        };
        scene.run(count).expect("it works");
        for stop in renamed..scene.calls {
            scene.reset();
            killed(stop, &mut |hook| {
                let _ = scene.run(hook);
            });
            let manifest = scene.root().join("Cargo.toml");
            fs::write(&manifest, "mine = 1\n").expect("written");
            let expected = read_tree(&scene.root());
            let recovery = recover_at(&scene.root(), &mut |_| Ok(())).expect("recovered");
            let what = format!("a kill before call {stop}");
            // The last call makes the removal of the journal last.
            let is_left = stop + 1 < scene.calls;
            assert_eq!(recovery, is_left.then_some(Recovery::Finished), "{what}");
            assert_eq!(read_tree(&scene.root()), expected, "{what}");
            scene.check_journals(&what);
        }
    }
}

/// An undo that dies has a text staged, and so has one that dies over that.
fn nothing_stays_of_an_undo_that_died() {
    for scene in scenes() {
        scene.reset();
        let (mut calls, mut creations) = (0, 0);
        // All is written, and cannot be marked as done; and then the undo is killed.
        let mut hook = |call: Call| {
            calls += 1;
            let is_undoing = calls > scene.done;
            creations += usize::from(is_undoing && call.operation == Operation::CreateFile);
            match () {
                () if calls == scene.done => Err(IoErrorKind::Other.into()),
                () if creations > 0 && call.operation == Operation::SyncFile => {
                    std::panic::resume_unwind(Box::new("killed"))
                }
                () => Ok(()),
            }
        };
        let run = std::panic::AssertUnwindSafe(|| scene.run(&mut hook));
        assert!(std::panic::catch_unwind(run).is_err(), "nothing was restored");
        let staged = |tree: &crate::support::Tree| {
            let names = tree.keys();
            names.filter(|name| name.contains(".amplify-")).count()
        };
        assert_eq!(staged(&read_tree(&scene.root())), 1);
        scene.check_recovery("an undo that died");
    }
}

/// Whenever somebody puts a link in the place of a directory, nothing is written through it.
#[cfg(unix)]
fn a_directory_that_becomes_a_link_is_not_followed() {
    for scene in scenes() {
        let (auth, outside) =
            (scene.root().join("amplify/auth"), scene.root().with_extension("outside"));
        let function = "pre-token-generation";
        for (stop, swapped) in (0..scene.calls).flat_map(|stop| ["", function].map(|it| (stop, it)))
        {
            scene.reset();
            write_tree(&outside, &scene.start);
            let target = outside.join("amplify/auth").join(swapped);
            std::fs::create_dir_all(target.join("events")).expect("created");
            std::fs::create_dir_all(target.join("src")).expect("created");
            let before = state(&outside);
            let folder = auth.join(swapped);
            let mut calls = 0;
            let _ = scene.run(&mut |_| {
                calls += 1;
                if calls > stop && folder.is_dir() && !folder.is_symlink() {
                    fs::rename(&folder, folder.with_extension("aside"))?;
                    std::os::unix::fs::symlink(&target, &folder)?;
                }
                Ok(())
            });
            let what = format!("{swapped} becomes a link before call {stop}");
            assert_eq!(state(&outside), before, "{what}");
            let _ = recover_at(&scene.root(), &mut |_| Ok(()));
            assert_eq!(state(&outside), before, "{what}, and what comes after");
        }
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
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o640)).expect("set");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    let mut renames = 0;
    killed(0, &mut |hook| {
        let _ = run(&root, plan, &mut |call| {
            renames += usize::from(call.operation == Operation::Rename);
            if renames > 5 { hook(call) } else { Ok(()) }
        });
    });
    assert_ne!(fs::read(&manifest).expect("there"), existing()["Cargo.toml"]);
    recover_at(&root, &mut |_| Ok(())).expect("recovered");
    assert_eq!(fs::read(&manifest).expect("there"), existing()["Cargo.toml"]);
    assert_eq!(mode(&manifest), 0o640);
    run(&root, plan, &mut |_| Ok(())).expect("written");
    assert_eq!(mode(&manifest), 0o640);
    let ordinary = root.join("ordinary");
    fs::write(&ordinary, "").expect("written");
    assert_eq!(mode(&root.join(".gitignore")), mode(&ordinary));
}
