//! Command lines in the words of other tools are answered with what was meant.

use cargo_amplify::project::StateDir;
use serde_json::Value;

use crate::cases::sandbox::call_with;
use crate::support::state_directory;

tests![
    what_was_meant_is_named,
    a_wrong_command_line_is_json_for_programs,
    the_kinds_and_examples_are_in_the_help,
    the_list_fits_into_80_columns,
];

/// What is typed, and what is named as meant.
const MEANT: [(&str, &[&str]); 24] = [
    ("new pre-sign-up", &["new auth-trigger pre-sign-up"]),
    ("new preSignUp --group a", &["new auth-trigger pre-sign-up --group a"]),
    ("new presigup", &["new auth-trigger pre-sign-up"]),
    ("new custom_auth", &["new auth-trigger custom-auth"]),
    ("new trigger pre-sign-up", &["new auth-trigger pre-sign-up"]),
    ("new -q function", &["new -q auth-trigger"]),
    ("remove pre-sign-up", &["remove auth-trigger pre-sign-up"]),
    ("rm pre-sign-up", &["remove auth-trigger pre-sign-up"]),
    ("delete auth-trigger pre-sign-up", &["remove auth-trigger pre-sign-up"]),
    ("PreSignUp", &["new auth-trigger pre-sign-up"]),
    ("add pre-sign-up", &["new auth-trigger pre-sign-up"]),
    ("init", &["new auth-trigger"]),
    ("deploy", &["synth"]),
    ("test pre-sign-up", &["invoke --all pre-sign-up"]),
    ("run pre-sign-up", &["invoke pre-sign-up"]),
    ("status", &["list", "check"]),
    ("start", &["serve"]),
    ("upgrade", &[]),
    ("list --json", &["list --format json"]),
    ("synth --yaml", &["synth --format yaml"]),
    ("new auth-trigger --force", &["new auth-trigger --on-conflict overwrite"]),
    ("check --dir 'a b'", &["check --path 'a b'"]),
    // It would not help.
    ("list --force", &[]),
    ("frobnicate", &[]),
];

fn run(arguments: &[&str]) -> (i32, String, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let run = call_with(directory.path(), arguments, StateDir::At(state_directory()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.code, text(&run.out), text(&run.err))
}

fn what_was_meant_is_named() {
    for (typed, meant) in MEANT {
        let words: Vec<_> = typed.replace("'a b'", "a\0b").split(' ').map(str::to_owned).collect();
        let words: Vec<_> = words.iter().map(|word| word.replace('\0', " ")).collect();
        let (code, _, said) = run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(code, 2, "{typed}: {said}");
        let named: Vec<_> = said
            .split("`cargo amplify ")
            .skip(1)
            .filter_map(|rest| rest.split('`').next())
            .collect();
        assert_eq!(named, meant, "{typed}: {said}");
    }
    assert!(run(&["upgrade"]).2.contains("cargo install --locked"));
    assert!(run(&["test"]).2.contains("`cargo test`"));
    assert!(run(&["chek"]).2.contains("'check'"), "Clap's own guess is gone");
}

fn a_wrong_command_line_is_json_for_programs() {
    for format in [&["--format", "json"][..], &["--format=json"]] {
        for wrong in
            [&["new", "pre-sign-up"][..], &["remove", "auth-trigger"], &["list", "--colour"]]
        {
            let (code, printed, said) = run(&[wrong, format].concat());
            assert_eq!((code, said.as_str()), (2, ""), "{printed}");
            let printed: Value = serde_json::from_str(&printed).expect("JSON");
            assert_eq!(printed["error"]["kind"], "usage");
        }
    }
    let (_, printed, _) = run(&["new", "pre-sign-up", "--format=json"]);
    assert!(printed.contains("run `cargo amplify new auth-trigger pre-sign-up --format=json`"));
    let (_, printed, _) = run(&["remove", "auth-trigger", "--format=json"]);
    assert!(printed.contains("arguments were not provided: <KIND>"), "{printed}");
}

fn the_kinds_and_examples_are_in_the_help() {
    for help in [&["new", "auth-trigger", "--help"][..], &["help", "new", "auth-trigger"]] {
        let (code, printed, _) = run(help);
        assert!(code == 0 && printed.contains("\nTriggers:\n  pre-sign-up "), "{printed}");
        let examples = printed.lines().filter(|line| line.starts_with("  cargo amplify new "));
        assert!(examples.clone().count() >= 3, "{printed}");
        for example in examples {
            let words = example.split_whitespace().skip(2);
            let words = words.filter(|word| !["--dry-run", "--verify"].contains(word));
            let (code, _, said) = run(&words.chain(["--dry-run"]).collect::<Vec<_>>());
            assert_eq!(code, 0, "{example}: {said}");
        }
    }
}

fn the_list_fits_into_80_columns() {
    let catalog = cargo_amplify::catalog::Catalog::embedded();
    let (_, list, _) = run(&["list"]);
    for offer in catalog.offers().expect("right") {
        assert!(list.contains(&format!("  {}", offer.name)), "{} is not listed", offer.name);
        assert_ne!(offer.group, "", "{}", offer.name);
        let (_, page, _) = run(&["list", &offer.name]);
        let wide = |line: &&str| line.chars().count() > 80 && !line.contains("https://");
        assert_eq!(page.lines().chain(list.lines()).find(wide), None, "{}", offer.name);
    }
}
