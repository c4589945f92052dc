//! What a pipeline relies on: annotations, comparisons, exit codes, and the workflow to copy.

use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_amplify::project::StateDir;
use serde_json::Value;

use crate::cases::golden::golden_text;
use crate::cases::sandbox::call_with;
use crate::documents::{blocks, document};
use crate::support::{
    BUILD, builds_generated, cargo, program, read_tree, repository, state_directory, succeed,
    target, update_tree, write_tree,
};

tests![
    the_workflow_to_copy_works,
    findings_are_annotations_of_lines,
    a_template_is_compared,
    exit_codes_are_in_one_table,
    the_man_pages_are_fresh,
    tools_that_the_project_needs_are_named,
];

fn run(directory: &Path, line: &str) -> (i32, String, String) {
    let arguments: Vec<_> = line.split(' ').collect();
    let run = call_with(directory, &arguments, StateDir::At(state_directory()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.code, text(&run.out), text(&run.err))
}

/// Its own steps, in a project of two functions. What installs tools is left to CI.
fn the_workflow_to_copy_works() {
    let _guard = BUILD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let page = document("docs/ci.md");
    let steps =
        blocks(&page, "yaml")[0].lines().filter_map(|line| line.trim().strip_prefix("- run: "));
    let steps: Vec<_> = steps.filter(|step| !step.contains("install")).collect();
    assert_eq!(steps.len(), 6, "{steps:?}");
    let sandbox = tempfile::tempdir().expect("a directory");
    for made in ["new auth-trigger pre-sign-up", "synth --out template.json"] {
        assert_eq!(run(sandbox.path(), made).0, 0, "{made}");
    }
    // Always the same directory: Cargo keeps what it builds there.
    let project = target().join("workflow");
    let mut files = read_tree(sandbox.path());
    // The users' style is the default one.
    files.insert("rustfmt.toml".to_owned(), Vec::new());
    update_tree(&project, &files);
    drop(cargo(&project));
    let own = Path::new(env!("CARGO_BIN_EXE_cargo-amplify")).parent().expect("a directory");
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = [own.to_owned()].into_iter().chain(std::env::split_paths(&others));
    let path = std::env::join_paths(path).expect("a path");
    for step in steps {
        let mut shell = Command::new("sh");
        shell.args(["-ec", step]).current_dir(&project).env("PATH", &path);
        shell.env("CARGO_AMPLIFY_STATE_DIR", state_directory());
        shell.env_remove("CARGO_MANIFEST_DIR");
        succeed(builds_generated(&mut shell));
    }
}

/// With the path from the top of the git repository.
fn findings_are_annotations_of_lines() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join(".git")).expect("created");
    let app = directory.path().join("a,b");
    let resource = "name = \"f\"\ntimeoutSeconds = 1000 # 100%\n";
    write_tree(&app, &[("amplify/auth/f/resource.toml".to_owned(), resource.into())].into());
    let (code, printed, said) = run(&app, "check --format github");
    assert_eq!(code, 4, "{said}");
    let line = "::error file=a%2Cb/amplify/auth/f/resource.toml,line=2,col=18::";
    assert!(printed.lines().any(|printed| printed.starts_with(line)), "{printed}");
    assert!(printed.lines().all(|line| line.starts_with("::")), "{printed}");
    assert!(said.contains("problem"), "{said}");
    assert_eq!(run(&app, "list --format github").0, 2);
}

