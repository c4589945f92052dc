//! The choices for a function are kept, in the function's own record.

use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_amplify::project::{FUNCTION_RECORD, RECORD, StateDir};

use crate::cases::golden::differences;
use crate::cases::sandbox::call_with;
use crate::support::{Tree, read_tree, succeed, write_tree};

tests![
    choices_that_are_not_made_again_stay,
    old_records_are_moved_with_what_can_be_known,
    a_switch_is_made_as_a_whole_or_not,
    what_a_kept_file_shows_stays_chosen,
    branches_that_each_add_a_function_share_no_record,
    a_renamed_directory_takes_all_that_names_it_along,
    a_function_that_is_as_it_was_made_is_recorded_again,
    a_function_stays_that_of_its_trigger,
    a_project_has_one_language,
    a_misspelt_key_is_not_wired_again,
    another_version_of_the_program_is_told,
];

/// Functions, by the kind and what makes another one than the default.
const MADE: [(&str, &str); 7] = [
    ("pre-token-generation", "--event-version V2_0"),
    ("pre-token-generation", "--event-version V3_0 --group staff --claim tenant=acme"),
    ("pre-token-generation --name tokens", "--event-version V2_0 --wiring typescript"),
    ("pre-sign-up", "--input check=age --architecture arm64"),
    ("custom-email-sender", "--input decrypt=true --wiring typescript"),
    ("post-confirmation", "--input add-user-to-group=true"),
    ("pre-sign-up", ""),
];

fn choices_that_are_not_made_again_stay() {
    for (kind, choices) in MADE {
        let (sandbox, made) = new(kind, choices);
        let root = sandbox.path();
        same(&run(&format!("new auth-trigger {kind}"), root, 0), root, &made);
        // What `check` repairs is as it was chosen.
        let wiring = root.join("amplify/auth/resource.toml");
        if let Ok(text) = fs::read_to_string(&wiring) {
            let (above, _) =
                text.split_once("\n[triggers]").or(text.split_once("\n[senders]")).expect("it");
            fs::write(&wiring, above).expect("written");
            same(&run("check --fix", root, 0), root, &made);
        }
    }
}

fn old_records_are_moved_with_what_can_be_known() {
    for (kind, choices) in MADE {
        let (sandbox, made) = new(kind, choices);
        let root = sandbox.path();
        let old = in_old_form(&made);
        fs::remove_dir_all(root.join("amplify")).expect("removed");
        write_tree(root, &old);
        let line = format!("new auth-trigger {kind}");
        if choices.contains("--group") {
            let told = run(&line, root, 3);
            assert!(told.contains("does not say what was chosen"), "{told}");
            same(&told, root, &old);
            same(&run(&format!("{line} {choices}"), root, 0), root, &made);
        } else {
            same(&run(&line, root, 0), root, &made);
        }
    }
}

/// Another version of the event, or another `check`, takes other code: an edited file is not left
/// with it, whatever is to be done about conflicts.
fn a_switch_is_made_as_a_whole_or_not() {
    for (kind, choices, switch, told_as) in [
        ("pre-token-generation", "--event-version V2_0", "--event-version V1_0", "event version"),
        ("pre-sign-up", "--input check=age", "--input check=email-domain", "check"),
    ] {
        let (sandbox, mut made) = new(kind, choices);
        let root = sandbox.path();
        let handler = format!("amplify/auth/{kind}/src/handler.rs");
        let edited = [made[&handler].as_slice(), b"\n// mine\n"].concat();
        fs::write(root.join(&handler), &edited).expect("written");
        made.insert(handler, edited);
        let line = format!("new auth-trigger {kind} {switch} --on-conflict");
        for action in ["abort", "skip", "ask"] {
            let told = run(&format!("{line} {action}"), root, 3);
            assert!(told.contains("leave that choice as it is"), "{told}");
            same(&told, root, &made);
        }
        let told = run(&format!("{line} overwrite"), root, 0);
        assert!(told.contains(&format!("note: {told_as}: ")), "{told}");
        let (_, other) = new(kind, switch);
        same(&told, root, &other);
    }
}

