//! Files that somebody else changes during a run, or before the next one.

use std::fs;

use cargo_amplify::apply::{Disk, FileCall, Operation, Recovery, apply, lock};

use super::scene::*;
use crate::support::{read_tree, write_tree};

tests![
    a_file_that_cannot_be_written_puts_everything_back,
    a_file_that_came_up_in_the_meantime_is_not_replaced,
    a_file_that_has_changed_since_the_plan_is_refused,
    a_file_that_changes_while_others_are_written_keeps_the_change,
    a_file_that_is_saved_between_comparison_and_rename_keeps_the_save,
    a_file_that_was_changed_after_a_kill_stays_as_it_is,
    #[cfg(unix)]
    a_directory_that_becomes_a_link_is_not_followed,
];

fn a_file_that_cannot_be_written_puts_everything_back() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let last = root.join("amplify/auth/resource.toml");
    // Somebody creates a directory in the place of the last file, after everything was checked.
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
    assert!(hints.contains("check `amplify/auth/resource.toml`"), "{hints}");
    assert!(last.is_dir());
    assert_eq!(read_tree(&root).keys().collect::<Vec<_>>(), ["Cargo.toml"]);
}

fn a_file_that_came_up_in_the_meantime_is_not_replaced() {
    let sandbox = tempfile::tempdir().expect("a directory");
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
    let sandbox = tempfile::tempdir().expect("a directory");
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
    let sandbox = tempfile::tempdir().expect("a directory");
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

/// A file that is saved at the very last moment is not lost either, whatever happens to the run.
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
            let mut hook = |call: FileCall| {
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
                    Some(Recovery::RolledBack(kept)) => kept,
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

/// What somebody has changed after the kill stays.
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
    let Some(Recovery::RolledBack(kept)) = recovery else {
        panic!("{recovery:?}");
    };
    assert_eq!(kept.iter().map(|path| path.as_str()).collect::<Vec<_>>(), [handler]);
    let mut expected = existing();
    expected.insert(handler.to_owned(), b"mine".to_vec());
    assert_eq!(read_tree(&scene.root()), expected);
}

/// If somebody replaces a directory with a link, at any moment, nothing is written through it.
#[cfg(unix)]
fn a_directory_that_becomes_a_link_is_not_followed() {
    for scene in scenes() {
        let (auth, outside) =
            (scene.root().join("amplify/auth"), scene.root().with_extension("outside"));
        let function = "pre-token-generation";
        for (stop, swapped) in (0..scene.calls).zip(["", function].into_iter().cycle()) {
            scene.reset();
            write_tree(&outside, &scene.start);
            let target = outside.join("amplify/auth").join(swapped);
            std::fs::create_dir_all(target.join("events")).expect("created");
            std::fs::create_dir_all(target.join("src")).expect("created");
            let before = state(&outside);
            let directory = auth.join(swapped);
            let mut calls = 0;
            let _ = scene.run(&mut |_| {
                calls += 1;
                if calls > stop && directory.is_dir() && !directory.is_symlink() {
                    fs::rename(&directory, directory.with_extension("aside"))?;
                    std::os::unix::fs::symlink(&target, &directory)?;
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
