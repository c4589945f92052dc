//! The package that would be published is whole.

use std::path::Path;
use std::process::Command;

use crate::cases::golden::differences;
use crate::support::{program, read_tree, repository, succeed};

tests![
    the_package_builds_and_has_every_scaffold,
    cargo_finds_the_subcommand,
];

fn cargo_package() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(repository());
    command
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("package"),
        )
        .args(["package", "--allow-dirty", "--quiet"]);
    command
}

/// The package has every scaffold, builds by itself, and what it builds makes the same files.
fn the_package_builds_and_has_every_scaffold() {
    let listed = succeed(cargo_package().arg("--list"));
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    for file in read_tree(&repository().join("scaffolds")).into_keys() {
        let path = format!("scaffolds/{file}");
        assert!(
            listed.lines().any(|line| line == path),
            "{path} is not in the package"
        );
    }
    for line in listed.lines() {
        assert!(
            !line.starts_with("tests/"),
            "{line} is in the package, and only for contributors"
        );
    }

    succeed(&mut cargo_package());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package/package");
    let version = env!("CARGO_PKG_VERSION");
    let unpacked = target.join(format!("cargo-amplify-{version}"));
    let scaffolds = |root: &Path| read_tree(&root.join("scaffolds"));
    differences(
        "the package",
        &scaffolds(repository()),
        &scaffolds(&unpacked),
    )
    .unwrap_or_else(|e| panic!("{e}"));
}

/// `cargo amplify …` is what Cargo runs as `cargo-amplify amplify …`.
fn cargo_finds_the_subcommand() {
    let direct = succeed(program().arg("--version"));
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    let path = std::env::join_paths([program.parent().expect("a folder")]).expect("a path");
    let mut command = Command::new(env!("CARGO"));
    let by_cargo = succeed(command.env("PATH", path).args(["amplify", "--version"]));
    assert_eq!(direct.stdout, by_cargo.stdout);
}
