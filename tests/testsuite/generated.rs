//! What is generated is formatted, has no warnings, passes its own tests, and answers every
//! sample event over the Lambda Runtime API with the response in `tests/replies.json`, which
//! Cognito accepts from a new user pool.
//!
//! The crates of all tests of our scaffolds, and of cases with `build = "yes"`, are members of one Cargo workspace, so that Cargo
//! runs once for all. Some have dependencies that take minutes, and a
//! workspace of their own that only `--include-ignored` builds; all crates are in it once more with
//! the older editions that a repository may have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

use cargo_amplify::cognito::{Answer, PoolSettings, Rule, judge};
use libtest_mimic::Trial;
use serde_json::Value;
use toml_edit::{DocumentMut, value};

use crate::cases::golden::golden_member;
use crate::cases::{Build, Case, names, result};
use crate::documents::{blocks, document};
use crate::handler::{Handler, Reply};
use crate::mutations::{Members, survive};
use crate::support::{Tree, cargo, read_tree, repository, succeed, target, update_tree};
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let cases: Vec<_> = names().iter().map(|name| Case::load(name)).collect();
    let (long, short): (Vec<_>, Vec<_>) = cases
        .into_iter()
        .filter(|case| case.build != Build::No)
        .partition(|case| case.build == Build::Long);
    assert!(!short.is_empty(), "no case is built");
    let long = long.into_iter().map(|case| answers(case, &LONG).with_ignored_flag(true));
    let short = short.into_iter().map(|case| answers(case, &SHORT));
    functions![replies_are_of_cases].into_iter().chain(short).chain(long).collect()
}

/// Builds what the others need. It comes early, so that they do not wait for it all at once.
pub fn build_tests() -> Vec<Trial> {
    fn is_formatted_linted_and_tested() {
        LazyLock::force(&SHORT);
    }
    functions![is_formatted_linted_and_tested]
}

/// The workspaces, built when the first test needs one.
static SHORT: LazyLock<PathBuf> = LazyLock::new(|| build(Build::Yes, "variants"));
static LONG: LazyLock<PathBuf> = LazyLock::new(|| build(Build::Long, "long-variants"));

/// The responses of a case's handlers are the expected ones.
fn answers(case: Case, project: &'static LazyLock<PathBuf>) -> Trial {
    trial("generated", &case.name.clone(), move || {
        let binary = target().join("debug").join(&case.name);
        let replies = answer_all(&project.join(&case.name), &binary);
        golden_member(&repository().join(REPLIES), &case.name, replies)
    })
}

/// Nothing is kept of a case that is no longer built.
fn replies_are_of_cases() {
    let text = fs::read_to_string(repository().join(REPLIES)).expect("replies");
    let replies: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    for name in replies.keys() {
        let is_built = names().contains(name) && Case::load(name).build != Build::No;
        assert!(is_built, "{REPLIES} has `{name}`, which is not built");
    }
}

/// The response to each sample event, by case.
const REPLIES: &str = "tests/replies.json";

/// Writes the crates of cases as one workspace, and has Cargo format, lint, test and build it.
fn build(which: Build, name: &str) -> PathBuf {
    let root = target().join(name);
    let mut files = Tree::new();
    // Those that run, and copies in older editions, whose tests say all about them.
    let (mut list, mut copies) = (toml_edit::Array::new(), toml_edit::Array::new());
    let mut older = ["2018", "2021"].into_iter().cycle();
    for case in names().iter().map(|name| Case::load(name)) {
        if case.build == which {
            add_member(&case, (&case.name, None), &mut files);
            list.push(&case.name);
        }
        if case.build != Build::No && which == Build::Long {
            let edition = older.next().unwrap_or_default();
            let member = format!("{}-{edition}", case.name);
            add_member(&case, (&member, Some(edition)), &mut files);
            copies.push(member);
        }
    }
    add_handlers(which, &mut files, &mut list);
    files.insert("Cargo.toml".to_owned(), manifest(list, copies).into_bytes());
    // The users' style is the default one.
    files.insert("rustfmt.toml".to_owned(), Vec::new());
    update_tree(&root, &files);
    succeed(cargo(&root).args(["fmt", "--all", "--check"]));
    for arguments in [&["test", "--workspace", "--quiet"][..], &["build", "--quiet"]] {
        succeed(linting(&mut cargo(&root)).args(arguments));
    }
    root
}

