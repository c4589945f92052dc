//! What a trigger does to the workspaces of a repository: Cargo goes on as before.

use std::fs;

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{Tree, metadata, read_tree, write_tree};

tests![
    cargo_loads_a_function_beside_a_package_that_it_does_not_load,
    the_edition_is_one_that_the_toolchain_has,
    members_that_are_not_sorted_are_added_to_at_their_end,
    an_excluded_crate_is_its_own_root,
    the_name_of_a_member_is_taken,
    members_go_in_whatever_way_they_are_written,
    ignore_files_above_the_project_are_read,
];

/// A package that inherits from a workspace which is not there, as one that was copied out of it.
fn cargo_loads_a_function_beside_a_package_that_it_does_not_load() {
    for inherited in [
        "edition.workspace = true\n",
        "authors = { workspace = true }\n",
        "[lints]\nworkspace = true\n",
        "[dependencies]\nserde.workspace = true\n",
        "[target.'cfg(unix)'.build-dependencies]\nserde = { workspace = true }\n",
    ] {
        let manifest = format!("[package]\nname = \"app\"\nversion = \"0.1.0\"\n{inherited}");
        let tree = [("Cargo.toml", manifest.as_str()), ("src/lib.rs", "")];
        let tree: Tree = tree.map(|(path, text)| (path.to_owned(), text.into())).into();
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &tree);
        for kind in ["pre-sign-up", "post-confirmation"] {
            let run = call(&root, &["new", "auth-trigger", kind]);
            let said = String::from_utf8_lossy(&run.err).into_owned();
            assert!(
                run.code == 0 && said.contains("inherits from one that is not there"),
                "{said}"
            );
            metadata(&root.join("amplify/auth").join(kind)).expect("Cargo loads it");
        }
        assert_eq!(call(&root, &["check"]).code, 0);
        for kind in ["post-confirmation", "pre-sign-up"] {
            assert_eq!(call(&root, &["remove", "auth-trigger", kind]).code, 0);
        }
        differences("without them", &tree, &read_tree(&root)).unwrap_or_else(|e| panic!("{e}"));
    }
}

/// Whatever the workspace says: `rust-version` and the toolchain file rule out newer ones. It is told what is
/// too old for the function, or for the dependencies that Cargo takes.
fn the_edition_is_one_that_the_toolchain_has() {
    const TOOLCHAIN: &str = "asks for Rust 1.56, and the Lambda runtime needs 1.84";
    const OLD: &str = "the `rust-version` 1.40, and the Lambda runtime needs 1.84";
    const NEWEST: &str = "some may need a newer Rust than 1.8";
    const INHERITED: &str =
        "edition.workspace = true\npublish = false\nrust-version.workspace = true\n";
    let old = "edition = \"2018\"\npublish = false\n\n";
    for (package, toolchain, expected, told) in [
        ("", "", "edition = \"2024\"\n", ""),
        ("", "1.84.1\n", "edition = \"2021\"\n", NEWEST),
        ("", "[toolchain]\nchannel = \"1.85\"\n", "edition = \"2024\"\n", NEWEST),
        ("", "nightly-2024-11-22-x86_64-unknown-linux-gnu\n", "edition = \"2021\"\n", NEWEST),
        ("", "[toolchain]\nchannel = \"nightly-2024-11-23\"\n", "edition = \"2024\"\n", NEWEST),
        ("", "nightly-65535-65535-65535\n", "edition = \"2024\"\n", ""),
        ("rust-version = \"1.90\"\n", "1.56-linux", "edition = \"2021\"\n", TOOLCHAIN),
        ("rust-version = \"1.40\"\n", "stable\n", old, OLD),
        ("edition = \"2015\"\n", "1.85.0", "edition = \"2024\"\n", NEWEST),
        ("edition = \"2021\"\nrust-version = \"1.40\"\n", "", "true\npublish = false\n\n", OLD),
        ("edition = \"2021\"\nrust-version = \"1.84\"\n", "", INHERITED, NEWEST),
        (
            "edition = \"2021\"\nrust-version = \"1.85\"\n",
            "[resolver]\nincompatible-rust-versions = \"fallback\"\n",
            INHERITED,
            "",
        ),
        ("edition = \"2021\"\nrust-version = \"1.94\"\n", "", INHERITED, ""),
        (
            "rust-version = \"1.85\"\n[package]\nname = \"a\"\nedition = \"2024\"\n",
            "",
            "true\n",
            "",
        ),
        (
            "edition = \"2024\"\nrust-version = \"1.85\"\n[package]\nname = \"a\"\nedition.workspace = true\n",
            "",
            INHERITED,
            "",
        ),
        (
            "rust-version = \"1.85\"\n[package]\nname = \"a\"\nresolver = \"2\"\n",
            "",
            "true\n",
            NEWEST,
        ),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path();
        let workspace = format!("[workspace]\nmembers = []\n[workspace.package]\n{package}");
        fs::write(root.join("Cargo.toml"), workspace).expect("written");
        fs::create_dir(root.join("src")).expect("created");
        fs::write(root.join("src/lib.rs"), "").expect("written");
        if toolchain.starts_with("[resolver]") {
            fs::create_dir(root.join(".cargo")).expect("created");
            fs::write(root.join(".cargo/config.toml"), toolchain).expect("written");
        } else if !toolchain.is_empty() {
            fs::write(root.join("rust-toolchain"), toolchain).expect("written");
        }
        let run = call(root, &["new", "auth-trigger", "pre-sign-up"]);
        let said = String::from_utf8_lossy(&run.err).into_owned();
        let notes = [TOOLCHAIN, OLD, NEWEST].map(|note| said.contains(note) == (note == told));
        assert!(run.code == 0 && notes == [true; 3], "{package}{toolchain}: {said}");
        let made = fs::read_to_string(root.join("amplify/auth/pre-sign-up/Cargo.toml"));
        let made = made.expect("a manifest");
        assert!(made.contains(expected), "{package}{toolchain}: {made}");
        metadata(root).expect("Cargo loads the workspace");
    }
}

