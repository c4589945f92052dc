["README.md", "docs/deploy.md", "docs/recipes.md"]/! The JSON Schemas of `resource.toml`, and the check of files against them.

u["README.md", "docs/deploy.md", "docs/recipes.md"]e std::fs;
u["README.md", "docs/deploy.md", "docs/recipes.md"]e std::path::Path;

u["README.md", "docs/deploy.md", "docs/recipes.md"]e cargo_amplify::model::schema;
u["README.md", "docs/deploy.md", "docs/recipes.md"]e regex::Regex;
u["README.md", "docs/deploy.md", "docs/recipes.md"]e serde_json::Value;
u["README.md", "docs/deploy.md", "docs/recipes.md"]e toml_edit::{DocumentMut, Item, Table};

u["README.md", "docs/deploy.md", "docs/recipes.md"]e crate::documents::{blocks, document};
u["README.md", "docs/deploy.md", "docs/recipes.md"]e crate::refused::{read, scaffolds};
u["README.md", "docs/deploy.md", "docs/recipes.md"]e crate::support::{read_tree, repository, write_tree};

t["README.md", "docs/deploy.md", "docs/recipes.md"]sts![
["README.md", "docs/deploy.md", "docs/recipes.md"]   schemas_say_only_what_is_checked,
["README.md", "docs/deploy.md", "docs/recipes.md"]   an_unknown_key_is_refused_wherever_it_is,
["README.md", "docs/deploy.md", "docs/recipes.md"]   examples_in_the_documents_are_right,
];

["README.md", "docs/deploy.md", "docs/recipes.md"]// A project that uses every property there is.
["README.md", "docs/deploy.md", "docs/recipes.md"]onst FULL: &str = "tests/cases/synth-full/in";

["README.md", "docs/deploy.md", "docs/recipes.md"]// The keywords of JSON Schema that the check supports; the others are for people.
["README.md", "docs/deploy.md", "docs/recipes.md"]onst WORDS: [&str; 26] = [
["README.md", "docs/deploy.md", "docs/recipes.md"]   "$schema",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "additionalProperties",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "anyOf",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "const",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "description",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "enum",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "items",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "maxLength",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "maxProperties",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "maximum",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "minItems",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "minLength",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "minimum",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "oneOf",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "pattern",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "patternErrorMessage",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "patternProperties",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "properties",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "propertyNames",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "required",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "title",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "type",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "uniqueItems",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "x-elsewhere",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "x-example",
["README.md", "docs/deploy.md", "docs/recipes.md"]   "x-prefix",
];

