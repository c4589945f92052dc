//! All commands in copies of real repositories: `just real-repositories DIR`.
//!
//! DIR has git checkouts at any depth. Prints as Markdown what held in how many of them, and where it did
//! not. Builds nothing of theirs: Cargo only reads their manifests.

#![allow(missing_docs)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use indexmap::IndexMap;

use checkouts::{Held, Repository, checkouts};
use support::{Workspace, apply_patch, what_cargo_makes};

#[path = "support/checkouts.rs"]
mod checkouts;
#[allow(dead_code)]
#[path = "../tests/testsuite/support.rs"]
mod support;

/// Those that are generated in a Cargo repository: of each event version, and with dependencies.
const KINDS: [&str; 4] =
    ["pre-token-generation", "post-confirmation", "custom-email-sender", "pre-sign-up"];

/// What held where, by promise and repository.
#[derive(Default)]
struct Report {
    promises: IndexMap<&'static str, Vec<(String, Held)>>,
    /// What became of each trigger in the Amplify apps.
    kinds: BTreeMap<String, Vec<Outcome>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Added,
    /// It took the place of a function in TypeScript.
    Switched,
    Refused,
}

fn main() {
    let Some(directory) = std::env::args().skip(1).find(|argument| !argument.starts_with("--"))
    else {
        println!("repositories: skipped, as no directory is given");
        return;
    };
    support::use_memory_for_temporary_files();
    let mut report = Report::default();
    for checkout in checkouts(Path::new(&directory)) {
        let repository = Repository::copy(&checkout, Path::new(&directory));
        eprintln!("{}", repository.name);
        let apps = repository.apps();
        for app in &apps {
            try_app(&repository, app, &mut report);
        }
        if apps.is_empty() {
            try_crates(&repository, &mut report);
        }
    }
    report.print();
}

/// Adds triggers to a repository with crates, or without anything that is known.
fn try_crates(repository: &Repository, report: &mut Report) {
    let root = repository.root();
    let mut held = |promise, held| report.add(promise, &repository.name, held);
    let new = |kind: &&str| repository.expect("", &["new", "auth-trigger", kind]);
    let before = of_others(what_cargo_makes(&root, &repository.before));
    let (_, patch, _) = repository.run("", &["new", "auth-trigger", KINDS[0], "--dry-run"]);
    held("a dry run writes nothing", repository.is(&repository.before));
    let mut trees = Vec::new();
    for kind in &KINDS {
        held("`new` succeeds", new(kind));
        trees.push(repository.tree());
    }
    let (first, all) = (&trees[0], &trees[KINDS.len() - 1]);
    held("`check` finds nothing", repository.expect("", &["check"]));
    let again = KINDS.iter().try_for_each(new);
    held("a second run changes nothing", again.and_then(|()| repository.is(all)));
    let format = KINDS.iter().try_for_each(|kind| is_formatted(&root, kind));
    held("generated code has the repository's format", format);
    let after = of_others(what_cargo_makes(&root, all));
    let path = |kind: &&str| format!("amplify/auth/{kind}/Cargo.toml");
    let unloaded = KINDS.iter().map(path).filter(|path| !after.contains_key(path));
    held("Cargo loads the new crates", none_of(unloaded));
    let top = before.get("Cargo.toml").map(|(root, _)| root);
    let is_nested = |path: &&String| before.get(*path).map(|(root, _)| root) != top;
    let changed = before.iter().filter(|(path, made)| after.get(*path) != Some(made));
    let (nested, members): (Vec<_>, Vec<_>) = changed.map(|(path, _)| path).partition(is_nested);
    held("the workspace and its members are as before", none_of(members));
    if before.keys().any(|path| is_nested(&path)) {
        held("crates outside of the workspace are as before", none_of(nested));
    }
    let remove = |kind: &&str| repository.expect("", &["remove", "auth-trigger", kind]);
    let removed = KINDS.iter().try_for_each(remove);
    held("`remove` restores every byte", removed.and_then(|()| repository.is(&repository.before)));
    repository.restore(&repository.before);
    let reversed = KINDS.iter().rev().try_for_each(new);
    held("the order does not matter", reversed.and_then(|()| repository.is(all)));
    repository.restore(&repository.before);
    apply_patch(&root, &patch);
    held("the patch of a dry run makes what the run makes", repository.is(first));
}

