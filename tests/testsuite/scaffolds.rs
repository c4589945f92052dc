//! The catalog is data: each directory is a kind.

use std::fs;

use cargo_amplify::apply::{Disk, apply, lock};
use cargo_amplify::catalog::{Answers, Catalog, InputKind, render};
use cargo_amplify::cognito::{Answer, Outcome, PoolSettings, judge};
use cargo_amplify::plan::{Hosting, OnConflict, Request, build};
use cargo_amplify::project::{Location, Project, StateDir, locate};
use serde_json::json;

use crate::cases::golden::golden_tree;
use crate::cases::names_in;
use crate::support::{Tree, read_tree, repository, state_directory, write_tree};

tests![
    embedded_scaffolds_are_right,
    every_file_of_a_scaffold_is_used,
    a_directory_on_disk_is_a_kind,
    a_mistake_in_a_template_is_told,
];

/// Each directory is a scaffold or a bundle, and says what it should.
fn embedded_scaffolds_are_right() {
    let catalog = Catalog::embedded();
    let mut directories = names_in("scaffolds/auth-trigger");
    directories.retain(|name| name != "_shared");
    let (names, bundles) = (catalog.names(), catalog.bundles());
    let mut known = [names.clone(), bundles.clone()].concat();
    known.sort_unstable();
    assert_eq!(known, directories);
    for name in bundles {
        assert!(catalog.find(name).expect("right").len() > 1, "{name}");
    }
    for name in names {
        let scaffold = catalog.scaffold(name).expect("right");
        assert!(!scaffold.summary.ends_with('.'), "{name}: the summary has a final stop");
        for source in &scaffold.trigger.sources {
            assert!(
                source.starts_with(&scaffold.trigger.cloudformation[..3])
                    || source.starts_with("TokenGeneration"),
                "{name}: {source} is a source of another trigger"
            );
            // Cognito reads no reply of a trigger that it does not wait for.
            let event = json!({ "triggerSource": source });
            let answer = Answer::Returned("not JSON".to_owned());
            let verdict = judge(&event, &answer, PoolSettings::default());
            let is_accepted = verdict.outcome == Outcome::Accepted;
            assert_eq!(is_accepted, scaffold.trigger.asynchronous, "{name}: asynchronous");
        }
        for spelling in [&scaffold.trigger.amplify, &scaffold.trigger.cloudformation] {
            assert_eq!(catalog.find(spelling).expect("known")[0].name, name);
        }
    }
}

/// Every scaffold is rendered with each of its choices, and every file below `scaffolds/` has a
/// part in it: with a mistake in the file, something else comes out, or an error.
fn every_file_of_a_scaffold_is_used() {
    let catalog = Catalog::embedded();
    let names = catalog.names();
    let all = |name: &&str| renderings(&catalog, name).collect::<Vec<_>>();
    let whole: Vec<_> = names.iter().map(all).collect();
    for (name, renderings) in names.iter().zip(&whole) {
        assert!(renderings.iter().all(Result::is_ok), "{name}: {renderings:?}");
    }
    let shared_or_of = |path: &str, name: &str| {
        let owner = path.split('/').nth(1);
        owner == Some("_shared") || owner == Some(name)
    };
    let mut unused = Vec::new();
    for (path, text) in read_tree(&repository().join("scaffolds")) {
        if path.ends_with("bundle.toml") {
            continue;
        }
        let directory = tempfile::tempdir().expect("a directory");
        let spoiled = [&b"{{mistake}} = "[..], text.as_slice()].concat();
        write_tree(&directory.path().join("all"), &Tree::from([(path.clone(), spoiled)]));
        let mut catalog = catalog.clone();
        catalog.add_directory(&directory.path().join("all")).expect("read");
        let mut affected = names.iter().zip(&whole).filter(|(name, _)| shared_or_of(&path, name));
        if !affected.any(|(name, whole)| renderings(&catalog, name).ne(whole.iter().cloned())) {
            unused.push(path);
        }
    }
    assert_eq!(unused, Vec::<String>::new(), "no scaffold uses these");
}

