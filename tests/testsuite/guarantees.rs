//! What users are promised, where no other test is about it.
//!
//! | guarantee | tests |
//! |---|---|
//! | all or nothing | `interrupts.rs`, `processes.rs`, `verify.rs` |
//! | nothing of the user's is lost | `interrupts.rs`, `processes.rs`, `ask.rs`, `cases/conflict-*` |
//! | byte-true edits | `registry.rs`, `properties.rs`, `modes_survive…`, here |
//! | the workspace still loads | every case of `cases/`, `workspaces.rs`, `any_workspace.rs`, `cases/cargo-*` |
//! | idempotent, order-free, taken back | every case of `cases/`, `properties.rs`, `kinds.rs` |
//! | contained | here, `hostile/` |
//! | offline | here |
//! | what is printed was written | here |
//! | no project, no success | here |
//! | deterministic | the golden files of `cases/` |
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Command;

use cargo_amplify::project::StateDir;

use crate::cases::sandbox::call_with;
use crate::support::{program, read_tree, state_directory, succeed};

tests![
    #[cfg(target_os = "linux")]
    output_that_is_lost_is_an_error,
    what_needs_a_project_fails_without_one,
    no_path_outside_the_root_is_written,
    a_directory_that_is_only_called_amplify_is_no_project,
    links_within_the_root_survive,
    new_check_and_remove_work_offline,
    a_read_only_directory_is_told,
];

/// What could not be printed is an error; a reader that went away is none.
#[cfg(target_os = "linux")]
fn output_that_is_lost_is_an_error() {
    for (line, code) in [
        ("list pre-sign-up", 1),
        ("list --format json", 1),
        ("new --help", 1),
        ("--version", 1),
        ("new nothing --format json", 2),
    ] {
        let full = fs::File::options().write(true).open("/dev/full");
        let lost = program().args(line.split(' ')).stdout(full.expect("a device")).output();
        let lost = lost.expect("it runs");
        let said = String::from_utf8_lossy(&lost.stderr).into_owned();
        assert_eq!(lost.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains("error: cannot write to standard output"), "{line}: {said}");
    }

    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let closed = program().args(["list", "pre-sign-up"]).stdout(writer).output();
    let closed = closed.expect("it runs");
    assert_eq!(closed.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&closed.stderr), "");
}

/// Neither in an empty directory nor in one that is not there.
fn what_needs_a_project_fails_without_one() {
    let empty = tempfile::tempdir().expect("a directory");
    let run = |line: &str| {
        let arguments: Vec<_> = line.split(' ').collect();
        let run = call_with(empty.path(), &arguments, StateDir::At(state_directory()));
        (run.code, String::from_utf8_lossy(&run.err).into_owned())
    };
    for command in
        ["check", "check --fix", "synth", "invoke", "serve", "remove auth-trigger custom-auth"]
    {
        for path in ["", " --path .", " --path nowhere"] {
            let (code, said) = run(&format!("{command}{path}"));
            assert_eq!(code, 1, "{command}{path}: {said}");
            assert!(said.contains("there is no project in"), "{command}{path}: {said}");
        }
    }
    let (code, said) = run("list --path nowhere");
    assert!(code == 1 && said.contains("there is no project in"), "{said}");
    let (code, said) = run("list");
    assert!(code == 0 && said.contains("there is no project here"), "{said}");
}

/// What `--path` names does not become a part of what is called `amplify` for another reason.
fn a_directory_that_is_only_called_amplify_is_no_project() {
    let sandbox = tempfile::tempdir().expect("a directory");
    for directory in ["amplify/videos", "app"] {
        fs::create_dir_all(sandbox.path().join(directory)).expect("created");
    }
    let new = ["new", "auth-trigger", "-q", "--path", "app"];
    succeed(program().args(new).current_dir(sandbox.path()));
    assert!(sandbox.path().join("app/amplify/auth/resource.toml").exists());
}

