//! What a trigger does to the repository around it: git and Cargo go on as before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::cases::golden::differences;
use crate::cases::promises::metadata;
use crate::cases::sandbox::call;
use crate::support::{Tree, apply_patch, read_tree, repeated, succeed, write_tree};

tests![
    the_patch_applies_where_the_user_stands,
    cargo_makes_of_all_else_what_it_made_before,
    code_has_the_layout_of_the_repository,
    a_profile_that_aborts_is_told,
    #[cfg(unix)]
    a_linked_directory_is_like_any_other,
    a_manifest_is_made_again_as_it_was,
    completions_are_of_no_project
];

/// Wherever the top of the git repository is: directly, or in the directory that is told.
fn the_patch_applies_where_the_user_stands() {
    let here = "";
    for (repositories, project, stands, given, expected) in [
        (&[""][..], "", "", None, here),
        (&[""], "apps/my web", "apps/my web", None, here),
        (&[""], "apps/my web", "", Some("apps/my web"), here),
        (&[""], "apps/my web", "apps/my web/src", None, "'ROOT'"),
        (&["", "inner"], "inner", "", Some("inner"), "'ROOT/inner'"),
        (&["other"], "app", "other", Some("../app"), "'ROOT/app'"),
        (&[], "app", "app", None, here),
        (&[], "app", "", Some("app"), here),
        (&[], "app", "app/src", None, "'ROOT/app'"),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().canonicalize().expect("there").join("a b");
        let prepare = || {
            let _ = fs::remove_dir_all(&root);
            fs::create_dir_all(root.join(stands)).expect("created");
            fs::create_dir_all(root.join(project).join("amplify/auth")).expect("created");
            for repository in repositories {
                succeed(Command::new("git").args(["init", "-q"]).arg(root.join(repository)));
            }
        };
        let run = |extra: &[&str]| {
            let mut arguments = vec!["new", "auth-trigger", "pre-sign-up"];
            arguments.extend(given.iter().flat_map(|given| ["--path", given]));
            arguments.extend(extra);
            let run = call(&root.join(stands), &arguments);
            let said = String::from_utf8_lossy(&run.err).into_owned();
            assert_eq!(run.code, 0, "{said}");
            (run.out, said)
        };
        prepare();
        // Without the note, the patch would be of no use there.
        let (patch, said) = run(&["--dry-run", "-q"]);
        assert!(said.lines().count() <= 1, "{said}");
        let told = said.split_once("`git -C ").and_then(|(_, told)| told.split_once(" apply`"));
        let told = told.map_or(here, |(told, _)| told).replace(&*root.to_string_lossy(), "ROOT");
        assert_eq!(told, expected, "{project} from {stands}: {said}");
        let directory = match told.trim_matches('\'') {
            "" => root.join(stands),
            told => told.replace("ROOT", &root.to_string_lossy()).into(),
        };
        apply_patch(&directory, &patch);
        let patched = read_tree(&root);
        prepare();
        run(&[]);
        differences("the patch", &read_tree(&root), &patched).expect("the same");
    }
}

/// Code is formatted as the repository says, and is not edited by being formatted again.
fn code_has_the_layout_of_the_repository() {
    let narrow = "max_width = 60\nhard_tabs = true\n";
    let wide = "max_width = 140\nuse_small_heuristics = \"Max\"\ntab_spaces = 2\n";
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let run = |arguments: &[&str]| {
        let run = call(&root, arguments);
        assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.err));
    };
    let rustfmt = |extra: &[&str]| {
        let sources = read_tree(&root).into_keys().filter(|path| path.ends_with(".rs"));
        let sources = sources.map(|path| root.join(path));
        succeed(Command::new("rustfmt").args(["--edition", "2024"]).args(extra).args(sources));
    };
    for (first, then) in [("", narrow), (narrow, wide)] {
        let configure = |config: &str| {
            fs::create_dir_all(&root).expect("created");
            fs::write(root.join(".rustfmt.toml"), config).expect("written");
        };
        configure(first);
        run(&["new", "auth-trigger", "pre-sign-up"]);
        rustfmt(&["--check"]);
        let made = read_tree(&root);
        run(&["new", "auth-trigger", "pre-sign-up"]);
        differences("the second time", &made, &read_tree(&root)).expect("the same");

        configure(then);
        rustfmt(&[]);
        let formatted = read_tree(&root);
        assert_ne!(made, formatted);
        run(&["new", "auth-trigger", "pre-sign-up"]);
        let source = "amplify/auth/pre-sign-up/src/handler.rs";
        assert_eq!(formatted.get(source), read_tree(&root).get(source));
        run(&["remove", "auth-trigger", "pre-sign-up"]);
        assert_eq!(read_tree(&root).len(), 1, "{:?}", read_tree(&root).keys());
    }
}

