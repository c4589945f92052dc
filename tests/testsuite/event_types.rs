//! Sample events are held against the types that read them.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use crate::scaffolds::{lint, lint_set, texts};
use crate::support::{repeated, repository};

tests![events_are_held_against_types, a_member_of_another_type_is_found];

/// Each row is the type of a member of the request, the member of an event, and what the type does
/// not read of it.
fn events_are_held_against_types() {
    const EVENT: &str = "events/PreSignUp_AdminCreateUser.json";
    const TYPES: &str = "files/src/event.rs.hbs";
    const ITEMS: &str = r#"
use std::borrow::Cow;
type Names = Vec<String>;
#[derive(Deserialize)] struct Newtype(String);
#[derive(Deserialize)] #[serde(from = "String")] struct From(u8);
#[derive(Deserialize)] struct Lent<'a> { text: Cow<'a, str> }
#[derive(Deserialize)] #[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Part { first_name: String, #[serde(alias = "age", default)] years: u8, nick: Option<bool> }
#[derive(Deserialize)] struct Flat { #[serde(flatten)] inner: Inner, #[serde(skip)] id: u8 }
#[derive(Deserialize)] struct Inner { #[serde(rename(deserialize = "in"))] inner: bool }
#[derive(Deserialize)] #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Medium { TextMessage, #[serde(alias = "mail")] Email, #[serde(skip)] Other }
#[derive(Deserialize)] enum Data { A, B(bool) }
#[derive(Deserialize)] enum Open { A, #[serde(other)] B }
#[derive(Deserialize)] #[serde(untagged)] enum Untagged { A }
#[derive(Deserialize)] struct Endless(Box<Endless>);
#[derive(Deserialize)] struct Generic<T> { of: T }
#[serde_as] #[derive(Deserialize)] struct Changed { of: String }
struct ByHand { of: String }
#[derive(Deserialize)] struct Maybe { a: ByHand, b: Wrapped, c: Names2 }
#[derive(Deserialize)] struct Wrapped(Option<u8>);
type Names2 = Option<Names>;
type Map<T> = Vec<T>;
fn lenient<'de, D: Deserializer<'de>>(input: D) -> Result<u8, D::Error> {
    Ok(Value::deserialize(input)?.as_u64().unwrap_or_default() as u8)
}
"#;
    let rows = [
        ("String", "7", "is 7, and a string"),
        ("bool", "\"true\"", "is a string, and a boolean"),
        ("u8", "0.5", "is 0.5, and an integer"),
        ("i64", "-1", ""),
        ("f64", "1", ""),
        ("Vec<String>", "[\"a\", true]", ".1` is true, and a string"),
        ("Names", "{}", "is an object, and an array"),
        ("(String, bool)", "[\"a\"]", ""),
        ("Map<bool>", "true", ""),
        ("Map", "true", ""),
        ("Maybe", "{}", ""),
        ("Option<bool>", "[]", "is an array, and a boolean"),
        ("BTreeMap<String, bool>", "{ \"x\": \"y\" }", ".x` is a string, and a boolean"),
        ("std::collections::BTreeMap<String, bool>", "[]", "is an array, and a map"),
        ("Value", "[1]", ""),
        ("String", "null", ""),
        ("Newtype", "7", "is 7, and a string"),
        ("From", "\"\"", ""),
        ("Lent<'static>", "{ \"text\": 7 }", ".text` is 7, and a string"),
        ("Part", "{ \"first-name\": \"a\", \"age\": 7 }", ""),
        ("Part", "{ \"nick\": true }", "has no `first-name`, which the struct `Part`"),
        ("Part", "{ \"first-name\": \"\", \"x\": 1 }", ".x` is not a field of the struct `Part`"),
        ("Part", "\"\"", "is a string, and the struct `Part`"),
        ("Flat", "{ \"in\": 1, \"id\": \"\" }", ".in` is 1, and a boolean"),
        ("Medium", "\"mail\"", ""),
        ("Medium", "\"FAX\"", "is a string, and one of `TEXT_MESSAGE`, `EMAIL` in"),
        ("Data", "{ \"B\": 1 }", ""),
        ("Open", "\"C\"", ""),
        ("Untagged", "7", ""),
        ("Endless", "7", ""),
        ("Generic<String>", "7", ""),
        ("chrono::DateTime<Utc>", "7", ""),
        ("Changed", "7", ""),
        ("ByHand", "7", ""),
        ("#[serde(deserialize_with = \"strings\")] BTreeMap<String, String>", "{ \"x\": 1 }", ""),
        (
            "#[serde(deserialize_with = \"strings\")] BTreeMap<String, String>",
            "\"\"",
            "is a string, and a map",
        ),
        ("#[serde(deserialize_with = \"lenient\")] u8", "\"\"", ""),
        ("#[serde(with = \"elsewhere\")] u8", "\"\"", ""),
    ];
    let mut set = texts(&repository().join("scaffolds/auth-trigger/pre-sign-up"));
    let field = |(index, (written, ..)): (usize, &(&str, &str, &str))| {
        let (attribute, kind) = written.rsplit_once("] ").unwrap_or(("", written));
        let close = if attribute.is_empty() { "" } else { "] " };
        format!("{attribute}{close}pub row_{index}: {kind},\n")
    };
    let fields: String = rows.iter().enumerate().map(field).collect();
    let types = set.get_mut(TYPES).expect("types");
    let start =
        types.find("pub struct Request {").expect("a struct") + "pub struct Request {".len();
    types.insert_str(start, &format!("\n{fields}"));
    types.push_str(ITEMS);
    let members = rows.iter().enumerate();
    let members = members.map(|(index, (_, json, _))| format!("    \"row{index}\": {json},\n"));
    let members: String = members.collect();
    let event = set.get_mut(EVENT).expect("an event");
    *event = event.replace("\"request\": {\n", &format!("\"request\": {{\n{members}"));
    let found = lint(&set);
    let found: Vec<_> = found.iter().filter(|it| it.contains(" in `src/event.rs`")).collect();
    let wanted = rows.iter().enumerate().filter(|(_, (.., problem))| !problem.is_empty());
    let wanted: Vec<_> = wanted.collect();
    for (row, (_, _, problem)) in &wanted {
        let place = format!("{EVENT} {}:", row + 12);
        let is_told = |it: &&&String| {
            it.starts_with(&place)
                && it.contains(problem)
                && it.contains(&format!("`request.row{row}"))
        };
        assert_eq!(found.iter().filter(is_told).count(), 1, "{place} {problem}: {found:#?}");
    }
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for (open, close) in [("Vec<", ">"), ("(", ",)"), ("a<", ""), ("&-", "")] {
        let deep = [open.repeat(20_000), "u8".to_owned(), close.repeat(20_000)].concat();
        let types = format!("#[derive(Deserialize)] struct Event {{ region: {deep} }} {deep}");
        set.insert(TYPES.to_owned(), types);
        assert!(!lint(&set).is_empty(), "{open}");
    }
}

