//! Records that name what is not generated.

use std::fs;
use std::os::unix::fs::symlink;

use super::{everything, private, project, run, said};
use crate::cases::golden::differences;

tests![
    a_record_names_only_what_is_generated,
    links_do_not_make_another_file_one_of_a_function,
    a_template_takes_no_other_files_place,
];

/// The start of the SHA-256 of `ref: refs/heads/main\n` and of `SECRET=1\n`.
fn hash_of(text: &str) -> String {
    cargo_amplify::project::hash(text)
}

const SHARED: &str = "amplify/generated.toml";
const OWN: &str = "amplify/auth/pre-sign-up/generated.toml";

/// Lines of a record, each with its file and the path that is refused.
fn attacks() -> Vec<(&'static str, String, &'static str)> {
    let mut attacks = Vec::new();
    for path in [
        "../../../.git/HEAD",
        "../resource.toml",
        "../other/src/main.rs",
        "src/../../../../.env",
        "/etc/passwd",
        "..",
        ".",
        "",
    ] {
        let hash = hash_of("SECRET=1\n");
        let text = format!(
            "name = 'pre-sign-up'\nkind = 'pre-sign-up'\n[files]\n\"{path}\" = \"{hash}\"\n"
        );
        attacks.push((OWN, text, path));
    }
    for name in ["..", ".", "a/b", "../../.git"] {
        attacks.push((OWN, format!("name = \"{name}\"\nkind = 'pre-sign-up'\n"), name));
    }
    let own = [
        ".git/HEAD",
        ".env",
        "../.bashrc",
        "amplify/auth/other/src/main.rs",
        "amplify/auth/pre-sign-up",
        "amplify/auth/resource.toml",
        "amplify/auth/pre-sign-up/../../../.env",
    ];
    for path in own {
        let hash = hash_of("SECRET=1\n");
        let text = format!(
            "[functions.pre-sign-up]\nkind = \"pre-sign-up\"\n[functions.pre-sign-up.files]\n\"{path}\" = \"{hash}\"\n"
        );
        attacks.push((SHARED, text, path));
    }
    for name in ["..", ".", "", "a/b", "../../.git"] {
        let text = format!(
            "[functions.\"{name}\"]\nkind = \"pre-sign-up\"\n[functions.\"{name}\".files]\n\".env\" = \"00\"\n"
        );
        attacks.push((SHARED, text, ".env"));
    }
    let shared = [
        ".git/config",
        ".env",
        "../.bashrc",
        "../Cargo.toml",
        "src/Cargo.toml",
        ".cargo/config.toml",
        "amplify/auth/pre-sign-up/Cargo.toml",
    ];
    for path in shared {
        let hash = hash_of("SECRET=1\n");
        for text in [
            format!("ignore = [\"{path}\"]"),
            format!("created = {{ \"{path}\" = \"{hash}\" }}"),
            format!("keys = {{ \"{path}\" = [\"workspace\"] }}"),
            format!("exclude = {{ \"{path}\" = [\"amplify\"] }}"),
            format!("members = {{ \"{path}\" = [\"amplify/auth/*\"] }}"),
            format!("backend = [\"{path}\"]"),
            format!("objects = {{ \"{path}\" = [\"triggers\"] }}"),
            format!("constants = [\"{path}\"]"),
            format!("build_steps = {{ \"{path}\" = [\"SECRET=1\"] }}"),
        ] {
            attacks.push((SHARED, format!("[shared]\n{text}\n"), path));
        }
    }
    attacks
}

fn a_record_names_only_what_is_generated() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, state) = (sandbox.path().join("repo"), sandbox.path().join("state"));
    project(&root);
    fs::write(sandbox.path().join(".bashrc"), "SECRET=1\n").expect("written");
    let records = [SHARED, OWN].map(|file| (file, fs::read_to_string(root.join(file))));
    for (file, text, path) in attacks() {
        for (file, text) in &records {
            fs::write(root.join(file), text.as_ref().expect("a record")).expect("written");
        }
        fs::write(root.join(file), &text).expect("written");
        let before = everything(sandbox.path());
        for line in [
            "remove auth-trigger pre-sign-up --on-conflict overwrite",
            "new auth-trigger pre-sign-up --on-conflict overwrite",
            "check --fix",
            "check",
        ] {
            let output = run(line, &root, &state);
            let told = said(&output);
            // To `check`, it is a problem as others are.
            let code = if line.starts_with("check") { 4 } else { 1 };
            assert_eq!(output.code, code, "{line}\n{text}{told}");
            let place = format!("--> {file}:{}", line_of(&text, path));
            assert!(told.contains(&place), "{line}\n{text}{told}");
            assert!(told.contains(&format!("git checkout {file}")), "{told}");
            fs::remove_dir_all(&state).unwrap_or_default();
            differences(&text, &before, &everything(sandbox.path()))
                .unwrap_or_else(|e| panic!("{e}"));
        }
    }
}

fn line_of(text: &str, path: &str) -> usize {
    let quoted = format!("\"{path}\"");
    text.lines().take_while(|line| !line.contains(&quoted)).count() + 1
}

/// What a link in the directory of a function leads to was not generated, whatever the record says.
fn links_do_not_make_another_file_one_of_a_function() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, state) = (sandbox.path().join("repo"), sandbox.path().join("state"));
    for (link, target) in [
        ("amplify/auth/pre-sign-up/src/handler.rs", ".env"),
        ("amplify/auth/pre-sign-up/src", ".git"),
        ("amplify/auth/pre-sign-up", ".git"),
        (".gitignore", ".env"),
        ("Cargo.toml", ".git/config"),
    ] {
        project(&root);
        let link = root.join(link);
        let replaced = match link.is_dir() {
            true => fs::remove_dir_all(&link),
            false => fs::remove_file(&link),
        };
        replaced.expect("removed");
        symlink(root.join(target), &link).expect("linked");
        let before = private(&root);
        for line in [
            "remove auth-trigger pre-sign-up --on-conflict overwrite",
            "new auth-trigger pre-sign-up --on-conflict overwrite",
            "check --fix",
        ] {
            run(line, &root, &state);
            let now = private(&root);
            // `/target` may be added to an ignore file wherever it is, and goes again.
            if target != ".env" || !link.ends_with(".gitignore") {
                differences(line, &before, &now).unwrap_or_else(|e| panic!("{e}"));
            }
            assert!(root.join(".env").exists() && link.is_symlink(), "{line}");
        }
    }
}

/// `--out` names a file of the user's choice, but for what git and others have there.
fn a_template_takes_no_other_files_place() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let (root, state) = (sandbox.path().join("repo"), sandbox.path().join("state"));
    project(&root);
    for name in ["README.md", "empty"] {
        fs::write(root.join(name), if name == "empty" { "" } else { "mine\n" }).expect("written");
    }
    let before = everything(&root);
    for file in [
        "README.md",
        "empty",
        "Cargo.toml",
        "amplify/auth/resource.toml",
        ".env",
        ".git/config",
        ".git/new",
        ".GIT/new",
    ] {
        let output = run(&format!("synth --out {file}"), &root, &state);
        assert_eq!(output.code, 3, "{file}: {}", said(&output));
        differences(file, &before, &everything(&root)).unwrap_or_else(|e| panic!("{e}"));
    }
    for format in ["yaml", "json", "yaml"] {
        let line = format!("synth --out template --format {format}");
        let output = run(&line, &root, &state);
        assert!(output.code == 0, "{}", said(&output));
    }
}
