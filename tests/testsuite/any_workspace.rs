//! What a trigger does to any repository of crates: Cargo goes on as before.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{Tree, metadata, read_tree, repeated, what_cargo_makes, write_tree};

tests![cargo_makes_of_all_else_what_it_made_before];

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
