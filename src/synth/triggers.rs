//! What makes the user pool call functions: its `LambdaConfig`, the permission to call each, and
//! the key that codes for custom senders are encrypted with.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::functions::{function_id, role_id};
use super::template::Template;
use super::{USER_POOL, attribute, policy_document, reference, sub};
use crate::backend::auth::{Auth, CustomSender, EmailSender, SmsSender};
use crate::catalog::Scaffold;

const KEY: &str = "SenderKey";

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
            ["senders", "email"] => (&email_sender(auth)?.handler, None),
            ["senders", "sms"] => (&sms_sender(auth)?.handler, None),
            _ => return None,
        };
        Some(Call {
            scaffold,
            handler,
            version,
        })
    };
    scaffolds.iter().filter_map(call).collect()
}

fn email_sender(auth: &Auth) -> Option<&CustomSender> {
    match &auth.senders.email {
        Some(EmailSender::Custom(sender)) => Some(sender),
        _ => None,
    }
}

fn sms_sender(auth: &Auth) -> Option<&CustomSender> {
    match &auth.senders.sms {
        Some(SmsSender::Custom(sender)) => Some(sender),
        _ => None,
    }
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
        let default = versioned
            .versions
            .first()
            .filter(|_| only)
            .map(String::as_str);
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
        let id = format!(
            "{USER_POOL}{}Permission",
            call.scaffold.trigger.cloudformation
        );
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
    let senders = [email_sender(auth), sms_sender(auth)].into_iter().flatten();
    let functions: BTreeSet<_> = senders.map(|sender| sender.handler.as_str()).collect();
    for function in functions {
        let id = format!("{}KeyPolicy", role_id(function));
        template.resource(&id, "AWS::IAM::Policy", key_policy(&id, function, &key));
    }
}

/// The ARN of the key that codes are encrypted with, when functions send them.
fn key_arn(auth: &Auth) -> Option<Value> {
    email_sender(auth).or_else(|| sms_sender(auth))?;
    Some(given_key(auth).map_or_else(|| attribute(KEY, "Arn"), Value::from))
}

fn given_key(auth: &Auth) -> Option<&str> {
    let senders = [sms_sender(auth), email_sender(auth)];
    senders
        .into_iter()
        .flatten()
        .find_map(|sender| sender.kms_key_arn.as_deref())
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
        allow(json!([
            "kms:Encrypt",
            "kms:ReEncrypt*",
            "kms:GenerateDataKey*"
        ])),
    ];
    json!({
        "PolicyName": id,
        "PolicyDocument": policy_document(statements),
        "Roles": [reference(&role_id(function))],
    })
}
