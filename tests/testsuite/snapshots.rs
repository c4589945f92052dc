//! `scaffold test`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::PoisonError;

use libtest_mimic::Trial;
use serde_json::Value;
use tempfile::TempDir;

use crate::cases::sandbox::call;
use crate::documents::document;
use crate::support::{
    BUILD, builds_generated, program, read_tree, repository, state_directory, write_tree,
};

pub fn tests() -> Vec<Trial> {
    let long = functions![build_runs_all_that_is_generated];
    let long = long.into_iter().map(|test| test.with_ignored_flag(true));
    let others = functions![
        a_difference_is_shown_and_accepted,
        cases_do_not_depend_on_how_the_program_is_run,
        what_cases_have_in_common_is_reported_once,
        the_keys_of_a_case_are_documented,
    ];
    others.into_iter().chain(long).collect()
}

/// A copy of the set of scaffolds in `tests/kinds`, to be changed.
fn copy() -> (TempDir, PathBuf) {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("kinds");
    write_tree(&root, &read_tree(&repository().join("tests/kinds")));
    (sandbox, root)
}

/// Runs `scaffold test` there. Returns the exit code and all that is printed.
fn test(root: &Path, more: &str) -> (i32, String) {
    let line = format!("scaffold test --scaffolds scaffolds {more}");
    let run = call(root, &line.split_whitespace().collect::<Vec<_>>());
    (run.code, String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned())
}

/// A case that comes to something else is shown as git does, with the command that accepts it, and
/// afterwards it is accepted. A wrong name or case is told.
fn a_difference_is_shown_and_accepted() {
    let (_sandbox, root) = copy();
    let test = |more: &str| test(&root, more);
    let template = root.join("scaffolds/auth-trigger/greet-user/scaffold.toml");
    let text = fs::read_to_string(&template).expect("read");
    fs::write(&template, text.replace("{{tone}} greetings", "{{tone}} wishes")).expect("written");
    let (code, said) = test("loud in-typescript");
    assert_eq!(code, 4, "{said}");
    for part in [
        "--- a/scaffolds/tests/loud/output",
        "-note: loud greetings\n+note: loud wishes\n",
        "cargo amplify scaffold test loud --bless --scaffolds scaffolds`",
        "0 of 2 cases as accepted",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said) = test("loud --format json");
    let found: Value = serde_json::from_str(&said).expect("JSON");
    assert!(code == 4 && found["cases"][0]["isAccepted"] == false, "{said}");
    let (code, said) = test("loud --bless");
    assert!(code == 0 && !said.contains("unchanged"), "{said}");
    assert_eq!(test("loud").0, 0);
    assert_eq!(test("").0, 4);
    let (code, said) = test("luod");
    assert!(code == 2 && said.contains("did you mean `loud`?"), "{said}");
    let case = root.join("scaffolds/tests/loud/case.toml");
    const KIND: &str = "kind = \"greet-user\"\n";
    for (text, place, problem) in [
        ("kind = 1\n", ":1:8", "invalid type"),
        ("kind = \"greet-usr\"\n", ":1:8", "did you mean `greet-user`?"),
        (&format!("{KIND}[inputs]\ntune = \"loud\"\n"), ":3:1", "did you mean `tone`?"),
        (&format!("{KIND}before = \"directory\"\n"), ":2:10", "no files in `scaffolds/tests/loud"),
    ] {
        fs::write(&case, text).expect("written");
        let (code, said) = test("loud --bless");
        let place = format!("tests/loud/case.toml{place}");
        assert!(code == 1 && said.contains(&place) && said.contains(problem), "{said}");
    }
    fs::remove_file(&case).expect("removed");
    let (code, said) = test("loud");
    assert!(code == 1 && said.contains("there is no `scaffolds/tests/loud/case.toml`"), "{said}");
}

