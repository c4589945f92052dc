//! Every directory in `tests/refused` is a project with something wrong in its `resource.toml`, and
//! `problems` is all that is said about it, place by place: errors, then warnings. Those named
//! `err-…` are configurations that Amplify refuses too.

use std::fmt::Write;
use std::path::Path;

use cargo_amplify::catalog::{Catalog, Scaffold};
use cargo_amplify::model::Backend;
use cargo_amplify::project::{Project, locate};

use libtest_mimic::Trial;

use crate::cases::golden::golden_text;
use crate::cases::names_in;
use crate::cases::sandbox::call;
use crate::support::repository;
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let test = |name: String| {
        let directory = repository().join("tests/refused").join(&name);
        trial("refused", &name, move || check(&directory))
    };
    let others = functions![what_is_never_called_is_said_with_the_template];
    names_in("tests/refused").into_iter().map(test).chain(others).collect()
}

/// All scaffolds of the program.
pub fn scaffolds() -> Vec<Scaffold> {
    Catalog::embedded().scaffolds().expect("scaffolds")
}

/// Reads the backend of a project.
pub fn read(project: &Path) -> Backend {
    let location = locate(Some(project), project).expect("a directory");
    let project = Project::open(&location).expect("a workspace");
    Backend::read(&project, &scaffolds()).expect("readable files")
}

fn what_is_never_called_is_said_with_the_template() {
    let run = call(&repository().join("tests/refused/reach"), &["synth"]);
    let printed = String::from_utf8(run.err).expect("UTF-8");
    assert_eq!(run.code, 0, "{printed}");
    for warning in ["USER_PASSWORD_AUTH", "client_credentials", "links need a domain"] {
        assert!(printed.contains(warning), "{printed}");
    }
}

/// All problems are reported at once, with their places.
fn check(directory: &Path) -> Result<(), String> {
    let mut problems = String::new();
    let backend = read(directory);
    for problem in backend.diagnostics.into_iter().chain(backend.warnings) {
        let (line, column) = problem.place.position();
        let _ = writeln!(problems, "{}:{line}:{column}", problem.path());
        let _ = writeln!(problems, "    {}", problem.message);
        let _ = writeln!(problems, "    {}", problem.label);
    }
    assert!(!problems.is_empty(), "nothing is wrong");
    golden_text(&directory.join("problems"), &problems)
}
