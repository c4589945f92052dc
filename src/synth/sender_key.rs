//! The key that Cognito encrypts codes with for the functions that send them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Roles;
use super::cfn::{allow, attribute, policy, policy_document, sub};
use super::template::Template;
use crate::model::auth::Auth;
use crate::model::setting::Setting;

/// The logical ID of the key. Environment variables and permissions of functions can refer to it.
const KEY: &str = "CustomSenderKey";

/// Adds the key, unless one was given, and the permissions to use it.
pub fn add(auth: &Auth, roles: &Roles, template: &mut Template) {
    let Some(key) = arn(auth, template) else {
        return;
    };
    if given(auth).is_none() {
        template.resource(KEY, "AWS::KMS::Key", kms_key());
    }
    let functions: BTreeSet<_> = auth.senders.custom().map(|sender| &sender.handler).collect();
    for role_id in functions.into_iter().filter_map(|function| roles.get(function.as_str())) {
        let id = format!("{role_id}KeyPolicy");
        let statements = vec![
            allow("kms:Decrypt", &key),
            allow(["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], &key),
        ];
        template.resource(&id, "AWS::IAM::Policy", policy(&id, statements, role_id));
    }
}

/// The ARN of the key, if functions send codes.
pub fn arn(auth: &Auth, template: &mut Template) -> Option<Value> {
    auth.senders.custom().next()?;
    Some(given(auth).map_or_else(|| attribute(KEY, "Arn"), |arn| template.setting(arn)))
}

/// A string from `resource.toml`, with references. A key that was given is not a resource of the
/// template, so its ARN replaces the reference.
pub fn with_references(text: &str, auth: &Auth, template: &mut Template) -> Value {
    let reference = format!("${{{KEY}.Arn}}");
    let text = match given(auth) {
        Some(Setting::Fixed(arn)) => text.replace(&reference, arn),
        Some(Setting::Parameter(arn)) if text.contains(&reference) => {
            let text = text.replace(&reference, "${KeyArn}");
            return json!({ "Fn::Sub": [text, { "KeyArn": template.parameter(arn) }] });
        }
        _ => text.to_owned(),
    };
    if text.contains("${") { sub(text) } else { text.into() }
}

fn given(auth: &Auth) -> Option<&Setting<String>> {
    auth.senders.custom().find_map(|sender| sender.kms_key_arn.as_ref())
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
