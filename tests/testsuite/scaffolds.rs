//! The catalog is data: each directory is a kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cargo_amplify::catalog::Catalog;
use cargo_amplify::cognito::{Answer, Outcome, PoolSettings, judge};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::cases::sandbox::call;
use crate::cases::{names_in, of_scaffolds};
use crate::support::{program, read_tree, repository, write_tree};

pub fn tests() -> Vec<Trial> {
    functions![
        embedded_scaffolds_are_right,
        a_directory_on_disk_is_a_kind,
        lint_finds_nothing_in_our_own,
        #[cfg(unix)]
        lint_starts_rustfmt_once,
        each_mistake_is_told_at_its_place,
    ]
}

/// Each directory is a scaffold or a bundle, and says what it should.
fn embedded_scaffolds_are_right() {
    let catalog = Catalog::embedded();
    let mut directories = names_in("scaffolds/auth-trigger");
    directories.retain(|name| name != "_shared");
    let (names, bundles) = (catalog.names(), catalog.bundles());
    let mut known = [names.clone(), bundles.clone()].concat();
    known.sort_unstable();
    assert_eq!(known, directories);
    for name in bundles {
        assert!(catalog.find(name).expect("right").len() > 1, "{name}");
    }
    for name in names {
        let scaffold = catalog.scaffold(name).expect("right");
        let trigger = scaffold.trigger.as_ref().expect("a trigger");
        for source in &trigger.sources {
            assert!(
                source.starts_with(&trigger.cloudformation[..3])
                    || source.starts_with("TokenGeneration"),
                "{name}: {source} is a source of another trigger"
            );
            // Cognito reads no reply of a trigger that it does not wait for.
            let event = json!({ "triggerSource": source });
            let answer = Answer::Returned("not JSON".to_owned());
            let verdict = judge(&event, &answer, PoolSettings::default());
            let is_accepted = verdict.outcome == Outcome::Accepted;
            assert_eq!(is_accepted, trigger.asynchronous, "{name}: asynchronous");
        }
        for spelling in [&trigger.amplify, &trigger.cloudformation] {
            assert_eq!(catalog.find(spelling).expect("known")[0].name, name);
        }
    }
}

/// A kind that is only a directory on disk, with its own inputs and paths, is generated and wired
/// as the built-in ones are, in every kind of repository.
fn a_directory_on_disk_is_a_kind() {
    let test =
        ["scaffold", "test", "--scaffolds", "scaffolds"].into_iter().chain(of_scaffolds::bless());
    let run = call(&repository().join("tests/kinds"), &test.collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&[run.out, run.err].concat()));
    for more in [&["greet-user"][..], &["greet-user", "--format", "json"], &[]] {
        let list = [&["list", "--scaffolds", "scaffolds"], more].concat();
        let run = call(&repository().join("tests/kinds"), &list);
        let said = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
        assert!(run.code == 0 && said.contains("`greet-user` is a scaffold of"), "{said}");
    }
}

/// Nothing is wrong with the scaffolds of the program.
fn lint_finds_nothing_in_our_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let own = repository().join("scaffolds");
    let own = own.to_str().expect("UTF-8");
    let run = call(directory.path(), &["scaffold", "lint", "--scaffolds", own]);
    let said = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
    assert!(run.code == 0 && said.contains("no problems in 13 scaffolds"), "{said}");
}

/// All texts are given to rustfmt at once, which takes most of the time.
#[cfg(unix)]
fn lint_starts_rustfmt_once() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let rustfmt = directory.path().join("rustfmt");
    fs::write(&rustfmt, "#!/bin/sh\necho >>\"$0.starts\"\nexec rustfmt \"$@\"\n").expect("written");
    fs::set_permissions(&rustfmt, fs::Permissions::from_mode(0o755)).expect("set");
    let mut lint = program();
    lint.args(["scaffold", "lint"]).current_dir(directory.path()).env("RUSTFMT", &rustfmt);
    assert!(lint.output().expect("it runs").status.success());
    let starts = fs::read(directory.path().join("rustfmt.starts")).expect("a log");
    assert_eq!(starts.len(), 1);
}

