//! All kinds of triggers together.

use std::path::Path;

use cargo_amplify::catalog::Catalog;

use crate::built;
use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{
    BUILD, Tree, builds_generated, cargo, program, read_tree, repository, succeed, target,
    update_tree, write_tree,
};

tests![
    all_kinds_run_in_one_workspace,
    a_function_of_another_family_is_run,
    the_order_does_not_show,
    the_order_does_not_show_in_typescript,
];

fn kinds() -> Vec<String> {
    let catalog = Catalog::embedded();
    catalog.names().into_iter().map(str::to_owned).collect()
}

/// Adds the kinds one after the other.
fn add(root: &Path, kinds: &[String]) {
    for kind in kinds {
        let run = call(root, &["new", "auth-trigger", kind]);
        assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.err));
    }
}

/// What `generated.rs` tests of each kind is not tested again.
fn all_kinds_run_in_one_workspace() {
    let _guard = BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let sandbox = tempfile::tempdir().expect("a directory");
    add(sandbox.path(), &kinds());
    // Always the same directory: Cargo builds only what has changed there.
    let project = target().join("all-kinds");
    update_tree(&project, &read_tree(sandbox.path()));
    drop(cargo(&project));
    built::every_sample_is_accepted(&project);
    built::the_token_is_that_of_amplifys_page(&project);
    built::the_commands_of_the_documents_work(&project);
    built::a_function_logs_from_its_level(&project);
    built::the_picture_is_what_is_printed(&project);
    built::a_recorded_reply_is_expected_by_the_crates_own_test_too(&project);
}

/// What Cognito does not call is run, and gets no verdict.
fn a_function_of_another_family_is_run() {
    let _guard = BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let set = repository().join("tests/kinds/scaffolds");
    let set = set.to_str().expect("UTF-8");
    let sandbox = tempfile::tempdir().expect("a directory");
    let new = ["new", "storage-trigger", "on-upload", "--scaffolds", set];
    assert_eq!(call(sandbox.path(), &new).code, 0);
    let project = target().join("another-family");
    update_tree(&project, &read_tree(sandbox.path()));
    drop(cargo(&project));
    for (arguments, wanted) in [
        (&["on-upload"][..], "[\n  \"photos/cat.jpg\"\n]\nanswered: on-upload ("),
        (&["--all"], "answered  on-upload upload"),
    ] {
        let mut invoke = program();
        invoke.arg("invoke").args(arguments).args(["--scaffolds", set, "--color", "never"]);
        let output = succeed(builds_generated(invoke.current_dir(&project)));
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains(wanted), "{printed}");
    }
}

/// The repository is the same, byte for byte, in whatever order the kinds are added.
fn the_order_does_not_show() {
    order_does_not_show(&Tree::new());
}

/// Nor does it in the TypeScript of an Amplify app.
fn the_order_does_not_show_in_typescript() {
    let app = read_tree(&repository().join("tests/typescript/01-no-triggers-key/before"));
    order_does_not_show(&app);
}

fn order_does_not_show(before: &Tree) {
    let trees: Vec<Tree> = [0, 3, 7]
        .into_iter()
        .map(|turn| {
            let sandbox = tempfile::tempdir().expect("a directory");
            let root = sandbox.path().join("repo");
            write_tree(&root, before);
            std::fs::create_dir_all(&root).expect("created");
            let mut kinds = kinds();
            let count = kinds.len();
            kinds.rotate_left(turn % count);
            if turn % 2 == 1 {
                kinds.reverse();
            }
            add(&root, &kinds);
            read_tree(&root)
        })
        .collect();
    for other in &trees[1..] {
        differences("another order", &trees[0], other).unwrap_or_else(|e| panic!("{e}"));
    }
}