/// What a kept file shows is what was chosen: the record does not take what the file does not have.
fn what_a_kept_file_shows_stays_chosen() {
    for (choices, others, told_as) in [
        (
            "--group staff --claim a=b",
            "--group admins --architecture arm64",
            "group stays as it is",
        ),
        ("--claim a=b", "--claim c=d", "claim stays as it is"),
    ] {
        let kind = "pre-token-generation";
        let (sandbox, made) = new(kind, choices);
        let root = sandbox.path();
        let handler = root.join("amplify/auth").join(kind).join("src/handler.rs");
        let text = fs::read_to_string(&handler).expect("it");
        fs::write(&handler, format!("{text}\n// mine\n")).expect("written");
        let told = run(&format!("new auth-trigger {kind} {others} --on-conflict skip"), root, 0);
        assert!(told.contains(told_as), "{told}");
        fs::write(&handler, text).expect("written");
        let line = format!("new auth-trigger {kind} --architecture x86_64");
        same(&run(&line, root, 0), root, &made);
    }
}

fn branches_that_each_add_a_function_share_no_record() {
    let (sandbox, _) = new("pre-sign-up", "");
    let root = sandbox.path();
    git("init --quiet --initial-branch main", root);
    commit(root);
    for kind in ["custom-message", "post-confirmation"] {
        git(&format!("checkout --quiet -b {kind} main"), root);
        run(&format!("new auth-trigger {kind}"), root, 0);
        commit(root);
    }
    let mut merge = git_command("merge --quiet custom-message", root);
    merge.output().expect("it runs");
    let unmerged = git("diff --name-only --diff-filter=U", root);
    assert_eq!(unmerged, "amplify/auth/resource.toml\n");
    for (line, code) in [("check", 4), ("new auth-trigger pre-authentication", 1)] {
        let told = run(line, root, code);
        let is_told = told.contains("error: the file has merge conflict markers\n --> ");
        assert!(is_told && told.contains("/resource.toml:"), "{told}");
        assert!(!told.contains("git checkout"), "{told}");
    }
}

fn a_renamed_directory_takes_all_that_names_it_along() {
    for (kind, choices) in MADE.into_iter().filter(|(kind, _)| !kind.contains("--name")) {
        renamed(kind, choices, Tree::clone);
        // What an old record does not say can only be inferred of a function that is as generated.
        if !choices.contains("--group") {
            renamed(kind, choices, in_old_form);
        }
    }
}

fn renamed(kind: &str, choices: &str, in_form: fn(&Tree) -> Tree) {
    let (sandbox, made) = new(kind, choices);
    let root = sandbox.path();
    fs::remove_dir_all(root.join("amplify")).expect("removed");
    write_tree(root, &in_form(&made));
    let (from, to) = (root.join("amplify/auth").join(kind), root.join("amplify/auth/other"));
    fs::rename(&from, &to).expect("renamed");
    let main = to.join("src/main.rs");
    let edited = fs::read_to_string(&main).expect("it") + "\n// mine\n";
    fs::write(&main, edited).expect("written");
    let told = run("check", root, 4);
    assert!(told.contains("the directory was renamed") && !told.contains("note:"), "{told}");
    let taken_back = tempfile::tempdir().expect("a directory");
    write_tree(taken_back.path(), &read_tree(root));
    let line = format!("remove auth-trigger {kind} --on-conflict overwrite");
    same(&run(&line, taken_back.path(), 0), taken_back.path(), &Tree::new());
    let told = run("check --fix", root, 0);
    let (_, mut other) = new(&format!("{kind} --name other"), choices);
    let main = "amplify/auth/other/src/main.rs";
    let edited = [other[main].as_slice(), b"\n// mine\n"].concat();
    other.insert(main.to_owned(), edited);
    same(&told, root, &other);
}