/// What a scaffold makes of each combination of its choices, in each kind of project.
fn renderings(catalog: &Catalog, name: &str) -> impl Iterator<Item = Result<String, String>> {
    let scaffold = catalog.scaffold(name);
    let inputs = scaffold.as_ref().map_or(&[][..], |scaffold| &scaffold.inputs);
    let mut combinations = vec![Vec::new()];
    for input in inputs {
        let values = match &input.kind {
            InputKind::Choice { choices, .. } => choices.clone(),
            InputKind::Flag => vec!["true".to_owned(), "false".to_owned()],
            InputKind::Groups { .. } | InputKind::Claims { .. } => continue,
        };
        let extended = combinations.iter().flat_map(|given: &Vec<(String, String)>| {
            values.iter().map(|value| {
                let mut given = given.clone();
                given.push((input.name.clone(), value.clone()));
                given
            })
        });
        combinations = extended.collect();
    }
    let projects = [["toml", "member"], ["typescript", "standalone"]];
    let combinations = combinations.into_iter();
    let combinations =
        combinations.flat_map(move |given| projects.map(|project| (given.clone(), project)));
    combinations.map(move |(given, [wiring, membership])| {
        let scaffold = scaffold.as_ref().map_err(|error| error.to_string())?;
        let answers = Answers::new(scaffold, None, &given);
        let mut answers = answers.map_err(|error| error.to_string())?;
        answers.tell("wiring", wiring);
        answers.tell("membership", membership);
        let rendering = render(catalog, scaffold, &answers);
        let rendering = rendering.map_err(|error| error.to_string())?;
        Ok(format!("{rendering:?}"))
    })
}

/// A kind that is only a directory on disk, with its own inputs and paths, is generated and wired
/// as the built-in ones are.
fn a_directory_on_disk_is_a_kind() {
    let kinds = repository().join("tests/kinds");
    let mut catalog = Catalog::embedded();
    catalog.add_directory(&kinds.join("scaffolds")).expect("read");
    assert!(catalog.names().contains(&"greet-user"));

    let scaffold = catalog.find("GreetUser").expect("known").remove(0);
    let given = vec![("tone".to_owned(), "loud".to_owned())];
    let answers = Answers::new(&scaffold, None, &given).expect("valid");
    let sandbox = tempfile::tempdir().expect("a directory");
    let location = locate(Some(sandbox.path()), sandbox.path()).expect("a directory");
    let state = StateDir::At(state_directory());
    let location = Location { state, ..location };
    let project = Project::open(&location).expect("open");
    let request = Request {
        catalog: &catalog,
        scaffolds: &[(scaffold, answers)],
        login_with: None,
        wiring: None,
        hosting: Hosting::Leave,
        on_conflict: OnConflict::Abort,
    };
    let plan = build(&request, &project).expect("planned");
    let lock = lock(project.root(), &mut |_| {}).expect("locked");
    apply(&plan, &project, &lock, &mut Disk::new(&mut |_| Ok(()))).expect("written");

    let own = |tree: Tree| -> Tree {
        let shared = ["Cargo.toml", "main.rs", "error.rs", ".gitignore"];
        tree.into_iter().filter(|(path, _)| !shared.iter().any(|end| path.ends_with(end))).collect()
    };
    let made = read_tree(sandbox.path());
    assert!(made.contains_key("amplify/auth/greet-user/src/main.rs"), "the shared part is missing");
    golden_tree(&kinds.join("out"), &own(made)).unwrap_or_else(|e| panic!("{e}"));
}

/// A mistake in a template is told with the file and the place, and is never an empty text.
fn a_mistake_in_a_template_is_told() {
    for (file, right, wrong, problem) in [
        ("files/src/handler.rs.hbs", "summary", "nane", "nane"),
        ("files/src/handler.rs.hbs", "//! {{summary}}", "{{#if tone}}", "2:1"),
        ("scaffold.toml", "\"Greets a user\"", "1", "line 1"),
        ("scaffold.toml", "\"files\"", "\"filse\"", "no directory `filse`"),
        ("scaffold.toml", "\"samples\"", "\"\"", "no directory ``"),
        ("scaffold.toml", "[[files]]", "[[files]]\nwhen = \"{{tone}}\"", "`when` comes to `quiet`"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let from = repository().join("tests/kinds/scaffolds");
        write_tree(&directory.path().join("scaffolds"), &read_tree(&from));
        let path = directory.path().join("scaffolds/auth-trigger/greet-user").join(file);
        let text = fs::read_to_string(&path).expect("read").replacen(right, wrong, 1);
        fs::write(path, text).expect("written");
        let mut catalog = Catalog::embedded();
        catalog.add_directory(&directory.path().join("scaffolds")).expect("read");
        let error = catalog
            .scaffold("greet-user")
            .and_then(|scaffold| {
                let answers = Answers::new(&scaffold, None, &Vec::new())?;
                render(&catalog, &scaffold, &answers)
            })
            .expect_err("a mistake")
            .to_string();
        assert!(error.contains(file) && error.contains(problem), "{file}: {error}");
    }
}
