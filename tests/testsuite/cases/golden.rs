//! Golden files, and how they refer to each other.
//!
//! The end of a case's `output` names each file of the result and who has its text:
//!
//! ```text
//! --- files
//! in     src/lib.rs                          it is as before
//! empty  amplify/auth/pre-token-generation/**  all of it is as in the case `empty`
//! out    amplify/auth/resource.toml          it is in `out/`
//! ```
//!
//! A hash in a record that is the file's is checked here and stands as `[hash]`, or is only counted
//! for the files of a function, so that a changed file does not change all records that name it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use cargo_amplify::project::{FUNCTION_RECORD, RECORD, hash};
use serde_json::Value;
use similar::TextDiff;

use crate::support::{Tree, read_tree, write_tree};

/// What to do when a golden file is not as expected, but should be from now on.
pub const BLESS: &str = "to accept what is there now, run `just bless`, \
                     or SNAPSHOTS=overwrite cargo test --test testsuite NAME";

/// Compares the result of a case with its golden files, or writes them.
pub fn compare(
    directory: &Path,
    printed: &str,
    before: &Tree,
    after: &Tree,
    others: &[(&str, Arc<Tree>)],
) -> Result<(), String> {
    let mut output = printed.to_owned();
    let mut own = Tree::new();
    if before != after {
        let masked: Vec<_> = others.iter().map(|(name, tree)| (*name, mask_hashes(tree))).collect();
        let known = [("in", mask_hashes(before))].into_iter().chain(masked);
        let after = mask_hashes(after);
        let owners = Owners(known.collect());
        output += "--- files\n";
        output += &owners.list(&after);
        own = after;
        own.retain(|path, content| owners.of(path, content).is_none());
    }
    golden_tree(&directory.join("out"), &own)?;
    golden_text(&directory.join("output"), &output)
}

/// Who has which files.
struct Owners<'a>(Vec<(&'a str, Tree)>);

impl Owners<'_> {
    /// Who has this file, if not `out/`.
    fn of(&self, path: &str, content: &[u8]) -> Option<&str> {
        let is_same = |(other, text): (&String, &Vec<u8>)| {
            in_function(other) == in_function(path) && text == content
        };
        let mut owners = self.0.iter();
        let owner = owners.find(|(name, tree)| match *name {
            "in" => tree.get(path).is_some_and(|text| text == content),
            _ => tree.iter().any(is_same),
        });
        owner.map(|(name, _)| *name)
    }

    /// A line for each file, or for a whole directory that is as another's.
    fn list(&self, tree: &Tree) -> String {
        let mut lines = String::new();
        let mut whole = None::<String>;
        for (path, content) in tree {
            if whole.as_ref().is_some_and(|directory| path.starts_with(directory)) {
                continue;
            }
            let (owner, what) = match self.whole_directory(path, tree) {
                Some((owner, directory)) => {
                    let what = format!("{directory}**");
                    whole = Some(directory);
                    (owner, what)
                }
                None => (self.of(path, content).unwrap_or("out"), path.clone()),
            };
            let _ = writeln!(lines, "{owner}  {what}");
        }
        lines
    }

    /// The outermost directory of a file that is in one of the trees just as it is here.
    fn whole_directory(&self, path: &str, tree: &Tree) -> Option<(&str, String)> {
        let directories = path.match_indices('/').map(|(end, _)| &path[..=end]);
        directories.into_iter().find_map(|directory| {
            let here = below(tree, directory);
            let mut owners = self.0.iter();
            let owner = owners.find(|(name, other)| {
                let there = match *name {
                    "in" => directory,
                    _ => in_project(directory),
                };
                here.len() > 1 && below(other, there) == here
            });
            owner.map(|(name, _)| (*name, directory.to_owned()))
        })
    }
}

/// A path seen from the project, which is at the root in other cases.
fn in_project(path: &str) -> &str {
    path.find("amplify/").map_or(path, |start| &path[start..])
}

/// A path seen from the function, which has another name in other cases. It begins with a slash, so
/// that no file of a function is taken for one of the project.
fn in_function(path: &str) -> &str {
    let path = in_project(path);
    let below = path.strip_prefix("amplify/auth/");
    let below = below.and_then(|rest| Some(&rest[rest.find('/')?..]));
    below.unwrap_or(path)
}

