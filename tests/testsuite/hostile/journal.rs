//! Journals that are not from a run of this user in this directory.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use cargo_amplify::apply::{FileCall, Operation};
use cargo_amplify::project::hash;
use serde_json::{Value, json};

use super::{READING, WRITING, everything, private, project, run, said};
use crate::cases::golden::differences;
use crate::interrupts::scene::{self, existing, killed};
use crate::support::{Tree, read_tree, write_tree};

tests![
    a_journal_that_came_with_the_repository_is_not_looked_at,
    commands_that_read_tell_of_an_interrupted_run_and_change_nothing,
    a_journal_that_is_not_this_users_alone_is_ignored,
    a_state_directory_that_others_can_write_is_not_used,
    a_journal_holds_only_what_a_plan_can_hold,
    a_journal_is_that_of_one_directory,
    a_journal_under_the_name_of_another_is_refused,
    without_a_place_for_the_journal_nothing_is_written,
];

fn same(what: &str, before: &Tree, after: &Tree) {
    differences(what, before, after).unwrap_or_else(|e| panic!("{e}"));
}

/// Entries of an attacker, with an unfinished one so that there is something to roll back.
fn attacks() -> Vec<Value> {
    let entry = |path: &str, before: Value, after: Value| json!({ "path": path, "staged": ".env", "before": before, "after": after, "mode": 0o4755 });
    let unfinished = || entry("decoy", json!("old"), json!("new"));
    let hooks = [
        ".git/hooks/post-checkout",
        ".GIT/hooks/post-checkout",
        ".git./hooks/post-checkout",
        "GIT~1/hooks/post-checkout",
        "../outside",
    ];
    let mut attacks: Vec<_> = hooks
        .into_iter()
        .map(|path| {
            let entries = [entry(path, json!("#!/bin/sh\n"), Value::Null), unfinished()];
            json!({ "version": 1, "folders": [], "entries": entries })
        })
        .collect();
    attacks.push(json!({ "version": 1, "folders": [".git/objects/info", "../empty"], "entries": [unfinished()] }));
    let env = entry(".env", Value::Null, json!("SECRET=1\n"));
    attacks.push(json!({ "version": 1, "folders": [], "entries": [env, unfinished()] }));
    attacks
}

/// A journal in the repository is a file like any other.
fn a_journal_that_came_with_the_repository_is_not_looked_at() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, state) = (sandbox.path().join("repo"), sandbox.path().join("state"));
    fs::create_dir(sandbox.path().join("empty")).expect("created");
    for attack in attacks() {
        project(&root);
        fs::create_dir(root.join(".amplify")).expect("created");
        for name in ["journal.json", "journal.json.new"] {
            fs::write(root.join(".amplify").join(name), attack.to_string()).expect("written");
        }
        let before = everything(sandbox.path());
        for line in READING.iter().chain(&["serve --path nowhere"]) {
            let output = run(line, &root, &state);
            same(line, &before, &everything(sandbox.path()));
            assert!(!said(&output).contains("interrupted run"), "{line}");
        }
        let before = private(&root);
        for line in WRITING {
            let output = run(line, &root, &state);
            assert!(output.code == 0, "{line}: {}", said(&output));
            same(line, &before, &private(&root));
        }
        assert!(root.join(".amplify/journal.json").exists());
        assert!(sandbox.path().join("empty").exists());
    }
}

/// A repository where a run of this user was killed, and the journal.
struct Interrupted {
    sandbox: tempfile::TempDir,
    journal: PathBuf,
}

impl Interrupted {
    fn new() -> Self {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &existing());
        let mut renamed = 0;
        killed(0, &mut |hook| {
            let mut hook = |call: FileCall| {
                let is_file = call.operation == Operation::Rename && call.path.starts_with(&root);
                renamed += usize::from(is_file);
                if renamed > 3 { hook(call) } else { Ok(()) }
            };
            let _ = scene::run(&root, scene::plan, &mut hook);
        });
        let left = read_tree(&root.with_extension("state"));
        let left: Vec<_> = left.keys().collect();
        let [journal] = left.as_slice() else {
            panic!("{left:?}");
        };
        Self { journal: root.with_extension("state").join(journal), sandbox }
    }

    fn root(&self) -> PathBuf {
        self.sandbox.path().join("repo")
    }

    fn state(&self) -> PathBuf {
        self.sandbox.path().join("repo.state")
    }

    fn run(&self, line: &str) -> (bool, String) {
        let output = run(line, &self.root(), &self.state());
        (output.code == 0, said(&output))
    }

    /// Changes the journal, as only its owner can.
    fn tamper(&self, change: impl FnOnce(&mut Value)) {
        let text = fs::read_to_string(&self.journal).expect("there");
        let mut journal = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        change(&mut journal);
        let text = journal.to_string();
        fs::write(&self.journal, format!("{text}\n{}\n", hash(&text))).expect("written");
    }
}