fn["README.md", "docs/deploy.md", "docs/recipes.md"]schemas_say_only_what_is_checked() {
["README.md", "docs/deploy.md", "docs/recipes.md"]   for schema in [schema::auth(&scaffolds()), schema::function()] {
["README.md", "docs/deploy.md", "docs/recipes.md"]       visit(&schema, &mut |schema| {
["README.md", "docs/deploy.md", "docs/recipes.md"]           for (word, value) in schema {
["README.md", "docs/deploy.md", "docs/recipes.md"]               let known = WORDS.contains(&word.as_str());
["README.md", "docs/deploy.md", "docs/recipes.md"]               assert!(known, "`{word}` is not understood");
["README.md", "docs/deploy.md", "docs/recipes.md"]               if word == "pattern" {
["README.md", "docs/deploy.md", "docs/recipes.md"]                   let pattern = value.as_str().expect("a text");
["README.md", "docs/deploy.md", "docs/recipes.md"]                   Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
["README.md", "docs/deploy.md", "docs/recipes.md"]               }
["README.md", "docs/deploy.md", "docs/recipes.md"]           }
["README.md", "docs/deploy.md", "docs/recipes.md"]       });
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
}

["README.md", "docs/deploy.md", "docs/recipes.md"]// Calls `found` with each schema in a schema.
fn["README.md", "docs/deploy.md", "docs/recipes.md"]visit(schema: &Value, found: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
["README.md", "docs/deploy.md", "docs/recipes.md"]   let Some(object) = schema.as_object() else {
["README.md", "docs/deploy.md", "docs/recipes.md"]       return;
["README.md", "docs/deploy.md", "docs/recipes.md"]   };
["README.md", "docs/deploy.md", "docs/recipes.md"]   found(object);
["README.md", "docs/deploy.md", "docs/recipes.md"]   for (word, value) in object {
["README.md", "docs/deploy.md", "docs/recipes.md"]       match word.as_str() {
["README.md", "docs/deploy.md", "docs/recipes.md"]           "properties" | "patternProperties" => {
["README.md", "docs/deploy.md", "docs/recipes.md"]               let properties = value.as_object().expect("an object");
["README.md", "docs/deploy.md", "docs/recipes.md"]               properties.values().for_each(|schema| visit(schema, found));
["README.md", "docs/deploy.md", "docs/recipes.md"]           }
["README.md", "docs/deploy.md", "docs/recipes.md"]           "anyOf" | "oneOf" => {
["README.md", "docs/deploy.md", "docs/recipes.md"]               let branches = value.as_array().expect("an array");
["README.md", "docs/deploy.md", "docs/recipes.md"]               branches.iter().for_each(|schema| visit(schema, found));
["README.md", "docs/deploy.md", "docs/recipes.md"]           }
["README.md", "docs/deploy.md", "docs/recipes.md"]           "items" | "additionalProperties" | "propertyNames" => visit(value, found),
["README.md", "docs/deploy.md", "docs/recipes.md"]           _ => {}
["README.md", "docs/deploy.md", "docs/recipes.md"]       }
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
}

["README.md", "docs/deploy.md", "docs/recipes.md"]// Every table of the project that uses everything, with one key more, is refused.
fn["README.md", "docs/deploy.md", "docs/recipes.md"]an_unknown_key_is_refused_wherever_it_is() {
["README.md", "docs/deploy.md", "docs/recipes.md"]   let tree = read_tree(&repository().join(FULL));
["README.md", "docs/deploy.md", "docs/recipes.md"]   let mut tables = 0;
["README.md", "docs/deploy.md", "docs/recipes.md"]   for (path, text) in &tree {
["README.md", "docs/deploy.md", "docs/recipes.md"]       let text = std::str::from_utf8(text).expect("UTF-8");
["README.md", "docs/deploy.md", "docs/recipes.md"]       for number in 0.. {
["README.md", "docs/deploy.md", "docs/recipes.md"]           let mut document: DocumentMut = text.parse().expect("TOML");
["README.md", "docs/deploy.md", "docs/recipes.md"]           let mut left = number;
["README.md", "docs/deploy.md", "docs/recipes.md"]           let Some(place) = spoil(document.as_table_mut(), &mut left, "") else {
["README.md", "docs/deploy.md", "docs/recipes.md"]               break;
["README.md", "docs/deploy.md", "docs/recipes.md"]           };
["README.md", "docs/deploy.md", "docs/recipes.md"]           tables += 1;
["README.md", "docs/deploy.md", "docs/recipes.md"]           let mut spoiled = tree.clone();
["README.md", "docs/deploy.md", "docs/recipes.md"]           spoiled.insert(path.clone(), document.to_string().into_bytes());
["README.md", "docs/deploy.md", "docs/recipes.md"]           let directory = tempfile::tempdir().expect("a directory");
["README.md", "docs/deploy.md", "docs/recipes.md"]           write_tree(&directory.path().join("app"), &spoiled);
["README.md", "docs/deploy.md", "docs/recipes.md"]           let problems = read(&directory.path().join("app")).diagnostics;
["README.md", "docs/deploy.md", "docs/recipes.md"]           let told = problems.iter().any(|problem| {
["README.md", "docs/deploy.md", "docs/recipes.md"]               problem.path().as_str() == path
["README.md", "docs/deploy.md", "docs/recipes.md"]                   && problem.place.file.text()[problem.place.span.clone()].contains(SPOILER)
["README.md", "docs/deploy.md", "docs/recipes.md"]                   || problem.message.contains(SPOILER)
["README.md", "docs/deploy.md", "docs/recipes.md"]           });
["README.md", "docs/deploy.md", "docs/recipes.md"]           assert!(told, "{path}: {place}.{SPOILER} is not refused: {problems:?}");
["README.md", "docs/deploy.md", "docs/recipes.md"]       }
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
["README.md", "docs/deploy.md", "docs/recipes.md"]   assert!(tables > 40, "only {tables} tables were tried");
}

["README.md", "docs/deploy.md", "docs/recipes.md"]onst SPOILER: &str = "zzz";

["README.md", "docs/deploy.md", "docs/recipes.md"]// Adds a key to one of the tables below; `None` if there are not that many.
fn["README.md", "docs/deploy.md", "docs/recipes.md"]spoil(table: &mut Table, left: &mut usize, place: &str) -> Option<String> {
["README.md", "docs/deploy.md", "docs/recipes.md"]   if *left == 0 {
["README.md", "docs/deploy.md", "docs/recipes.md"]       table.insert(SPOILER, Item::Value(1.into()));
["README.md", "docs/deploy.md", "docs/recipes.md"]       return Some(place.to_owned());
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
["README.md", "docs/deploy.md", "docs/recipes.md"]   *left -= 1;
["README.md", "docs/deploy.md", "docs/recipes.md"]   for (key, item) in table.iter_mut() {
["README.md", "docs/deploy.md", "docs/recipes.md"]       let place = format!("{place}.{key}");
["README.md", "docs/deploy.md", "docs/recipes.md"]       let inner = match item {
["README.md", "docs/deploy.md", "docs/recipes.md"]           Item::Table(table) => spoil(table, left, &place),
["README.md", "docs/deploy.md", "docs/recipes.md"]           Item::ArrayOfTables(tables) => {
["README.md", "docs/deploy.md", "docs/recipes.md"]               tables.iter_mut().find_map(|table| spoil(table, left, &place))
["README.md", "docs/deploy.md", "docs/recipes.md"]           }
["README.md", "docs/deploy.md", "docs/recipes.md"]           Item::Value(value) if value.is_inline_table() => {
["README.md", "docs/deploy.md", "docs/recipes.md"]               let mut table = value.as_inline_table().expect("a table").clone().into_table();
["README.md", "docs/deploy.md", "docs/recipes.md"]               let spoiled = spoil(&mut table, left, &place);
["README.md", "docs/deploy.md", "docs/recipes.md"]               *value = table.into_inline_table().into();
["README.md", "docs/deploy.md", "docs/recipes.md"]               spoiled
["README.md", "docs/deploy.md", "docs/recipes.md"]           }
["README.md", "docs/deploy.md", "docs/recipes.md"]           _ => None,
["README.md", "docs/deploy.md", "docs/recipes.md"]       };
["README.md", "docs/deploy.md", "docs/recipes.md"]       if inner.is_some() {
["README.md", "docs/deploy.md", "docs/recipes.md"]           return inner;
["README.md", "docs/deploy.md", "docs/recipes.md"]       }
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
["README.md", "docs/deploy.md", "docs/recipes.md"]   None
}

["README.md", "docs/deploy.md", "docs/recipes.md"]// Each of the examples in the documents is valid.
fn["README.md", "docs/deploy.md", "docs/recipes.md"]examples_in_the_documents_are_right() {
["README.md", "docs/deploy.md", "docs/recipes.md"]   let mut examples = 0;
["README.md", "docs/deploy.md", "docs/recipes.md"]   for name in ["README.md", "docs/deploy.md", "docs/recipes.md"] {
["README.md", "docs/deploy.md", "docs/recipes.md"]       let text = document(name);
["README.md", "docs/deploy.md", "docs/recipes.md"]       for example in blocks(&text, "toml") {
["README.md", "docs/deploy.md", "docs/recipes.md"]           examples += 1;
["README.md", "docs/deploy.md", "docs/recipes.md"]           let directory = tempfile::tempdir().expect("a directory");
["README.md", "docs/deploy.md", "docs/recipes.md"]           let path = write_example(directory.path(), example);
["README.md", "docs/deploy.md", "docs/recipes.md"]           let mut problems = read(&directory.path().join("app")).diagnostics;
["README.md", "docs/deploy.md", "docs/recipes.md"]           problems.retain(|problem| problem.path().as_str() == path);
["README.md", "docs/deploy.md", "docs/recipes.md"]           assert_eq!(problems, [], "{name}: {example}");
["README.md", "docs/deploy.md", "docs/recipes.md"]       }
["README.md", "docs/deploy.md", "docs/recipes.md"]   }
["README.md", "docs/deploy.md", "docs/recipes.md"]   assert!(examples > 1, "only {examples} examples were tried");
}

["README.md", "docs/deploy.md", "docs/recipes.md"]// An example starts with a comment that names its file, which is returned. The rest of the project
["README.md", "docs/deploy.md", "docs/recipes.md"]// is the one that uses everything.
fn["README.md", "docs/deploy.md", "docs/recipes.md"]write_example<'a>(directory: &Path, example: &'a str) -> &'a str {
["README.md", "docs/deploy.md", "docs/recipes.md"]   let first = example.lines().next().expect("a line");
["README.md", "docs/deploy.md", "docs/recipes.md"]   let path = first.strip_prefix("# ").expect("a comment with the path");
["README.md", "docs/deploy.md", "docs/recipes.md"]   let app = directory.join("app");
["README.md", "docs/deploy.md", "docs/recipes.md"]   write_tree(&app, &read_tree(&repository().join(FULL)));
["README.md", "docs/deploy.md", "docs/recipes.md"]   let file = app.join(path);
["README.md", "docs/deploy.md", "docs/recipes.md"]   assert!(file.exists(), "{path} is no file of the project");
["README.md", "docs/deploy.md", "docs/recipes.md"]   fs::write(file, example).expect("written");
["README.md", "docs/deploy.md", "docs/recipes.md"]   path
}
