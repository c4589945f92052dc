//! Whole processes, start to exit: `cargo bench --bench process`.
//!
//! The program in an empty directory and beside 1,000 members, its peers, `invoke`, and the generated
//! handler: its size, and the time from its start to its first answer. With `-- peers`, only the peers:
//! each that is installed, and this program, in turn. `cargo lambda new` downloads its template, unless
//! `CARGO_LAMBDA_TEMPLATE` names a copy.

#![allow(missing_docs)]
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_amplify::catalog::Catalog;
use tempfile::TempDir;

#[path = "support/apps.rs"]
mod apps;
#[path = "../tests/testsuite/handler.rs"]
mod handler;
#[path = "support/workspaces.rs"]
mod workspaces;

const RUNS: usize = 30;

fn main() {
    peers();
    if std::env::args().any(|argument| argument == "peers") {
        return;
    }
    let empty = median(|| time(new_trigger(), &workspaces::create(0)));
    report("new auth-trigger, empty folder", empty);
    let thousand = workspaces::create(1000);
    let large = median(|| {
        let manifest = thousand.path().join("Cargo.toml");
        let before = fs::read(&manifest).expect("read");
        let time = time(new_trigger(), &thousand);
        fs::write(manifest, before).expect("written");
        for made in ["amplify", ".gitignore"] {
            let path = thousand.path().join(made);
            fs::remove_dir_all(&path).or_else(|_| fs::remove_file(path)).expect("removed");
        }
        time
    });
    report("new auth-trigger, 1,000 members", large);
    time(new_trigger(), &thousand);
    report("check, 1,000 members", median(|| time(check(), &thousand)));
    typescript();
    synth();
    let mut lint = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    lint.args(["--quiet", "scaffold", "lint"]);
    report("scaffold lint", median(|| time_in(&mut lint, &workspaces::create(0))));
    let project = TempDir::new().expect("a directory");
    time(new_trigger(), &project);
    invoke(&project);
    release_handler(&project);
}

/// What else generates a function, each in turn with this program, so that both have the same machine.
fn peers() {
    let mut lambda = Command::new("cargo-lambda");
    lambda.args(["lambda", "new", "--no-interactive", "function"]);
    if let Some(template) = std::env::var_os("CARGO_LAMBDA_TEMPLATE") {
        lambda.arg("--template").arg(template);
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["new", "--quiet", "function"]);
    for (name, mut peer) in [("cargo new", cargo), ("cargo lambda new", lambda)] {
        let runs: Option<Vec<_>> = (0..RUNS)
            .map(|_| {
                let [theirs, ours] = [0, 0].map(workspaces::create);
                peer.current_dir(theirs.path()).stdout(Stdio::null()).stderr(Stdio::null());
                let start = Instant::now();
                let is_made = peer.status().is_ok_and(|status| status.success());
                let taken = start.elapsed();
                is_made.then(|| (taken, files(&theirs), time(new_trigger(), &ours), files(&ours)))
            })
            .collect();
        let Some(runs) = runs else {
            println!("{name:<44} is not installed, or fails");
            continue;
        };
        let (_, their_files, _, our_files) = runs[0];
        let mut theirs: Vec<_> = runs.iter().map(|run| run.0).collect();
        let mut ours: Vec<_> = runs.iter().map(|run| run.2).collect();
        report(&format!("{name}, {their_files} files"), middle(&mut theirs));
        report(&format!("  new auth-trigger in turn, {our_files} files"), middle(&mut ours));
    }
}

/// How many files are below a directory, without those of git.
fn files(directory: &TempDir) -> usize {
    let entries = walkdir::WalkDir::new(directory.path()).into_iter();
    let entries = entries.filter_entry(|entry| entry.file_name() != ".git").flatten();
    entries.filter(|entry| entry.file_type().is_file()).count()
}

fn new_trigger() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    command.args(["new", "auth-trigger", "--quiet"]);
    command
}

fn check() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    command.args(["check", "--quiet"]);
    command
}

/// An Amplify app whose `resource.ts` has 1,000 lines.
fn typescript() {
    let app = median(|| {
        let app = TempDir::new().expect("a directory");
        let auth = app.path().join("amplify/auth");
        fs::create_dir_all(&auth).expect("created");
        fs::write(auth.join("resource.ts"), apps::usual_resource()).expect("written");
        time(new_trigger(), &app)
    });
    report("new auth-trigger, 1,000 lines of TypeScript", app);
}

/// `synth` of the project that uses every property, and of one with all triggers and 100 groups.
fn synth() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    command.arg("synth");
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/synth-full/in");
    let full = median(|| time_at(&mut command, &full));
    report("synth, every property", full);
    let project = TempDir::new().expect("a directory");
    let catalog = Catalog::embedded();
    for kind in catalog.names() {
        let mut new = new_trigger();
        new.arg(kind);
        time(new, &project);
    }
    let file = project.path().join("amplify/auth/resource.toml");
    let groups: Vec<_> = (0..100).map(|number| format!("group-{number}")).collect();
    let text = fs::read_to_string(&file).expect("a file");
    fs::write(&file, format!("groups = {groups:?}\n{text}")).expect("written");
    let large = median(|| time_in(&mut command, &project));
    report("synth, 13 triggers and 100 groups", large);
}

/// `invoke` of what is built already: what a user waits for after the first time.
fn invoke(project: &TempDir) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-amplify"));
    command.args(["invoke", "--quiet"]).env("CARGO_TARGET_DIR", target());
    time_in(&mut command, project);
    report("invoke, built already", median(|| time_in(&mut command, project)));
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("handler")
}

fn release_handler(project: &TempDir) {
    let target = target();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--quiet"]).env("CARGO_TARGET_DIR", &target);
    time_in(&mut build, project);
    let binary = target.join("release/pre-token-generation");
    let size = fs::metadata(&binary).expect("built").len();
    println!("{:<44} {size:>9} bytes", "release handler");
    let events = project.path().join("amplify/auth/pre-token-generation/events");
    let event = fs::read_to_string(events.join("TokenGeneration_Authentication.json"));
    let event = event.expect("an event");
    let first_answer = median(|| {
        let start = Instant::now();
        handler::Handler::start(&binary).invoke(&event);
        start.elapsed()
    });
    report("release handler, first answer", first_answer);
}

fn time(mut command: Command, folder: &TempDir) -> Duration {
    time_in(&mut command, folder)
}

fn time_in(command: &mut Command, folder: &TempDir) -> Duration {
    time_at(command, folder.path())
}

fn time_at(command: &mut Command, folder: &Path) -> Duration {
    command.current_dir(folder).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("it starts");
    let time = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    time
}

fn median(mut run: impl FnMut() -> Duration) -> Duration {
    middle(&mut (0..RUNS).map(|_| run()).collect::<Vec<_>>())
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[RUNS / 2]
}

fn report(what: &str, time: Duration) {
    println!("{what:<44} {:>9.1} ms", time.as_secs_f64() * 1e3);
}
