//! All or nothing: if a run is stopped at any call for any reason, the repository is entirely as
//! before or entirely as after, and the next run succeeds.

mod meddling;
pub mod scene;

use std::fs;
use std::io::{Error as IoError, ErrorKind as IoErrorKind};
use std::path::Path;

use cargo_amplify::apply::{FileCall, Operation, Recovery, interrupted};
use cargo_amplify::error::ErrorKind;

use libtest_mimic::Trial;

use crate::support::{read_tree, write_tree};
use scene::*;

pub fn tests() -> Vec<Trial> {
    let own = functions![
        a_failure_of_any_single_call_puts_everything_back,
        where_no_call_works_any_more_the_next_run_puts_everything_back,
        a_kill_before_any_call_is_undone_or_finished_by_the_next_run,
        a_kill_during_the_recovery_is_undone_or_finished_too,
        a_new_root_goes_away_again,
        a_run_leaves_nothing_but_its_result,
        #[cfg(unix)]
        modes_survive_the_run_and_the_recovery,
        a_run_that_was_killed_after_its_last_write_is_not_taken_back,
        nothing_stays_of_an_undo_that_died,
    ];
    own.into_iter().chain(meddling::tests()).collect()
}

fn a_failure_of_any_single_call_puts_everything_back() {
    let failures = [
        IoErrorKind::Other,
        IoErrorKind::StorageFull,
        IoErrorKind::PermissionDenied,
        IoErrorKind::Interrupted,
    ];
    for scene in scenes() {
        assert!(scene.calls > 40, "a run has only {} calls", scene.calls);
        // Each call fails in one of the ways, in turn.
        for (stop, failure) in (0..scene.calls).zip(failures.into_iter().cycle()) {
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
                // After that, there is only cleaning up, which is tried twice.
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
        for stop in (0..scene.calls).step_by(13) {
            let begin = || {
                scene.reset();
                killed(stop, &mut |hook| {
                    let _ = scene.run(hook);
                });
            };
            begin();
            let mut calls = 0;
            let count = &mut |_: FileCall| {
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
    let sandbox = tempfile::tempdir().expect("a directory");
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

/// A run that has written everything is never rolled back, even if files change before the next
/// run.
fn a_run_that_was_killed_after_its_last_write_is_not_taken_back() {
    for scene in scenes() {
        let mut renamed = 0;
        let mut calls = 0;
        scene.reset();
        let count = &mut |call: FileCall| {
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
            // The last call makes the removal of the journal durable.
            let is_left = stop + 1 < scene.calls;
            assert_eq!(recovery, is_left.then_some(Recovery::Finished), "{what}");
            assert_eq!(read_tree(&scene.root()), expected, "{what}");
            scene.check_journals(&what);
        }
    }
}

/// A rollback that is killed leaves a staged text, and so does a second one.
fn nothing_stays_of_an_undo_that_died() {
    for scene in scenes() {
        scene.reset();
        let (mut calls, mut creations) = (0, 0);
        // Everything is written but cannot be marked as done, and then the rollback is killed.
        let mut hook = |call: FileCall| {
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

/// An edited file keeps its mode, and a new one has the default mode.
#[cfg(unix)]
fn modes_survive_the_run_and_the_recovery() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = tempfile::tempdir().expect("a directory");
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