/// Adds the crate of a case to the workspace, with an edition other than its own.
fn add_member(case: &Case, (member, edition): (&str, Option<&str>), files: &mut Tree) {
    let directory = case.crates.first().expect("a crate");
    for (path, content) in result(&case.name).iter() {
        if let Some(path) = path.strip_prefix(directory).and_then(|path| path.strip_prefix('/')) {
            files.insert(format!("{member}/{path}"), content.clone());
        }
    }
    // Tests of our own need not be written for older editions.
    if edition.is_none() {
        add_tests(&case.name, member, files);
    }
    let manifest = files.get_mut(&format!("{member}/Cargo.toml")).expect("a manifest");
    *manifest = as_member(manifest, member, edition).into_bytes();
}

/// The lints that strict workspaces have, besides Clippy's default ones.
const STRICT: [&str; 8] = [
    "clippy::pedantic",
    "clippy::nursery",
    "clippy::print_stderr",
    "clippy::print_stdout",
    "clippy::tests_outside_test_module",
    "clippy::unused_trait_names",
    "missing_debug_implementations",
    "rust_2018_idioms",
];

/// Has Clippy compile the crates of the workspace, so that they are linted in the same go.
fn linting(command: &mut Command) -> &mut Command {
    let sysroot = succeed(Command::new("rustc").args(["--print", "sysroot"])).stdout;
    let sysroot = String::from_utf8(sysroot).expect("UTF-8");
    let driver = Path::new(sysroot.trim()).join("bin/clippy-driver");
    // As `cargo clippy -- -D warnings` hands it on.
    let lints = ["warnings"].iter().chain(&STRICT);
    let lints: String = lints.map(|lint| format!("-D{lint}__CLIPPY_HACKERY__")).collect();
    command.env("RUSTC_WORKSPACE_WRAPPER", driver).env("CLIPPY_ARGS", lints)
}

/// Adds the recipes of the documents to the crate of each version of the event, as tests, and to one
/// of them a test of how it reads events.
fn add_tests(case: &str, member: &str, files: &mut Tree) {
    let document = document("docs/recipes.md");
    let (inner, _) = document.split_once(SERVICES).expect("two parts");
    let (every_version, later) = inner.split_once("## In V2_0").expect("two parts");
    let recipes = match case {
        "pre-token-generation" => blocks(every_version, "rust"),
        "pre-token-generation-v2" | "pre-token-generation-v3" => {
            [blocks(every_version, "rust"), blocks(later, "rust")].concat()
        }
        _ => return,
    };
    assert!(recipes.len() > 5, "docs/recipes.md has few recipes");
    let mut code = "#![allow(clippy::all, clippy::pedantic, clippy::nursery)]\n".to_owned();
    code += "use crate::event::{Event, Response};\n";
    for (number, recipe) in recipes.iter().enumerate() {
        code += &format!(
            "#[test] fn recipe_{number}() {{ let event = &Event::default(); \
             let mut response = Response::to(event); {recipe} \
             assert!(serde_json::to_value(response).is_ok()); }}\n"
        );
    }
    files.insert(format!("{member}/src/recipes.rs"), code.into_bytes());
    let main = files.get_mut(&format!("{member}/src/main.rs")).expect("an entry point");
    main.extend(b"\n#[cfg(test)]\n#[rustfmt::skip]\nmod recipes;\n");
    if case == "pre-token-generation" {
        main.extend(b"#[cfg(test)]\n#[rustfmt::skip]\n#[allow(clippy::pedantic, clippy::nursery)]\nmod lenient;\n");
        let lenient = fs::read(repository().join("tests/kinds/lenient.rs")).expect("a test");
        files.insert(format!("{member}/src/lenient.rs"), lenient);
    }
}

/// The part of the recipes with whole handlers.
const SERVICES: &str = "## With another service";

