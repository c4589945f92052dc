//! What is asked and shown at a terminal, which `script` of util-linux provides.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Tree, program, read_tree, state_directory, succeed};

tests![
    each_file_is_decided_by_itself,
    to_quit_is_a_refusal_that_writes_nothing,
    both_texts_can_be_edited_into_one,
    an_edited_file_is_kept_or_deleted_with_the_rest,
    without_a_terminal_nothing_is_asked_and_nothing_written,
    an_editor_that_fails_decides_nothing,
    a_trigger_is_picked_at_a_terminal,
    notes_break_between_words,
    an_interrupted_build_leaves_no_progress_bar,
];

const PROGRAM: &str = concat!("'", env!("CARGO_BIN_EXE_cargo-amplify"), "'");

const HANDLER: &str = "amplify/auth/pre-sign-up/src/handler.rs";
const RESOURCE: &str = "amplify/auth/resource.toml";

/// A project with an edited handler and another function wired.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().expect("a directory"));
        let mut new = program();
        new.args(["new", "auth-trigger", "pre-sign-up", "-q"]);
        succeed(new.current_dir(project.0.path()));
        project.change(HANDLER, |text| format!("{text}// mine\n"));
        project.change(RESOURCE, |text| text.replace("\"pre-sign-up\"", "\"other\""));
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn change(&self, path: &str, change: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path(path)).expect("there");
        fs::write(self.path(path), change(text)).expect("written");
    }

    fn tree(&self) -> Tree {
        read_tree(self.0.path())
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    /// Types `keys`, a line each. Returns the exit code, and what the terminal shows.
    fn answer(&self, verb: &str, keys: &[&str], editor: &Path) -> Option<(Option<i32>, String)> {
        let line = format!("{verb} auth-trigger pre-sign-up --on-conflict ask");
        at_terminal(self.0.path(), &line, keys, editor)
    }
}

/// Runs the program with these arguments and types `keys`, a line each.
fn at_terminal(
    directory: &Path,
    arguments: &str,
    keys: &[&str],
    editor: &Path,
) -> Option<(Option<i32>, String)> {
    type_at(directory, &format!("{PROGRAM} {arguments}"), keys, editor)
}

/// Runs a line of a shell and types `keys`, a line each.
fn type_at(
    directory: &Path,
    line: &str,
    keys: &[&str],
    editor: &Path,
) -> Option<(Option<i32>, String)> {
    let terminal = Command::new("script")
        .args(["-qec", line, "/dev/null"])
        .current_dir(directory)
        .env("EDITOR", editor)
        .env("CARGO_AMPLIFY_STATE_DIR", state_directory())
        .env_remove("VISUAL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut terminal) = terminal else {
        let _ = writeln!(std::io::stderr(), "skipped: there is no `script`");
        return None;
    };
    // It stays open, because its end would close the terminal.
    let mut keyboard = terminal.stdin.take().expect("piped");
    for key in keys {
        keyboard.write_all(format!("{key}\n").as_bytes()).expect("typed");
    }
    let output = terminal.wait_with_output().expect("it ends");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    Some((output.status.code(), shown))
}

fn each_file_is_decided_by_itself() {
    let project = Project::new();
    let mine = project.text(HANDLER);
    let Some((code, shown)) = project.answer("new", &["x", " b ", "O"], Path::new("false")) else {
        return;
    };
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("-// mine") && shown.contains("exists and is different"), "{shown}");
    assert_eq!(project.text(HANDLER), mine);
    assert_eq!(mine, project.text(&format!("{HANDLER}.new")) + "// mine\n");
    assert!(project.text(RESOURCE).contains("preSignUp = \"pre-sign-up\""));
}

fn to_quit_is_a_refusal_that_writes_nothing() {
    let project = Project::new();
    let before = project.tree();
    let Some((code, shown)) = project.answer("new", &["o", "q"], Path::new("false")) else {
        return;
    };
    assert_eq!(code, Some(3), "{shown}");
    assert_eq!(project.tree(), before);
}

fn both_texts_can_be_edited_into_one() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    let tools = tempfile::tempdir().expect("a directory");
    let editor = tools.path().join("editor");
    let script =
        "#!/bin/sh\nsed -i '/^<<<<<<< /d; /^=======$/d; /^>>>>>>> /d; s/mine/ours/' \"$1\"\n";
    fs::write(&editor, script).expect("written");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("set");
    let Some((code, shown)) = project.answer("new", &["e", "k"], &editor) else {
        return;
    };
    assert_eq!(code, Some(0), "{shown}");
    assert!(project.text(HANDLER).ends_with("// ours\n"), "{shown}");
    assert!(project.text(RESOURCE).contains("preSignUp = \"other\""));
}

