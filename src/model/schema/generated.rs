//! Generates the schemas from the types.

use std::env;
use std::fs;
use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use super::{AUTH, FAMILY, FUNCTION, SCAFFOLD};
use crate::catalog::{Family, Scaffold};
use crate::model::auth::Auth;
use crate::model::function::Function;

#[test]
fn schemas_are_those_of_the_types() {
    for (name, known, schema) in [
        ("auth.json", AUTH, generate::<Auth>()),
        ("function.json", FUNCTION, generate::<Function>()),
        ("scaffold.json", SCAFFOLD, generate::<Scaffold>()),
        ("family.json", FAMILY, generate::<Family>()),
    ] {
        let made = format!("{schema:#}\n");
        if env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/schema");
            fs::write(directory.join(name), made).expect("can be written");
        } else {
            assert!(known == made, "{name} is not up to date: `just bless schema`");
        }
    }
}

/// The schema of a type, without references and without `null`, which TOML does not have.
fn generate<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.transforms.push(Box::new(ForToml));
    });
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

#[derive(Clone, Debug)]
struct ForToml;

impl Transform for ForToml {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        object.remove("default");
        object.remove("format");
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
            branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
            if branches.len() == 1
                && let Some(Value::Object(only)) = branches.pop()
            {
                object.remove("anyOf");
                let outer = std::mem::take(object);
                object.extend(only);
                object.extend(outer);
            }
        }
        if let Some(Value::Array(values)) = object.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
        spread(object);
    }
}

/// Has each of several tables say also what all of them have.
fn spread(object: &mut Map<String, Value>) {
    if !object.contains_key("oneOf") || !object.contains_key("properties") {
        return;
    }
    let (properties, required) = (object.remove("properties"), object.remove("required"));
    let branches = object.get_mut("oneOf").and_then(Value::as_array_mut);
    for branch in branches.into_iter().flatten() {
        let mut all = properties.clone().unwrap_or_default();
        let own = branch["properties"].as_object().cloned().unwrap_or_default();
        all.as_object_mut().expect("an object").extend(own);
        branch["properties"] = all;
        let own = branch["required"].as_array().cloned().unwrap_or_default();
        let all = required.iter().flat_map(|names| names.as_array().cloned().unwrap_or_default());
        branch["required"] = all.chain(own).collect();
        branch["additionalProperties"] = false.into();
    }
}
