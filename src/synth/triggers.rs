//! What makes the user pool call functions: its `LambdaConfig`, and the permission for each.

use serde_json::{Value, json};

use super::cfn::{attribute, non_empty};
use super::names::{USER_POOL, function_id};
use super::sender_key;
use super::template::Template;
use crate::catalog::{Scaffold, Trigger};
use crate::model::Backend;
use crate::model::auth::Auth;
use crate::project::{Language, SentVersion};

/// A trigger with the function that it calls.
pub struct TriggerCall<'a> {
    trigger: &'a Trigger,
    handler: &'a str,
    version: &'a SentVersion,
}

/// All triggers and custom senders that the user pool has, in the order of the catalogue.
pub fn calls<'a>(backend: &'a Backend, scaffolds: &'a [Scaffold]) -> Vec<TriggerCall<'a>> {
    let call = |scaffold: &'a Scaffold| {
        let wired = backend.wired(scaffold).filter(|wired| wired.language == Language::Toml)?;
        let trigger = scaffold.trigger.as_ref()?;
        Some(TriggerCall { trigger, handler: wired.function()?, version: &wired.version })
    };
    scaffolds.iter().filter_map(call).collect()
}

/// The `LambdaConfig` of the user pool.
pub fn lambda_config(auth: &Auth, calls: &[TriggerCall], template: &mut Template) -> Option<Value> {
    let mut config = json!({});
    for call in calls {
        let arn = attribute(&function_id(call.handler), "Arn");
        let trigger = call.trigger;
        let versioned = trigger.versioned.as_ref();
        if versioned.is_none_or(|versioned| versioned.property != trigger.cloudformation) {
            config[&trigger.cloudformation] = arn.clone();
        }
        let Some(versioned) = versioned else {
            continue;
        };
        let is_only = versioned.property == trigger.cloudformation;
        let version = match call.version {
            SentVersion::Requested(version, _) => Some(version),
            SentVersion::Default(version) => Some(version).filter(|_| is_only),
            SentVersion::Unversioned | SentVersion::Unclear => None,
        };
        if let Some(version) = version {
            config[&versioned.property] = json!({ "LambdaArn": arn, "LambdaVersion": version });
        }
    }
    config["KMSKeyID"] = json!(sender_key::arn(auth, template));
    non_empty(config)
}

/// Adds the permissions to call.
pub fn add(calls: &[TriggerCall], template: &mut Template) {
    for call in calls {
        let id = format!("{USER_POOL}{}Permission", call.trigger.cloudformation);
        let permission = json!({
            "Action": "lambda:InvokeFunction",
            "FunctionName": attribute(&function_id(call.handler), "Arn"),
            "Principal": "cognito-idp.amazonaws.com",
            "SourceArn": attribute(USER_POOL, "Arn"),
        });
        template.resource(&id, "AWS::Lambda::Permission", permission);
    }
}
