//! The package to publish is complete.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;

use crate::cases::golden::differences;
use crate::support::{program, read_tree, repository, succeed};

pub fn tests() -> Vec<Trial> {
    let build = functions![the_package_builds];
    let build = build.into_iter().map(|test| test.with_ignored_flag(true));
    let others = functions![the_package_is_whole, cargo_finds_the_subcommand];
    build.chain(others).collect()
}

fn cargo_package() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(repository());
    command
        .args(["package", "--allow-dirty", "--quiet", "--no-verify"])
        .arg("--target-dir")
        .arg(directory());
    command
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("package")
}

/// The package has every file of the program, and none that is only for contributors.
fn the_package_is_whole() {
    let listed = succeed(cargo_package().arg("--list")).stdout;
    let listed = String::from_utf8(listed).expect("UTF-8");
    let listed: BTreeSet<_> = listed.lines().collect();
    for part in ["scaffolds", "src"] {
        for file in read_tree(&repository().join(part)).into_keys() {
            let path = format!("{part}/{file}");
            assert!(listed.contains(&*path), "{path} is not in the package");
        }
    }
    for path in listed {
        let is_for_contributors = ["tests/", "interop/", "benches/"];
        let is_for_contributors = is_for_contributors.iter().any(|part| path.starts_with(part));
        assert!(!is_for_contributors, "{path} is in the package");
    }
}

/// What is published builds by itself, with the dependencies that were built for this test.
fn the_package_builds() {
    succeed(&mut cargo_package());
    let name = concat!("cargo-amplify-", env!("CARGO_PKG_VERSION"));
    let package = directory().join("package").join(format!("{name}.crate"));
    let sandbox = tempfile::tempdir().expect("a directory");
    succeed(Command::new("tar").arg("-xzf").arg(package).arg("-C").arg(sandbox.path()));
    let unpacked = sandbox.path().join(name);
    let scaffolds = |root: &Path| read_tree(&root.join("scaffolds"));
    differences("the package", &scaffolds(repository()), &scaffolds(&unpacked))
        .unwrap_or_else(|e| panic!("{e}"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a parent");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--locked", "--lib", "--quiet", "--target-dir"]).arg(target);
    succeed(build.current_dir(unpacked));
}

/// `cargo amplify …` is what Cargo runs as `cargo-amplify amplify …`.
fn cargo_finds_the_subcommand() {
    let direct = succeed(program().arg("--version"));
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    let path = std::env::join_paths([program.parent().expect("a directory")]).expect("a path");
    let mut command = Command::new(env!("CARGO"));
    let by_cargo = succeed(command.env("PATH", path).args(["amplify", "--version"]));
    assert_eq!(direct.stdout, by_cargo.stdout);
}