fn an_edited_file_is_kept_or_deleted_with_the_rest() {
    for (key, stays) in [("k", true), ("d", false)] {
        let project = Project::new();
        let Some((code, shown)) = project.answer("remove", &[key], Path::new("false")) else {
            return;
        };
        assert_eq!(code, Some(0), "{shown}");
        assert_eq!(project.path(HANDLER).exists(), stays, "{shown}");
        assert!(!project.path("amplify/auth/pre-sign-up/Cargo.toml").exists());
    }
}

fn without_a_terminal_nothing_is_asked_and_nothing_written() {
    let project = Project::new();
    let before = project.tree();
    let mut new = program();
    new.args(["new", "auth-trigger", "pre-sign-up", "--on-conflict", "ask"]);
    let output = new.current_dir(project.0.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(HANDLER) && said.contains(RESOURCE), "{said}");
    assert_eq!(project.tree(), before);
}

/// As `:cq` in vi. The file to edit has the name of the one that it is about.
fn an_editor_that_fails_decides_nothing() {
    let project = Project::new();
    let mine = project.text(HANDLER);
    let Some((code, shown)) = project.answer("new", &["e", "k", "k"], Path::new("false")) else {
        return;
    };
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("the editor `false` failed"), "{shown}");
    assert_eq!(project.text(HANDLER), mine);
    let Some((_, shown)) = project.answer("new", &["e", "q"], Path::new("ls")) else {
        return;
    };
    assert!(shown.contains("-handler.rs"), "{shown}");
}

/// By a bare command only: with inputs, the trigger is known.
fn a_trigger_is_picked_at_a_terminal() {
    for bare in ["new", "new auth-trigger"] {
        let directory = tempfile::tempdir().expect("a directory");
        let Some((code, shown)) =
            at_terminal(directory.path(), bare, &["\u{1b}[B\u{1b}[B"], Path::new("false"))
        else {
            return;
        };
        assert_eq!(code, Some(0), "{shown}");
        // Two lines below the default.
        assert!(directory.path().join("amplify/auth/custom-email-sender").exists(), "{shown}");
        assert!(shown.contains("accept or reject a sign-in"), "{shown}");
    }
    let directory = tempfile::tempdir().expect("a directory");
    let type_keys = |arguments: &str, keys: &[&str]| {
        at_terminal(directory.path(), arguments, keys, Path::new("false"))
    };
    let Some((code, shown)) = type_keys("new auth-trigger", &["q"]) else {
        return;
    };
    assert_eq!(code, Some(130), "{shown}");
    assert_eq!(read_tree(directory.path()), Tree::new());
    for sure in ["new auth-trigger --event-version V2_0", "new auth-trigger -q"] {
        assert_eq!(type_keys(sure, &[]).and_then(|(code, _)| code), Some(0), "{sure}");
        assert!(directory.path().join("amplify/auth/pre-token-generation").exists(), "{sure}");
    }
}

fn notes_break_between_words() {
    let new = "new auth-trigger define-auth-challenge --color never";
    let directory = tempfile::tempdir().expect("a directory");
    let piped =
        succeed(program().args(new.split(' ')).arg("--dry-run").current_dir(directory.path()));
    let piped = String::from_utf8(piped.stderr).expect("UTF-8");
    let notes: Vec<_> = piped.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(notes.len(), 2, "{piped}");
    for width in [24, 40, 80] {
        let line = format!("stty rows 50 cols {width} && {PROGRAM} {new}");
        let directory = tempfile::tempdir().expect("a directory");
        let Some((_, shown)) = type_at(directory.path(), &line, &[], Path::new("false")) else {
            return;
        };
        let shown = shown.replace("\r\n", "\n");
        let (_, below) = shown.split_once("\nnote: ").expect("a note");
        let below = below.split("\n\n").next().unwrap_or_default();
        assert_eq!(format!("note: {}", below.replace("\n      ", " ")), notes.join("\n"));
        let is_wide = |line: &&str| line.len() > width && line.trim().contains(' ');
        assert_eq!(below.lines().find(is_wide), None, "{width} columns");
    }
}

/// Ctrl-C comes while Cargo has written a line without an end.
fn an_interrupted_build_leaves_no_progress_bar() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    let cargo = project.path("cargo");
    let script = "#!/bin/sh\nprintf 'Building [=>] 3/7' >&2\nkill -INT $PPID\nsleep 30\n";
    fs::write(&cargo, script).expect("written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("set");
    project.change(RESOURCE, |text| text.replace("\"other\"", "\"pre-sign-up\""));
    let line = format!("CARGO='{}' {PROGRAM} invoke --color never", cargo.display());
    let Some((code, shown)) = type_at(project.0.path(), &line, &[], Path::new("false")) else {
        return;
    };
    assert_eq!(code, Some(130), "{shown}");
    let (_, after) = shown.split_once("3/7").expect("the progress");
    assert_eq!(after, "\r\u{1b}[Kerror: interrupted, everything is as it was\r\n");
}
