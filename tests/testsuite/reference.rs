//! `docs/triggers.md` and the tables of `docs/scaffolds.md` are made from the catalogue.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use cargo_amplify::catalog::{Catalog, HELPERS, Scaffold, Trigger, VARIABLES};
use cargo_amplify::model::schema;
use serde_json::Value;

use crate::cases::golden::golden_text;
use crate::support::{read_tree, repository};

tests![the_reference_of_triggers_is_fresh, the_reference_of_scaffolds_is_fresh];

fn the_reference_of_triggers_is_fresh() {
    let catalog = Catalog::embedded();
    let names = catalog.names();
    let scaffolds: Vec<_> =
        names.into_iter().map(|name| catalog.scaffold(name).expect("right")).collect();
    let mut page = "# The triggers of a Cognito user pool\n\n\
                    This page is made from `scaffolds/auth-trigger/` by `just bless`.\n\n\
                    ## When Cognito calls them\n\n"
        .to_owned();
    page += &picture(&scaffolds);
    page += "\nTriggers that are not wired are skipped. Cognito calls user-migration only for users that the pool \
             does not know, and a message trigger only when it sends a message: at sign-in, only with a second \
             factor. After each answer to a custom challenge, define-auth-challenge decides again.\n";
    page += "\n| trigger | Cognito calls it |\n|---|---|\n";
    for scaffold in &scaffolds {
        let name = &scaffold.name;
        let _ = writeln!(page, "| [{name}](#{name}) | {} |", trigger(scaffold).called);
    }
    for name in catalog.bundles() {
        let bundle = catalog.bundle(name).expect("right");
        let kinds = bundle.scaffolds.join(", ");
        let _ = write!(page, "\n`{name}` is {kinds} in one: {}.\n", lower(&bundle.summary));
    }
    for scaffold in &scaffolds {
        page += &section(scaffold);
    }
    golden_text(&repository().join("docs/triggers.md"), &page).unwrap_or_else(|e| panic!("{e}"));
}

fn the_reference_of_scaffolds_is_fresh() {
    let file = repository().join("docs/scaffolds.md");
    let mut page = fs::read_to_string(&file).expect("a document");
    let rows = |known: &[(&str, &str)]| -> String {
        known.iter().map(|(name, what)| format!("| `{name}` | {what} |\n")).collect()
    };
    let (mut keys, mut family) = (String::new(), String::new());
    keys_of(&schema::scaffold(), "", &mut keys);
    keys_of(&schema::family(), "", &mut family);
    let table = |head: &str, rows: String| format!("| {head} | is |\n|---|---|\n{rows}");
    for (name, made) in [
        ("variables", table("variable", rows(&VARIABLES))),
        ("helpers", table("helper", rows(&HELPERS))),
        ("keys", table("key", keys)),
        ("family", table("key", family)),
        ("example", example()),
    ] {
        let start = format!("<!-- {name} -->\n");
        let (before, rest) = page.split_once(&start).expect("a place");
        let (_, after) = rest.split_once("<!-- end -->").expect("its end");
        page = format!("{before}{start}{made}<!-- end -->{after}");
    }
    golden_text(&file, &page).unwrap_or_else(|e| panic!("{e}"));
}

/// All files of a family with one kind, which `families` generates in every kind of repository.
fn example() -> String {
    let files = read_tree(&repository().join("tests/kinds/scaffolds/storage-trigger"));
    let files = files.into_iter().filter(|(path, _)| !path.starts_with("on-delete/"));
    let block = |(path, text): (String, Vec<u8>)| {
        let text = String::from_utf8(text).expect("UTF-8");
        format!("`storage-trigger/{path}`\n\n```text\n{text}```\n\n")
    };
    files.map(block).collect()
}

