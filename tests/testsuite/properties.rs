//! What holds for all inputs, tried on random ones.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases::{apply_patch, differences};
use crate::support::{Tree, program, read_tree, write_tree};

/// Texts with what breaks naive templates: quotes, escapes, braces, breaks, wide and
/// right-to-left characters, and lengths around the widths that rustfmt breaks lines at.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-z]{1,12}",
        2 => "[a-zA-Z0-9_:/.-]{1,100}",
        1 => r#"["'\\{}$#%&<>`/*;=, \t\n\r]{1,12}"#,
        1 => "[äß語😀\u{202e}\u{200b}\u{7}\u{301}]{1,8}",
        1 => Just("{{name}} */ // \" \\u{41}".to_owned()),
    ]
}

fn arguments() -> impl Strategy<Value = Vec<String>> {
    let version = prop_oneof![Just("V1_0"), Just("V2_0"), Just("V3_0")];
    let claim = (text(), text()).prop_map(|(name, value)| format!("--claim={name}={value}"));
    let group = text().prop_map(|name| format!("--group={name}"));
    let name = prop_oneof![
        3 => Just("pre-token-generation".to_owned()),
        1 => "[a-z][a-z0-9_-]{0,70}",
        1 => text(),
    ];
    (version, name, vec(claim, 0..3), vec(group, 0..3)).prop_map(
        |(version, name, claims, groups)| {
            let mut arguments = vec![
                "new".to_owned(),
                "auth-trigger".to_owned(),
                format!("--event-version={version}"),
                format!("--name={name}"),
            ];
            arguments.extend(claims);
            arguments.extend(groups);
            arguments
        },
    )
}

/// Repositories with the ways in which files differ: none, line endings, ends, order.
fn repository() -> impl Strategy<Value = BTreeMap<String, String>> {
    let manifest = prop_oneof![
        Just(""),
        Just("[workspace]\nresolver = \"3\"\nmembers = []\n"),
        Just(
            "[workspace]\nmembers = [\n    # first\n    \"crates/a\", # a\n]\n\n[workspace.package]\nedition = \"2021\"\n"
        ),
        Just("[package]\nname = \"app\"\nversion = \"0.1.0\""),
        Just("workspace = { members = ['crates/a'], exclude = [] }\n"),
    ];
    let resource = prop_oneof![
        Just(""),
        Just("# pool\n[loginWith]\nemail = true # yes\n"),
        Just("triggers = { preSignUp = \"z\" }"),
        Just("[triggers]\npreSignUp = \"z\"\n\n[loginWith]\nphone = true"),
    ];
    let ignore = prop_oneof![Just(""), Just("target\n"), Just("a\nb")];
    (manifest, resource, ignore, any::<bool>()).prop_map(|(manifest, resource, ignore, crlf)| {
        let files = [
            ("Cargo.toml", manifest),
            ("amplify/auth/resource.toml", resource),
            (".gitignore", ignore),
        ];
        let existing = files.into_iter().filter(|(_, text)| !text.is_empty());
        let mut files: BTreeMap<_, _> = existing
            .map(|(path, text)| {
                let text = if crlf {
                    text.replace('\n', "\r\n")
                } else {
                    text.to_owned()
                };
                (path.to_owned(), text)
            })
            .collect();
        if manifest.contains("crates/a") {
            let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
            files.insert("crates/a/Cargo.toml".to_owned(), manifest.to_owned());
            files.insert("crates/a/src/lib.rs".to_owned(), String::new());
        } else if manifest.contains("[package]") {
            files.insert("src/lib.rs".to_owned(), String::new());
        }
        files
    })
}

/// A generated project is formatted Rust and TOML that Cargo loads.
fn check_project(root: &std::path::Path) -> Result<(), TestCaseError> {
    let mut sources = Vec::new();
    for (path, content) in read_tree(root) {
        let text = String::from_utf8(content).expect("UTF-8");
        if path.ends_with(".toml") {
            let parsed = text.parse::<toml_edit::DocumentMut>();
            prop_assert!(parsed.is_ok(), "{path}: {parsed:?}");
        } else if path.starts_with("amplify/") && path.ends_with(".rs") {
            sources.push(root.join(path));
        }
    }
    let format = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .args(&sources)
        .output();
    let format = format.expect("rustfmt");
    let mut printed = String::from_utf8_lossy(&format.stdout).into_owned();
    let _ = write!(printed, "{}", String::from_utf8_lossy(&format.stderr));
    prop_assert!(format.status.success(), "{printed}");
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root)
        .output()
        .expect("cargo");
    prop_assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the names and values: a project that parses, or a refusal that changes nothing.
    /// Its dry run is exact, and a second run finds nothing to do.
    #[test]
    fn any_input_gives_a_project_or_a_reason(arguments in arguments(), before in repository()) {
        let before: Tree = before.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let sandbox = tempfile::tempdir().expect("a folder");
        let root = sandbox.path().join("repo");
        write_tree(&root, &before);
        fs::create_dir_all(&root).expect("created");
        let run = |extra: &[&str]| {
            program().current_dir(&root).args(&arguments).args(extra).output().expect("the program runs")
        };
        let exact = |what: &str, expected: &Tree| {
            differences(what, expected, &read_tree(&root)).map_err(TestCaseError::fail)
        };

        let dry = run(&["--dry-run"]);
        exact("--dry-run", &before)?;
        let real = run(&[]);
        let code = real.status.code();
        prop_assert_eq!(dry.status.code(), code);
        if code != Some(0) {
            let message = String::from_utf8_lossy(&real.stderr);
            prop_assert!(matches!(code, Some(1 | 2)), "{code:?} {message}");
            prop_assert!(message.contains("error: ") && message.contains("hint: "), "{message}");
            return exact("a refusal", &before);
        }
        let after = read_tree(&root);
        check_project(&root)?;

        let again = run(&[]);
        prop_assert_eq!(again.status.code(), Some(0));
        exact("the second run", &after)?;

        write_tree(&root, &before);
        apply_patch(&root, &dry.stdout);
        exact("the patch", &after)?;
    }
}