/// Each mistake in a scaffold is told at its place.
fn each_mistake_is_told_at_its_place() {
    const HANDLER: &str = "files/src/handler.rs.hbs";
    const EVENT: &str = "events/PreSignUp_AdminCreateUser.json";
    const SCAFFOLD: &str = "scaffold.toml";
    let own = texts(&repository().join("scaffolds/auth-trigger/pre-sign-up"));
    let mut failures = Vec::new();
    for (file, from, to, place, problem) in [
        (SCAFFOLD, "notes = [", "note = [", "5:1", "unknown key `note`"),
        (SCAFFOLD, "responds = true", "responds = 1", "27:12", "must be `true` or `false`"),
        (SCAFFOLD, "flows = {", "flow = {", "15:2", "`trigger` has no `flows`"),
        (SCAFFOLD, "summary =", "summary", "1:9", "the file is not valid TOML"),
        (
            SCAFFOLD,
            "default = \"email-domain\"",
            "default = \"mail\"",
            "40:11",
            "not one of `choices`",
        ),
        (SCAFFOLD, "name = \"check\"", "name = \"summary\"", "36:8", "variable of all templates"),
        (SCAFFOLD, "may sign up\"", "may sign up.\"", "1:12", "`summary` ends with a final stop"),
        (SCAFFOLD, "may sign up\"", "may\\nsign up\"", "1:1", "`summary` is not a single line"),
        (SCAFFOLD, "a new user\"", "one more and other new user\"", "2:12", "more than 40"),
        (SCAFFOLD, "group = \"sign-up\"", "group = \"sing-up\"", "3:10", "did you mean `sign-up`?"),
        (SCAFFOLD, "{{toml name}}", "{{toml nmae}}", "33:10", "no variable `nmae`"),
        (SCAFFOLD, "{{toml name}}", "a b", "33:10", "wiring is not valid TOML"),
        (SCAFFOLD, "{{toml name}}", "{{name}}", "33:10", "wiring is not valid TOML"),
        (SCAFFOLD, "\"ALLOW_DOMAIN\"", "\"allow-domain\"", "43:8", "is not in capitals"),
        (
            SCAFFOLD,
            "[[input]]",
            "[pool-permissions]\nactions = [\"*\"]\n\n[[input]]",
            "36:12",
            "not an action",
        ),
        ("files/generated.toml", "", "a = 1\n", "1:1", "is the record that `new` writes"),
        (
            SCAFFOLD,
            "[[environment]]",
            "[[files]]\nfrom = \"fils\"\nto = \"x\"\n\n[[environment]]",
            "43:9",
            "no directory `fils`",
        ),
        (SCAFFOLD, "'{{eq check \"email-domain\"}}'", "'{{check}}'", "46:9", "`when` evaluates to"),
        (
            SCAFFOLD,
            "\"PreSignUp_SignUp\",",
            "\"PreSignUp_SignUp\", \"PreSignUp_Other\",",
            "18:32",
            "no sample event",
        ),
        (HANDLER, "{{#if", "{{#fi", "5:1", "was opened, but"),
        (HANDLER, "{{else}}", "{{elsewhere}}", "1:1", "`where` is not a block"),
        (HANDLER, "{{> check-age}}", "{{> chek-age}}", "2:1", "no partial `chek-age`"),
        (HANDLER, "{{/if}}", "", "5:1", "cannot be parsed"),
        (HANDLER, "(eq check", "(equal check", "1:1", "no helper `equal`"),
        ("partials/check-age.hbs", "fn ", "fun ", "", "not valid Rust"),
        ("partials/check-age.hbs", "fn ", "fn  ", "", "is not formatted"),
        ("partials/dependencies.hbs", " = ", " = = ", "2:8", "Cargo.toml` is not valid TOML"),
        ("files/other.ts.hbs", "", "export const x = ;\n", "1:16", "not valid TypeScript"),
        ("files/other.txt", "", "a \n", "1:2", "is not formatted"),
        ("files/SRC/main.rs", "", "\n", "1:1", "differ only in case"),
        ("files/a:b", "", "a\n", "1:1", "Windows"),
        ("more/x.txt", "", "x\n", "1:1", "uses this file"),
        ("partials/more.hbs", "", "x\n", "1:1", "uses this file"),
        (EVENT, "{", "{,", "1:2", "not valid JSON"),
        (EVENT, "  \"version\"", "   \"version\"", "2:1", "is not formatted"),
        (
            EVENT,
            "PreSignUp_AdminCreateUser",
            "PreSignUp_Admin",
            "10:20",
            "not one of the trigger's `sources`",
        ),
        (
            EVENT,
            "PreSignUp_AdminCreateUser",
            "PreSignUp_SignUp",
            "10:20",
            "not called as its trigger source",
        ),
        (EVENT, "\"version\": \"1\"", "\"version\": 1", "2:14", "does not send such an event"),
        (
            "events/PreSignUp_SignUp.json.hbs",
            "\"userAttributes\": {",
            "\"userAttributes\": \"{{name}}\", \"x\": {",
            "",
            "`request.userAttributes` is a string, and a map in `src/event.rs`",
        ),
        (EVENT, "\"mary_major2\"", "7", "5:15", "`userName` is 7, and a string in `src/event.rs`"),
    ] {
        let mut set = own.clone();
        let text = set.entry(file.to_owned()).or_default();
        assert!(text.contains(from), "{file} has no {from}");
        // Without a place, it is the line that is changed.
        let line = text.split(from).next().map_or(0, |before| before.matches('\n').count()) + 1;
        let place = if place.is_empty() { format!("{line}:1") } else { place.to_owned() };
        *text = text.replacen(from, to, 1);
        let found = lint(&set);
        let wanted = format!("{file} {place} ");
        let is_found = |it: &String| it.starts_with(&wanted) && it.contains(problem);
        if !found.iter().any(is_found) {
            failures.push(format!("{wanted}{problem}: {found:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What lint finds in a set with this one scaffold in the place of `pre-sign-up`.
pub fn lint(files: &BTreeMap<String, String>) -> Vec<String> {
    let kind = "pre-sign-up/";
    let files = files.iter().map(|(path, text)| (format!("{kind}{path}"), text.clone()));
    let found = lint_set(&files.collect(), &["PreSignUp"]).into_iter();
    found.map(|problem| problem.strip_prefix(kind).unwrap_or(&problem).to_owned()).collect()
}

/// What lint finds in a set: the path, the place and what is said.
pub fn lint_set(files: &BTreeMap<String, String>, kinds: &[&str]) -> Vec<String> {
    const SET: &str = "set/auth-trigger/";
    let directory = tempfile::tempdir().expect("a directory");
    let files =
        files.iter().map(|(path, text)| (format!("{SET}{path}"), text.clone().into_bytes()));
    write_tree(&directory.path().join("lint"), &files.collect());
    let arguments =
        [&["scaffold", "lint", "--scaffolds", "set", "--format", "json"], kinds].concat();
    let run = call(&directory.path().join("lint"), &arguments);
    let found: Value = serde_json::from_slice(&run.out).expect("JSON");
    let problems = found["problems"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(run.code, if problems.is_empty() { 0 } else { 4 }, "{found}");
    let line = |problem: &Value| {
        let path = problem["path"].as_str().unwrap_or_default();
        let path = path.strip_prefix(SET).unwrap_or(path);
        let Value::String(message) = &problem["message"] else { panic!("{problem}") };
        format!("{path} {}:{} {message}: {}", problem["line"], problem["column"], problem["label"])
    };
    problems.iter().map(line).collect()
}

/// The texts of a directory.
pub fn texts(directory: &Path) -> BTreeMap<String, String> {
    let text = |text| String::from_utf8(text).expect("UTF-8");
    read_tree(directory).into_iter().map(|(path, content)| (path, text(content))).collect()
}
