//! Whatever is in the place of a file that is read: no command hangs, takes it for more than it is,
//! shows what is not of the project, or changes anything.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use super::{READING, project};
use crate::support::{program, read_tree, succeed};
use crate::trial;

/// Where files are read.
const PLACES: [&str; 14] = [
    ".gitignore",
    "Cargo.toml",
    "amplify.yml",
    "amplify/auth",
    "amplify/auth/pre-sign-up",
    "amplify/auth/pre-sign-up/Cargo.toml",
    "amplify/auth/pre-sign-up/events",
    "amplify/auth/pre-sign-up/resource.toml",
    "amplify/auth/pre-sign-up/resource.ts",
    "amplify/auth/pre-sign-up/src/handler.rs",
    "amplify/auth/resource.toml",
    "amplify/auth/resource.ts",
    "amplify/backend.ts",
    "amplify/generated.toml",
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

pub fn tests() -> Vec<Trial> {
    let test = |odd: &'static str| {
        trial("hostile::reading", odd, move || {
            PLACES.iter().for_each(|place| check(place, odd));
            Ok(())
        })
    };
    let others = functions![globs_end];
    ODD.into_iter().map(test).chain(others).collect()
}

fn check(place: &str, odd: &str) {
    let sandbox = tempfile::tempdir().expect("a folder");
    let root = sandbox.path().join("repo");
    project(&root);
    let secret = sandbox.path().join("secret");
    fs::write(&secret, SECRET).expect("written");
    put(&root.join(place), odd, &secret);
    let before = read_tree_of_regular_files(&root);
    for line in READING {
        let what = format!("{line}, {odd} at {place}");
        let [out, err] = run(line, &root, &what);
        // A patch for `git apply` has every byte; at a terminal it is escaped.
        let shown = match line.contains("--dry-run") {
            true => run(&format!("{line} --color always"), &root, &what)[0].clone(),
            false => out.clone(),
        };
        assert!(!(out + &err).contains(SECRET), "{what}: {err}");
        let shown = without_styles(&shown) + &err;
        let is_odd = |character: char| match character {
            '\n' | '\t' => false,
            '\u{202e}' => true,
            other => other.is_control(),
        };
        assert!(!shown.contains(is_odd), "{what}: {shown:?}");
    }
    assert_eq!(
        read_tree_of_regular_files(&root),
        before,
        "{odd} at {place}"
    );
}

/// Puts something odd at a place, instead of what is there.
fn put(path: &Path, odd: &str, secret: &Path) {
    let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_file(path));
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

/// A text without the few styles that this program prints.
fn without_styles(text: &str) -> String {
    let styles = ["0", "1", "2", "31", "32", "33", "36"];
    let styles = styles.iter().map(|style| format!("\u{1b}[{style}m"));
    styles.fold(text.to_owned(), |text, style| text.replace(&style, ""))
}

/// Runs a command that must end by itself, with one of its exit codes. Returns what it prints.
fn run(line: &str, root: &Path, what: &str) -> [String; 2] {
    let mut command = program();
    command
        .args(line.split(' '))
        .current_dir(root)
        .env("SECRET", SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = command.spawn().expect("it starts");
    let [out, err] = [
        read_all(run.stdout.take().expect("piped")),
        read_all(run.stderr.take().expect("piped")),
    ];
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
    assert!(matches!(status.code(), Some(0..=4)), "{what}: {status}");
    [out, err].map(|stream| stream.join().expect("read"))
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
    let entries = entries
        .into_iter()
        .flatten()
        .filter(|entry| !entry.file_type().is_dir());
    let files = entries.map(|entry| {
        let length = entry.metadata().map_or(0, |metadata| metadata.len());
        (entry.path().display().to_string(), length)
    });
    files.collect()
}

/// A glob ends however large the repository looks, and says so.
fn globs_end() {
    for (glob, fits) in [
        ("**", true),
        ("**/**/x", true),
        ("*/*/*/*/*", true),
        ("../../**", true),
    ] {
        let sandbox = tempfile::tempdir().expect("a folder");
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
        let said = run("new auth-trigger post-confirmation --dry-run", &root, &what).concat();
        assert_eq!(said.contains("looks at over"), !fits, "{what}: {said}");
        assert_eq!(read_tree(&root), before, "{what}");
    }
}
