//! A repository that somebody else wrote must not write, delete or move anything by itself.
#![cfg(unix)]

mod files;
mod journal;
mod reading;
mod record;
mod root;
mod scaffolds;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use cargo_amplify::project::StateDir;
use libtest_mimic::Trial;

use crate::cases::sandbox::{Run, call_with};
use crate::support::{Tree, write_tree};

pub fn tests() -> Vec<Trial> {
    let modules = [
        files::tests(),
        journal::tests(),
        reading::tests(),
        record::tests(),
        root::tests(),
        scaffolds::tests(),
    ];
    modules.into_iter().flatten().collect()
}

/// Every command that only reads, or is to write nothing.
const READING: [&str; 12] = [
    "list",
    "list pre-sign-up",
    "check",
    "check --fix --dry-run",
    "new auth-trigger pre-sign-up --dry-run",
    "remove auth-trigger pre-sign-up --dry-run",
    "synth",
    "synth --schema auth",
    "completions bash",
    "outputs",
    "invoke no-such-function",
    "--help",
];

/// Every command that may write, in an order in which each has something to do.
const WRITING: [&str; 5] = [
    "check --fix",
    "new auth-trigger post-confirmation",
    "synth --out template.yaml",
    "remove auth-trigger pre-sign-up --on-conflict overwrite",
    "remove auth-trigger post-confirmation --on-conflict overwrite",
];

fn run(line: &str, directory: &Path, state: &Path) -> Run {
    let arguments: Vec<_> = line.split(' ').collect();
    let state = match state.is_absolute() {
        true => StateDir::At(state.to_owned()),
        false => StateDir::Relative(state.to_owned()),
    };
    call_with(directory, &arguments, state)
}

fn said(run: &Run) -> String {
    let [out, err] = [&run.out, &run.err].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}

/// A project with a function, in a git repository with files of the user's that are not in it.
fn project(root: &Path) {
    write_tree(root, &Tree::new());
    fs::create_dir_all(root).expect("created");
    let mut git = Command::new("git");
    crate::support::succeed(git.args(["init", "--quiet"]).current_dir(root));
    let state = root.with_extension("first-state");
    let output = run("new auth-trigger pre-sign-up", root, &state);
    assert!(output.code == 0, "{}", said(&output));
    fs::write(root.join(".env"), "SECRET=1\n").expect("written");
}

/// Each file, link and directory with its mode and content.
fn everything(directory: &Path) -> Tree {
    let entries = walkdir::WalkDir::new(directory).into_iter().flatten();
    let entries = entries.map(|entry| {
        let mode = entry.metadata().expect("readable").permissions().mode();
        let path = entry.path().strip_prefix(directory).expect("below");
        let content = match entry.file_type() {
            kind if kind.is_file() => fs::read(entry.path()).expect("readable"),
            kind if kind.is_symlink() => {
                let target = fs::read_link(entry.path()).expect("a link");
                target.display().to_string().into_bytes()
            }
            _ => Vec::new(),
        };
        (format!("{} {mode:o}", path.display()), content)
    });
    entries.collect()
}

/// What of it is git's or the user's alone.
fn private(directory: &Path) -> Tree {
    let is_private = |path: &String| {
        path.starts_with(".git ") || path.starts_with(".git/") || path.starts_with(".env")
    };
    let mut all = everything(directory);
    all.retain(|path, _| is_private(path));
    all
}
