//! Functions are built and deployed by the names that Cargo has for them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_amplify::project::{Project, locate};
use serde_json::Value;

use crate::cases::sandbox::call;
use crate::support::{Tree, program, succeed, write_tree};

tests![
    the_binary_is_the_one_that_cargo_finds,
    templates_and_commands_have_cargos_names,
    the_target_directory_is_cargos,
    a_template_has_the_format_of_its_file,
    a_crate_without_a_clear_binary_is_a_problem,
    an_app_builds_a_binary_that_the_crate_has,
];

const FUNCTION: &str = "amplify/auth/pre-authentication";

/// A project with a function that has this manifest and these files.
fn project(root: &Path, manifest: &str, files: &[&str]) {
    let package = "[package]\nname = \"handler\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let mut tree: Tree = [
        (
            "Cargo.toml".to_owned(),
            "[workspace]\nmembers = [\"core\", \"amplify/auth/*\"]\ndefault-members = [\"core\"]\n\
             resolver = \"3\"\n"
                .into(),
        ),
        ("core/Cargo.toml".to_owned(), package.replace("handler", "core").into()),
        ("core/src/lib.rs".to_owned(), Vec::new()),
        (
            "amplify/auth/resource.toml".to_owned(),
            "[loginWith]\nemail = true\n[triggers]\npreAuthentication = \"pre-authentication\"\n"
                .into(),
        ),
        (format!("{FUNCTION}/resource.toml"), "name = \"pre-authentication\"\n".into()),
        (format!("{FUNCTION}/Cargo.toml"), format!("{package}{manifest}").into()),
    ]
    .into();
    for file in files {
        tree.insert(format!("{FUNCTION}/{file}"), b"fn main() {}\n".to_vec());
    }
    write_tree(root, &tree);
}

/// With the name of the function, or as the only one.
fn the_binary_is_the_one_that_cargo_finds() {
    const NAMED: &str = "[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n";
    const OWN: &str = "[[bin]]\nname = \"pre-authentication\"\npath = \"src/other.rs\"\n";
    for (manifest, files) in [
        ("", &["src/main.rs"][..]),
        (NAMED, &["src/main.rs"]),
        (NAMED, &["src/main.rs", "src/bin/pre-authentication.rs"]),
        (NAMED, &["src/main.rs", "src/bin/second.rs"]),
        (OWN, &["src/main.rs", "src/other.rs"]),
        (
            "autobins = false\n[[bin]]\nname = \"x\"\npath = \"src/x.rs\"\n",
            &["src/main.rs", "src/x.rs"],
        ),
        ("", &["src/bin/only/main.rs", "src/bin/only/part.rs"]),
        ("", &["src/bin/one.rs", "src/bin/two.rs"]),
        ("[[bin]]\nname = \"bootstrap\"\n", &["src/bin/bootstrap.rs"]),
        ("[[bin]]\nname = \"handler\"\npath = \"./src/main.rs\"\n", &["src/main.rs"]),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        project(sandbox.path(), manifest, files);
        let mut metadata = Command::new(env!("CARGO"));
        metadata.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
        let output = succeed(metadata.current_dir(sandbox.path().join(FUNCTION)));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let packages = metadata["packages"].as_array().expect("packages");
        let package = packages.iter().find(|package| package["name"] == "handler");
        let targets = package.expect("the function")["targets"].as_array().expect("targets");
        let targets = targets.iter().filter(|target| target["kind"][0] == "bin");
        let names: BTreeSet<_> =
            targets.map(|target| target["name"].as_str().expect("a name")).collect();
        let expected = match names.get("pre-authentication") {
            None if names.len() == 1 => names.first(),
            found => found,
        };
        let location = locate(Some(sandbox.path()), sandbox.path()).expect("a directory");
        let project = Project::open(&location).expect("a project");
        let directory = project.path(FUNCTION).expect("a path");
        let found = project.cargo_names(&directory, "pre-authentication");
        let found = found.ok().flatten().map(|names| names.binary);
        assert_eq!(found.as_deref(), expected.copied(), "{manifest} {files:?}");
    }
}

fn templates_and_commands_have_cargos_names() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let bootstrap = "[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n";
    project(sandbox.path(), bootstrap, &["src/main.rs"]);
    let function = |arguments: &[&str]| {
        let run = succeed(program().args(arguments).current_dir(sandbox.path()));
        let template: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        template["Resources"]["PreAuthenticationFunction"].clone()
    };
    let sam = function(&["synth"]);
    assert_eq!(sam["Metadata"]["BuildProperties"]["Binary"], "bootstrap");
    let cloudformation = function(&["synth", "--engine", "cloudformation"]);
    assert_eq!(cloudformation["Properties"]["Code"], "target/lambda/bootstrap/");
    let run = call(sandbox.path(), &["synth", "--engine", "cloudformation", "--out", "t.json"]);
    let printed = String::from_utf8(run.err).expect("UTF-8");
    assert!(printed.contains("cargo lambda build --release -p handler "), "{printed}");
}

