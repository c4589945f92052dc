//! Real processes, killed at any moment and many at once.
//!
//! `REPEAT=20` tries twenty times as often.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cases::golden::differences;
use crate::interrupts::scene::existing;
use crate::support::{Tree, metadata, program, read_tree, repeated, succeed, write_tree};

tests![
    #[cfg(unix)]
    a_signal_at_any_moment_leaves_no_half_work,
    #[cfg(unix)]
    a_kill_at_any_moment_leaves_no_half_work_after_the_next_command,
    parallel_runs_all_land,
    a_run_that_waits_says_so,
];

/// After a signal at any moment of a run, the repository is as before or as after, never in
/// between.
#[cfg(unix)]
fn a_signal_at_any_moment_leaves_no_half_work() {
    let kills = repeated(16);
    stop_at_any_moment("-INT", kills, &mut |what, root, ok, before, after| {
        let expected = if ok { after } else { before };
        differences(what, expected, &read_tree(root)).unwrap_or_else(|e| panic!("{e}"));
    });
}

/// After SIGKILL, commands that only read report it and change nothing; the next one that writes
/// finishes or rolls back.
#[cfg(unix)]
fn a_kill_at_any_moment_leaves_no_half_work_after_the_next_command() {
    let kills = repeated(16);
    let mut recovered = 0;
    let stopped = stop_at_any_moment("-KILL", kills, &mut |what, root, ok, before, after| {
        let said = |arguments: &[&str]| {
            let mut command = program();
            command.env("CARGO_AMPLIFY_STATE_DIR", root.with_file_name("state"));
            let output = succeed(command.args(arguments).current_dir(root));
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        let left = read_tree(root);
        let noted = said(&["list"]).contains("an interrupted run left unfinished changes");
        differences(what, &left, &read_tree(root)).unwrap_or_else(|e| panic!("{e}"));
        assert!(noted || ok || left == *before || left == *after, "{what}");
        let next = said(&["new", "auth-trigger"]);
        assert!(!noted || next.contains("an interrupted run"), "{what}: {next}");
        recovered += usize::from(noted);
        differences(what, after, &read_tree(root)).unwrap_or_else(|e| panic!("{e}"));
    });
    let report = format!("{stopped} runs killed, {recovered} of them between two writes\n");
    let _ = std::io::stderr().write_all(report.as_bytes());
    assert!(recovered > 0, "no run was killed between two writes");
}

type Check<'a> = dyn FnMut(&str, &std::path::Path, bool, &Tree, &Tree) + 'a;

/// Sends `signal` to runs, at moments throughout the duration of a run, until enough were stopped.
/// Runs that finish first are checked too, and at least a third of all runs are stopped.
#[cfg(unix)]
fn stop_at_any_moment(signal: &str, times: u32, check: &mut Check) -> u32 {
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, state) = (sandbox.path().join("repo"), sandbox.path().join("state"));
    let start = || {
        write_tree(&root, &existing());
        write_tree(&state, &Tree::new());
        let mut command = program();
        command
            .args(["new", "auth-trigger", "-q"])
            .current_dir(&root)
            .env("CARGO_AMPLIFY_STATE_DIR", &state)
            .stderr(Stdio::null());
        command.spawn().expect("it starts")
    };
    let durations = [(); 5].map(|()| {
        let begun = Instant::now();
        assert!(start().wait().expect("it ends").success());
        begun.elapsed()
    });
    let duration = durations.into_iter().min().unwrap_or_default();
    let after = read_tree(&root);
    let before = existing();
    let (mut stopped, mut tried) = (0, 0);
    while stopped < times && tried < 3 * times {
        let delay = duration * (tried % times) / times;
        tried += 1;
        let mut run: Child = start();
        // Every second run is stopped while it writes, which is a small part of its time.
        if tried % 2 == 0 {
            std::thread::sleep(delay);
        } else {
            let is_writing = || fs::read_dir(&state).is_ok_and(|mut files| files.next().is_some());
            while !is_writing() && run.try_wait().expect("it runs").is_none() {}
            std::thread::sleep(delay / 20);
        }
        let _ = Command::new("kill").args([signal, &run.id().to_string()]).output();
        let status = run.wait().expect("it ends");
        stopped += u32::from(!status.success());
        let what = format!("{signal} after {delay:?}, {status}");
        check(&what, &root, status.success(), &before, &after);
    }
    assert!(stopped >= times / 3, "{stopped} of {tried} runs were stopped");
    stopped
}

/// Two or eight concurrent runs all succeed, because each plans when it is its turn.
fn parallel_runs_all_land() {
    let kinds = [
        "custom-message",
        "define-auth-challenge",
        "post-authentication",
        "post-confirmation",
        "pre-authentication",
        "pre-sign-up",
        "pre-token-generation",
        "user-migration",
    ];
    let one_by_one = tempfile::tempdir().expect("a directory");
    for kind in kinds {
        succeed(program().args(["new", "auth-trigger", kind]).current_dir(one_by_one.path()));
    }
    let expected = read_tree(one_by_one.path());
    for round in 0..repeated(2) {
        let sandbox = tempfile::tempdir().expect("a directory");
        // In every second round the directory does not exist yet.
        let root = match round % 2 {
            0 => sandbox.path().to_path_buf(),
            _ => sandbox.path().join("new/app"),
        };
        let runs = kinds.map(|kind| {
            let mut command = program();
            command.args(["new", "auth-trigger", kind, "--path"]).arg(&root).stderr(Stdio::piped());
            command.spawn().expect("it starts")
        });
        for run in runs {
            let output = run.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "round {round}: {said}");
        }
        differences("together", &expected, &read_tree(&root)).unwrap_or_else(|e| panic!("{e}"));
        let metadata = metadata(&root).expect("Cargo loads it");
        let members = metadata["workspace_members"].as_array().map(Vec::len);
        assert_eq!(members, Some(kinds.len()), "round {round}");
    }
}

/// A run that waits says for what, and then continues.
fn a_run_that_waits_says_so() {
    for silent in [&[][..], &["--format", "json"], &["-q"]] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().canonicalize().expect("there");
        let held = cargo_amplify::apply::lock(&root, &mut |_| {}).expect("locked");
        // A run that says nothing is released in the end.
        let (release, released) = std::sync::mpsc::channel::<()>();
        let is_quiet = silent == ["-q"];
        let patience = Duration::from_millis(if is_quiet { 300 } else { 20_000 });
        let holder = std::thread::spawn(move || {
            let _ = released.recv_timeout(patience);
            drop(held);
        });
        let mut run = program()
            .args(["new", "auth-trigger"])
            .args(silent)
            .current_dir(&root)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let said = BufReader::new(run.stderr.take().expect("piped")).lines();
        let mut said = said.map(|line| line.expect("UTF-8"));
        let holder_named = match cfg!(target_os = "linux") {
            true => format!(" (process {})", std::process::id()),
            false => String::new(),
        };
        let waiting = format!(
            "note: waiting for another cargo amplify{holder_named} in {} to finish",
            root.display()
        );
        // With `-q` it says nothing at all until it has run.
        assert_eq!(said.any(|line| is_quiet || line == waiting), !is_quiet, "{silent:?}");
        assert_eq!(fs::read_dir(&root).expect("readable").count() == 0, !is_quiet);
        drop(release);
        holder.join().expect("released");
        assert_eq!(said.by_ref().count() == 0, !silent.is_empty());
        assert!(run.wait().expect("it ends").success());
    }
}
