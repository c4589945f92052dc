//! What holds for all inputs and all repositories, tried on random ones.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{Tree, apply_patch, metadata, read_tree, repeated, write_tree};

tests![
    any_input_gives_a_project_or_a_reason,
    any_repository_gets_triggers_and_is_as_before_without_them,
];

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
                let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
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
        if text.starts_with("-> ") {
            continue;
        }
        if path.ends_with(".toml") {
            let parsed = text.parse::<toml_edit::DocumentMut>();
            prop_assert!(parsed.is_ok(), "{path}: {parsed:?}");
        } else if path.starts_with("amplify/") && path.ends_with(".rs") {
            sources.push(root.join(path));
        }
    }
    let format =
        Command::new("rustfmt").args(["--edition", "2024", "--check"]).args(&sources).output();
    let format = format.expect("rustfmt");
    let mut printed = String::from_utf8_lossy(&format.stdout).into_owned();
    let _ = write!(printed, "{}", String::from_utf8_lossy(&format.stderr));
    prop_assert!(format.status.success(), "{printed}");
    let metadata = metadata(root);
    prop_assert!(metadata.is_ok(), "{metadata:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: repeated(32), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the names and values: a project that parses, or a refusal that changes nothing.
    /// Its dry run is exact, and a second run finds nothing to do.
    fn any_input_gives_a_project_or_a_reason(arguments in arguments(), before in repository()) {
        let before: Tree = before.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        write_tree(&root, &before);
        fs::create_dir_all(&root).expect("created");
        let run = |extra: &[&str]| {
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            call(&root, &[arguments.as_slice(), extra].concat())
        };
        let exact = |what: &str, expected: &Tree| {
            differences(what, expected, &read_tree(&root)).map_err(TestCaseError::fail)
        };

        let dry = run(&["--dry-run"]);
        exact("--dry-run", &before)?;
        let real = run(&[]);
        prop_assert_eq!(dry.code, real.code);
        if real.code != 0 {
            let message = String::from_utf8_lossy(&real.err);
            prop_assert!(matches!(real.code, 1 | 2), "{} {message}", real.code);
            prop_assert!(message.contains("error: ") && message.contains("hint: "), "{message}");
            return exact("a refusal", &before);
        }
        let after = read_tree(&root);
        check_project(&root)?;

        let again = run(&[]);
        prop_assert_eq!(again.code, 0);
        exact("the second run", &after)?;

        write_tree(&root, &before);
        apply_patch(&root, &dry.out);
        exact("the patch", &after)?;
    }
}

/// How an array of members is written: none, on one line, on many, sorted or not, with comments.
const MEMBERS: [&str; 9] = [
    "[]",
    "[ ]",
    "[\n]",
    "[\n    # none yet\n]",
    "[\"crates/a\"]",
    "['crates/a', \"crates/*\",]",
    "[\n\t\"zzz/z\", # last of all, first here\n\t\"crates/a\" # a, too\n\t# the end\n]",
    "[\n    \"crates/a\",\n    \"zzz/z\",\n]",
    "[\"zzz/z\",\n  \"crates/a\"]",
];

/// How a manifest is written around them.
const MANIFESTS: [&str; 8] = [
    "[workspace]\nmembers = MEMBERS\nresolver = \"3\"\n",
    "# all of it\n\n[workspace] # here\nresolver = \"2\"\n  members   =   MEMBERS # these\n\n[workspace.package]\nedition = \"2021\"\nversion = \"0.1.0\"\n",
    "workspace = { members = MEMBERS, resolver = '3' }\n",
    "workspace.members = MEMBERS\nworkspace.resolver = \"3\"\n",
    "[workspace]\nexclude = [\"amplify\"]\nmembers = MEMBERS\n",
    "[workspace]\nmembers = [\"amplify/*\"]\nexclude = [\"other\"]\n\n[profile.release]\nlto = true\n",
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n",
    "[workspace.package]\nedition = \"2021\"\n\n# of profiles\n[profile.dev]\ndebug = 1\n",
];

const RESOURCES: [&str; 9] = [
    "",
    "[loginWith]\nemail = true\n",
    "# pool\n\n[loginWith]\nphone = true # yes\n\n[triggers]\n",
    "[triggers]\nuserMigration = \"mine\"\n# and more\n\n[loginWith]\nemail = true\n",
    "triggers = { userMigration = \"mine\" }\n[loginWith]\nemail = true\n",
    "triggers.userMigration = 'mine' # mine\nloginWith.email = true\n",
    "[triggers.userMigration]\nhandler = \"mine\"\n\n[loginWith]\nemail = true\n",
    "triggers = { }\nloginWith = {}\n",
    "[senders]\n\n[loginWith]\n\temail = true\n\n\n",
];

const IGNORES: [&str; 5] = ["", "target\n", "/target", "# built\n*.o\n", "**/*.rs.bk"];

