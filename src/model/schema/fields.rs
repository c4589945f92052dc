//! The schemas of fields whose Rust types allow too much.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{RETENTIONS, STANDARD_ATTRIBUTES};
use crate::model::function::Variable;
use crate::model::providers::{AttributeMapping, Social};
use crate::model::setting::{Parameter, Setting};

impl<T: JsonSchema> JsonSchema for Parameter<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Parameter_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A parameter of the template, which each environment gives.",
            "properties": {
                "parameter": described(Name::json_schema(generator), "The name of the parameter."),
                "default": described(T::json_schema(generator), "The value where an environment gives none."),
            },
            "required": ["parameter"],
            "additionalProperties": false,
        })
    }
}

impl<T: JsonSchema> JsonSchema for Setting<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Setting_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let branches = [T::json_schema(generator), Parameter::<T>::json_schema(generator)];
        json_schema!({ "anyOf": branches })
    }
}

fn described(mut schema: Schema, description: &str) -> Schema {
    schema.insert("description".to_owned(), description.into());
    schema
}

/// The keys of `userAttributes`.
pub fn user_attributes(_: &mut SchemaGenerator) -> Schema {
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
        "x-elsewhere": cognito_names(),
        "x-prefix": "custom:",
        "additionalProperties": false,
    })
}

/// Cognito's names of standard attributes, where Amplify has others.
fn cognito_names() -> Map<String, Value> {
    let names = STANDARD_ATTRIBUTES.iter().filter(|(amplify, cognito)| amplify != cognito);
    let instead = |amplify: &str| format!("did you mean `{amplify}`?").into();
    names.map(|(amplify, cognito)| ((*cognito).to_owned(), instead(amplify))).collect()
}

impl JsonSchema for AttributeMapping {
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
            "x-elsewhere": cognito_names(),
            "additionalProperties": false,
        })
    }
}

/// A provider with an ID and a secret, such as Google and Amazon.
pub fn plain_provider(generator: &mut SchemaGenerator) -> Schema {
    provider(generator, &["apiVersion", "teamId", "keyId", "privateKey"])
}

pub fn facebook(generator: &mut SchemaGenerator) -> Schema {
    provider(generator, &["teamId", "keyId", "privateKey"])
}

pub fn apple(generator: &mut SchemaGenerator) -> Schema {
    provider(generator, &["apiVersion", "clientSecret"])
}

/// A provider without some of the keys, which needs all other secrets.
fn provider(generator: &mut SchemaGenerator, without: &[&str]) -> Schema {
    let mut schema = Social::json_schema(generator).to_value();
    if let Some(keys) = schema["properties"].as_object_mut() {
        keys.retain(|key, _| !without.contains(&key.as_str()));
    }
    let secrets = ["clientId", "clientSecret", "teamId", "keyId", "privateKey"];
    schema["required"] = secrets.into_iter().filter(|key| !without.contains(key)).collect();
    schema.try_into().expect("an object")
}

/// Environment variables.
pub fn environment(generator: &mut SchemaGenerator) -> Schema {
    let variable = generator.subschema_for::<Variable>();
    json_schema!({
        "type": "object",
        "propertyNames": {
            "pattern": "^[a-zA-Z][a-zA-Z0-9_]+$",
            "patternErrorMessage": "at least two letters, digits and `_`, with a letter first",
        },
        "additionalProperties": variable,
    })
}

/// Types that only the schema tells apart.
macro_rules! types {
    ($($name:ident $schema:tt)+) => {$(
        pub struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

types! {
    Domain {
        "type": "string", "pattern": r"^([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$",
        "patternErrorMessage": "a domain, such as `example.com`",
    }
    // Of characters that need no quotes.
    Email {
        "type": "string", "pattern": r"^[A-Za-z0-9.!#%&'*+/=?^_`|~-]+@[A-Za-z0-9.-]+$",
        "patternErrorMessage": "an email address",
    }
    FunctionName {
        "type": "string", "minLength": 1, "maxLength": 64, "pattern": NAME,
        "patternErrorMessage": NAME_IN_WORDS,
    }
    Https {
        "type": "string", "pattern": r"^https://\S+$", "patternErrorMessage": "an `https://` URL",
    }
    IamAction {
        "type": "string", "pattern": r"^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$",
        "patternErrorMessage": "`service:Action`, such as `dynamodb:GetItem`",
    }
    KeyArn {
        "type": "string", "pattern": r"^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/\S+$",
        "patternErrorMessage":
            "the ARN of a key, such as `arn:aws:kms:us-east-1:123456789012:key/…`",
    }
    Name {
        "type": "string", "minLength": 1, "maxLength": 100, "pattern": NAME,
        "patternErrorMessage": NAME_IN_WORDS,
    }
    NotEmpty { "type": "array", "items": { "type": "string" }, "minItems": 1 }
    PoolName {
        "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[a-zA-Z][a-zA-Z0-9 _-]*$",
        "patternErrorMessage": "letters, digits, blanks, `-` and `_`, with a letter first",
    }
    ProviderName {
        "type": "string", "minLength": 3, "maxLength": 32, "pattern": r"^[^_\s]+$",
        "patternErrorMessage": "a name without blanks and `_`",
    }
    Region {
        "type": "string", "pattern": "^[a-z]+(-[a-z]+)+-[0-9]+$",
        "patternErrorMessage": "a region, such as `us-east-1`",
    }
    RelyingParty {
        "type": "string", "minLength": 1, "maxLength": 63,
        "pattern":
            r"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$",
        "patternErrorMessage":
            "a domain without protocol, such as `app.example.com`, `localhost` or `AUTO`",
    }
    RoleArn {
        "type": "string", "pattern": r"^arn:[a-z0-9-]+:iam::[0-9]{12}:role/\S+$",
        "patternErrorMessage": "the ARN of a role, such as `arn:aws:iam::123456789012:role/sms`",
    }
    // How long logs are kept.
    Retention { "enum": RETENTIONS.map(|(name, _)| name) }
    // Lambda layers.
    Layers {
        "type": "object",
        "maxProperties": 5,
        "additionalProperties": {
            "type": "string",
            "pattern": "^(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:layer:)?[a-zA-Z0-9_-]+:[0-9]+$",
            "patternErrorMessage":
                "an ARN such as `arn:aws:lambda:us-east-1:123456789012:layer:name:1`, or `name:1`",
        },
    }
    // `schema::auth` adds a key for each trigger.
    Triggers { "type": "object", "additionalProperties": false }
}

const NAME: &str = "^[a-zA-Z][a-zA-Z0-9_-]*$";
const NAME_IN_WORDS: &str = "letters, digits, `-` and `_`, with a letter first";
