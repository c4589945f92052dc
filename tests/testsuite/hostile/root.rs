//! What a project says of its workspace does not make a directory above it the root.

use std::fs;
use std::path::Path;

use super::{everything, run, said};
use crate::cases::golden::differences;
use crate::support::{Tree, write_tree};

tests![
    the_root_stays_in_the_git_repository_and_with_what_lists_the_project,
    what_another_user_has_put_above_is_not_taken_for_the_users,
];

const VIRTUAL: &str = "[workspace]\nmembers = []\n";
const LISTING: &str = "[workspace]\nmembers = [\"app/*\"]\n";

type Scene = (&'static [&'static str], Option<&'static str>, Option<&'static str>, &'static str);

/// Where git is, what the manifest above says, what the project's does; and the root, seen from
/// the home directory, or what is said.
const SCENES: [Scene; 12] = [
    // A clone and an unpacked archive that name the home directory as their workspace.
    (&["app/evil"], None, Some("../.."), "error: names"),
    (&["app/evil"], Some(VIRTUAL), Some("../.."), "error: outside the git repository"),
    (&["app/evil"], Some(LISTING), Some("../.."), "error: outside the git repository"),
    (&[], None, Some("../.."), "error: names"),
    (&[], Some(VIRTUAL), Some("../.."), "error: does not have"),
    // The home directory has the project as a member itself.
    (&[], Some(LISTING), Some("../.."), ""),
    (&[], Some(LISTING), None, ""),
    (&["app/evil"], Some(LISTING), None, "error: outside the git repository"),
    // It is only above.
    (&[], Some(VIRTUAL), None, "app/evil"),
    (&["app/evil"], Some(VIRTUAL), None, "app/evil"),
    // One repository, as it is with a workspace.
    (&[""], Some(VIRTUAL), None, ""),
    (&[""], Some(VIRTUAL), Some("../.."), ""),
];

fn lay_out(home: &Path, git: &[&str], above: Option<&str>, pointer: Option<&str>) {
    let pointer = pointer.map(|path| format!("workspace = \"{path}\"\n"));
    let manifest = format!(
        "[package]\nname = \"evil\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{}",
        pointer.unwrap_or_default()
    );
    let mut tree = Tree::from([
        (".bashrc".to_owned(), b"mine\n".to_vec()),
        ("app/evil/Cargo.toml".to_owned(), manifest.into_bytes()),
        ("app/evil/src/lib.rs".to_owned(), Vec::new()),
        ("app/evil/amplify/auth/resource.toml".to_owned(), Vec::new()),
    ]);
    if let Some(above) = above {
        tree.insert("Cargo.toml".to_owned(), above.as_bytes().to_vec());
    }
    write_tree(home, &tree);
    for directory in git {
        fs::create_dir_all(home.join(directory).join(".git")).expect("created");
    }
}

fn the_root_stays_in_the_git_repository_and_with_what_lists_the_project() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let home = sandbox.path().canonicalize().expect("there").join("home");
    for (git, above, pointer, expected) in SCENES {
        for (directory, path) in [("app/evil", ""), ("", " --path app/evil")] {
            lay_out(&home, git, above, pointer);
            let what = format!("{git:?}, {above:?}, {pointer:?}, in {directory}");
            let before = everything(&home);
            let line = format!("new auth-trigger pre-sign-up{path}");
            let output = run(&line, &home.join(directory), &sandbox.path().join("state"));
            let said = said(&output);
            if let Some(problem) = expected.strip_prefix("error: ") {
                assert_eq!(output.code, 1, "{what}: {said}");
                assert!(said.contains(problem) && said.contains("hint: "), "{what}: {said}");
                differences(&what, &before, &everything(&home)).unwrap_or_else(|e| panic!("{e}"));
                continue;
            }
            assert!(output.code == 0, "{what}: {said}");
            let root = home.join(expected);
            let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("there");
            let is_listed = manifest.contains("amplify/auth/") || above == Some(LISTING);
            assert!(is_listed, "{what}: {manifest}");
            let next = format!("Next, in {}:", root.display()).replace("/:", ":");
            assert!(said.contains(&next) || directory == expected, "{what}: {said}");
            if expected == "app/evil" {
                let outside = |tree: Tree| -> Tree {
                    let is_outside = |path: &String| !path.starts_with("app/evil");
                    tree.into_iter().filter(|(path, _)| is_outside(path)).collect()
                };
                differences(&what, &outside(before), &outside(everything(&home)))
                    .unwrap_or_else(|e| panic!("{e}"));
            }
        }
    }
}

/// Anybody can put a project or a workspace into a directory such as `/tmp`. The administrator can
/// lay that out; without the rights for that, it is not tried.
fn what_another_user_has_put_above_is_not_taken_for_the_users() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let shared = sandbox.path().canonicalize().expect("there");
    let work = shared.join("work");
    for theirs in ["amplify/auth/resource.toml", "Cargo.toml"] {
        write_tree(
            &shared,
            &Tree::from([
                (theirs.to_owned(), b"[workspace]\nmembers = [\"work\"]\n".to_vec()),
                ("work/notes".to_owned(), Vec::new()),
            ]),
        );
        let first = theirs.split('/').next().unwrap_or(theirs);
        if std::os::unix::fs::chown(shared.join(first), Some(12345), None).is_err() {
            return;
        }
        let before = everything(&shared);
        let state = shared.with_extension("state");
        let output = run("new auth-trigger", &work, &state);
        assert_eq!(output.code, 1, "{}", said(&output));
        assert!(said(&output).contains("belongs to another user"), "{}", said(&output));
        differences(theirs, &before, &everything(&shared)).unwrap_or_else(|e| panic!("{e}"));
        let output = run("new auth-trigger --path .", &work, &state);
        let expected = if first == "Cargo.toml" { 1 } else { 0 };
        assert_eq!(output.code, expected, "{}", said(&output));
        let _ = fs::remove_dir_all(state);
    }
}