type Spoil = fn(&Interrupted);

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

fn commands_that_read_tell_of_an_interrupted_run_and_change_nothing() {
    let interrupted = Interrupted::new();
    let before = everything(interrupted.sandbox.path());
    for line in READING {
        let is_of_no_project = ["completions bash", "outputs", "--help"].contains(&line);
        let (_, said) = interrupted.run(line);
        same(line, &before, &everything(interrupted.sandbox.path()));
        let told = said.matches("an interrupted run left unfinished changes");
        assert_eq!(told.count(), usize::from(!is_of_no_project), "{line}: {said}");
    }
    for line in ["check --fix", "list"] {
        let (_, said) = interrupted.run(line);
        assert_eq!(said.contains("rolled back"), line == "check --fix", "{said}");
        assert_eq!(read_tree(&interrupted.root()), existing(), "{line}");
        assert_eq!(read_tree(&interrupted.state()).len(), 0, "{line}");
    }
}

/// Files that git, an archive or another user could have created there, and a directory where
/// others could have.
fn a_journal_that_is_not_this_users_alone_is_ignored() {
    let spoil: [(&str, Spoil); 5] = [
        ("has the mode 0644", |it| set(&it.journal, 0o644)),
        ("is not whole", |it| {
            let text = fs::read(&it.journal).expect("there");
            fs::write(&it.journal, &text[..text.len() / 2]).expect("written");
        }),
        ("has the mode 4600", |it| set(&it.journal, 0o4600)),
        ("is not a file", |it| {
            let elsewhere = it.sandbox.path().join("elsewhere");
            fs::rename(&it.journal, &elsewhere).expect("moved");
            symlink(&elsewhere, &it.journal).expect("linked");
        }),
        ("belongs to another user", |it| {
            // Without the rights to give a file away, it is not tried.
            if std::os::unix::fs::chown(&it.journal, Some(12345), None).is_err() {
                set(&it.journal, 0o644);
            }
        }),
    ];
    for (problem, spoil) in spoil {
        let interrupted = Interrupted::new();
        spoil(&interrupted);
        let before = everything(&interrupted.root());
        for line in ["list", "check", "synth", "new auth-trigger --dry-run"] {
            let (_, said) = interrupted.run(line);
            same(line, &before, &everything(&interrupted.root()));
            assert!(said.contains("note: a journal is ignored: "), "{line}: {said}");
            assert!(said.contains(problem) || said.contains("0644"), "{line}: {said}");
        }
        let (_, said) = interrupted.run("check --fix");
        assert!(said.contains("note: a journal is ignored: "), "{said}");
        same(problem, &before, &everything(&interrupted.root()));
    }
}

fn a_state_directory_that_others_can_write_is_not_used() {
    for mode in [0o777, 0o770, 0o1777] {
        let interrupted = Interrupted::new();
        set(&interrupted.state(), mode);
        let before = everything(interrupted.sandbox.path());
        let (done, said) = interrupted.run("new auth-trigger pre-sign-up");
        assert!(!done && said.contains("can be written by others"), "{said}");
        assert!(
            said.contains("hint: if it is yours, make it accessible to you alone: `chmod 700"),
            "{said}"
        );
        let (_, said) = interrupted.run("list");
        assert!(said.contains("note: a journal is ignored: "), "{said}");
        same("others", &before, &everything(interrupted.sandbox.path()));
    }
}

