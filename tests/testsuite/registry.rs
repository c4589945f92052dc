//! Byte-exact edits, tried on the manifests of all crates that Cargo has unpacked here.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use cargo_amplify::edit::{is_bare, is_written, push_string, remove_key, remove_string, set_value};
use toml_edit::{DocumentMut, Item};

use crate::support::repeated;

tests![edits_of_real_manifests_add_their_bytes_and_go_without_a_trace,];

const ELEMENT: &str = "amplify/auth/pre-sign-up";

/// What is edited in each manifest: arrays that are there, and ones that are not.
const ARRAYS: [&[&str]; 5] = [
    &["workspace", "members"],
    &["package", "keywords"],
    &["package", "include"],
    &["features", "default"],
    &["package", "metadata", "docs", "rs", "features"],
];

const KEYS: [&[&str]; 4] = [
    &["triggers", "preSignUp"],
    &["package", "metadata", "x-key"],
    &["dependencies", "x-key"],
    &["lib", "x-key"],
];

fn edits_of_real_manifests_add_their_bytes_and_go_without_a_trace() {
    let manifests = manifests();
    if manifests.is_empty() {
        say("skipped: Cargo has unpacked no crates here");
        return;
    }
    let numbered = manifests.iter().enumerate();
    let edits: usize = numbered.map(|(number, file)| check_file(number, file)).sum();
    say(&format!("{edits} edits of {} manifests", manifests.len()));
    assert!(edits > manifests.len(), "too few edits were tried");
}

/// Edits a manifest as it is, and in one of the other forms that files have.
fn check_file(number: usize, file: &Path) -> usize {
    let Ok(text) = fs::read_to_string(file) else {
        return 0;
    };
    let other = match number % 3 {
        0 => text.replace('\n', "\r\n"),
        1 => format!("\u{feff}{text}"),
        _ => text.trim_end().to_owned(),
    };
    let edits = [text, other]
        .map(|form| check(&form).unwrap_or_else(|error| panic!("{}: {error}", file.display())));
    edits.iter().sum()
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// `Cargo.toml` and `Cargo.toml.orig`, as its author wrote it, of crates from all over the alphabet.
fn manifests() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let below = |directory: PathBuf| {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.path())
    };
    let registries = home.into_iter().flat_map(|home| below(home.join("registry/src")));
    let crates = registries.flat_map(below);
    let files = crates
        .flat_map(|directory| ["Cargo.toml", "Cargo.toml.orig"].map(|name| directory.join(name)));
    let mut files: Vec<_> = files.filter(|file| file.is_file()).collect();
    files.sort();
    let step = files.len().div_ceil(repeated(30) as usize).max(1);
    files.into_iter().step_by(step).collect()
}

/// Adds to each array and table, and removes the addition again.
fn check(text: &str) -> Result<usize, String> {
    let Ok(before) = text.parse::<DocumentMut>() else {
        return Ok(0);
    };
    let mut edits = 0;
    for path in ARRAYS {
        let has_texts = item(&before, path).is_none_or(|item| item.as_array().is_some());
        if !has_texts || has_other(&before, path) {
            continue;
        }
        let edited = push_string(text, path, ELEMENT).map_err(|error| error.to_string())?;
        check_data(&before, &edited, path, &|item| {
            let array = item.as_array_mut().expect("an array");
            array.retain(|value| value.as_str() != Some(ELEMENT));
        })?;
        let taken = remove_string(&edited, path, ELEMENT).map_err(|error| error.to_string())?;
        check_bytes(text, &edited, taken, path)?;
        edits += 1;
    }
    for path in KEYS {
        if has_other(&before, path) || item(&before, path).is_some() {
            continue;
        }
        let edited = set_value(text, path, "\"1\"").map_err(|error| error.to_string())?;
        check_data(&before, &edited, path, &|item| *item = Item::None)?;
        let taken = remove_key(&edited, path).map_err(|error| error.to_string())?;
        check_bytes(text, &edited, taken, path)?;
        edits += 1;
    }
    Ok(edits)
}

fn item<'a>(document: &'a DocumentMut, path: &[&str]) -> Option<&'a Item> {
    path.iter().try_fold(document.as_item(), |item, key| item.get(key))
}

/// Whether something on the way is no table, such as an array of tables.
fn has_other(document: &DocumentMut, path: &[&str]) -> bool {
    (1..path.len())
        .any(|depth| item(document, &path[..depth]).is_some_and(|item| !item.is_table_like()))
}

/// As data, the edited text has the new entry and nothing else.
fn check_data(
    before: &DocumentMut,
    edited: &str,
    path: &[&str],
    take_out: &dyn Fn(&mut Item),
) -> Result<(), String> {
    let mut after: DocumentMut = edited.parse().map_err(|error| format!("{error}\n{edited}"))?;
    let mut found = after.as_item_mut();
    for key in path {
        found = found.get_mut(key).ok_or_else(|| format!("no {path:?} in\n{edited}"))?;
    }
    take_out(found);
    match data(after.as_item()) == data(before.as_item()) {
        true => Ok(()),
        false => Err(format!("{path:?}: more than the entry has changed\n{edited}")),
    }
}

/// A document as data, in one spelling; what is empty does not count.
fn data(item: &Item) -> String {
    if let Some(table) = item.as_table_like() {
        let members = table.iter().map(|(key, item)| (key, data(item)));
        let mut members: Vec<_> = members
            .filter(|(_, data)| !["{}", "[]", ""].contains(&data.as_str()))
            .map(|(key, data)| format!("{key:?}:{data}"))
            .collect();
        members.sort();
        return format!("{{{}}}", members.join(","));
    }
    if let Some(tables) = item.as_array_of_tables() {
        let tables: Vec<_> = tables.iter().map(|table| data(&Item::Table(table.clone()))).collect();
        return format!("[{}]", tables.join(","));
    }
    if let Some(array) = item.as_array() {
        let values: Vec<_> = array.iter().map(|value| data(&Item::Value(value.clone()))).collect();
        return format!("[{}]", values.join(","));
    }
    match item.as_str() {
        Some(text) => format!("{text:?}"),
        None => item.to_string().trim().to_owned(),
    }
}

/// With the tables and arrays gone that had to be made, the bytes are those from before.
fn check_bytes(text: &str, edited: &str, taken: String, path: &[&str]) -> Result<(), String> {
    let mut taken = taken;
    for depth in (1..=path.len()).rev() {
        let path = &path[..depth];
        let made = !is_written(text, path).map_err(|error| error.to_string())?;
        if made && is_bare(&taken, path).map_err(|error| error.to_string())? {
            taken = remove_key(&taken, path).map_err(|error| error.to_string())?;
        }
    }
    let added = edited.len() - text.len();
    if taken == text && is_subsequence(text, edited) {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(text, &taken);
    Err(format!("{path:?}, {added} bytes were added: what is left\n{}", diff.unified_diff()))
}

/// Whether all bytes of the text are still there, in their order.
fn is_subsequence(text: &str, edited: &str) -> bool {
    let mut edited = edited.bytes();
    text.bytes().all(|byte| edited.any(|other| other == byte))
}