/// Repositories: how each file is written, its line endings, its end, a byte order mark, and
/// whether the manifest is a link.
fn shape() -> impl Strategy<Value = BTreeMap<String, String>> {
    let manifest = proptest::option::of((0..MANIFESTS.len(), 0..MEMBERS.len()));
    let files = (manifest, 0..RESOURCES.len(), 0..IGNORES.len());
    (files, any::<[bool; 4]>()).prop_map(|((manifest, resource, ignore), [crlf, bom, cut, link])| {
        let form = |text: &str| {
            let text = if cut { text.trim_end() } else { text };
            let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let mark = if bom && !text.is_empty() { "\u{feff}" } else { "" };
            format!("{mark}{text}")
        };
        let mut tree = BTreeMap::new();
        let mut add = |path: &str, content: String| {
            if !content.is_empty() {
                tree.insert(path.to_owned(), content);
            }
        };
        if let Some((manifest, members)) = manifest {
            let text = MANIFESTS[manifest].replace("MEMBERS", MEMBERS[members]);
            // An inline table does not go over lines in TOML 1.0.
            let text = match manifest {
                2 => MANIFESTS[manifest].replace("MEMBERS", MEMBERS[4]),
                _ => text,
            };
            for (directory, name) in [("crates/a", "a"), ("zzz/z", "z")] {
                if text.contains(directory) {
                    let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
                    add(&format!("{directory}/Cargo.toml"), package);
                    add(&format!("{directory}/src/lib.rs"), "//\n".to_owned());
                }
            }
            if text.contains("name = \"app\"") {
                add("src/lib.rs", "//\n".to_owned());
            }
            let place = if link { "shared/workspace.toml" } else { "Cargo.toml" };
            add(place, form(&text));
            if link {
                add("Cargo.toml", "-> shared/workspace.toml".to_owned());
            }
        }
        add("amplify/auth/resource.toml", form(RESOURCES[resource]));
        add(".gitignore", form(IGNORES[ignore]));
        tree
    })
}

const KINDS: [&str; 5] = [
    "custom-email-sender",
    "custom-sms-sender",
    "post-confirmation",
    "pre-sign-up",
    "pre-token-generation",
];

/// A repository that is written again for each run.
struct Repository {
    sandbox: tempfile::TempDir,
}

impl Repository {
    fn new(tree: &Tree) -> Self {
        let repository = Self { sandbox: tempfile::tempdir().expect("a directory") };
        write_tree(&repository.root(), tree);
        fs::create_dir_all(repository.root()).expect("created");
        repository
    }

    fn root(&self) -> std::path::PathBuf {
        self.sandbox.path().join("repo")
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, TestCaseError> {
        let run = call(&self.root(), arguments);
        let said = String::from_utf8_lossy(&run.err).into_owned();
        prop_assert!(run.code == 0, "{arguments:?}: {said}");
        Ok(run.out)
    }

    /// The tree after each of the commands: `+kind` for new and `-kind` for remove.
    fn after(&self, commands: &[&str]) -> Result<Tree, TestCaseError> {
        for command in commands {
            let (verb, kind) = match command.strip_prefix('-') {
                Some(kind) => ("remove", kind),
                None => ("new", command.trim_start_matches('+')),
            };
            self.run(&[verb, "auth-trigger", kind, "-q"])?;
        }
        Ok(read_tree(&self.root()))
    }
}

fn same(what: &str, expected: &Tree, actual: &Tree) -> Result<(), TestCaseError> {
    differences(what, expected, actual).map_err(TestCaseError::fail)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: repeated(12), failure_persistence: None, ..ProptestConfig::default() })]

    /// In any repository, runs are idempotent, independent of order, as the dry run says, and
    /// exactly reversible.
    fn any_repository_gets_triggers_and_is_as_before_without_them(
        before in shape(),
        one in 0..KINDS.len(),
        step in 1..KINDS.len(),
    ) {
        let before: Tree = before.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let (one, two) = (KINDS[one], KINDS[(one + step) % KINDS.len()]);
        let repository = Repository::new(&before);
        let first = repository.after(&[one])?;
        same("the second time", &first, &repository.after(&[one])?)?;
        check_project(&repository.root())?;

        let patch = repository.run(&["new", "auth-trigger", two, "--dry-run"])?;
        same("--dry-run", &first, &read_tree(&repository.root()))?;
        let both = repository.after(&[two])?;
        let patched = Repository::new(&first);
        // git does not write through a link; the patch is for the file itself.
        apply_patch(&patched.root(), &patch);
        same("the patch", &both, &read_tree(&patched.root()))?;

        let other = Repository::new(&before);
        let second = other.after(&[two])?;
        same("the other order", &both, &other.after(&[one])?)?;

        let removal = format!("-{one}");
        let patch = other.run(&["remove", "auth-trigger", one, "--dry-run"])?;
        same("the first taken back", &second, &other.after(&[&removal])?)?;
        let patched = Repository::new(&both);
        apply_patch(&patched.root(), &patch);
        same("the patch of remove", &second, &read_tree(&patched.root()))?;

        same("the second taken back", &first, &repository.after(&[&format!("-{two}")])?)?;
        same("both taken back", &before, &repository.after(&[&removal])?)?;
        same("both taken back", &before, &other.after(&[&format!("-{two}")])?)?;
    }
}