/// Even a journal of this user has only paths that a plan can have.
fn a_journal_holds_only_what_a_plan_can_hold() {
    let put = |it: &Interrupted, path: &str, after: Value| {
        let entry =
            json!({ "path": path, "before": "#!/bin/sh\n", "after": after, "mode": 0o4755 });
        it.tamper(|journal| journal["entries"].as_array_mut().expect("a list").push(entry));
    };
    for path in [
        ".git/hooks/post-checkout",
        ".GIT/hooks/x",
        "GIT~1/hooks/x",
        "../outside",
        "/outside",
        "",
        "link/x",
        "amplify/auth/link/x",
    ] {
        let interrupted = Interrupted::new();
        let outside = interrupted.sandbox.path().join("outside");
        fs::create_dir(&outside).expect("created");
        fs::create_dir_all(interrupted.root().join(".git/hooks")).expect("created");
        for link in ["link", "amplify/auth/link"] {
            symlink(&outside, interrupted.root().join(link)).expect("linked");
        }
        for in_directories in [false, true] {
            let kept = fs::read(&interrupted.journal).expect("there");
            match in_directories {
                true => interrupted.tamper(|journal| {
                    journal["folders"].as_array_mut().expect("a list").push(json!(path));
                }),
                false => put(&interrupted, path, Value::Null),
            }
            let before = everything(interrupted.sandbox.path());
            let (done, said) = interrupted.run("check --fix");
            assert!(!done, "{path}: {said}");
            same(path, &before, &everything(interrupted.sandbox.path()));
            fs::write(&interrupted.journal, kept).expect("written");
        }
    }
    // Its modes are those of permissions.
    let interrupted = Interrupted::new();
    interrupted.tamper(|journal| {
        for entry in journal["entries"].as_array_mut().expect("a list") {
            entry["mode"] = json!(0o6755);
        }
    });
    let (_, said) = interrupted.run("check --fix");
    assert!(said.contains("rolled back"), "{said}");
    let manifest = fs::metadata(interrupted.root().join("Cargo.toml")).expect("there");
    assert_eq!(manifest.permissions().mode() & 0o7777, 0o755);
}

/// A directory that was copied, moved or cloned again is another one, even at the same path.
fn a_journal_is_that_of_one_directory() {
    let copy = |from: &Path, to: &Path| write_tree(to, &read_tree(from));
    for change in ["copied", "moved", "cloned again"] {
        let interrupted = Interrupted::new();
        let (root, other) = (interrupted.root(), interrupted.sandbox.path().join("other"));
        let now = match change {
            "copied" => {
                copy(&root, &other);
                &other
            }
            "moved" => {
                fs::rename(&root, &other).expect("moved");
                &other
            }
            _ => {
                fs::rename(&root, &other).expect("moved");
                copy(&other, &root);
                &root
            }
        };
        let before = everything(now);
        for line in ["list", "check --fix"] {
            let output = run(line, now, &interrupted.state());
            let said = said(&output);
            assert!(!said.contains("interrupted") && !said.contains("journal"), "{change}: {said}");
            same(change, &before, &everything(now));
        }
        assert!(interrupted.journal.exists());
    }
}

/// Nor does renaming a journal make it another directory's.
fn a_journal_under_the_name_of_another_is_refused() {
    let [interrupted, other] = [(); 2].map(|()| Interrupted::new());
    fs::copy(&other.journal, &interrupted.journal).expect("copied");
    let before = everything(&interrupted.root());
    let (done, said) = interrupted.run("check --fix");
    assert!(!done && said.contains("is of another directory"), "{said}");
    same("another's", &before, &everything(&interrupted.root()));
}

/// A run that could not be rolled back does not start.
fn without_a_place_for_the_journal_nothing_is_written() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    write_tree(&root, &existing());
    let file = sandbox.path().join("file");
    fs::write(&file, "").expect("written");
    let before = everything(&root);
    let below = file.join("state");
    for (state, hint) in [
        (Path::new("relative"), "hint: set it to an absolute path"),
        (&file, "CARGO_AMPLIFY_STATE_DIR"),
        (&below, "CARGO_AMPLIFY_STATE_DIR"),
    ] {
        let output = run("new auth-trigger", &root, state);
        let told = said(&output);
        assert_eq!(output.code, 1, "{told}");
        assert!(told.contains(hint), "{told}");
        let output = run("list", &root, state);
        assert!(output.code == 0, "{}", said(&output));
        same(&state.display().to_string(), &before, &everything(&root));
    }
}
