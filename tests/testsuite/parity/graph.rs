//! A template as resources that refer to each other, each with its properties as leaves by path.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Lists whose order matters.
const ORDERED: [&str; 1] = ["Layers"];

/// The resources of a template.
pub struct Graph {
    pub resources: BTreeMap<String, Resource>,
}

pub struct Resource {
    pub kind: String,
    properties: Value,
    /// Who refers to whom, and where: direction, path of the property, the other resource.
    pub edges: BTreeSet<(Direction, String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Out,
    In,
}

/// Common names of paired resources, by logical ID.
pub type Names = BTreeMap<String, String>;

/// Properties by path.
pub type Leaves = BTreeMap<String, Value>;

impl Resource {
    /// `UserPool` for `AWS::Cognito::UserPool`.
    pub fn short_kind(&self) -> &str {
        self.kind.rsplit("::").next().unwrap_or(&self.kind)
    }
}

impl Graph {
    pub fn new(template: &Value) -> Self {
        let resources = template["Resources"].as_object().expect("resources");
        let resources = resources.iter().map(|(id, resource)| {
            let mut properties = resource["Properties"].clone();
            if resource["Type"] == "AWS::IAM::Policy" {
                properties["PolicyName"] = "a name".into();
            }
            let kind = resource["Type"].as_str().expect("a type").to_owned();
            let edges = BTreeSet::new();
            (id.clone(), Resource { kind, properties, edges })
        });
        let mut graph = Self { resources: resources.collect() };
        graph.connect();
        graph
    }

    fn connect(&mut self) {
        let mut found = Vec::new();
        for (id, resource) in &self.resources {
            references(&resource.properties, "", &mut |path, other| {
                if other != id && self.resources.contains_key(other) {
                    found.push((id.clone(), path.to_owned(), other.to_owned()));
                }
            });
        }
        for (from, path, to) in found {
            let edges = |id: &str| self.resources.get(id).map(|_| ()).expect("a resource");
            edges(&from);
            let out = (Direction::Out, path.clone(), to.clone());
            self.resources.get_mut(&from).expect("there").edges.insert(out);
            let back = (Direction::In, path, from);
            self.resources.get_mut(&to).expect("there").edges.insert(back);
        }
    }

    /// Whether resources refer to each other in a circle, so that none can be created first.
    pub fn has_circle(&self) -> bool {
        let mut left: BTreeSet<&str> = self.resources.keys().map(String::as_str).collect();
        loop {
            let needs_others = |id: &&str| {
                self.resources[*id].edges.iter().any(|(direction, _, other)| {
                    *direction == Direction::Out && left.contains(other.as_str())
                })
            };
            let next: BTreeSet<_> = left.iter().copied().filter(needs_others).collect();
            if next.len() == left.len() {
                return !left.is_empty();
            }
            left = next;
        }
    }

    /// Whether a resource of a kind refers to another one.
    pub fn refers_to(&self, kind: &str, id: &str) -> bool {
        let mut edges = self.resources[id].edges.iter();
        edges.any(|(direction, _, other)| {
            *direction == Direction::In && self.resources[other].short_kind() == kind
        })
    }

    /// The properties of a resource, with the resources that it refers to by their common names.
    pub fn leaves(&self, id: &str, names: &Names) -> Leaves {
        let mut leaves = Leaves::new();
        let properties = self.normal(&self.resources[id].properties, "", names);
        collect(&properties, "", false, &mut leaves);
        leaves
    }

    /// A value with all ways to refer to something, and to write a text, as one text.
    fn normal(&self, value: &Value, key: &str, names: &Names) -> Value {
        match value {
            Value::Object(object) if object.len() == 1 => {
                let (function, argument) = object.iter().next().expect("one member");
                match self.intrinsic(function, argument, names) {
                    Some(text) => text.into(),
                    None => self.members(object, names),
                }
            }
            Value::Object(object) => self.members(object, names),
            Value::Array(array) => {
                let items: Vec<_> =
                    array.iter().map(|item| self.normal(item, key, names)).collect();
                let single = ["Action", "Resource"].contains(&key) && items.len() == 1;
                if single { items[0].clone() } else { items.into() }
            }
            // CloudFormation takes numbers and truth values as texts too.
            Value::String(text) if text == "true" || text == "false" => (text == "true").into(),
            Value::String(text) => match text.parse::<i64>() {
                Ok(number) => number.into(),
                Err(_) if text == "<value will be resolved during runtime>" => "a secret".into(),
                Err(_) => value.clone(),
            },
            other => other.clone(),
        }
    }