/// And not between two of them, where a comment may be about both.
fn members_that_are_not_sorted_are_added_to_at_their_end() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let manifest = sandbox.path().join("Cargo.toml");
    let package = "[package]\nversion = \"0.1.0\"\n[lib]\npath = \"lib.rs\"\nname = ";
    for member in ["c", "a", "b"] {
        let directory = sandbox.path().join("crates").join(member);
        fs::create_dir_all(&directory).expect("created");
        fs::write(directory.join("lib.rs"), "").expect("written");
        let text = package.replace("version", &format!("name = \"{member}\"\nversion"));
        fs::write(directory.join("Cargo.toml"), format!("{text}\"{member}\"\n")).expect("written");
    }
    let before = "[workspace]\nresolver = \"2\"\nmembers = [\n    \"crates/c\",\n    # tools\n    \
                  \"crates/a\",\n    \"crates/b\",\n]\n";
    let after = before.replace(
        "/b\",\n",
        "/b\",\n    \"amplify/auth/custom-message\",\n    \"amplify/auth/pre-sign-up\",\n",
    );
    for kinds in [["pre-sign-up", "custom-message"], ["custom-message", "pre-sign-up"]] {
        fs::write(&manifest, before).expect("written");
        for kind in kinds {
            let run = call(sandbox.path(), &["new", "auth-trigger", kind]);
            assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.err));
        }
        assert_eq!(fs::read_to_string(&manifest).expect("readable"), after);
        metadata(sandbox.path()).expect("Cargo loads the workspace");
        for kind in kinds {
            assert_eq!(call(sandbox.path(), &["remove", "auth-trigger", kind]).code, 0);
        }
        assert_eq!(fs::read_to_string(&manifest).expect("readable"), before);
    }
}

fn package(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
}

/// As `cargo locate-project --workspace` says, although there is a workspace above.
fn an_excluded_crate_is_its_own_root() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let tree = [
        ("Cargo.toml", "[workspace]\nexclude = [\"examples\"]\n".to_owned()),
        ("examples/x/Cargo.toml", package("x")),
        ("examples/x/src/lib.rs", String::new()),
    ];
    let tree: Tree = tree.map(|(path, text)| (path.to_owned(), text.into())).into();
    let root = sandbox.path().join("repo");
    write_tree(&root, &tree);
    assert_eq!(call(&root.join("examples/x"), &["new", "auth-trigger", "pre-sign-up"]).code, 0);
    metadata(&root.join("examples/x/amplify/auth/pre-sign-up")).expect("Cargo loads it");
    let after = read_tree(&root);
    assert_eq!(after.get("Cargo.toml"), tree.get("Cargo.toml"));
    assert!(after.keys().all(|path| path == "Cargo.toml" || path.starts_with("examples/x/")));
}