/// A row for each key of a schema, those below it after it.
fn keys_of(schema: &Value, above: &str, rows: &mut String) {
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let mark = if required.iter().any(|name| name == key) { "*" } else { "" };
        let kind = match (&value["type"], &value["items"]["type"]) {
            (Value::String(kind), Value::String(item)) => format!("{kind} of {item}s"),
            (Value::String(kind), _) => kind.clone(),
            _ => "one of several".to_owned(),
        };
        let text = value["description"].as_str().unwrap_or_default().replace('\n', " ");
        let kind = kind.replace("object", "table");
        let _ = writeln!(rows, "| `{above}{key}`{mark} | {kind}. {text} |");
        let below = format!("{above}{key}.");
        keys_of(value, &below, rows);
        keys_of(&value["items"], &below, rows);
        let branches = value["items"]["oneOf"].as_array().into_iter().flatten();
        for (index, branch) in branches.enumerate() {
            let mut branch = branch.clone();
            let name = branch["properties"]["type"]["const"].clone();
            // All of them have these: they are told once.
            let mut common = branch.clone();
            let is_common = |key: &String| ["name", "help"].contains(&key.as_str());
            common["properties"].as_object_mut().expect("keys").retain(|key, _| is_common(key));
            let own = branch["properties"].as_object_mut().expect("keys");
            own.retain(|key, _| !is_common(key) && key != "type");
            if index == 0 {
                keys_of(&common, &below, rows);
            }
            let what = branch["description"].as_str().unwrap_or_default();
            let _ = writeln!(rows, "| `{below}type = {name}` | {what} |");
            keys_of(&branch, &below, rows);
        }
    }
}

/// A picture for each flow, with the triggers in the order in which they run.
fn picture(scaffolds: &[Scaffold]) -> String {
    let mut flows: BTreeMap<&str, BTreeMap<u8, Vec<&str>>> = BTreeMap::new();
    for scaffold in scaffolds {
        for (flow, step) in &trigger(scaffold).flows {
            let steps = flows.entry(flow).or_default();
            steps.entry(*step).or_default().push(&scaffold.name);
        }
    }
    let mut text = "```mermaid\nflowchart LR\n".to_owned();
    for (flow, steps) in flows {
        let id = flow.replace('-', "_");
        let title = match flow.strip_suffix("-sign-in") {
            Some(which) => format!("{} sign-in", which.replace('-', " ")),
            None => flow.to_owned(),
        };
        let _ = writeln!(text, "    subgraph {id}[{title}]");
        let steps: Vec<_> = steps.into_values().map(|names| names.join("<br>or ")).collect();
        for (index, step) in steps.iter().enumerate() {
            let _ = writeln!(text, "        {id}{index}[\"{step}\"]");
        }
        let chain: Vec<_> = (0..steps.len()).map(|index| format!("{id}{index}")).collect();
        let _ = writeln!(text, "        {}\n    end", chain.join(" --> "));
    }
    text + "```\n"
}

fn trigger(scaffold: &Scaffold) -> &Trigger {
    scaffold.trigger.as_ref().expect("a trigger")
}

fn section(scaffold: &Scaffold) -> String {
    let trigger = trigger(scaffold);
    let mut text = format!("\n## {}\n\n{}.\n\n", scaffold.name, scaffold.summary);
    let sources: Vec<_> = trigger.sources.iter().map(|source| format!("`{source}`")).collect();
    let _ = writeln!(text, "- Cognito calls it {}.", trigger.called);
    let _ = writeln!(text, "- Trigger sources: {}.", sources.join(", "));
    let _ = writeln!(text, "- Event: {}", trigger.request);
    let _ = writeln!(text, "- Response: {}", trigger.response);
    for limit in &trigger.limits {
        let _ = writeln!(text, "- Limit: {limit}.");
    }
    let _ = writeln!(text, "- An error of the handler: {}", trigger.error);
    for input in &scaffold.inputs {
        let _ = writeln!(
            text,
            "- Input `{}`: {} ({}).",
            input.name,
            lower(&input.help),
            input.values()
        );
    }
    let _ = writeln!(
        text,
        "- Names: `{}` in Amplify, `{}` in CloudFormation. [Developer guide]({})",
        trigger.amplify, trigger.cloudformation, trigger.docs
    );
    text
}

fn lower(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
