//! Command lines in the words of other tools are answered with what was meant.

use std::path::Path;
use std::process::Command;

use cargo_amplify::project::StateDir;
use serde_json::Value;

use crate::cases::sandbox::call_with;
use crate::support::{program, state_directory, succeed};

tests![
    what_was_meant_is_named,
    a_wrong_command_line_is_json_for_programs,
    the_kinds_and_examples_are_in_the_help,
    the_list_fits_into_80_columns,
    #[cfg(unix)]
    printed_commands_are_those_of_the_program_that_was_started,
    the_next_steps_are_those_of_the_place_and_the_program,
    an_app_in_typescript_is_created_first,
    the_system_says_once_that_cargo_is_missing,
];

/// What is typed, and what is named as meant.
const MEANT: [(&str, &[&str]); 34] = [
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
    ("rename a b", &["check --fix"]),
    ("test pre-sign-up", &["invoke --all pre-sign-up"]),
    ("run pre-sign-up", &["invoke pre-sign-up"]),
    ("status", &["list", "check"]),
    ("start", &["serve"]),
    ("upgrade", &["new auth-trigger KIND"]),
    ("list --json", &["list --format json"]),
    ("synth --yaml", &["synth --format yaml"]),
    ("new auth-trigger --force", &["new auth-trigger --on-conflict overwrite"]),
    ("check --dir 'a b'", &["check --path 'a b'"]),
    ("delete", &["remove auth-trigger KIND"]),
    ("remove", &["remove auth-trigger KIND"]),
    ("remove auth-trigger --force", &["remove auth-trigger --on-conflict overwrite KIND"]),
    ("deploy --stack-name a", &["synth"]),
    ("new auth-trigger preSignUp --check age", &["new auth-trigger preSignUp --input check=age"]),
    ("new auth-trigger preSignUp --check=age", &["new auth-trigger preSignUp --input check=age"]),
    (
        "new auth-trigger customSmsSender --decrypt",
        &["new auth-trigger customSmsSender --input decrypt=true"],
    ),
    ("new preSignUp --check age", &["new auth-trigger pre-sign-up --input check=age"]),
    ("list --check age", &[]),
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
    let without_value = |kind, input| run(&["new", "auth-trigger", kind, "--input", input]).2;
    assert!(without_value("post-confirmation", "check").contains("one of: add-user-to-group"));
    assert!(without_value("pre-sign-up", "check").contains("with one of: "));
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
    for help in [&["new", "auth-trigger", "--help"][..], &["help", "new"]] {
        let (code, printed, _) = run(help);
        assert!(code == 0 && printed.contains("\nauth-trigger:\n  pre-sign-up "), "{printed}");
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

/// What prints commands, in a shell where `$P` is the path of the program, and one of the commands.
const PRINTS: [(&str, &str); 20] = [
    ("$P new auth-trigger", "invoke pre-token-generation"),
    ("$P new auth-trigger --format json", "invoke pre-token-generation"),
    ("$P scaffold eject pre-sign-up", "scaffold lint"),
    ("$P list", "new auth-trigger"),
    ("$P new auth-trigger && $P list pre-sign-up", "new auth-trigger pre-sign-up"),
    ("$P check --format json", "new auth-trigger"),
    ("$P invoke", "new auth-trigger"),
    ("$P synth", "new auth-trigger"),
    ("echo '{}' | $P outputs", "synth"),
    ("$P new pre-sign-up", "new auth-trigger pre-sign-up"),
    ("$P new pre-sign-up --format json", "new auth-trigger pre-sign-up --format json"),
    ("$P update pre-sign-up", "new auth-trigger KIND"),
    ("$P rename pre-sign-up a", "check --fix"),
    ("$P new auth-trigger && $P remove auth-trigger pre-sign-up", "list"),
    (
        "$P new auth-trigger && echo '{\"triggerSource\": \"PreSignUp_SignUp\"}' > e.json \
         && $P invoke --event e.json",
        "list",
    ),
    (
        "$P new auth-trigger define-auth-challenge && $P new auth-trigger create-auth-challenge \
         && $P check",
        "new auth-trigger custom-auth",
    ),
    (
        "$P new auth-trigger && $P new auth-trigger pre-sign-up && mv amplify/auth/pre-sign-up a \
         && mv a amplify/auth/sign-up && $P check",
        "check --fix",
    ),
    (
        "$P new auth-trigger pre-sign-up && cp -r amplify/auth/pre-sign-up amplify/auth/copy && $P check",
        "new auth-trigger pre-sign-up --name copy",
    ),
    ("$P new auth-trigger && $P synth --check t.json", "synth --out t.json"),
    (
        "mkdir -p amplify/scaffolds/auth-trigger/a && touch amplify/scaffolds/auth-trigger/a/b \
         && $P list",
        "scaffold eject KIND",
    ),
];

/// `cargo run`, and whoever names the program's path, get commands with the path.
#[cfg(unix)]
fn printed_commands_are_those_of_the_program_that_was_started() {
    let binary = env!("CARGO_BIN_EXE_cargo-amplify");
    let shell = |script: &str, directory: &Path| {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("({script}) 2>&1")]).current_dir(directory).env("P", binary);
        let output = shell.env("CARGO_AMPLIFY_STATE_DIR", state_directory()).output();
        let output = output.expect("it runs");
        (output.status.success(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    for (script, expected) in PRINTS {
        let directory = tempfile::tempdir().expect("a directory");
        let (_, printed) = shell(script, directory.path());
        assert!(!printed.contains("cargo amplify "), "{script}: {printed}");
        let ends = ['`', '"', '\n'];
        let commands = printed.split(binary).skip(1).filter_map(|rest| rest.split(ends).next());
        let commands = commands.map(|it| it.split("  #").next().unwrap_or(it).trim());
        // The usage of a command is none.
        let commands: Vec<_> = commands.filter(|it| !it.contains('<')).collect();
        assert!(commands.contains(&expected), "{script}: {commands:?} {printed}");
        for arguments in commands {
            let (runs, said) = shell(&format!("$P {arguments} --help"), directory.path());
            assert!(runs, "{script}: {arguments}: {said}");
        }
    }
}

/// They name the directory that they work in, and the program as Cargo calls it.
fn the_next_steps_are_those_of_the_place_and_the_program() {
    let directory = tempfile::tempdir().expect("a directory");
    let there = directory.path().join("my app");
    std::fs::create_dir(&there).expect("a directory");
    for by_cargo in [&mut program(), program().arg("amplify")] {
        let new = ["new", "auth-trigger", "pre-sign-up", "--path"];
        let printed = succeed(by_cargo.args(new).arg(&there).current_dir(directory.path())).stderr;
        std::fs::remove_dir_all(there.join("amplify")).expect("removed");
        let printed = String::from_utf8(printed).expect("UTF-8");
        assert!(printed.contains("  cargo amplify invoke pre-sign-up "), "{printed}");
        let place = there.canonicalize().expect("there");
        assert!(printed.contains(&format!("Next, in '{}':", place.display())), "{printed}");
    }
}

/// `npm create amplify` takes no directory that has `amplify/`.
fn an_app_in_typescript_is_created_first() {
    let directory = tempfile::tempdir().expect("a directory");
    let new = || {
        let new = ["new", "auth-trigger", "pre-sign-up", "--wiring", "typescript"];
        let run = call_with(directory.path(), &new, StateDir::At(state_directory()));
        (run.code, String::from_utf8_lossy(&run.err).into_owned())
    };
    let (code, said) = new();
    assert!(code == 2 && said.contains("`npm create amplify@latest`"), "{said}");
    assert!(!directory.path().join("amplify").exists());
    std::fs::write(directory.path().join("package.json"), "{}").expect("written");
    let (code, said) = new();
    assert!(code == 0 && said.contains("npm install --save-dev @aws-amplify/backend"), "{said}");
}

fn the_system_says_once_that_cargo_is_missing() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut new = program();
    new.args(["new", "auth-trigger", "pre-sign-up", "--verify"]).current_dir(directory.path());
    let output = new.env("CARGO", "/nowhere/cargo").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
    assert!(said.contains("https://rustup.rs") && !said.contains("messages above"), "{said}");
}