/// Wherever the member is; and the command that is told works.
fn the_name_of_a_member_is_taken() {
    for (member, kind, taken) in [
        ("../lib", "pre-sign-up", package("pre-sign-up") + "workspace = \"../app\"\n"),
        ("lib", "custom-auth", package("create-auth-challenge")),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo/app");
        let workspace = format!("[workspace]\nresolver = \"2\"\nmembers = [\"{member}\"]\n");
        let tree = [("Cargo.toml", workspace)].map(|(path, text)| (path.to_owned(), text.into()));
        write_tree(&root, &tree.into());
        let tree = [("Cargo.toml", taken), ("src/lib.rs", String::new())];
        let tree = tree.map(|(path, text)| (path.to_owned(), text.into()));
        write_tree(&root.join(member), &tree.into());
        fs::create_dir(sandbox.path().join("repo/.git")).expect("created");
        let run = call(&root, &["new", "auth-trigger", kind]);
        let said = String::from_utf8_lossy(&run.err).into_owned();
        let told = said.split_once("`cargo amplify ").and_then(|(_, told)| told.split_once('`'));
        let (command, rest) = told.unwrap_or_else(|| panic!("{said}"));
        assert_eq!((run.code, rest.contains("one by one")), (1, kind == "custom-auth"), "{said}");
        let command: Vec<_> = command.split(' ').collect();
        assert_eq!(call(&root, &command).code, 0, "{command:?}");
        metadata(&root).expect("Cargo loads the workspace");
    }
}

/// Cargo loads no workspace with an entry for a directory that is not there.
fn members_go_in_whatever_way_they_are_written() {
    let function = "amplify/auth/pre-sign-up";
    for entry in [
        "amplify/auth/*",
        "amplify/*/*",
        "**/pre-sign-up",
        "amplify/auth/pre-*",
        "amplify/auth/../auth/pre-sign-up",
        "amplify/../amplify/auth/*",
        "../repo/./amplify/auth/pre-sign-up/",
        "ROOT/amplify/auth/pre-sign-up",
        "ROOT/amplify/auth/p*",
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().canonicalize().expect("there").join("repo");
        let entry = entry.replace("ROOT", root.to_str().expect("UTF-8"));
        let workspace = "[workspace]\nresolver = \"2\"\nmembers = [\"lib\"]\n";
        for defaults in ["", &format!("default-members = [\"{entry}\"]\n")] {
            let tree = [
                ("Cargo.toml", workspace.to_owned()),
                ("lib/Cargo.toml", package("lib")),
                ("lib/src/lib.rs", String::new()),
            ];
            let tree: Tree = tree.map(|(path, text)| (path.to_owned(), text.into())).into();
            write_tree(&root, &tree);
            let manifest = root.join("Cargo.toml");
            assert_eq!(call(&root, &["new", "auth-trigger", "pre-sign-up"]).code, 0);
            let text = fs::read_to_string(&manifest).expect("readable");
            fs::write(&manifest, text.replace(function, &entry) + defaults).expect("written");
            let check = call(&root, &["check"]);
            assert_eq!(check.code, 0, "{entry}: {}", String::from_utf8_lossy(&check.err));
            metadata(&root.join(function)).expect("Cargo loads it");
            assert_eq!(call(&root, &["remove", "auth-trigger", "pre-sign-up"]).code, 0);
            let after = read_tree(&root);
            differences(&entry, &tree, &after).unwrap_or_else(|e| panic!("{entry}{defaults}: {e}"));
        }
    }
}

/// In a monorepo they are mostly at the top of the git repository.
fn ignore_files_above_the_project_are_read() {
    for (ignore, is_told) in [
        ("*.json\n", true),
        ("/sub/\n", true),
        ("deep\n", true),
        ("events/\n", true),
        ("target\n", false),
        ("*.json\n!*.json\n", false),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo/sub/deep");
        fs::create_dir_all(&root).expect("created");
        fs::create_dir(sandbox.path().join("repo/.git")).expect("created");
        fs::write(sandbox.path().join("repo/.gitignore"), ignore).expect("written");
        let run = call(&root, &["new", "auth-trigger", "pre-sign-up"]);
        let said = String::from_utf8_lossy(&run.err).into_owned();
        assert_eq!((run.code, said.contains("git ignores `")), (0, is_told), "{ignore}{said}");
    }
}
