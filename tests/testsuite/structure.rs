//! What the source keeps to, so that a reader finds one thing under each name.

use std::collections::BTreeMap;

use crate::support::{read_tree, repository};

tests![no_file_is_long, each_type_has_a_name_of_its_own];

/// The lines that a file may have.
const LINES: usize = 300;

fn no_file_is_long() {
    let long: Vec<_> = code().filter(|(_, text)| text.lines().count() > LINES).collect();
    let names: Vec<_> = long.iter().map(|(path, _)| path).collect();
    assert!(names.is_empty(), "over {LINES} lines: {names:?}");
}

fn each_type_has_a_name_of_its_own() {
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for (path, text) in code() {
        for name in text.lines().filter_map(defined_type) {
            places.entry(name.to_owned()).or_default().push(path.clone());
        }
    }
    assert!(places.len() > 100, "{places:?}");
    places.retain(|_, places| places.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

/// The files of the program, by their paths.
fn code() -> impl Iterator<Item = (String, String)> {
    let files = read_tree(&repository().join("src")).into_iter();
    let code = files.filter(|(path, _)| path.ends_with(".rs"));
    code.map(|(path, text)| (path, String::from_utf8(text).expect("UTF-8")))
}

/// The type that a line defines. Associated types have names that their traits give.
fn defined_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub").map_or(line, |rest| {
        let rest = rest.strip_prefix("(crate)").or(rest.strip_prefix("(super)")).unwrap_or(rest);
        rest.trim_start()
    });
    let name = ["struct ", "enum ", "trait "].iter().find_map(|word| line.strip_prefix(word))?;
    let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    Some(&name[..end])
}