/// In the comment that says what a panic does, and in a note.
fn a_profile_that_aborts_is_told() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let manifest = "[workspace]\nmembers = []\nresolver = \"3\"\n";
    for (profile, expected) in [("", false), ("\n[profile.release]\npanic = \"abort\"\n", true)] {
        fs::write(sandbox.path().join("Cargo.toml"), format!("{manifest}{profile}"))
            .expect("written");
        let run = call(sandbox.path(), &["new", "auth-trigger", "pre-sign-up"]);
        let said = String::from_utf8_lossy(&run.err).into_owned();
        assert_eq!((run.code, said.contains("panic = \"abort\"")), (0, expected), "{said}");
        let main = sandbox.path().join("amplify/auth/pre-sign-up/src/main.rs");
        let main = fs::read_to_string(main).expect("a source");
        assert_eq!(main.contains("panic = \"abort\""), expected, "{main}");
    }
}

/// Where `amplify/` or a directory in it is a link to another directory of the project.
#[cfg(unix)]
fn a_linked_directory_is_like_any_other() {
    for (link, target) in [("amplify", "real"), ("amplify/auth", "../backend/auth")] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let link = sandbox.path().join(link);
        let parent = link.parent().expect("a parent");
        fs::create_dir_all(parent).expect("created");
        fs::create_dir_all(parent.join(target)).expect("created");
        std::os::unix::fs::symlink(target, &link).expect("linked");
        let before = read_tree(sandbox.path());
        for arguments in [
            &["new", "auth-trigger", "pre-sign-up"][..],
            &["new", "auth-trigger", "custom-message"],
            &["check"],
            &["remove", "auth-trigger", "custom-message"],
            &["check"],
            &["remove", "auth-trigger", "pre-sign-up"],
        ] {
            let run = call(sandbox.path(), arguments);
            let said = [run.out, run.err].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(run.code == 0 && !said.contains("stays"), "{arguments:?}: {said}");
        }
        differences("after removal", &before, &read_tree(sandbox.path())).expect("the same");
    }
}

/// By `check --fix`, with the members and the profile that `new` has given it.
fn a_manifest_is_made_again_as_it_was() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let run = |arguments: &[&str]| {
        let run = call(sandbox.path(), arguments);
        assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.err));
    };
    run(&["new", "auth-trigger", "pre-sign-up"]);
    run(&["new", "auth-trigger", "custom-message"]);
    let made = read_tree(sandbox.path());
    fs::remove_file(sandbox.path().join("Cargo.toml")).expect("removed");
    run(&["check", "--fix"]);
    differences("made again", &made, &read_tree(sandbox.path())).expect("the same");
}

/// A completion script is the same everywhere, so nothing is said of the project.
fn completions_are_of_no_project() {
    let sandbox = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(sandbox.path().join("amplify/auth")).expect("created");
    let run = call(&sandbox.path().join("amplify"), &["completions", "zsh"]);
    assert_eq!((run.code, String::from_utf8_lossy(&run.err).as_ref()), (0, ""));
}

/// What the manifest in the root can be, but for its package.
const WORKSPACES: [&str; 7] = [
    "",
    "",
    "[workspace]\nresolver = \"2\"\nmembers = [LISTED]\nexclude = [EXCLUDED]\n",
    "[workspace]\nmembers = [LISTED, \"crates/*\"]\nexclude = [EXCLUDED]\n",
    "[workspace]\nmembers = [LISTED]\nexclude = [EXCLUDED]\n[workspace.package]\nname = \"w\"\nrust-version = \"1.70\"\npublish = false\n",
    "[workspace]\nmembers = [LISTED]\nexclude = [EXCLUDED]\n[workspace.package]\nedition = \"2015\"\nrust-version = \"1.40\"\n",
    "[workspace]\nmembers = [LISTED]\nexclude = [EXCLUDED]\n[workspace.package]\nedition = \"2021\"\n[workspace.dependencies]\nlib = { path = \"lib\" }\n",
];

/// What else is in a manifest of a crate.
const EXTRAS: [&str; 7] = [
    "",
    "",
    "[workspace]\n",
    "[dependencies]\nlib = { path = \"ROOT/lib\" }\n",
    "[dependencies]\nlib = { workspace = true }\n",
    "[dependencies]\napp = { path = \"ROOT\" }\n",
    "[target.'cfg(unix)'.dev-dependencies]\ntool = { path = \"ROOT/tools/tool\" }\n",
];

const CRATES: [&str; 7] =
    ["amplify/auth/own", "crates/a", "crates/b", "fuzz", "lib", "src-tauri", "tools/tool"];