    fn members(&self, object: &serde_json::Map<String, Value>, names: &Names) -> Value {
        let members =
            object.iter().map(|(key, value)| (key.clone(), self.normal(value, key, names)));
        Value::Object(members.collect())
    }

    fn intrinsic(&self, function: &str, argument: &Value, names: &Names) -> Option<String> {
        match (function, argument) {
            ("Ref", Value::String(id)) => Some(self.reference(id, names)),
            ("Fn::GetAtt", Value::Array(parts)) => {
                let (id, attribute) = (parts[0].as_str()?, parts[1].as_str()?);
                if id == "AmplifySecretFetcherResource" {
                    return Some("a secret".to_owned());
                }
                Some(format!("{}.{attribute}", self.reference(id, names)))
            }
            ("Fn::Join", Value::Array(parts)) => {
                let separator = parts[0].as_str()?;
                let parts = parts[1].as_array()?.iter();
                let texts: Vec<_> = parts.map(|part| self.text(part, names)).collect();
                Some(texts.join(separator))
            }
            ("Fn::Sub", Value::String(text)) => {
                let mut parts = text.split("${");
                let mut result = parts.next().unwrap_or_default().to_owned();
                for part in parts {
                    let (name, rest) = part.split_once('}')?;
                    let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
                    result += &self.reference(id, names);
                    if !attribute.is_empty() {
                        result += &format!(".{attribute}");
                    }
                    result += rest;
                }
                Some(result)
            }
            _ => None,
        }
    }

    fn text(&self, value: &Value, names: &Names) -> String {
        match self.normal(value, "", names) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    fn reference(&self, id: &str, names: &Names) -> String {
        if let Some(name) = names.get(id) {
            return format!("<{name}>");
        }
        match self.resources.get(id) {
            Some(resource) => format!("<{}>", resource.short_kind()),
            None if id.starts_with("AWS::") => format!("<{id}>"),
            // Parameters are secrets, and nothing else.
            None => "a secret".to_owned(),
        }
    }
}

/// Calls `found` with each reference to a resource, and the property that it is in.
fn references(value: &Value, path: &str, found: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("Ref", Value::String(id)) => found(path, id),
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        found(path, parts[0].as_str().unwrap_or_default());
                    }
                    ("Fn::Sub", Value::String(text)) => {
                        for part in text.split("${").skip(1) {
                            let end = part.find(['.', '}']).unwrap_or(part.len());
                            found(path, &part[..end]);
                        }
                    }
                    (key, value) if key.starts_with("Fn::") => references(value, path, found),
                    (key, value) => references(value, &format!("{path}.{key}"), found),
                }
            }
        }
        Value::Array(array) => array.iter().for_each(|item| references(item, path, found)),
        _ => {}
    }
}

fn collect(value: &Value, path: &str, ordered: bool, leaves: &mut Leaves) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                collect(value, &below(key), ORDERED.contains(&key.as_str()), leaves);
            }
        }
        Value::Array(array) if !array.is_empty() => {
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            for (index, item) in array.iter().enumerate() {
                let label = if ordered { index.to_string() } else { label(item) };
                let count = seen.entry(label.clone()).or_default();
                *count += 1;
                let again = if *count > 1 { format!("#{count}") } else { String::new() };
                collect(item, &format!("{path}[{label}{again}]"), false, leaves);
            }
        }
        leaf => {
            leaves.insert(path.to_owned(), leaf.clone());
        }
    }
}

/// What tells an item of a list from others.
fn label(item: &Value) -> String {
    for key in ["Name", "Sid", "PolicyName", "ClientId", "Action"] {
        if let Some(value) = item.get(key) {
            return format!("{key}={}", plain(value));
        }
    }
    plain(item)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(array) => {
            let mut items: Vec<_> = array.iter().map(plain).collect();
            items.sort();
            items.join(",")
        }
        other => other.to_string(),
    }
}