/// The engine that uploads binaries finds them where Cargo puts them.
fn the_target_directory_is_cargos() {
    let sandbox = tempfile::tempdir().expect("a directory");
    project(sandbox.path(), "", &["src/main.rs"]);
    let elsewhere = tempfile::tempdir().expect("a directory");
    let code = |variable: Option<&Path>, out: &str| {
        let mut command = program();
        command.args(["synth", "-q", "--engine", "cloudformation", "--out", out]);
        command.envs(variable.map(|path| ("CARGO_TARGET_DIR", path)));
        succeed(command.current_dir(sandbox.path()));
        let template = fs::read_to_string(sandbox.path().join(out)).expect("a template");
        let template: Value = serde_json::from_str(&template).expect("JSON");
        let code = &template["Resources"]["PreAuthenticationFunction"]["Properties"]["Code"];
        code.as_str().expect("a path").to_owned()
    };
    assert_eq!(code(None, "a.json"), "target/lambda/handler/");
    let absolute = format!("{}/lambda/handler/", elsewhere.path().display());
    assert_eq!(code(Some(elsewhere.path()), "a.json"), absolute);
    assert_eq!(code(Some(Path::new("built")), "a.json"), "built/lambda/handler/");
    fs::create_dir(sandbox.path().join(".cargo")).expect("created");
    let config = "[build]\ntarget-dir = \"out/rust\"\n";
    fs::write(sandbox.path().join(".cargo/config.toml"), config).expect("written");
    assert_eq!(code(None, "deploy/a.json"), "../out/rust/lambda/handler/");
}

fn a_template_has_the_format_of_its_file() {
    let sandbox = tempfile::tempdir().expect("a directory");
    project(sandbox.path(), "", &["src/main.rs"]);
    let first = |arguments: &[&str], file: &str| {
        let synth = [&["synth", "--out", file], arguments].concat();
        assert_eq!(call(sandbox.path(), &synth).code, 0);
        let text = fs::read_to_string(sandbox.path().join(file)).expect("a template");
        text.chars().next()
    };
    assert_eq!(first(&[], "t.yaml"), Some('A'));
    assert_eq!(first(&[], "t.yml"), Some('A'));
    assert_eq!(first(&[], "t.template"), Some('{'));
    assert_eq!(first(&["--format", "json"], "t.yaml"), Some('{'));
    assert_eq!(first(&["--format", "yaml"], "t.json"), Some('A'));
}

fn a_crate_without_a_clear_binary_is_a_problem() {
    let sandbox = tempfile::tempdir().expect("a directory");
    project(sandbox.path(), "", &["src/bin/one.rs", "src/bin/two.rs"]);
    for arguments in [&["check"][..], &["synth"]] {
        let run = call(sandbox.path(), arguments);
        let printed = String::from_utf8([run.out, run.err].concat()).expect("UTF-8");
        assert_ne!(run.code, 0, "{printed}");
        let told = "2 binaries, and none is called `pre-authentication`";
        assert!(printed.contains(told), "{printed}");
    }
}

/// `resource.ts` names the binary that is deployed.
fn an_app_builds_a_binary_that_the_crate_has() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let package = r#"{ "devDependencies": { "@aws-amplify/backend": "1" } }"#;
    fs::write(sandbox.path().join("package.json"), package).expect("written");
    let new = ["new", "auth-trigger", "pre-sign-up", "--wiring", "typescript"];
    assert_eq!(call(sandbox.path(), &new).code, 0);
    let directory = sandbox.path().join("amplify/auth/pre-sign-up");
    let read = |file: &str| fs::read_to_string(directory.join(file)).expect("a file");
    let (manifest, code) = (read("Cargo.toml"), read("resource.ts"));
    let second = "[[bin]]\nname = \"second\"\npath = \"src/main.rs\"\n";
    let built =
        |name: &str| code.replace("const bin = 'pre-sign-up'", &format!("const bin = '{name}'"));
    let literal = code.replace("'--bin', bin", "'--bin', 'first'");
    for (bins, code, expected) in [
        ("", code.clone(), None),
        (
            "[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n",
            code.clone(),
            Some("its binary is `bootstrap`"),
        ),
        ("[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n", built("bootstrap"), None),
        ("", built("other"), Some("its binary is `pre-sign-up`")),
        ("", literal, Some("no binary `first`")),
        (second, built("second"), None),
        ("", built("pre-sign-up' + suffix + '"), None),
    ] {
        fs::write(directory.join("Cargo.toml"), format!("{manifest}\n{bins}")).expect("writable");
        fs::write(directory.join("resource.ts"), &code).expect("writable");
        let run = call(sandbox.path(), &["check"]);
        let printed = String::from_utf8(run.out).expect("UTF-8");
        let is_expected = match expected {
            Some(expected) => run.code == 4 && printed.contains(expected),
            None => run.code == 0,
        };
        assert!(is_expected, "{bins}\n{printed}");
    }
}
