//! What holds for every case that succeeds, whatever it is about.

use std::path::PathBuf;

use cargo_amplify::project::RECORD;

use super::golden::differences;
use super::sandbox::Sandbox;
use super::{Case, recorded};
use crate::refused;
use crate::support::{Tree, apply_patch, metadata};

pub fn check(case: &Case, sandbox: &Sandbox, before: &Tree, after: &Tree) -> Result<(), String> {
    if case.again {
        check_twice(case, sandbox, after)?;
    }
    check_loads(case, sandbox)?;
    check_fits(case, sandbox, before)?;
    check_backend(sandbox, before, after)?;
    check_dry_run(case, before, after)?;
    check_removal(case, sandbox, before)
}

/// The same commands again change nothing.
fn check_twice(case: &Case, sandbox: &Sandbox, after: &Tree) -> Result<(), String> {
    for arguments in &case.run {
        sandbox.succeed(case, arguments)?;
    }
    differences("the second time", after, &sandbox.tree())
}

/// Cargo still loads the workspace, and each crate is part of it.
fn check_loads(case: &Case, sandbox: &Sandbox) -> Result<(), String> {
    for directory in &case.crates {
        let metadata = metadata(&sandbox.root().join(directory))?;
        let name = directory.rsplit('/').next().unwrap_or(directory);
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        if !packages.any(|package| package["name"] == name) {
            return Err(format!("Cargo finds no package `{name}`: {metadata:#}"));
        }
    }
    Ok(())
}

/// Where `check` finds nothing before, it finds nothing in what `new` made.
fn check_fits(case: &Case, sandbox: &Sandbox, before: &Tree) -> Result<(), String> {
    let skipped = case.run.concat().iter().any(|argument| argument == "skip");
    if case.crates.is_empty() || skipped {
        return Ok(());
    }
    let check = ["check", "--quiet"].map(str::to_owned);
    match Sandbox::new(case, before).succeed(case, &check) {
        Ok(_) => sandbox.succeed(case, &check).map(drop),
        Err(_) => Ok(()),
    }
}

/// Nothing is wrong with the resource files that are all this program's.
fn check_backend(sandbox: &Sandbox, before: &Tree, after: &Tree) -> Result<(), String> {
    const RESOURCE: &str = "amplify/auth/resource.toml";
    if before.contains_key(RESOURCE) || !after.contains_key(RESOURCE) {
        return Ok(());
    }
    let backend = refused::read(&sandbox.root());
    let auth = backend.auth.as_ref().ok_or("there is no user pool")?;
    let is_there = |handler: &&str| backend.functions.contains_key(*handler);
    let handlers = auth.triggers.values().map(|target| target.handler.as_str());
    let calls = handlers.filter(is_there).count();
    let is_right = backend.diagnostics.is_empty()
        && !backend.functions.is_empty()
        && calls == auth.triggers.len();
    let problems = &backend.diagnostics;
    is_right.then_some(()).ok_or_else(|| format!("{calls} calls of functions; {problems:?}"))
}

/// The patch that `--dry-run` prints makes what the command makes.
fn check_dry_run(case: &Case, before: &Tree, after: &Tree) -> Result<(), String> {
    let [arguments] = case.run.as_slice() else {
        return Ok(());
    };
    let other_output = ["--dry-run", "--help", "json", "list", "check", "synth", "outputs"];
    let mut given = arguments.iter();
    if given.any(|argument| other_output.contains(&argument.as_str())) {
        return Ok(());
    }
    let sandbox = Sandbox::new(case, before);
    let dry_run = [arguments.as_slice(), &["--dry-run".to_owned()]].concat();
    let run = sandbox.succeed(case, &dry_run)?;
    differences("`--dry-run`", before, &sandbox.tree())?;
    // It applies where the user stands, or as the run says.
    let told = String::from_utf8_lossy(&run.err).into_owned();
    let told = told
        .split_once("apply the patch with `git -C ")
        .and_then(|(_, told)| told.split_once(" apply`"));
    let directory = match told {
        Some((directory, _)) => PathBuf::from(directory.replace("[SANDBOX]", &sandbox.directory())),
        None => sandbox.root().join(&case.directory),
    };
    apply_patch(&directory, &run.out);
    differences("the patch of `--dry-run`", after, &sandbox.tree())
}

fn given_path(arguments: &[String]) -> Option<&str> {
    let mut pairs = arguments.windows(2);
    pairs.find_map(|pair| (pair[0] == "--path").then_some(pair[1].as_str()))
}

/// `new` then `remove` is as before, to the byte.
fn check_removal(case: &Case, sandbox: &Sandbox, before: &Tree) -> Result<(), String> {
    if !case.run.iter().any(|arguments| arguments[0] == "new") {
        return Ok(());
    }
    let arguments = case.run.concat();
    let given = given_path(&arguments);
    let project = sandbox.root().join(&case.directory).join(given.unwrap_or(""));
    let replaces =
        arguments.iter().any(|argument| ["overwrite", "skip"].contains(&argument.as_str()));
    let functions = recorded(&project);
    let were_there = before.keys().any(|path| path.ends_with(RECORD));
    if replaces || were_there || functions.is_empty() {
        return Ok(());
    }
    for (name, function) in functions {
        let kind = function.kind.as_str();
        let mut command = vec!["remove", "auth-trigger", kind, "--name", &name, "-q"];
        command.extend(given.iter().flat_map(|path| ["--path", path]));
        let command: Vec<_> = command.into_iter().map(str::to_owned).collect();
        sandbox.succeed(case, &command)?;
    }
    differences("what is left after `remove`", before, &sandbox.tree())
}