/// A crate for each recipe that is a whole handler; those with the AWS SDK take minutes.
fn add_handlers(which: Build, files: &mut Tree, list: &mut toml_edit::Array) {
    let document = document("docs/recipes.md");
    let (_, recipes) = document.split_once(SERVICES).expect("two parts");
    let handlers = blocks(recipes, "rust").into_iter().enumerate();
    for (number, handler) in handlers.filter(|(_, handler)| {
        which == if handler.contains("aws_config") { Build::Long } else { Build::Yes }
    }) {
        let member = format!("recipe-{number}");
        for (path, content) in result("empty").iter() {
            if let Some(file) = path.strip_prefix("amplify/auth/pre-token-generation/") {
                files.insert(format!("{member}/{file}"), content.clone());
            }
        }
        // Strict lints are for what is generated.
        let handler = format!("#![allow(clippy::pedantic, clippy::nursery)]\n\n{handler}");
        files.insert(format!("{member}/src/handler.rs"), handler.into_bytes());
        let manifest = files.get_mut(&format!("{member}/Cargo.toml")).expect("a manifest");
        let mut own: DocumentMut = as_member(manifest, &member, None).parse().expect("TOML");
        let features = ["macros", "rt", "sync", "time"].into_iter().collect::<toml_edit::Array>();
        own["dependencies"]["tokio"]["features"] = value(features);
        if which == Build::Long {
            own["dependencies"]["aws-config"] = value("1");
            own["dependencies"]["aws-sdk-dynamodb"] = value("1");
        }
        *manifest = own.to_string().into_bytes();
        list.push(member);
    }
}

/// The manifest of the workspace: with all that `workspace-inherits` lets its crate inherit. What is
/// built by default are not the copies.
fn manifest(members: toml_edit::Array, copies: toml_edit::Array) -> String {
    let inherited = &result("workspace-inherits")["Cargo.toml"];
    let mut manifest: DocumentMut = text(inherited).parse().expect("TOML");
    manifest["workspace"]["default-members"] = value(members.clone());
    let all = members.into_iter().chain(copies);
    manifest["workspace"]["members"] = value(all.collect::<toml_edit::Array>());
    manifest["workspace"]["resolver"] = value("3");
    manifest.remove("profile");
    manifest.to_string()
}

/// A crate's manifest with a name of its own.
fn as_member(manifest: &[u8], name: &str, edition: Option<&str>) -> String {
    let mut manifest: DocumentMut = text(manifest).parse().expect("TOML");
    // A crate that stands alone has these, which only the root of a workspace may have.
    manifest.remove("workspace");
    manifest.remove("profile");
    manifest["package"]["name"] = value(name);
    if let Some(edition) = edition {
        manifest["package"]["edition"] = value(edition);
    }
    manifest.to_string()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The `response` for each sample event; all else must come back as it was sent.
fn answer_all(package: &Path, binary: &Path) -> Value {
    let handler = Handler::start(binary);
    let events = read_tree(&package.join("events"));
    let mut members = Members::new();
    let answers = events.into_iter().map(|(file, event)| {
        let event = String::from_utf8(event).expect("UTF-8");
        let Reply::Response(mut reply) = handler.invoke(&event) else {
            panic!("{file} is refused");
        };
        let mut sent: Value = serde_json::from_str(&event).expect("JSON");
        let verdict = judge(&sent, &Answer::Returned(reply.to_string()), PoolSettings::default());
        // Amplify's sample replaces the user's groups, and nobody is in the old directory yet.
        let intended = [Rule::GroupsLost, Rule::NoAttributes];
        let is_intended = verdict.findings.iter().all(|finding| intended.contains(&finding.rule));
        assert!(is_intended, "{file}: {:?}", verdict.findings);
        if is_first(package, &event) {
            survive(&handler, &sent, &mut members, &format!("{}: {file}", package.display()));
        }
        let mut response = reply["response"].take();
        mask_codes(&mut response);
        sent["response"] = Value::Null;
        assert_eq!(reply, sent, "{file}: more than `response` has changed");
        (file, response)
    });
    answers.collect()
}

/// Whether an event is sent to code that has not been sent it as a handler of another case.
fn is_first(package: &Path, event: &str) -> bool {
    static SENT: Mutex<BTreeSet<(Tree, String)>> = Mutex::new(BTreeSet::new());
    let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    sent.insert((read_tree(&package.join("src")), event.to_owned()))
}

/// A one-time code is another one each time: only its form can be expected.
fn mask_codes(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(mask_codes),
        Value::String(text) if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) => {
            "a code of 6 digits".clone_into(text);
        }
        _ => {}
    }
}
