//! The tests of our scaffolds, in `tests/scaffolds`, which are cases of `new` too.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cargo_amplify::catalog::{Catalog, InputKind};
use cargo_amplify::project::{Project, locate};
use cargo_amplify::snapshots::CaseDefinition;

use super::sandbox::call;
use super::{Build, Case, names_in, parse};
use crate::support::repository;

tests![are_as_accepted];

const DIRECTORY: &str = "tests/scaffolds/tests";

/// Their names, sorted.
pub fn names() -> Vec<String> {
    names_in(DIRECTORY)
}

/// The `case.toml` of a name, which need not exist.
pub fn file(name: &str) -> PathBuf {
    repository().join(DIRECTORY).join(name).join("case.toml")
}

/// What a test generates.
pub fn case(name: &str) -> Case {
    let definition: CaseDefinition = parse(&file(name));
    let location = locate(Some(repository()), repository()).expect("a directory");
    let project = Project::open(&location).expect("a workspace");
    let catalog = Catalog::embedded();
    let before = definition.before(&project, &Default::default(), &catalog);
    let kinds = catalog.find_names(definition.kind.get_ref()).expect("kinds");
    // What a flag of ours adds needs the AWS SDK.
    let is_long = definition.inputs.values().any(|value| value.as_bool() == Some(true));
    Case {
        name: name.to_owned(),
        run: vec![definition.arguments(&catalog, None)],
        build: match (before.as_ref().is_ok_and(BTreeMap::is_empty), kinds.len()) {
            (true, 1) if is_long => Build::Long,
            (true, 1) => Build::Yes,
            // The crates are those of other cases.
            _ => Build::No,
        },
        files: before.expect("a repository"),
        crates: kinds.iter().map(|kind| format!("amplify/auth/{kind}")).collect(),
        again: true,
        ..Case::default()
    }
}

/// Each kind, with every value of every choice, and in TypeScript, is generated as accepted.
fn are_as_accepted() {
    let test = ["scaffold", "test", "--scaffolds", "tests/scaffolds"].into_iter().chain(bless());
    let run = call(repository(), &test.collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&[run.out, run.err].concat()));
    let cases: Vec<_> = names().iter().map(|name| Case::load(name)).collect();
    for scaffold in Catalog::embedded().scaffolds().expect("right") {
        let generates = |case: &&Case| {
            case.crates.iter().any(|directory| directory.ends_with(&format!("/{}", scaffold.name)))
        };
        let own: Vec<_> = cases.iter().filter(generates).collect();
        let is_in_typescript = |case: &&Case| case.before().contains_key("amplify/backend.ts");
        assert!(own.iter().any(is_in_typescript), "{}: no case in TypeScript", scaffold.name);
        for input in &scaffold.inputs {
            let values = match &input.kind {
                InputKind::Choice { choices, default } => {
                    choices.iter().filter(|choice| *choice != default).cloned().collect()
                }
                InputKind::Flag => vec!["true".to_owned()],
                InputKind::Groups { .. } | InputKind::Claims { .. } => Vec::new(),
            };
            for choice in values.iter().map(|value| format!("{}={value}", input.name)) {
                let is_made = own.iter().any(|case| case.run.concat().contains(&choice));
                assert!(is_made, "{}: no case with {choice}", scaffold.name);
            }
        }
    }
}

/// What accepts golden files, if it is asked for.
pub fn bless() -> Option<&'static str> {
    std::env::var_os("SNAPSHOTS").map(|_| "--bless")
}
