//! Every folder in `tests/refused` is a project with something wrong in its `resource.toml`, and
//! `problems` is all that is said about it, place by place. Those named `err-…` are
//! configurations that Amplify refuses too.

use std::fmt::Write;
use std::path::Path;

use cargo_amplify::catalog::{Catalog, Scaffold};
use cargo_amplify::model::Backend;
use cargo_amplify::project::{Project, locate};

use libtest_mimic::Trial;

use crate::cases::golden::golden_text;
use crate::cases::names_in;
use crate::support::repository;
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let test = |name: String| {
        let folder = repository().join("tests/refused").join(&name);
        trial("refused", &name, move || check(&folder))
    };
    names_in("tests/refused").into_iter().map(test).collect()
}

/// All scaffolds of the program.
pub fn scaffolds() -> Vec<Scaffold> {
    Catalog::embedded().scaffolds().expect("scaffolds")
}

/// Reads the backend of a project.
pub fn read(project: &Path) -> Backend {
    let location = locate(Some(project), project).expect("a folder");
    let project = Project::open(&location).expect("a workspace");
    Backend::read(&project, &scaffolds()).expect("readable files")
}

/// All that is wrong is said at once, and with its place.
fn check(folder: &Path) -> Result<(), String> {
    let mut problems = String::new();
    for problem in read(folder).diagnostics {
        let (line, column) = problem.place.position();
        let _ = writeln!(problems, "{}:{line}:{column}", problem.path());
        let _ = writeln!(problems, "    {}", problem.message);
        let _ = writeln!(problems, "    {}", problem.label);
    }
    assert!(!problems.is_empty(), "nothing is wrong");
    golden_text(&folder.join("problems"), &problems)
}
