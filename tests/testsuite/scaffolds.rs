//! The catalog is data: each directory is a kind.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_amplify::RepoPath;
use cargo_amplify::catalog::{Answers, Catalog, InputKind, render};
use cargo_amplify::cognito::{Answer, Outcome, PoolSettings, judge};
use serde_json::json;

use crate::cases::golden::golden_tree;
use crate::cases::names_in;
use crate::cases::sandbox::call;
use crate::support::{Tree, read_tree, repository};

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
    let files = texts(&repository().join("scaffolds"));
    for (path, text) in &files {
        if path.ends_with("bundle.toml") {
            continue;
        }
        let mut files = files.clone();
        files.insert(path.clone(), format!("{{{{mistake}}}} = {text}"));
        let catalog = Catalog::embedded().with_set(&RepoPath::default(), files).expect("a set");
        let mut affected = names.iter().zip(&whole).filter(|(name, _)| shared_or_of(path, name));
        if !affected.any(|(name, whole)| renderings(&catalog, name).ne(whole.iter().cloned())) {
            unused.push(path);
        }
    }
    assert!(unused.is_empty(), "no scaffold uses these: {unused:?}");
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
    let sandbox = tempfile::tempdir().expect("a directory");
    let set = kinds.join("scaffolds");
    let set = set.to_str().expect("UTF-8");
    let new = ["new", "auth-trigger", "GreetUser", "--input", "tone=loud", "--scaffolds", set];
    let run = call(sandbox.path(), &new);
    let said = String::from_utf8_lossy(&run.err).into_owned();
    assert!(run.code == 0 && said.contains("`greet-user` is a scaffold of"), "{said}");

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
    let set = texts(&repository().join("tests/kinds/scaffolds"));
    for (file, right, wrong, place, problem) in [
        ("files/src/handler.rs.hbs", "summary", "nane", "1:5", "there is no variable `nane`"),
        ("files/src/handler.rs.hbs", "//! {{summary}}", "{{#if tone}}", "1:24", "cannot be parsed"),
        ("scaffold.toml", "\"Greets a user\"", "1", "1:11", "expected a string"),
        ("scaffold.toml", "\"files\"", "\"filse\"", "30:9", "no directory `filse`"),
        ("scaffold.toml", "\"samples\"", "\"\"", "1:1", "no directory ``"),
        ("scaffold.toml", "[[files]]", "[[files]]\nwhen = \"{{tone}}\"", "2:11", "`quiet`"),
    ] {
        let path = format!("auth-trigger/greet-user/{file}");
        let mut set = set.clone();
        let text = set.get_mut(&path).expect("there");
        *text = text.replacen(right, wrong, 1);
        let catalog = Catalog::embedded().with_set(&RepoPath::default(), set).expect("a set");
        let made = catalog.scaffold("greet-user").and_then(|scaffold| {
            let answers = Answers::new(&scaffold, None, &Vec::new())?;
            render(&catalog, &scaffold, &answers)
        });
        let error = made.expect_err("a mistake");
        let [found] = error.diagnostics() else { panic!("{file}: {error}") };
        let (line, column) = found.place.position();
        let said = format!("{} {line}:{column} {} {}", found.path(), found.message, found.label);
        assert!(said.starts_with(&format!("{path} {place} ")) && said.contains(problem), "{said}");
    }
}

/// The texts of a directory.
fn texts(directory: &Path) -> BTreeMap<String, String> {
    let text = |text| String::from_utf8(text).expect("UTF-8");
    read_tree(directory).into_iter().map(|(path, content)| (path, text(content))).collect()
}