/// In each sample event of our own, a member that the types name is made another type, and found.
fn a_member_of_another_type_is_found() {
    const ENVELOPE: &str = "_shared/partials/envelope.hbs";
    let own = texts(&repository().join("scaffolds/auth-trigger"));
    let events = own.iter().filter(|(path, _)| path.contains("/events/"));
    let events = events.filter_map(|(path, text)| Some((path, serde_json::from_str(text).ok()?)));
    let events: Vec<(_, Value)> = events.collect();
    assert!(events.len() > 50, "{}", events.len());
    for round in 0..repeated(2) as usize {
        let mut set = own.clone();
        let mut wanted = Vec::new();
        for (index, (path, event)) in events.iter().enumerate() {
            let kind = path.split('/').next().unwrap_or_default();
            let types =
                format!("{}{}", own[ENVELOPE], own[&format!("{kind}/files/src/event.rs.hbs")]);
            let mut event = event.clone();
            let mut members = Vec::new();
            named_members(&event, "", &types, &mut members);
            let member = &members[(index + round * 5) % members.len()];
            let value = event.pointer_mut(member).expect("a member");
            *value = if value.is_array() { json!({}) } else { json!([1]) };
            wanted.push((path, format!(" `{}` is ", member[1..].replace('/', "."))));
            set.insert((*path).clone(), format!("{event:#}\n"));
        }
        let mut found = lint_set(&set, &[]);
        found.retain(|it| it.contains(" in `src/event.rs`"));
        for (path, problem) in &wanted {
            let is_told = |it: &&String| it.starts_with(path.as_str()) && it.contains(problem);
            assert_eq!(found.iter().filter(is_told).count(), 1, "{path}{problem}: {found:#?}");
        }
        assert_eq!(found.len(), wanted.len(), "{found:#?}");
    }
}

/// Pointers to the members of an event that some field is for.
fn named_members(value: &Value, path: &str, types: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let field = name.to_snake_case();
        let is_named = types.contains(&format!("pub {field}:"))
            || types.contains(&format!("rename = \"{name}\""));
        if is_named && path != "/response" && !member.is_null() {
            let path = format!("{path}/{name}");
            named_members(member, &path, types, found);
            found.push(path);
        }
    }
}
