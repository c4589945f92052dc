//! A command reads each file only once, and so sees a consistent state.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use crate::cases::sandbox::call;
use crate::support::{read_tree, repository, write_tree};

tests![every_file_is_read_at_most_once];

const COMMANDS: [&str; 7] = [
    "list",
    "check --fix --dry-run",
    "new auth-trigger pre-sign-up --dry-run",
    "new auth-trigger custom-auth --dry-run",
    "remove auth-trigger pre-sign-up --dry-run",
    "synth",
    "invoke --list",
];

/// The number of bytes that a file is extended by.
const LONGER: usize = 64 * 1024;

/// The number of additional bytes that are read when a file is longer shows how often it is read.
fn every_file_is_read_at_most_once() {
    let app = read_tree(&repository().join("tests/typescript/01-no-triggers-key/before"));
    for before in [Default::default(), app] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &before);
        fs::create_dir_all(&root).expect("created");
        for kind in ["pre-sign-up", "pre-token-generation"] {
            let made = call(&root, &["new", "auth-trigger", kind]);
            assert_eq!(made.code, 0, "{}", String::from_utf8_lossy(&made.err));
        }
        let project = read_tree(&root);
        let comment = |start: &str| Some(format!("\n{start} {}\n", "x".repeat(LONGER)));
        let filler = |path: &str| match path.rsplit('.').next() {
            // All functions are treated alike.
            _ if path.contains("pre-token-generation") => None,
            // rustfmt removes this, and so it is not in its output, which is read too.
            Some("rs") => Some("\n".repeat(LONGER)),
            Some("ts") => comment("//"),
            Some("toml" | "yml" | "gitignore") => comment("#"),
            _ => None,
        };
        for line in COMMANDS {
            let usual = bytes_read(&root, line);
            for (path, text) in &project {
                let Some(filler) = filler(path) else { continue };
                let longer = [text.as_slice(), filler.as_bytes()].concat();
                fs::write(root.join(path), longer).expect("written");
                let more = bytes_read(&root, line).saturating_sub(usual);
                fs::write(root.join(path), text).expect("written");
                let times = more as f64 / LONGER as f64;
                assert!(times < 1.5, "{line}: {path} is read {times:.1} times");
            }
        }
    }
}

/// Bytes that this thread reads while a command runs.
fn bytes_read(root: &Path, line: &str) -> usize {
    let read = || {
        let counts = fs::read_to_string("/proc/thread-self/io").expect("counted");
        let count = counts.lines().find_map(|line| line.strip_prefix("rchar: "));
        count.expect("a count").parse::<usize>().expect("a number")
    };
    let before = read();
    let arguments: Vec<_> = line.split(' ').collect();
    call(root, &arguments);
    read() - before
}
