//! `--verify`: a crate that fails is not written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{BUILD, Tree, builds_generated, program, read_tree, repository, write_tree};

tests![
    a_crate_that_passes_is_written_as_without_verify,
    a_crate_that_does_not_pass_is_not_written,
    lints_that_forbid_what_it_has_are_not_inherited,
    #[cfg(unix)]
    a_staged_tree_that_was_left_goes_with_the_next_run,
    #[cfg(unix)]
    what_a_repository_has_in_the_place_of_a_staged_tree_stays,
];

fn start(lints: &str) -> Tree {
    let manifest =
        format!("[workspace]\nmembers = []\nresolver = \"3\"\n\n[workspace.lints.rust]\n{lints}\n");
    let lock = fs::read(repository().join("tests/generated.lock")).expect("a lock file");
    Tree::from([
        ("shared/Cargo.toml".to_owned(), manifest.into_bytes()),
        ("Cargo.toml".to_owned(), b"-> shared/Cargo.toml".to_vec()),
        ("Cargo.lock".to_owned(), lock),
        ("notes/a.txt".to_owned(), b"a".to_vec()),
    ])
}

fn run(root: &Path) -> Output {
    let _guard = BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut command: Command = program();
    command.args(["new", "auth-trigger", "pre-sign-up", "--verify"]).current_dir(root);
    builds_generated(&mut command).output().expect("it runs")
}

fn a_crate_that_passes_is_written_as_without_verify() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let [verified, other] = ["verified", "other"].map(|name| sandbox.path().join(name));
    for root in [&verified, &other] {
        write_tree(root, &start("unused = \"warn\""));
    }
    let output = run(&verified);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("every_sample_event_is_answered ... ok"), "{said}");
    let mut plain = program();
    plain.args(["new", "auth-trigger", "pre-sign-up"]).current_dir(&other);
    crate::support::succeed(&mut plain);
    differences("with --verify", &read_tree(&other), &read_tree(&verified))
        .unwrap_or_else(|e| panic!("{e}"));
    assert!(!verified.join(".amplify").exists());
}

fn lints_that_forbid_what_it_has_are_not_inherited() {
    for (lints, inherited) in [
        ("dead_code = \"deny\"", true),
        ("unsafe_code = \"forbid\"", true),
        ("dead_code = \"forbid\"", false),
        ("unused = { level = \"forbid\", priority = -1 }", false),
        ("warnings = \"forbid\"", false),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &start(lints));
        assert_eq!(call(&root, &["new", "auth-trigger", "pre-sign-up"]).code, 0);
        let manifest = root.join("amplify/auth/pre-sign-up/Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        assert_eq!(manifest.contains("[lints]"), inherited, "{lints}");
    }
}

fn a_crate_that_does_not_pass_is_not_written() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    // What is public in a binary is unreachable.
    let before = start("unreachable_pub = \"forbid\"");
    write_tree(&root, &before);
    let output = run(&root);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("unreachable `pub` item"), "{said}");
    assert!(
        said.contains("error: the new crate `pre-sign-up` does not pass, nothing was written"),
        "{said}"
    );
    assert_eq!(read_tree(&root), before);
    assert!(!root.join(".amplify").exists() && !root.join("amplify").exists());
}

/// The next run that writes removes what a run left that was killed while Cargo was running, but
/// not the targets of links in it.
#[cfg(unix)]
fn a_staged_tree_that_was_left_goes_with_the_next_run() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let before = start("unused = \"warn\"");
    write_tree(&root, &before);
    let cargo = sandbox.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\nkill -9 $PPID\n").expect("written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("set");
    let mut command: Command = program();
    command
        .args(["new", "auth-trigger", "pre-sign-up", "--verify"])
        .current_dir(&root)
        .env("CARGO", cargo);
    assert_eq!(command.output().expect("it runs").status.code(), None);
    let left = read_tree(&root.join(".amplify"));
    assert!(left.keys().any(|path| path.ends_with("/notes")), "{left:?}");
    crate::support::succeed(program().arg("list").current_dir(&root));
    assert_eq!(read_tree(&root.join(".amplify")), left);
    let mut next = program();
    // There is no project again.
    let next = next.args(["check", "--fix"]).current_dir(&root).output().expect("it runs");
    assert_eq!(next.status.code(), Some(1));
    differences("the next run", &before, &read_tree(&root)).unwrap_or_else(|e| panic!("{e}"));
    assert!(!root.join(".amplify").exists());
}

/// What a repository has in `.amplify` stays; a link there is not followed.
#[cfg(unix)]
fn what_a_repository_has_in_the_place_of_a_staged_tree_stays() {
    use std::os::unix::fs::symlink;
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, outside) = (sandbox.path().join("repo"), sandbox.path().join("outside"));
    write_tree(&outside, &Tree::from([("mine".to_owned(), b"mine".to_vec())]));
    for link in [".amplify", ".amplify/staged", ".amplify/staged/notes"] {
        write_tree(&root, &start("unreachable_pub = \"forbid\""));
        let link = root.join(link);
        fs::create_dir_all(link.parent().expect("a parent")).expect("created");
        symlink(&outside, &link).expect("linked");
        let before = read_tree(&root);
        assert_eq!(run(&root).status.code(), Some(1));
        differences("the run", &before, &read_tree(&root)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(read_tree(&outside).len(), 1);
    }
}
