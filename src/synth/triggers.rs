//! What makes the user pool call functions: its `LambdaConfig`, the permission to call each, and
//! the key that codes for custom senders are encrypted with.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::functions::{function_id, role_id};
use super::template::Template;
use super::{USER_POOL, attribute, policy_document, reference, sub};
use crate::catalog::Scaffold;
use crate::model::auth::Auth;

/// The logical ID of the key; environments and policies of functions may name it.
const KEY: &str = "CustomSenderKey";

/// A trigger with the function that it calls.
pub struct Call<'a> {
    scaffold: &'a Scaffold,
    handler: &'a str,
    version: Option<&'a str>,
}

/// All triggers and custom senders that the user pool has, in the order of the catalogue.
pub fn calls<'a>(auth: &'a Auth, scaffolds: &'a [Scaffold]) -> Vec<Call<'a>> {
    let call = |scaffold: &'a Scaffold| {
        let key: Vec<_> = scaffold.wiring.key.iter().map(String::as_str).collect();
        let (handler, version) = match key.as_slice() {
            ["triggers", name] => {
                let target = auth.triggers.get(*name)?;
                (&target.handler, target.event_version.as_deref())
            }
            ["senders", "email"] => (&auth.senders.custom_email()?.handler, None),
            ["senders", "sms"] => (&auth.senders.custom_sms()?.handler, None),
            _ => return None,
        };
        Some(Call { scaffold, handler, version })
    };
    scaffolds.iter().filter_map(call).collect()
}

/// The `LambdaConfig` of the user pool.
pub fn lambda_config(auth: &Auth, calls: &[Call]) -> Option<Value> {
    let mut config = Map::new();
    for call in calls {
        let arn = attribute(&function_id(call.handler), "Arn");
        let trigger = &call.scaffold.trigger;
        let versioned = trigger.versioned.as_ref();
        if versioned.is_none_or(|versioned| versioned.property != trigger.cloudformation) {
            config.insert(trigger.cloudformation.clone(), arn.clone());
        }
        let Some(versioned) = versioned else {
            continue;
        };
        let only = versioned.property == trigger.cloudformation;
        let default = versioned.versions.first().filter(|_| only).map(String::as_str);
        if let Some(version) = call.version.or(default) {
            let entry = json!({ "LambdaArn": arn, "LambdaVersion": version });
            config.insert(versioned.property.clone(), entry);
        }
    }
    if let Some(key) = key_arn(auth) {
        config.insert("KMSKeyID".to_owned(), key);
    }
    (!config.is_empty()).then_some(Value::Object(config))
}

/// Adds the permissions to call, and the key with the permissions to use it.
pub fn add(auth: &Auth, calls: &[Call], template: &mut Template) {
    for call in calls {
        let id = format!("{USER_POOL}{}Permission", call.scaffold.trigger.cloudformation);
        let permission = json!({
            "Action": "lambda:InvokeFunction",
            "FunctionName": attribute(&function_id(call.handler), "Arn"),
            "Principal": "cognito-idp.amazonaws.com",
            "SourceArn": attribute(USER_POOL, "Arn"),
        });
        template.resource(&id, "AWS::Lambda::Permission", permission);
    }
    let Some(key) = key_arn(auth) else {
        return;
    };
    if given_key(auth).is_none() {
        template.resource(KEY, "AWS::KMS::Key", kms_key());
    }
    let senders = [auth.senders.custom_email(), auth.senders.custom_sms()].into_iter().flatten();
    let functions: BTreeSet<_> = senders.map(|sender| sender.handler.as_str()).collect();
    for function in functions {
        let id = format!("{}KeyPolicy", role_id(function));
        template.resource(&id, "AWS::IAM::Policy", key_policy(&id, function, &key));
    }
}

/// The ARN of the key that codes are encrypted with, when functions send them.
fn key_arn(auth: &Auth) -> Option<Value> {
    auth.senders
        .has_custom()
        .then(|| given_key(auth).map_or_else(|| attribute(KEY, "Arn"), Value::from))
}

/// A text of the user's, with what `${…}` in it stands for. A key that the user gave is no resource
/// of the template, so it stands there itself.
pub fn with_references(text: &str, auth: &Auth) -> Value {
    let text = match given_key(auth) {
        Some(key) => text.replace(&format!("${{{KEY}.Arn}}"), key),
        None => text.to_owned(),
    };
    if text.contains("${") { sub(text) } else { text.into() }
}

fn given_key(auth: &Auth) -> Option<&str> {
    let senders = [auth.senders.custom_sms(), auth.senders.custom_email()];
    senders.into_iter().flatten().find_map(|sender| sender.kms_key_arn.as_deref())
}

fn kms_key() -> Value {
    json!({
        "EnableKeyRotation": true,
        "KeyPolicy": policy_document(vec![json!({
            "Action": "kms:*",
            "Effect": "Allow",
            "Principal": { "AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
            "Resource": "*",
        })]),
    })
}

fn key_policy(id: &str, function: &str, key: &Value) -> Value {
    let allow = |actions: Value| json!({ "Action": actions, "Effect": "Allow", "Resource": key });
    let statements = vec![
        allow("kms:Decrypt".into()),
        allow(json!(["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"])),
    ];
    json!({
        "PolicyName": id,
        "PolicyDocument": policy_document(statements),
        "Roles": [reference(&role_id(function))],
    })
}