fn a_function_that_is_as_it_was_made_is_recorded_again() {
    for (kind, choices) in MADE.into_iter().filter(|(_, choices)| !choices.contains("--group")) {
        let (sandbox, made) = new(kind, choices);
        let root = sandbox.path();
        let name = kind.rsplit(' ').next().expect("a name");
        let directory = root.join("amplify/auth").join(name);
        fs::remove_file(directory.join(FUNCTION_RECORD)).expect("removed");
        assert!(run("check", root, 4).contains("is not recorded"));
        same(&run("check --fix", root, 0), root, &made);

        fs::remove_file(directory.join(FUNCTION_RECORD)).expect("removed");
        fs::write(directory.join("src/handler.rs"), "// mine\n").expect("written");
        let told = run("check", root, 0);
        let command = told.split('`').find(|code| code.ends_with("--on-conflict skip"));
        let command = command.expect("a hint").trim_start_matches("cargo amplify ");
        run(command, root, 0);
        assert!(!run("check", root, 0).contains("not recorded"));
    }
}

fn a_function_stays_that_of_its_trigger() {
    for (wiring, file) in [("toml", "resource.toml"), ("typescript", "resource.ts")] {
        let (sandbox, made) = new("pre-token-generation", &format!("--wiring {wiring}"));
        let root = sandbox.path();
        for decision in ["abort", "skip", "overwrite"] {
            let line = format!("new auth-trigger pre-sign-up --on-conflict {decision}");
            let told = run(&format!("{line} --name pre-token-generation"), root, 3);
            assert!(told.contains("is a function for pre-token-generation"), "{told}");
            assert!(told.contains("`--name pre-sign-up`"), "{told}");
            same(&told, root, &made);
        }
        // The name without `--name` can be that of another kind too.
        run("new auth-trigger pre-sign-up --name post-confirmation -q", root, 0);
        let told = run("new auth-trigger post-confirmation", root, 3);
        assert!(told.contains("`--name post-confirmation-2`"), "{told}");
        run("new auth-trigger custom-message -q", root, 0);

        let file = root.join("amplify/auth").join(file);
        let text = fs::read_to_string(&file).expect("wiring");
        let (from, to) = match wiring {
            "toml" => ("= \"custom-message\"", "= \"post-confirmation\""),
            _ => ("  customMessage,", "  customMessage: postConfirmation,"),
        };
        fs::write(&file, text.replace(from, to)).expect("written");
        let told = run("check --fix", root, 4);
        let problem = "`post-confirmation` is for pre-sign-up, not for custom-message";
        assert!(
            told.contains(problem) && told.contains("did you mean `custom-message`?"),
            "{told}"
        );
        assert!(!told.contains("there are two") && !told.contains("never called"), "{told}");
        if wiring == "toml" {
            assert!(run("synth", root, 1).contains(problem));
        }
    }
}

fn a_project_has_one_language() {
    for (has, other) in [("toml", "typescript"), ("typescript", "toml")] {
        let (sandbox, made) = new("pre-sign-up", &format!("--wiring {has}"));
        let root = sandbox.path();
        let told = run(&format!("new auth-trigger custom-message --wiring {other}"), root, 2);
        assert!(told.contains(&format!("with `--wiring {has}`")), "{told}");
        same(&told, root, &made);
        run(&format!("new auth-trigger custom-message --wiring {has}"), root, 0);
    }
}

fn a_misspelt_key_is_not_wired_again() {
    let (sandbox, mut made) = new("pre-sign-up", "");
    let root = sandbox.path();
    let file = "amplify/auth/resource.toml";
    let text = String::from_utf8_lossy(&made[file]).replace("preSignUp", "preSignup");
    fs::write(root.join(file), &text).expect("written");
    made.insert(file.to_owned(), text.into_bytes());
    let told = run("check --fix", root, 4);
    assert!(told.contains("did you mean `preSignUp`?") && told.contains("1 problem."), "{told}");
    same(&told, root, &made);
}

