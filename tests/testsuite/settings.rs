//! `docs/resource.md` is made from the schemas of `resource.toml`.

use std::fmt::Write;

use cargo_amplify::model::schema;
use serde_json::{Map, Value};

use crate::cases::golden::golden_text;
use crate::refused::scaffolds;
use crate::support::{read_tree, repository};

tests![every_key_is_in_the_reference];

/// A project that uses every key: what it says is the example.
const FULL: &str = "tests/cases/synth-full/in/amplify/auth";

const START: &str = "\
# `resource.toml`

This page is made from the schemas by `just bless`.

Keys, defaults and limits are those of Amplify's
[`defineAuth`](https://docs.amplify.aws/react/build-a-backend/auth/) and
[`defineFunction`](https://docs.amplify.aws/react/build-a-backend/functions/). Keys that Amplify does not
have are marked with ⁺. Two things are written differently than in TypeScript:

- A message that Amplify makes with a function is a string with placeholders: `{####}` for a code,
  `{##Verify Email##}` for a link, `{username}` for a name.
- `secret(\"NAME\")` is `{ secret = \"NAME\" }`.

A value that is also a \"parameter\" can differ between environments:
`{ parameter = \"NAME\", default = VALUE }`, where `default` can be left out. See
[Deploying](deploy.md#values-per-environment).

`cargo amplify check` reports unknown keys and wrong values at their line.
";

/// What Amplify does not have.
const OWN: [&str; 3] = ["architecture", "overrides", "permissions"];

fn every_key_is_in_the_reference() {
    let mut page = START.to_owned();
    for (file, schema) in [
        ("amplify/auth/resource.toml", schema::auth(&scaffolds())),
        ("amplify/auth/<function>/resource.toml", schema::function()),
    ] {
        let _ = write!(page, "\n## `{file}`\n");
        let mut shown = Vec::new();
        table(&mut page, "", &schema, &examples(file.contains('<')), &mut shown);
    }
    golden_text(&repository().join("docs/resource.md"), &page).unwrap_or_else(|e| panic!("{e}"));
}

/// What the files of the full project say.
fn examples(of_functions: bool) -> Vec<Value> {
    let files = read_tree(&repository().join(FULL));
    let files = files.iter().filter(|(path, _)| path.contains('/') == of_functions);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    files.map(|(_, bytes)| toml::from_str(&text(bytes)).expect("TOML")).collect()
}

/// The keys of a table, and then the tables in it.
fn table<'s>(
    page: &mut String,
    path: &str,
    schema: &'s Value,
    examples: &[Value],
    shown: &mut Vec<(&'s Value, String)>,
) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    if !path.is_empty() {
        let _ = write!(page, "\n### `{path}`\n");
    }
    if let Some(about) = schema["description"].as_str().filter(|_| !path.is_empty()) {
        let _ = write!(page, "\n{}\n", about.replace('\n', " "));
    }
    if let Some((_, same)) =
        shown.iter().find(|(known, _)| known["properties"] == schema["properties"])
    {
        let _ = write!(page, "\nThe same keys as `{same}`.\n");
        return;
    }
    shown.push((schema, path.to_owned()));
    page.push_str("\n| key | value | default | example | |\n|---|---|---|---|---|\n");
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let mut groups = alike(properties);
    // Of a family of keys, such as `custom:tenant`, a name stands for all.
    let family = format!("\"{}NAME\"", schema["x-prefix"].as_str().unwrap_or_default());
    let patterns = schema["patternProperties"].as_object();
    groups.extend(patterns.into_iter().flat_map(Map::values).map(|schema| (vec![&family], schema)));
    for (keys, schema) in &groups {
        let value = match required.iter().any(|name| *name == keys[0].as_str()) {
            true => format!("{}, required", value(schema)),
            false => value(schema),
        };
        let (default, about) = described(schema);
        let cells = [names(keys), value, default, example(keys, examples), about];
        let _ = writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    for (keys, schema) in &groups {
        let below: Vec<_> = examples.iter().flat_map(|example| values(keys, example)).collect();
        for inner in tables(schema) {
            let key = if keys.len() > 3 { "NAME" } else { keys[0].as_str() };
            let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            table(page, &path, inner, &below, shown);
        }
    }
}

/// Keys that are described alike, together.
fn alike(properties: &Map<String, Value>) -> Vec<(Vec<&String>, &Value)> {
    let mut groups: Vec<(Vec<&String>, &Value)> = Vec::new();
    for (key, schema) in properties {
        match groups.iter_mut().find(|(_, known)| *known == schema) {
            Some((keys, _)) => keys.push(key),
            None => groups.push((vec![key], schema)),
        }
    }
    groups
}

fn names(keys: &[&String]) -> String {
    let name = |key: &&String| match OWN.contains(&key.as_str()) {
        true => format!("`{key}` ⁺"),
        false => format!("`{key}`"),
    };
    keys.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What examples say at these keys; the elements of an array.
fn values(keys: &[&String], example: &Value) -> Vec<Value> {
    let values = keys.iter().filter_map(|key| example.get(key.as_str()));
    let elements = |value: &Value| match value {
        Value::Array(elements) => elements.clone(),
        value => vec![value.clone()],
    };
    values.flat_map(elements).collect()
}

/// A short value that is not a table.
fn example(keys: &[&String], examples: &[Value]) -> String {
    let found = examples
        .iter()
        .flat_map(|example| keys.iter().filter_map(|key| Some((*key, example.get(key.as_str())?))));
    let lines = found.filter_map(|(key, value)| {
        let value = toml::Value::try_from(value).ok()?.to_string();
        let key = if key.contains(':') { format!("\"{key}\"") } else { key.clone() };
        Some(format!("`{key} = {value}`"))
    });
    lines.filter(|line| line.chars().count() < 60).min_by_key(String::len).unwrap_or_default()
}

/// The alternatives of a schema, or it alone.
fn alternatives(schema: &Value) -> Vec<&Value> {
    let several = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    several.map_or(vec![schema], |several| several.iter().flat_map(alternatives).collect())
}

/// The tables that a value can be, or an array of them.
fn tables(schema: &Value) -> Vec<&Value> {
    let is_table = |schema: &&Value| {
        schema["properties"].as_object().is_some_and(|properties| {
            !["secret", "parameter"].iter().any(|key| properties.contains_key(*key))
        })
    };
    let all = alternatives(schema).into_iter().flat_map(|schema| match &schema["items"] {
        Value::Null => alternatives(schema),
        items => alternatives(items),
    });
    let mut found = Vec::new();
    for schema in all.filter(is_table) {
        if !found.contains(&schema) {
            found.push(schema);
        }
    }
    found
}

/// The type and the limits.
fn value(schema: &Value) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for schema in alternatives(schema) {
        let kind = kind(schema);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let is_code = kinds.iter().all(|kind| kind.starts_with('`'));
    kinds.join(if is_code { ", " } else { "; or " })
}

fn kind(schema: &Value) -> String {
    let code = |value: &Value| format!("`{}`", value.as_str().unwrap_or_default());
    if let Some(only) = schema.get("const") {
        return code(only);
    }
    if let Some(several) = schema["enum"].as_array() {
        return several.iter().map(code).collect::<Vec<_>>().join(", ");
    }
    let mut kind = match schema["type"].as_str().unwrap_or_default() {
        "object" if !schema["properties"]["secret"].is_null() => "secret".to_owned(),
        "object" if !schema["properties"]["parameter"].is_null() => "parameter".to_owned(),
        "object" if schema["additionalProperties"].is_object() => {
            format!("table of {}", several(&schema["additionalProperties"]))
        }
        "object" => "table".to_owned(),
        "array" => format!("array of {}", several(&schema["items"])),
        plain => plain.to_owned(),
    };
    let unit = if kind == "string" { " characters" } else { "" };
    for (least, most) in [("minLength", "maxLength"), ("minimum", "maximum")] {
        let limits = match (schema[least].as_i64(), schema[most].as_i64()) {
            (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
            (None, Some(most)) => format!(", up to {most}{unit}"),
            _ => continue,
        };
        kind += &limits;
    }
    if let Some(pattern) = schema["patternErrorMessage"].as_str() {
        let _ = write!(kind, ": {pattern}");
    }
    kind
}

/// The type and the limits of each of several.
fn several(schema: &Value) -> String {
    let kinds = value(schema);
    let kinds = kinds.split("; or ").map(|kind| {
        let words = ["string", "table", "secret", "parameter"];
        let word = words.iter().find(|word| kind.starts_with(**word));
        word.map_or(kind.to_owned(), |word| kind.replacen(word, &format!("{word}s"), 1))
    });
    kinds.collect::<Vec<_>>().join(" or ")
}

/// The default, and what the key is for.
fn described(schema: &Value) -> (String, String) {
    let text = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    let (text, default) = match text.split_once(" [default: ") {
        Some((before, rest)) => {
            let (default, after) = rest.split_once(']').expect("a bracket");
            (format!("{before}{after}"), default.to_owned())
        }
        None => (text, String::new()),
    };
    let several = alternatives(schema);
    let said = several.iter().filter(|_| several.len() > 1).filter_map(|schema| {
        let only = schema.get("const")?.as_str()?;
        let about = schema["description"].as_str()?.replace('\n', " ");
        Some(format!(" `{only}`: {about}"))
    });
    (default, said.fold(text, |text, said| text + &said))
}
