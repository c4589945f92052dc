//! Names of functions that Lambda, Cargo or Rust cannot take, each with the better one that is
//! offered.

use cargo_amplify::project::StateDir;

use crate::cases::sandbox::call_with;
use crate::support::state_directory;

tests![
    names_that_cannot_work_get_a_better_one,
    functions_are_found_in_any_spelling,
    groups_follow_the_api,
];

const WRONG: [(&str, &str); 13] = [
    ("MyTrigger", "my-trigger"),
    ("../evil", "evil"),
    ("async", "async-trigger"),
    ("match", "match-trigger"),
    ("test", "test-trigger"),
    ("deps", "deps-trigger"),
    ("1st", "st"),
    ("a b.c", "a-b-c"),
    ("nul", "nul-trigger"),
    ("com1", "com1-trigger"),
    ("größe", "gr-e"),
    ("a\"b", "a-b"),
    ("ß", "add-claims"),
];

fn names_that_cannot_work_get_a_better_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |name: &str| {
        let arguments = ["new", "auth-trigger", "--dry-run", "--name", name];
        let run = call_with(directory.path(), &arguments, StateDir::At(state_directory()));
        (run.code, String::from_utf8_lossy(&run.err).into_owned())
    };
    for (name, better) in WRONG {
        let (code, said) = run(name);
        assert_eq!(code, 2, "{name}: {said}");
        assert!(said.contains(&format!("such as `--name {better}`")), "{name}: {said}");
    }
    for name in ["a", "add-claims", "a_b", "com0", &"a".repeat(64)] {
        assert_eq!(run(name).0, 0, "{name}");
    }
}

/// By their own name, or by that of the only trigger that calls them.
fn functions_are_found_in_any_spelling() {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |line: &str| {
        let arguments: Vec<_> = line.split(' ').collect();
        let run = call_with(directory.path(), &arguments, StateDir::At(state_directory()));
        (run.code, String::from_utf8_lossy(&run.err).into_owned())
    };
    for new in ["pre-sign-up --name check-domain", "custom-message", "user-migration"] {
        assert_eq!(run(&format!("new auth-trigger {new}")).0, 0, "{new}");
    }
    for name in ["check-domain", "checkDomain", "PreSignUp", "pre_sign_up"] {
        // The function is found before its sample event is looked for.
        let (code, said) = run(&format!("invoke {name} --sample missing"));
        assert!(code != 0 && said.contains("`amplify/auth/check-domain/events`"), "{name}: {said}");
    }
    let (code, said) = run("invoke checkDomains");
    assert!(code == 2 && said.contains("did you mean `check-domain`?"), "{said}");
    let (code, said) = run("remove auth-trigger preSignUp --name CheckDomain");
    assert_eq!(code, 0, "{said}");
    let (code, said) = run("invoke preSignUp");
    assert!(code == 2 && said.contains("there is no function `preSignUp`"), "{said}");
}

fn groups_follow_the_api() {
    let directory = tempfile::tempdir().expect("a directory");
    let code = |group: &str| {
        let arguments = ["new", "auth-trigger", "--dry-run", "--group", group];
        call_with(directory.path(), &arguments, StateDir::At(state_directory())).code
    };
    for group in ["größe_1", &"g".repeat(128)] {
        assert_eq!(code(group), 0, "{group}");
    }
    for group in ["", "a b", "a\n", "a\u{7}", "a\u{200b}", &"g".repeat(129)] {
        assert_ne!(code(group), 0, "{group:?}");
    }
}