fn commit(root: &Path) {
    git("add --all", root);
    git("commit --quiet -m made", root);
}

fn git(line: &str, root: &Path) -> String {
    let output = succeed(&mut git_command(line, root));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn git_command(line: &str, root: &Path) -> Command {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
    git.args(line.split(' ')).current_dir(root);
    git
}

/// Until the function is generated again, if this program is not the older one.
fn another_version_of_the_program_is_told() {
    let (sandbox, made) = new("pre-sign-up --name sign-up", "--input check=age");
    let root = sandbox.path();
    let record = root.join("amplify/auth/sign-up").join(FUNCTION_RECORD);
    let ours = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
    let text = fs::read_to_string(&record).expect("a record");
    let update = "`cargo amplify new auth-trigger pre-sign-up --name sign-up` updates the files";
    for (theirs, told) in [
        ("version = \"0.0.9\"", update),
        ("version = \"0.0.10-rc.1\"", update),
        ("", "was written by an early version"),
        ("version = \"0.1.10\"", "install that version or a newer one"),
        (ours, "No problems."),
    ] {
        fs::write(&record, text.replace(ours, theirs)).expect("written");
        let said = run("check", root, 0);
        assert!(said.contains(told) && said.contains("note:") == (theirs != ours), "{said}");
    }
    fs::write(&record, text.replace(ours, "version = \"0.0.9\"")).expect("written");
    same(&run("new auth-trigger pre-sign-up --name sign-up", root, 0), root, &made);
}

/// A project with a function, and all its files.
fn new(kind: &str, choices: &str) -> (tempfile::TempDir, Tree) {
    let sandbox = tempfile::tempdir().expect("a directory");
    // An app in TypeScript has one; later, its own files show what it is.
    let package = sandbox.path().join("package.json");
    fs::write(&package, "{}").expect("written");
    run(format!("new auth-trigger {kind} {choices}").trim(), sandbox.path(), 0);
    fs::remove_file(package).expect("removed");
    let tree = read_tree(sandbox.path());
    (sandbox, tree)
}

/// The tree as it was when all that is recorded was in one file, without what was chosen.
fn in_old_form(made: &Tree) -> Tree {
    let mut tree = made.clone();
    let is_record = |path: &String| path.ends_with(FUNCTION_RECORD) && path != RECORD;
    let own = made.keys().find(|path| is_record(path)).expect("a record");
    let text = String::from_utf8(tree.remove(own).expect("it")).expect("a text");
    let mut function: toml::Table = toml::from_str(&text).expect("a record");
    let name = function["name"].as_str().expect("a name").to_owned();
    for key in ["name", "version", "inputs"] {
        function.remove(key);
    }
    let files = function["files"].as_table().expect("files").iter();
    let files = files.map(|(file, hash)| (format!("amplify/auth/{name}/{file}"), hash.clone()));
    let files: toml::Table = files.collect();
    function.insert("files".to_owned(), files.into());
    let functions = toml::Table::from_iter([(name, function.into())]);
    let functions = toml::Table::from_iter([("functions".to_owned(), functions.into())]);
    let shared = tree.get_mut(RECORD).expect("a record");
    shared.extend(format!("\n{functions}").bytes());
    tree
}

/// Runs a command, which ends with this exit code. Returns what it says.
fn run(line: &str, root: &Path, code: i32) -> String {
    let arguments: Vec<_> = line.split(' ').collect();
    let state = StateDir::At(root.with_extension("state"));
    let run = call_with(root, &arguments, state);
    let told = [run.out, run.err].concat();
    let told = String::from_utf8_lossy(&told).into_owned();
    assert!(code == run.code, "{line}\n{told}");
    told
}

fn same(told: &str, root: &Path, expected: &Tree) {
    let now = read_tree(root);
    differences(told, expected, &now).unwrap_or_else(|failure| panic!("{failure}"));
}
