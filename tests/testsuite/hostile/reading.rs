//! Anything in the place of a file that is read: no command hangs, misreads it, shows what is
//! outside the project, needs much memory, or changes more than it says.
//!
//! Each form is tried at each place with one command, in turn; with `REPEAT=17` with all commands.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use super::{READING, WRITING, project};
use crate::support::{Tree, program, read_tree, repeated, succeed, write_tree};
use crate::trial;

/// Where files are read, looked for or written.
const PLACES: [&str; 27] = [
    ".cargo/config.toml",
    ".git",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "amplify",
    "amplify.yml",
    "amplify/auth",
    "amplify/auth/post-confirmation",
    "amplify/auth/pre-sign-up",
    "amplify/auth/pre-sign-up/Cargo.toml",
    "amplify/auth/pre-sign-up/events",
    "amplify/auth/pre-sign-up/events/PreSignUp_SignUp.json",
    "amplify/auth/pre-sign-up/generated.toml",
    "amplify/auth/pre-sign-up/resource.toml",
    "amplify/auth/pre-sign-up/resource.ts",
    "amplify/auth/pre-sign-up/src",
    "amplify/auth/pre-sign-up/src/handler.rs",
    "amplify/auth/pre-sign-up/src/main.rs",
    "amplify/auth/resource.toml",
    "amplify/auth/resource.ts",
    "amplify/backend.ts",
    "amplify/generated.toml",
    "amplify_outputs.json",
    "package.json",
    "rust-toolchain.toml",
    "template.yaml",
];

/// What can be there. The last word of a text must not be shown.
const ODD: [&str; 13] = [
    "pipe",
    "link-to-pipe",
    "link-to-zeros",
    "link-to-environment",
    "link-to-secret",
    "link-to-itself",
    "link-to-nothing",
    "directory",
    "nothing",
    "large",
    "not-utf8",
    "control-characters",
    "merge-markers",
];

const SECRET: &str = "s3cr3t-of-the-user";

/// Bytes of memory, those of the program's own code among them, that a command may map.
const MEMORY: u32 = 500_000_000;

pub fn tests() -> Vec<Trial> {
    let test = |(number, odd): (usize, &'static str)| {
        trial("hostile::reading", odd, move || {
            for (place, turn) in PLACES.iter().zip(number..) {
                check(place, odd, turn);
            }
            Ok(())
        })
    };
    let others = functions![globs_end];
    let forms = ODD.into_iter().enumerate();
    forms.map(test).chain(others).collect()
}

/// The commands whose turn it is.
fn commands(turn: usize) -> impl Iterator<Item = &'static str> {
    let all: Vec<_> = READING.into_iter().chain(WRITING).collect();
    let count = all.len().min(repeated(1) as usize);
    let first = turn % all.len();
    all.into_iter().cycle().skip(first).take(count)
}

fn check(place: &str, odd: &str, turn: usize) {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let secret = sandbox.path().join("secret");
    fs::write(&secret, SECRET).expect("written");
    static PROJECT: LazyLock<Tree> = LazyLock::new(|| {
        let sandbox = tempfile::tempdir().expect("a directory");
        project(&sandbox.path().join("repo"));
        read_tree(&sandbox.path().join("repo"))
    });
    let begin = || {
        write_tree(&root, &PROJECT);
        fs::create_dir(root.join(".git")).expect("created");
        put(&root.join(place), odd, &secret);
        read_tree_of_regular_files(sandbox.path())
    };
    let before = begin();
    for line in commands(turn) {
        let what = format!("{line}, {odd} at {place}");
        let (code, shown) = run_alone(line, &root, &what);
        assert!(matches!(code, 0..=4), "{what}: {code}");
        // A patch for `git apply` has every byte; at a terminal it is escaped.
        let shown = match line.contains("--dry-run") {
            true => run_alone(&format!("{line} --color always"), &root, &what).1,
            false => shown,
        };
        check_characters(&what, &shown);
        match code {
            // `check --fix` fixes what it can, and may find more.
            0 | 4 if WRITING.contains(&line) => drop(begin()),
            _ => assert_eq!(read_tree_of_regular_files(sandbox.path()), before, "{what}"),
        }
        assert_eq!(fs::read_to_string(&secret).expect("there"), SECRET, "{what}");
    }
}