/// A link on the way that leads out of the root is refused, and nothing is written there.
fn no_path_outside_the_root_is_written() {
    for link in [
        ".gitignore",
        "Cargo.toml",
        "amplify",
        "amplify/auth",
        "amplify/auth/pre-sign-up",
        "amplify/auth/pre-sign-up/src",
        "amplify/auth/resource.toml",
        "amplify/auth/pre-sign-up/generated.toml",
        "amplify/generated.toml",
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let (root, outside) = (sandbox.path().join("repo"), sandbox.path().join("outside"));
        fs::create_dir(&outside).expect("created");
        let is_file = link.contains("toml") || link.contains("ignore");
        let target = if is_file { outside.join("file") } else { outside.clone() };
        if is_file {
            fs::write(&target, "").expect("written");
        }
        let path = root.join(link);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        symlink(&target, &path).expect("linked");
        let before = read_tree(sandbox.path());
        for verb in ["new", "remove"] {
            let mut run = program();
            run.args([verb, "auth-trigger", "pre-sign-up", "--on-conflict", "overwrite"]);
            let output = run.args(["--path"]).arg(&root).output().expect("it runs");
            assert!(matches!(output.status.code(), Some(1 | 3)), "{verb}, {link}: {output:?}");
            assert_eq!(read_tree(sandbox.path()), before, "{verb}, {link}");
        }
    }
}

/// A manifest that is a link, relative or absolute, stays one, and what it leads to is edited.
fn links_within_the_root_survive() {
    for absolute in [false, true] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().canonicalize().expect("there");
        fs::create_dir(root.join("shared")).expect("created");
        let manifest = root.join("shared/workspace.toml");
        let before = "[workspace]\nmembers = [] # none\n";
        fs::write(&manifest, before).expect("written");
        let target = match absolute {
            true => manifest.clone(),
            false => "shared/workspace.toml".into(),
        };
        symlink(&target, root.join("Cargo.toml")).expect("linked");
        let run = |verb| {
            let mut run = program();
            run.args([verb, "auth-trigger", "pre-sign-up"]);
            succeed(run.current_dir(&root));
            assert_eq!(fs::read_link(root.join("Cargo.toml")).expect("a link"), target);
            fs::read_to_string(&manifest).expect("there")
        };
        let added = "[workspace]\nmembers = [\"amplify/auth/pre-sign-up\"] # none\n";
        assert_eq!(run("new"), added);
        assert_eq!(run("remove"), before);
    }
}

/// Without any network, where the machine lets a test have none.
fn new_check_and_remove_work_offline() {
    let offline = |line: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net"]).args(line);
        command
    };
    if !offline(&["true"]).status().is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "skipped: `unshare --net` does not work here");
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    for line in ["new auth-trigger pre-sign-up", "check", "list", "remove auth-trigger pre-sign-up"]
    {
        let mut run = offline(&[env!("CARGO_BIN_EXE_cargo-amplify")]);
        run.env("CARGO_AMPLIFY_STATE_DIR", state_directory());
        succeed(run.args(line.split(' ')).current_dir(directory.path()));
    }
    assert_eq!(read_tree(directory.path()).len(), 0);
}

/// A directory that cannot be written is told with what to do, and nothing is changed. The
/// administrator may write everywhere, so there it is not tried.
fn a_read_only_directory_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let set = |mode| fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode));
    set(0o555).expect("set");
    let is_administrator = fs::write(directory.path().join("probe"), "").is_ok();
    let mut run = program();
    let output = run.args(["new", "auth-trigger"]).current_dir(directory.path()).output();
    set(0o755).expect("set");
    if is_administrator {
        let _ = writeln!(std::io::stderr(), "skipped: an administrator may write everywhere");
        return;
    }
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    assert!(said.contains("hint: make the directory writable"), "{said}");
    assert_eq!(read_tree(directory.path()).len(), 0);
}