/// What Cargo makes of each manifest, without the functions.
fn of_others(made: BTreeMap<String, Workspace>) -> BTreeMap<String, Workspace> {
    let of_others = made.into_iter().map(|(manifest, (root, mut members))| {
        members.retain(|member| !member.contains("/amplify/auth/"));
        (manifest, (root, members))
    });
    of_others.collect()
}

/// Adds each trigger to an Amplify app, instead of the one in TypeScript where it has that.
fn try_app(repository: &Repository, app: &str, report: &mut Report) {
    let (_, list, _) = repository.run("", &["list", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    let kinds = list["triggers"].as_array().expect("triggers").iter();
    for kind in kinds.filter_map(|trigger| trigger["name"].as_str()) {
        let new = ["new", "auth-trigger", kind];
        let overwrite = [&new[..], &["--on-conflict", "overwrite"]].concat();
        let outcome = match repository.run(app, &[&new[..], &["--dry-run"]].concat()) {
            (0, patch, _) => {
                try_trigger(repository, app, &new, &patch, report);
                Outcome::Added
            }
            _ => match repository.run(app, &[&overwrite[..], &["--dry-run"]].concat()) {
                (0, patch, _) => {
                    try_trigger(repository, app, &overwrite, &patch, report);
                    Outcome::Switched
                }
                (_, _, said) => {
                    eprintln!("{}/{app}: {kind}: {said}", repository.name);
                    Outcome::Refused
                }
            },
        };
        report.kinds.entry(kind.to_owned()).or_default().push(outcome);
    }
}

/// Adds a trigger as the command `new` does, whose dry run has printed `patch`.
fn try_trigger(
    repository: &Repository,
    app: &str,
    new: &[&str],
    patch: &[u8],
    report: &mut Report,
) {
    let kind = new[2];
    let name = format!("{}/{app} {kind}", repository.name);
    let mut held = |promise, held| report.add(promise, &name, held);
    held("a dry run writes nothing", repository.is(&repository.before));
    held("`new` succeeds", repository.expect(app, new));
    let after = repository.tree();
    held("`check` finds nothing", repository.expect(app, &["check"]));
    let again = repository.expect(app, new);
    held("a second run changes nothing", again.and_then(|()| repository.is(&after)));
    let removed = repository.expect(app, &["remove", "auth-trigger", kind]);
    held("`remove` restores every byte", removed.and_then(|()| repository.is(&repository.before)));
    repository.restore(&repository.before);
    apply_patch(&repository.root().join(app), patch);
    held("the patch of a dry run makes what the run makes", repository.is(&after));
    repository.restore(&repository.before);
}

/// As `cargo fmt` has it, with the edition of each crate.
fn is_formatted(root: &Path, kind: &str) -> Held {
    let mut format = Command::new(env!("CARGO"));
    format
        .args(["fmt", "--check", "--manifest-path"])
        .arg(format!("amplify/auth/{kind}/Cargo.toml"));
    let output = format.current_dir(root).output().expect("Cargo");
    let said = [output.stdout, output.stderr].concat();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&said).into_owned()) }
}

fn none_of(wrong: impl IntoIterator<Item = impl ToString>) -> Held {
    let wrong: Vec<_> = wrong.into_iter().map(|wrong| wrong.to_string()).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", ")) }
}

impl Report {
    fn add(&mut self, promise: &'static str, place: &str, held: Held) {
        if let Err(how) = &held {
            eprintln!("{place}: not so: {promise}: {how}");
        }
        self.promises.entry(promise).or_default().push((place.to_owned(), held));
    }

    fn print(&self) {
        println!("| promise | held | where not |\n|---|---|---|");
        for (promise, places) in &self.promises {
            let broken: BTreeSet<_> = places
                .iter()
                .filter(|(_, held)| held.is_err())
                .map(|(place, _)| place.as_str())
                .collect();
            let held = places.iter().filter(|(_, held)| held.is_ok()).count();
            let broken = broken.into_iter().collect::<Vec<_>>().join(", ");
            println!("| {promise} | {held} of {} | {broken} |", places.len());
        }
        if !self.kinds.is_empty() {
            println!(
                "\n| trigger in an app | added | in place of TypeScript | refused |\n|---|---|---|---|"
            );
        }
        for (kind, outcomes) in &self.kinds {
            let [added, switched, refused] = [Outcome::Added, Outcome::Switched, Outcome::Refused]
                .map(|outcome| outcomes.iter().filter(|other| **other == outcome).count());
            println!("| {kind} | {added} | {switched} | {refused} |");
        }
    }
}