/// Nothing that is shown is the user's secret, or moves a terminal's cursor.
fn check_characters(what: &str, shown: &str) {
    assert!(!shown.contains(SECRET), "{what}: {shown}");
    let is_odd = |character: char| match character {
        '\n' | '\t' => false,
        '\u{202e}' => true,
        other => other.is_control(),
    };
    assert!(!without_styles(shown).contains(is_odd), "{what}: {shown:?}");
}

/// Replaces what is at a place with something odd.
fn put(path: &Path, odd: &str, secret: &Path) {
    let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
    fs::create_dir_all(path.parent().expect("a parent")).expect("created");
    let pipe = |path: &Path| succeed(Command::new("mkfifo").arg(path));
    let link = |target: &Path| symlink(target, path).expect("linked");
    match odd {
        "pipe" => drop(pipe(path)),
        "link-to-pipe" => {
            let target = path.with_extension("pipe");
            pipe(&target);
            link(&target);
        }
        "link-to-zeros" => link(Path::new("/dev/zero")),
        "link-to-environment" => link(Path::new("/proc/self/environ")),
        "link-to-secret" => link(secret),
        "link-to-itself" => link(path),
        "link-to-nothing" => link(Path::new("no-such-file")),
        "directory" => fs::create_dir(path).expect("created"),
        "large" => fs::write(path, "# large\n".repeat(1_200_000)).expect("written"),
        "not-utf8" => fs::write(path, b"name = \"caf\xe9\"\n").expect("written"),
        "control-characters" => {
            let text = "[a\u{1b}]0;title\u{7}\u{9b}31m]\n\"\u{202e}k\u{7f}\" = 1\r = \u{85}";
            fs::write(path, text).expect("written");
        }
        "merge-markers" => {
            fs::write(path, "<<<<<<< HEAD\n=======\n>>>>>>> main\n").expect("written");
        }
        _ => {}
    }
}

/// A text without the styles that this program prints.
fn without_styles(text: &str) -> String {
    let styles = ["0", "1", "2", "31", "32", "33", "36"];
    let styles = styles.iter().map(|style| format!("\u{1b}[{style}m"));
    styles.fold(text.to_owned(), |text, style| text.replace(&style, ""))
}

/// Runs a command in its own process, with little memory, and checks that it exits. Returns its
/// exit code and what it prints.
fn run_alone(line: &str, root: &Path, what: &str) -> (i32, String) {
    let program = program();
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--as={MEMORY}"))
        .arg(program.get_program())
        .args(line.split(' '))
        .current_dir(root)
        .stdin(Stdio::null())
        .env("SECRET", SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut run = command.spawn().expect("it starts");
    let [out, err] =
        [read_all(run.stdout.take().expect("piped")), read_all(run.stderr.take().expect("piped"))];
    let end = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = run.try_wait().expect("a status") {
            break status;
        }
        if Instant::now() > end {
            run.kill().expect("killed");
            panic!("{what}: it does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let [out, err] = [out, err].map(|stream| stream.join().expect("read"));
    let code = status.code().unwrap_or_else(|| panic!("{what}: {status}"));
    (code, out + &err)
}

fn read_all(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A pipe cannot be read: it is left out.
fn read_tree_of_regular_files(root: &Path) -> Vec<(String, u64)> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name();
    let entries = entries.into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    let files = entries.map(|entry| {
        let length = entry.metadata().map_or(0, |metadata| metadata.len());
        (entry.path().display().to_string(), length)
    });
    files.collect()
}

/// A glob ends however large the repository looks, and says so.
fn globs_end() {
    for (glob, fits) in [("**", true), ("**/**/x", true), ("*/*/*/*/*", true), ("../../**", true)] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path().join("repo");
        project(&root);
        let manifest = format!("[workspace]\nmembers = [\"{glob}\"]\nresolver = \"3\"\n");
        fs::write(root.join("Cargo.toml"), manifest).expect("written");
        for name in ["a", "b", "c"] {
            fs::create_dir(root.join(name)).expect("created");
            for link in ["x", "y", "z"] {
                symlink("..", root.join(name).join(link)).expect("linked");
            }
        }
        let before = read_tree(&root);
        let what = format!("members = [{glob}]");
        let (_, said) = run_alone("new auth-trigger post-confirmation --dry-run", &root, &what);
        assert_eq!(said.contains("looks at over"), !fits, "{what}: {said}");
        assert_eq!(read_tree(&root), before, "{what}");
    }
}
