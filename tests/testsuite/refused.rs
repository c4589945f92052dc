//! Every folder in `tests/refused` is a project with something wrong in its `resource.toml`, and
//! `problems` is all that is said about it, place by place. Those named `err-…` are
//! configurations that Amplify refuses too.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use cargo_amplify::backend::Backend;
use cargo_amplify::catalog::{Catalog, Scaffold};
use cargo_amplify::cli::FAMILY;
use cargo_amplify::workspace::{Workspace, locate};

use crate::cases::{self, BLESS, golden_text};
use crate::support::entries;

/// All scaffolds of the program.
pub fn scaffolds() -> Vec<Scaffold> {
    Catalog::embedded().scaffolds(FAMILY).expect("scaffolds")
}

/// Reads the backend of a project.
pub fn read(project: &Path) -> Backend {
    let location = locate(Some(project), project).expect("a folder");
    let workspace = Workspace::open(&location).expect("a workspace");
    Backend::read(&workspace, &scaffolds()).expect("readable files")
}

fn folders() -> Vec<PathBuf> {
    let folders = entries("tests/refused");
    assert!(!folders.is_empty(), "there are no cases");
    folders
}

#[test]
fn what_is_wrong_is_said_all_at_once_and_with_its_place() {
    let mut failures = String::new();
    for folder in folders() {
        let mut problems = String::new();
        for problem in read(&folder).diagnostics {
            let (line, column) = problem.position();
            let _ = writeln!(problems, "{}:{line}:{column}", problem.path);
            let _ = writeln!(problems, "    {}", problem.message);
            let _ = writeln!(problems, "    {}", problem.label);
        }
        assert!(
            !problems.is_empty(),
            "{}: nothing is wrong",
            folder.display()
        );
        if let Err(failure) = golden_text(&folder.join("problems"), &problems) {
            let _ = writeln!(failures, "{failure}");
        }
    }
    assert!(failures.is_empty(), "{failures}\n{BLESS}");
}

/// Nothing is wrong with what this program writes.
#[test]
fn generated_backends_are_right() {
    let mut read_any = false;
    for folder in cases::folders() {
        let own = folder.join("in/amplify/auth/resource.toml");
        let generated = folder.join("out");
        if own.exists() || !generated.join("amplify/auth/resource.toml").exists() {
            continue;
        }
        let backend = read(&generated);
        let auth = backend.auth.as_ref().expect("a user pool");
        assert_eq!(backend.diagnostics, [], "{}", folder.display());
        assert!(!backend.functions.is_empty(), "{}", folder.display());
        let calls: usize = backend
            .functions
            .keys()
            .map(|name| backend.triggers_of(name).count())
            .sum();
        assert_eq!(calls, auth.triggers.len(), "{}", folder.display());
        read_any = true;
    }
    assert!(read_any, "no case was read");
}
