//! All kinds of triggers together.

use std::path::Path;

use cargo_amplify::catalog::Catalog;

use crate::built;
use crate::cases::differences;
use crate::support::{BUILD, Tree, cargo, program, read_tree, succeed};

fn kinds() -> Vec<String> {
    let catalog = Catalog::embedded();
    catalog
        .names("auth-trigger")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Adds the kinds one after the other.
fn add(root: &Path, kinds: &[String]) {
    for kind in kinds {
        succeed(
            program()
                .args(["new", "auth-trigger", kind])
                .current_dir(root),
        );
    }
}

#[test]
fn all_kinds_compile_and_pass_in_one_workspace() {
    let _guard = BUILD
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let sandbox = tempfile::tempdir().expect("a folder");
    add(sandbox.path(), &kinds());
    succeed(cargo(sandbox.path()).args(["fmt", "--check"]));
    succeed(cargo(sandbox.path()).args(["clippy", "-q", "--all-targets", "--", "-D", "warnings"]));
    succeed(cargo(sandbox.path()).args(["test", "-q"]));
    built::every_sample_is_accepted(sandbox.path());
    built::the_token_is_that_of_amplifys_page(sandbox.path());
    built::the_commands_of_the_readme_work(sandbox.path());
    built::the_picture_is_what_is_printed(sandbox.path());
}

/// However the kinds are added, the repository is the same, byte by byte.
#[test]
fn the_order_does_not_show() {
    let trees: Vec<Tree> = [0, 3, 7]
        .into_iter()
        .map(|turn| {
            let sandbox = tempfile::tempdir().expect("a folder");
            let mut kinds = kinds();
            let count = kinds.len();
            kinds.rotate_left(turn % count);
            if turn % 2 == 1 {
                kinds.reverse();
            }
            add(sandbox.path(), &kinds);
            read_tree(sandbox.path())
        })
        .collect();
    for other in &trees[1..] {
        differences("another order", &trees[0], other).unwrap_or_else(|e| panic!("{e}"));
    }
}
