//! Attributes of the user's files.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use cargo_amplify::apply::Operation;
use rustix::fs::{XattrFlags, getxattr, setxattr};

use super::{everything, run, said};
use crate::cases::golden::differences;
use crate::interrupts::scene::{self, existing};
use crate::support::write_tree;

tests![an_edited_file_stays_whose_it_was, what_an_edit_would_break_is_refused,];

type Change<'a> = &'a dyn Fn(&Path) -> std::io::Result<()>;

const NOTE: &str = "user.note";

/// What is kept of the manifest: owner, group, mode, and an extended attribute if there can be one.
fn kept(file: &Path) -> (u32, u32, u32, Vec<u8>) {
    let found = fs::metadata(file).expect("there");
    let mut note = [0; 16];
    let length = getxattr(file, NOTE, &mut note[..]).unwrap_or(0);
    (found.uid(), found.gid(), found.mode(), note[..length].to_vec())
}

fn an_edited_file_stays_whose_it_was() {
    for fails in [false, true] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &existing());
        let manifest = root.join("Cargo.toml");
        // Others than the administrator keep what is theirs anyway.
        let _ = chown(&manifest, Some(12345), Some(54321));
        let _ = setxattr(&manifest, NOTE, b"mine", XattrFlags::empty());
        let (before, text) = (kept(&manifest), fs::read(&manifest).expect("there"));
        let last = root.join("amplify/generated.toml");
        let outcome = scene::run(&root, scene::plan, &mut |call| match fails
            && (call.operation, call.path) == (Operation::Rename, last.as_path())
        {
            true => Err(std::io::ErrorKind::Other.into()),
            false => Ok(()),
        });
        assert_eq!(outcome.is_err(), fails);
        assert_eq!(fs::read(&manifest).expect("there") == text, fails);
        assert_eq!(kept(&manifest), before);
    }
}

/// An edit that could not keep an attribute is refused with a message, by a dry run too.
fn what_an_edit_would_break_is_refused() {
    let link = |file: &Path| fs::hard_link(file, file.with_extension("link"));
    let protect = |file: &Path| fs::set_permissions(file, Permissions::from_mode(0o444));
    let cases: [(&str, Change); 2] = [
        ("Cargo.toml: has other names", &link),
        (
            "Cargo.toml: is read-only: its mode is 0444\n  if it may be changed, `chmod u+w` it",
            &protect,
        ),
    ];
    for (reason, change) in cases {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &existing());
        change(&root.join("Cargo.toml")).expect("changed");
        let before = everything(&root);
        for flags in ["", " --dry-run", " --on-conflict overwrite"] {
            let line = format!("new auth-trigger{flags}");
            let output = run(&line, &root, &sandbox.path().join("state"));
            assert_eq!(output.code, 3, "{}", said(&output));
            assert!(said(&output).contains(reason), "{}", said(&output));
            differences(reason, &before, &everything(&root)).unwrap_or_else(|e| panic!("{e}"));
        }
    }
}
