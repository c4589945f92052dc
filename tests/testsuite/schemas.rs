//! The JSON Schemas of `resource.toml`, and the check of files against them.

use std::fs;
use std::path::Path;

use cargo_amplify::model::schema;
use regex::Regex;
use serde_json::Value;
use toml_edit::{DocumentMut, Item, Table};

use crate::documents::{blocks, pages};
use crate::refused::{read, scaffolds};
use crate::support::{read_tree, repository, write_tree};

tests![
    schemas_say_only_what_is_checked,
    an_unknown_key_is_refused_wherever_it_is,
    examples_in_the_documents_are_right,
];

/// A project that uses every property there is.
const FULL: &str = "tests/cases/synth-full/in";

/// The keywords of JSON Schema that the check supports; the others are for people.
const WORDS: [&str; 26] = [
    "$schema",
    "additionalProperties",
    "anyOf",
    "const",
    "description",
    "enum",
    "items",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "oneOf",
    "pattern",
    "patternErrorMessage",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-elsewhere",
    "x-example",
    "x-prefix",
];

fn schemas_say_only_what_is_checked() {
    for schema in [schema::auth(&scaffolds()), schema::function()] {
        visit(&schema, &mut |schema| {
            for (word, value) in schema {
                let known = WORDS.contains(&word.as_str());
                assert!(known, "`{word}` is not understood");
                if word == "pattern" {
                    let pattern = value.as_str().expect("a text");
                    Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
                }
            }
        });
    }
}

/// Calls `found` with each schema in a schema.
fn visit(schema: &Value, found: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
    let Some(object) = schema.as_object() else {
        return;
    };
    found(object);
    for (word, value) in object {
        match word.as_str() {
            "properties" | "patternProperties" => {
                let properties = value.as_object().expect("an object");
                properties.values().for_each(|schema| visit(schema, found));
            }
            "anyOf" | "oneOf" => {
                let branches = value.as_array().expect("an array");
                branches.iter().for_each(|schema| visit(schema, found));
            }
            "items" | "additionalProperties" | "propertyNames" => visit(value, found),
            _ => {}
        }
    }
}

/// Every table of the project that uses everything, with one key more, is refused.
fn an_unknown_key_is_refused_wherever_it_is() {
    let tree = read_tree(&repository().join(FULL));
    let mut tables = 0;
    for (path, text) in &tree {
        let text = std::str::from_utf8(text).expect("UTF-8");
        for number in 0.. {
            let mut document: DocumentMut = text.parse().expect("TOML");
            let mut left = number;
            let Some(place) = spoil(document.as_table_mut(), &mut left, "") else {
                break;
            };
            tables += 1;
            let mut spoiled = tree.clone();
            spoiled.insert(path.clone(), document.to_string().into_bytes());
            let directory = tempfile::tempdir().expect("a directory");
            write_tree(&directory.path().join("app"), &spoiled);
            let problems = read(&directory.path().join("app")).diagnostics;
            let told = problems.iter().any(|problem| {
                problem.path().as_str() == path
                    && problem.place.file.text()[problem.place.span.clone()].contains(SPOILER)
                    || problem.message.contains(SPOILER)
            });
            assert!(told, "{path}: {place}.{SPOILER} is not refused: {problems:?}");
        }
    }
    assert!(tables > 40, "only {tables} tables were tried");
}

const SPOILER: &str = "zzz";

/// Adds a key to one of the tables below; `None` if there are not that many.
fn spoil(table: &mut Table, left: &mut usize, place: &str) -> Option<String> {
    if *left == 0 {
        table.insert(SPOILER, Item::Value(1.into()));
        return Some(place.to_owned());
    }
    *left -= 1;
    for (key, item) in table.iter_mut() {
        let place = format!("{place}.{key}");
        let inner = match item {
            Item::Table(table) => spoil(table, left, &place),
            Item::ArrayOfTables(tables) => {
                tables.iter_mut().find_map(|table| spoil(table, left, &place))
            }
            Item::Value(value) if value.is_inline_table() => {
                let mut table = value.as_inline_table().expect("a table").clone().into_table();
                let spoiled = spoil(&mut table, left, &place);
                *value = table.into_inline_table().into();
                spoiled
            }
            _ => None,
        };
        if inner.is_some() {
            return inner;
        }
    }
    None
}

/// Each of the examples in the documents is valid.
fn examples_in_the_documents_are_right() {
    let mut examples = 0;
    for (name, text) in pages() {
        for example in blocks(&text, "toml") {
            examples += 1;
            let directory = tempfile::tempdir().expect("a directory");
            let path = write_example(directory.path(), example);
            let mut problems = read(&directory.path().join("app")).diagnostics;
            problems.retain(|problem| problem.path().as_str() == path);
            assert_eq!(problems, [], "{name}: {example}");
        }
    }
    assert!(examples > 1, "only {examples} examples were tried");
}

/// An example starts with a comment that names its file, which is returned. The rest of the project
/// is the one that uses everything.
fn write_example<'a>(directory: &Path, example: &'a str) -> &'a str {
    let first = example.lines().next().expect("a line");
    let path = first.strip_prefix("# ").expect("a comment with the path");
    let app = directory.join("app");
    write_tree(&app, &read_tree(&repository().join(FULL)));
    let file = app.join(path);
    assert!(file.exists(), "{path} is no file of the project");
    fs::write(file, example).expect("written");
    path
}
