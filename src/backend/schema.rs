//! JSON Schemas of both kinds of `resource.toml`, made from the types that the files are read
//! into. Editors complete and check with them, and so does the check of a parsed file.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::auth::Auth;
use super::function::Function;
use crate::catalog::Scaffold;

/// Amplify's names of the standard attributes, and Cognito's.
///
/// Source: `StandardAttributeNames` of the CDK.
pub const STANDARD_ATTRIBUTES: [(&str, &str); 17] = [
    ("address", "address"),
    ("birthdate", "birthdate"),
    ("email", "email"),
    ("familyName", "family_name"),
    ("fullname", "name"),
    ("gender", "gender"),
    ("givenName", "given_name"),
    ("lastUpdateTime", "updated_at"),
    ("locale", "locale"),
    ("middleName", "middle_name"),
    ("nickname", "nickname"),
    ("phoneNumber", "phone_number"),
    ("preferredUsername", "preferred_username"),
    ("profilePage", "profile"),
    ("profilePicture", "picture"),
    ("timezone", "zoneinfo"),
    ("website", "website"),
];

/// How long logs can be kept, and the number of days; no number is for ever.
///
/// Source: `LogRetention` of `@aws-amplify/plugin-types`.
pub const RETENTIONS: [(&str, Option<u32>); 23] = [
    ("1 day", Some(1)),
    ("3 days", Some(3)),
    ("5 days", Some(5)),
    ("1 week", Some(7)),
    ("2 weeks", Some(14)),
    ("1 month", Some(30)),
    ("2 months", Some(60)),
    ("3 months", Some(90)),
    ("4 months", Some(120)),
    ("5 months", Some(150)),
    ("6 months", Some(180)),
    ("1 year", Some(365)),
    ("13 months", Some(400)),
    ("18 months", Some(545)),
    ("2 years", Some(731)),
    ("3 years", Some(1096)),
    ("5 years", Some(1827)),
    ("6 years", Some(2192)),
    ("7 years", Some(2557)),
    ("8 years", Some(2922)),
    ("9 years", Some(3288)),
    ("10 years", Some(3653)),
    ("infinite", None),
];

/// Keys of Amplify's `defineFunction` that a function in Rust has no use for, and why.
const ELSEWHERE: [(&str, &str); 4] = [
    ("bundling", "only functions in JavaScript are bundled"),
    (
        "durableConfig",
        "only functions in JavaScript and Python can be durable",
    ),
    ("entry", "the entry point is `src/main.rs` of the crate"),
    ("runtime", "the runtime is always `provided.al2023`"),
];

/// The schema of `amplify/auth/resource.toml`, with a key for each trigger of the catalogue.
#[must_use]
pub fn auth(scaffolds: &[Scaffold]) -> Value {
    let mut schema = generate::<Auth>();
    let triggers = scaffolds
        .iter()
        .filter_map(|scaffold| match scaffold.wiring.key.as_slice() {
            [table, name] if table == "triggers" => Some((name.clone(), trigger(scaffold))),
            _ => None,
        });
    if let Some(table) = schema.pointer_mut("/properties/triggers") {
        table["properties"] = Value::Object(triggers.collect());
    }
    schema
}

/// The schema of `amplify/auth/<function>/resource.toml`.
#[must_use]
pub fn function() -> Value {
    let mut schema = generate::<Function>();
    schema["x-elsewhere"] = ELSEWHERE
        .iter()
        .map(|(key, why)| ((*key).to_owned(), Value::from(*why)))
        .collect();
    schema
}

fn trigger(scaffold: &Scaffold) -> Value {
    let handler = json!({
        "type": "string",
        "description": format!("{}. The name of the function.", scaffold.summary),
    });
    match &scaffold.trigger.versioned {
        Some(versioned) if versioned.versions.len() > 1 => json!({ "anyOf": [handler, {
            "type": "object",
            "description": format!("{}.", scaffold.summary),
            "properties": {
                "handler": { "type": "string", "description": "The name of the function." },
                "eventVersion": {
                    "enum": versioned.versions,
                    "description": "The version of the event.",
                },
            },
            "required": ["handler"],
            "additionalProperties": false,
        }]}),
        _ => handler,
    }
}