/// Repositories of crates that are members, that are excluded, that stand alone, or that others
/// depend on, in all ways to write that.
fn repository() -> impl Strategy<Value = BTreeMap<String, String>> {
    let root = (select(&WORKSPACES[..]), any::<bool>(), select(&EXTRAS[..]));
    let crates = subsequence(&CRATES[..], 0..=CRATES.len());
    let extras = proptest::collection::vec(select(&EXTRAS[..]), CRATES.len());
    let roles = proptest::collection::vec(0..6usize, CRATES.len());
    (root, crates, extras, roles).prop_map(
        |((workspace, is_package, extra), crates, extras, roles)| {
            let mut tree = BTreeMap::new();
            let package = |name: &str, extra: &str, up: &str| {
                let extra = extra.replace("ROOT/", up).replace("ROOT", up);
                format!(
                    "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2018\"\n{extra}"
                )
            };
            let role = |wanted: &[usize], form: &dyn Fn(&str, usize) -> String| {
                let listed = crates.iter().zip(&roles).filter(|(_, role)| wanted.contains(role));
                listed.map(|(path, role)| form(path, *role)).collect::<Vec<_>>().join(", ")
            };
            let listed = role(&[0, 1, 2], &|path, role| match role {
                0 => format!("\"{path}\""),
                1 => format!("\"./{path}\""),
                _ => format!("\"{path}/\""),
            });
            let excluded = role(&[3, 4], &|path, role| match role {
                3 => format!("\"{path}\""),
                _ => format!("\"./{}/\"", path.split('/').next().unwrap_or_default()),
            });
            let workspace = workspace.replace("LISTED", &listed).replace("EXCLUDED", &excluded);
            let workspace = workspace.replace("[, ", "[");
            let mut root = workspace.clone();
            if is_package {
                let extra = if extra.starts_with("[workspace]") { "" } else { extra };
                root = format!("{workspace}{}", package("app", extra, "./"));
            }
            if !root.is_empty() {
                tree.insert("Cargo.toml".to_owned(), root);
                tree.insert("src/lib.rs".to_owned(), String::new());
            }
            for (path, extra) in crates.iter().zip(extras) {
                let name = path.rsplit('/').next().unwrap_or_default();
                let up = "../".repeat(path.split('/').count());
                tree.insert(format!("{path}/Cargo.toml"), package(name, extra, &up));
                tree.insert(format!("{path}/src/lib.rs"), String::new());
            }
            tree
        },
    )
}

/// What Cargo makes of each manifest that it can read: the root, the members and their editions.
fn what_cargo_makes(root: &Path, of: &Tree) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let manifests = of.keys().filter(|path| path.ends_with("Cargo.toml"));
    let read = manifests.filter_map(|path| {
        let found = metadata(root.join(path).parent()?).ok()?;
        let packages = found["packages"].as_array()?.iter();
        let members =
            packages.map(|package| format!("{} {}", package["manifest_path"], package["edition"]));
        Some((path.clone(), (found["workspace_root"].to_string(), members.collect())))
    });
    read.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: repeated(8), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever Cargo could read before, it reads as before, but for the functions; and it reads
    /// them.
    fn cargo_makes_of_all_else_what_it_made_before(tree in repository()) {
        let tree: Tree = tree.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        fs::create_dir_all(&root).expect("created");
        write_tree(&root, &tree);
        fs::create_dir_all(&root).expect("created");
        let before = what_cargo_makes(&root, &tree);
        let shown = || {
            let files = tree.iter().filter(|(path, _)| path.ends_with(".toml"));
            files.map(|(path, text)| format!("# {path}\n{}\n", String::from_utf8_lossy(text))).collect::<String>()
        };
        let could_load = before.contains_key("Cargo.toml") || !tree.contains_key("Cargo.toml");
        for kind in ["pre-sign-up", "post-confirmation"] {
            let run = call(&root, &["new", "auth-trigger", kind]);
            let said = String::from_utf8_lossy(&run.err).into_owned();
            if run.code != 0 {
                prop_assert!(!could_load, "{}\n{said}", shown());
                return Ok(());
            }
            let own = metadata(&root.join("amplify/auth").join(kind));
            prop_assert!(own.is_ok() || !could_load, "{}\n{said}\n{own:?}", shown());
            let mut after = what_cargo_makes(&root, &tree);
            for (_, members) in after.values_mut() {
                members.retain(|member| !member.contains("auth/p"));
            }
            prop_assert_eq!(&before, &after, "{}\n{}", shown(), said);
        }
        for kind in ["pre-sign-up", "post-confirmation"] {
            let run = call(&root, &["remove", "auth-trigger", kind]);
            prop_assert_eq!(run.code, 0, "{}\n{}", shown(), String::from_utf8_lossy(&run.err));
        }
        differences("without them", &tree, &read_tree(&root)).map_err(TestCaseError::fail)?;
    }
}