/// What was accepted is the same for who runs the program by its path, and gets commands with it.
fn cases_do_not_depend_on_how_the_program_is_run() {
    let (_sandbox, root) = copy();
    let program = env!("CARGO_BIN_EXE_cargo-amplify");
    let run = |line: &str| {
        let mut run = Command::new(program);
        run.args(line.split(' ')).current_dir(&root).env("NO_COLOR", "1");
        let output = run.env("CARGO_AMPLIFY_STATE_DIR", state_directory()).output().expect("runs");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let said = run("scaffold test --scaffolds scaffolds loud");
    assert!(said.contains("1 of 1 case as accepted"), "{said}");
    let said = run("scaffold eject pre-sign-up --scaffolds scaffolds");
    assert!(said.contains(&format!("{program} scaffold test --scaffolds scaffolds")), "{said}");
}

/// A file that several cases have is kept by one of them, and a change of it is reported there.
fn what_cases_have_in_common_is_reported_once() {
    let (_sandbox, root) = copy();
    let set = root.join("scaffolds");
    let test = |more: &str| test(&root, more);
    let kept = |file: &str| {
        let cases = ["in-typescript", "in-a-workspace"].map(|case| set.join("tests").join(case));
        let has = |case: &PathBuf| read_tree(case).keys().any(|path| path.ends_with(file));
        cases.iter().map(has).collect::<Vec<_>>()
    };
    assert_eq!(kept("events/quiet.json"), [true, false], "functions of other names");
    let sample = set.join("auth-trigger/greet-user/samples/{{tone}}.json");
    let text = fs::read_to_string(&sample).expect("read");
    fs::write(&sample, format!("{text}\n")).expect("written");
    let (code, said) = test("in-typescript in-a-workspace");
    assert!(code == 4 && said.contains("1 of 2 cases as accepted"), "{said}");
    assert_eq!(said.matches("+++ b/").count(), 1, "{said}");
    fs::write(&sample, text).expect("written");

    // What becomes the same is no longer the case's own, and what does not stay so is again.
    let template = set.join("auth-trigger/greet-user/files/src/handler.rs.hbs");
    let text = fs::read_to_string(&template).expect("read");
    fs::write(&template, "// The same.\n").expect("written");
    assert_eq!((test("--bless").0, kept("handler.rs")), (0, vec![false, false]));
    fs::write(&template, text).expect("written");
    let (code, said) = test("in-typescript in-a-workspace");
    assert!(code == 4 && said.contains("new file mode"), "{said}");
    assert_eq!((test("--bless").0, kept("handler.rs")), (0, vec![true, false]));
    assert_eq!(test("").0, 0);

    for (like, place, problem) in [
        ("lout", "loud/case.toml:2:9", "did you mean `loud`?"),
        ("loud", "loud/case.toml:2:9", "`loud` is like this case"),
        ("in-typescript", "in-typescript/case.toml:3:9", "`loud` is like this case"),
    ] {
        let text = format!("kind = \"greet-user\"\nlike = [\"{like}\"]\n");
        fs::write(set.join("tests/loud/case.toml"), text).expect("written");
        let (code, said) = test("loud");
        assert!(code == 1 && said.contains(place) && said.contains(problem), "{said}");
    }
}

/// The table of `docs/scaffolds.md` has the keys that the program knows, in its order.
fn the_keys_of_a_case_are_documented() {
    let page = document("docs/scaffolds.md");
    let (_, section) = page.split_once("## A test\n").expect("a section");
    let (table, _) = section.split_once("\n## ").expect("its end");
    let keys = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let directory = tempfile::tempdir().expect("a directory");
    let case = ("tests/case/case.toml".to_owned(), b"unknown = 1\n".to_vec());
    write_tree(&directory.path().join("set"), &[case].into());
    let run = call(directory.path(), &["scaffold", "test", "--scaffolds", "set"]);
    let said = String::from_utf8_lossy(&run.err).into_owned();
    let (_, known) = said.split_once("unknown field `unknown`, expected one of ").expect("keys");
    let keys: Vec<_> = keys.map(|key| format!("`{key}`")).collect();
    assert_eq!(Some(keys.join(", ").as_str()), known.lines().next());
}

/// `--build` runs what is generated, and tells what does not pass.
fn build_runs_all_that_is_generated() {
    let _guard = BUILD.lock().unwrap_or_else(PoisonError::into_inner);
    let sandbox = tempfile::tempdir().expect("a directory");
    let run = |line: &str| {
        let mut run = program();
        run.args(line.split(' ')).current_dir(sandbox.path());
        let output = builds_generated(&mut run).output().expect("it runs");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.code(), said)
    };
    let own = repository().join("tests/scaffolds");
    let test = format!("scaffold test --build --scaffolds {}", own.to_str().expect("UTF-8"));
    let (code, said) = run(&format!("{test} custom-auth pre-sign-up-age"));
    assert!(code == Some(0) && said.contains("running all sample events"), "{said}");
    assert_eq!(run("scaffold eject pre-authentication").0, Some(0));
    let kind = sandbox.path().join("amplify/scaffolds/auth-trigger/pre-authentication");
    let handler = kind.join("files/src/handler.rs.hbs");
    let text = fs::read_to_string(&handler).expect("read");
    fs::write(&handler, text.replacen("Ok(())", "{ let unused = 1; Ok(()) }", 1)).expect("written");
    let (code, said) = run("scaffold test --bless --build");
    assert!(code == Some(1) && said.contains("`cargo "), "{said}");
}