/// The schema of a type, all in one piece, and without `null`, which TOML does not have.
fn generate<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.transforms.push(Box::new(WithoutNull));
    });
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

#[derive(Clone, Debug)]
struct WithoutNull;

impl Transform for WithoutNull {
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
    }
}

/// The keys of `userAttributes`.
pub(super) struct UserAttributes;

impl JsonSchema for UserAttributes {
    fn schema_name() -> Cow<'static, str> {
        "UserAttributes".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mutable = json!({
            "type": "boolean",
            "description": "Whether it can change [default: true].",
        });
        let standard = json!({
            "type": "object",
            "properties": {
                "mutable": mutable,
                "required": {
                    "type": "boolean",
                    "description": "Whether each user must have it [default: false].",
                },
            },
            "additionalProperties": false,
        });
        let standard: Map<_, _> = STANDARD_ATTRIBUTES
            .iter()
            .map(|(name, _)| ((*name).to_owned(), standard.clone()))
            .collect();
        let custom = |data_type: &str, limits: &[(&str, &str)]| {
            let mut properties = json!({
                "dataType": { "const": data_type, "description": "The type of its values." },
                "mutable": mutable,
            });
            for (key, what) in limits {
                properties[*key] = json!({ "type": "integer", "description": what });
                if key.ends_with("Len") {
                    properties[*key]["minimum"] = 0.into();
                    properties[*key]["maximum"] = 2048.into();
                }
            }
            json!({
                "type": "object",
                "properties": properties,
                "required": ["dataType"],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "type": "object",
            "properties": standard,
            "patternProperties": { "^custom:[^\\s]{1,20}$": { "oneOf": [
                custom("String", &[("minLen", "The least length."), ("maxLen", "The greatest length.")]),
                custom("Number", &[("min", "The least value."), ("max", "The greatest value.")]),
                custom("Boolean", &[]),
                custom("DateTime", &[]),
            ]}},
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for super::providers::AttributeMapping {
    fn schema_name() -> Cow<'static, str> {
        "AttributeMapping".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = json!({ "type": "string", "description": "Where it is at the provider." });
        let mut properties: Map<_, _> = STANDARD_ATTRIBUTES
            .iter()
            .map(|(name, _)| ((*name).to_owned(), text.clone()))
            .collect();
        properties.insert("emailVerified".to_owned(), text.clone());
        properties.insert(
            "custom".to_owned(),
            json!({
                "type": "object",
                "description": "Any attribute of the user pool, by its own name.",
                "additionalProperties": text,
            }),
        );
        json_schema!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

/// The triggers; [`auth`] adds a key for each.
pub(super) struct Triggers;

impl JsonSchema for Triggers {
    fn schema_name() -> Cow<'static, str> {
        "Triggers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": false })
    }
}

/// Environment variables.
pub(super) struct Environment;

impl JsonSchema for Environment {
    fn schema_name() -> Cow<'static, str> {
        "Environment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let variable = generator.subschema_for::<super::function::Variable>();
        json_schema!({
            "type": "object",
            "propertyNames": {
                "pattern": "^[a-zA-Z][a-zA-Z0-9_]+$",
                "patternErrorMessage": "at least two letters, digits and `_`, with a letter first",
            },
            "additionalProperties": variable,
        })
    }
}

/// Lambda layers.
pub(super) struct Layers;

impl JsonSchema for Layers {
    fn schema_name() -> Cow<'static, str> {
        "Layers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "maxProperties": 5,
            "additionalProperties": {
                "type": "string",
                "pattern": "^(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:)?[a-zA-Z0-9_-]+:[0-9]+$",
                "patternErrorMessage": "an ARN such as `arn:aws:lambda:us-east-1:123456789012:layer:name:1`, or `name:1`",
            },
        })
    }
}

/// How long logs are kept.
pub(super) struct Retention;

impl JsonSchema for Retention {
    fn schema_name() -> Cow<'static, str> {
        "Retention".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = RETENTIONS.iter().map(|(name, _)| *name).collect();
        json_schema!({ "enum": names })
    }
}

/// An action of IAM.
pub(super) struct IamAction;

impl JsonSchema for IamAction {
    fn schema_name() -> Cow<'static, str> {
        "IamAction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(\\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$",
            "patternErrorMessage": "`service:Action`, such as `dynamodb:GetItem`",
        })
    }
}