/// The files below a directory, by their paths from there.
fn below<'a>(tree: &'a Tree, directory: &str) -> Vec<(&'a str, &'a Vec<u8>)> {
    let files = tree.range(directory.to_owned()..);
    let files = files.map_while(|(path, content)| Some((path.strip_prefix(directory)?, content)));
    files.collect()
}

/// The tree with each hash in a record that is the file's as `[hash]`, or counted.
fn mask_hashes(tree: &Tree) -> Tree {
    let mut masked = tree.clone();
    for (path, content) in &mut masked {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        if !path.ends_with(FUNCTION_RECORD) {
            continue;
        }
        let Ok(text) = std::str::from_utf8(content) else {
            continue;
        };
        // The shared one is in `amplify/`, and has paths that are seen from the directory above.
        let shared = path.ends_with(RECORD).then(|| directory.trim_end_matches("amplify"));
        let base = shared.unwrap_or(directory).trim_end_matches('/');
        let mut lines = String::new();
        let mut count = 0;
        for line in text.split_inclusive('\n') {
            let mut parts = line.split('"');
            let (file, found) = (parts.nth(1), parts.nth(1));
            let content = file.and_then(|file| tree.get(&seen_from(base, file)));
            let text = content.and_then(|content| std::str::from_utf8(content).ok());
            match (text, found) {
                (Some(text), Some(found)) if hash(text) == found && shared.is_some() => {
                    lines += &line.replace(&format!("\"{found}\""), "[hash]");
                }
                (Some(text), Some(found)) if hash(text) == found => count += 1,
                _ => lines += line,
            }
        }
        if count > 0 {
            let _ = writeln!(lines, "[hashes] = {count}");
        }
        let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
        *content = lines.replace(&version, "version = [version]").into_bytes();
    }
    masked
}

/// A file that a record names, which may be above the directory that it is seen from.
fn seen_from(mut directory: &str, mut file: &str) -> String {
    while let Some(rest) = file.strip_prefix("../") {
        directory = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
        file = rest;
    }
    match directory {
        "" => file.to_owned(),
        directory => format!("{directory}/{file}"),
    }
}

/// Compares with the golden files in a directory, or writes them.
pub fn golden_tree(directory: &Path, actual: &Tree) -> Result<(), String> {
    if blessing() {
        write_tree(directory, actual);
    }
    differences(&directory.display().to_string(), &read_tree(directory), actual)
}

/// Compares with a golden file, or writes it.
pub fn golden_text(file: &Path, actual: &str) -> Result<(), String> {
    if blessing() {
        fs::write(file, actual).map_err(|error| error.to_string())?;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    Err(format!("{} is not as expected:\n{}\n{BLESS}", file.display(), diff(&expected, actual)))
}

/// Compares with a member of a golden file in JSON, or writes it.
pub fn golden_member(file: &Path, name: &str, actual: Value) -> Result<(), String> {
    static WRITING: Mutex<()> = Mutex::new(());
    let _guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut members: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    members.insert(name.to_owned(), actual);
    golden_text(file, &(serde_json::to_string_pretty(&members).expect("JSON") + "\n"))
}

/// Whether to accept what is there now.
fn blessing() -> bool {
    std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite")
}

/// Says how two trees differ, file by file.
pub fn differences(what: &str, expected: &Tree, actual: &Tree) -> Result<(), String> {
    let mut text = String::new();
    let paths: BTreeSet<_> = expected.keys().chain(actual.keys()).collect();
    for path in paths {
        let side = |tree: &Tree| {
            let content = tree.get(path)?;
            Some(String::from_utf8_lossy(content).into_owned())
        };
        let _ = match (side(expected), side(actual)) {
            (Some(_), None) => writeln!(text, "{path} is missing"),
            (None, Some(_)) => writeln!(text, "{path} should not be there"),
            (Some(old), Some(new)) if old != new => writeln!(text, "{path}:\n{}", diff(&old, &new)),
            _ => Ok(()),
        };
    }
    if text.is_empty() {
        return Ok(());
    }
    Err(format!("{what} is not as expected:\n{text}\n{BLESS}"))
}

fn diff(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().to_string()
}
