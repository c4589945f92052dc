//! The catalogue is data: a folder is a kind.

use std::fs;

use cargo_amplify::catalog::{Answers, Catalog};
use cargo_amplify::plan::{Disk, Hosting, OnConflict, Request, apply, build, lock};
use cargo_amplify::workspace::{Workspace, locate};

use crate::cases::golden::golden_tree;
use crate::support::{Tree, read_tree, repository};

tests![
    embedded_scaffolds_are_right,
    a_folder_on_disk_is_a_kind,
    a_mistake_in_a_template_is_told,
];

const FAMILY: &str = "auth-trigger";

/// Every scaffold can be rendered, and every path below `scaffolds/` is used by one.
fn embedded_scaffolds_are_right() {
    let catalog = Catalog::embedded();
    let mut folders: Vec<_> = fs::read_dir(repository().join("scaffolds").join(FAMILY))
        .expect("scaffolds")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .filter(|name| name != "_shared")
        .collect();
    folders.sort();
    let (names, bundles) = (catalog.names(FAMILY), catalog.bundles(FAMILY));
    let mut known = [names.clone(), bundles.clone()].concat();
    known.sort_unstable();
    assert_eq!(known, folders);
    for name in bundles {
        assert!(
            catalog.find(FAMILY, name).expect("right").len() > 1,
            "{name}"
        );
    }
    for name in names {
        let scaffold = catalog.scaffold(FAMILY, name).expect("right");
        assert!(
            !scaffold.summary.ends_with('.'),
            "{name}: the summary has a final stop"
        );
        for source in &scaffold.trigger.sources {
            assert!(
                source.starts_with(&scaffold.trigger.cloudformation[..3])
                    || source.starts_with("TokenGeneration"),
                "{name}: {source} is a source of another trigger"
            );
        }
        for spelling in [&scaffold.trigger.amplify, &scaffold.trigger.cloudformation] {
            assert_eq!(catalog.find(FAMILY, spelling).expect("known")[0].name, name);
        }
    }
}

/// A kind that is only a folder on disk, with its own inputs and paths, is generated and wired
/// as the built-in ones are.
fn a_folder_on_disk_is_a_kind() {
    let kinds = repository().join("tests/kinds");
    let mut catalog = Catalog::embedded();
    catalog.add_folder(&kinds.join("scaffolds")).expect("read");
    assert!(catalog.names(FAMILY).contains(&"greet-user"));

    let scaffold = catalog.find(FAMILY, "GreetUser").expect("known").remove(0);
    let given = vec![("tone".to_owned(), "loud".to_owned())];
    let answers = Answers::new(&scaffold, None, &given).expect("valid");
    let sandbox = tempfile::tempdir().expect("a folder");
    let location = locate(Some(sandbox.path()), sandbox.path()).expect("a folder");
    let workspace = Workspace::open(&location).expect("open");
    let request = Request {
        catalog: &catalog,
        scaffolds: &[(scaffold, answers)],
        login_with: None,
        wiring: None,
        hosting: Hosting::Leave,
        on_conflict: OnConflict::Abort,
    };
    let plan = build(&request, &workspace).expect("planned");
    let lock = lock(workspace.root(), &mut || {}).expect("locked");
    apply(&plan, &workspace, &lock, &mut Disk::new(&mut |_| Ok(()))).expect("written");

    let own = |tree: Tree| -> Tree {
        let shared = [
            "Cargo.toml",
            "main.rs",
            "lib.rs",
            "error.rs",
            "tests/events.rs",
            ".gitignore",
        ];
        tree.into_iter()
            .filter(|(path, _)| !shared.iter().any(|end| path.ends_with(end)))
            .collect()
    };
    let made = read_tree(sandbox.path());
    assert!(
        made.contains_key("amplify/auth/greet-user/src/main.rs"),
        "the shared part is missing"
    );
    golden_tree(&kinds.join("out"), &own(made)).unwrap_or_else(|e| panic!("{e}"));
}

/// A mistake in a template is told with the file and the place, and is never an empty text.
fn a_mistake_in_a_template_is_told() {
    for (file, text, problem) in [
        ("files/src/handler.rs.hbs", "{{nane}}", "nane"),
        ("files/src/handler.rs.hbs", "{{#if tone}}", "1:13"),
        ("scaffold.toml", "summary = 1", "line 1"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let from = repository().join("tests/kinds/scaffolds");
        crate::support::write_tree(&folder.path().join("scaffolds"), &read_tree(&from));
        let path = folder
            .path()
            .join("scaffolds/auth-trigger/greet-user")
            .join(file);
        fs::write(path, text).expect("written");
        let mut catalog = Catalog::embedded();
        catalog
            .add_folder(&folder.path().join("scaffolds"))
            .expect("read");
        let error = catalog
            .scaffold(FAMILY, "greet-user")
            .and_then(|scaffold| {
                let answers = Answers::new(&scaffold, None, &Vec::new())?;
                cargo_amplify::catalog::render(&catalog, &scaffold, &answers)
            })
            .expect_err("a mistake")
            .to_string();
        assert!(
            error.contains(file) && error.contains(problem),
            "{file}: {error}"
        );
    }
}
