//! What a trigger does to the repository around it: git and rustfmt go on as before.

use std::fs;
use std::process::Command;

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{apply_patch, read_tree, succeed};

tests![
    the_patch_applies_where_the_user_stands,
    code_has_the_layout_of_the_repository,
    a_profile_that_aborts_is_told,
    #[cfg(unix)]
    a_linked_directory_is_like_any_other,
    a_manifest_is_made_again_as_it_was,
    a_rust_module_is_no_backend,
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

/// What is called `amplify` in the sources of a package.
fn a_rust_module_is_no_backend() {
    let package = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    for module in ["src/amplify.rs", "src/amplify/mod.rs"] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let sources = sandbox.path().join("src/amplify");
        fs::create_dir_all(sources.join("auth")).expect("created");
        fs::write(sandbox.path().join("Cargo.toml"), package).expect("written");
        fs::write(sandbox.path().join("src/lib.rs"), "").expect("written");
        fs::write(sandbox.path().join(module), "").expect("written");
        for (kind, directory) in [("pre-sign-up", "src"), ("custom-message", "src/amplify/auth")] {
            let run = call(&sandbox.path().join(directory), &["new", "auth-trigger", kind]);
            assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.err));
            assert!(sandbox.path().join("amplify/auth").join(kind).exists(), "{module}");
        }
    }
}

/// A completion script is the same everywhere, so nothing is said of the project.
fn completions_are_of_no_project() {
    let sandbox = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(sandbox.path().join("amplify/auth")).expect("created");
    let run = call(&sandbox.path().join("amplify"), &["completions", "zsh"]);
    assert_eq!((run.code, String::from_utf8_lossy(&run.err).as_ref()), (0, ""));
}