fn a_template_is_compared() {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |line: &str| run(directory.path(), line);
    assert_eq!(run("new auth-trigger pre-sign-up").0, 0);
    let (code, printed, _) = run("synth --check template.json");
    assert!(code == 4 && printed.contains("+++ b/template.json"), "{printed}");
    assert!(!directory.path().join("template.json").exists());
    assert_eq!(run("synth --out template.json").0, 0);
    let (code, printed, said) = run("synth --check template.json");
    assert!(code == 0 && printed.is_empty(), "{printed}{said}");
    assert_eq!(run("new auth-trigger custom-message").0, 0);
    let (code, printed, said) = run("synth --check template.json");
    assert!(code == 4 && printed.contains("CustomMessage"), "{printed}");
    assert!(said.contains("synth --out template.json"), "{said}");
    let (code, printed, _) = run("synth --check template.json --format json");
    let printed: Value = serde_json::from_str(&printed).expect("JSON");
    assert!(code == 4 && printed["changes"][0]["kind"] == "update", "{printed}");
    assert_eq!(run("synth --out template.yaml").0, 0);
    for format in ["text", "json"] {
        assert_eq!(run(&format!("synth --check template.yaml --format {format}")).0, 0);
    }
    fs::write(directory.path().join("other.json"), "{}").expect("written");
    for option in ["--check", "--out"] {
        let (code, _, said) = run(&format!("synth {option} other.json"));
        assert!(code == 3 && said.contains("is not a template that `synth` wrote"), "{said}");
        assert_eq!(fs::read(directory.path().join("other.json")).expect("a file"), b"{}");
    }
    // An edit is taken for an older template: it is told that the file changes.
    let template = directory.path().join("template.json");
    assert_eq!(run("synth --out template.json").0, 0);
    let text = fs::read_to_string(&template).expect("a template");
    fs::write(&template, text.replacen("\n}", ",\n  \"Mine\": {}\n}", 1)).expect("written");
    let (code, _, said) = run("synth --out template.json");
    assert!(code == 0 && said.contains("update  template.json"), "{said}");
    assert_eq!(fs::read_to_string(&template).expect("a template"), text);
}

/// The table of the documents is that of the help texts, which all commands show.
fn exit_codes_are_in_one_table() {
    let page = document("docs/ci.md");
    let (above, _) = page.split_once("## Exit codes\n").expect("a section");
    let codes = cargo_amplify::exit_codes();
    let page = format!("{above}## Exit codes\n\n```text\n{codes}\n```\n");
    golden_text(&repository().join("docs/ci.md"), &page).unwrap_or_else(|error| panic!("{error}"));
    for command in ["", "new auth-trigger ", "remove auth-trigger ", "list ", "check ", "synth "] {
        let (code, help, _) = run(&repository().join("docs"), &format!("{command}--help"));
        assert!(code == 0 && help.contains(codes), "{command}: {help}");
    }
}

/// `docs/man` has a page for each command.
fn the_man_pages_are_fresh() {
    let made = tempfile::tempdir().expect("a directory");
    let command = cargo_amplify::command_line().disable_help_subcommand(true);
    clap_mangen::generate_to(command, made.path()).expect("written");
    let pages = read_tree(made.path());
    for (name, page) in &pages {
        let page = String::from_utf8_lossy(page);
        golden_text(&repository().join("docs/man").join(name), &page)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    let there = read_tree(&repository().join("docs/man"));
    assert!(there.keys().eq(pages.keys()), "{:?}", there.keys());
}

fn tools_that_the_project_needs_are_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let doctor = || {
        let mut doctor = program();
        doctor.args(["doctor", "--format", "json"]).current_dir(directory.path());
        let output = doctor.env("PATH", "/nowhere").output().expect("it runs");
        let tools: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let tools = tools["tools"].as_array().expect("tools").clone();
        let needed = tools.iter().filter(|tool| tool["needed"] == true);
        let needed: Vec<_> =
            needed.map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect();
        assert!(tools.iter().all(|tool| tool["version"].is_null() || tool["name"] == "Amplify"));
        (output.status.code(), needed, tools)
    };
    let (code, needed, _) = doctor();
    assert_eq!((code, needed.as_slice()), (Some(0), &[][..]));
    assert_eq!(run(directory.path(), "new auth-trigger pre-sign-up").0, 0);
    let (code, needed, _) = doctor();
    assert_eq!((code, needed.join(" ").as_str()), (Some(4), "Rust Cargo cargo-lambda"));
    fs::remove_dir_all(directory.path().join("amplify")).expect("removed");
    fs::write(directory.path().join("package.json"), "{}").expect("written");
    assert_eq!(run(directory.path(), "new auth-trigger pre-sign-up --wiring typescript").0, 0);
    let package = directory.path().join("node_modules/@aws-amplify/backend");
    fs::create_dir_all(&package).expect("created");
    fs::write(package.join("package.json"), "{ \"version\": \"1.2.3\" }").expect("written");
    let (_, needed, tools) = doctor();
    assert_eq!(needed.join(" "), "Rust Cargo cargo-lambda Node.js Amplify");
    assert_eq!(tools[4]["version"], "1.2.3");
    // With the tools of this machine, of which the tests need the first two.
    let (_, printed, said) = run(directory.path(), "doctor");
    assert!(printed.starts_with("Rust          1."), "{printed}");
    assert!(said.contains("AWS credentials are only needed to deploy"), "{said}");
}
