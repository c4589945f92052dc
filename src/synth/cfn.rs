//! The vocabulary of CloudFormation and of IAM policies.

use serde::Serialize;
use serde_json::{Value, json};

/// What `Ref` of a resource or parameter is.
pub fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

pub fn attribute(id: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [id, name] })
}

/// A string with `${…}` in it.
pub fn sub(text: impl Into<String>) -> Value {
    json!({ "Fn::Sub": text.into() })
}

/// Strings one after the other, where references are.
pub fn concat(parts: Vec<Value>) -> Value {
    let texts: Option<Vec<_>> = parts.iter().map(Value::as_str).collect();
    match texts {
        Some(texts) => texts.concat().into(),
        None => json!({ "Fn::Join": ["", parts] }),
    }
}

/// A value without members that are `null`, which stands for a property that is not set.
pub fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let set = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(set.map(|(key, value)| (key, present(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(present).collect(),
        value => value,
    }
}

/// The members of several objects.
pub fn merged<const N: usize>(parts: [Value; N]) -> Value {
    let parts = parts.into_iter().filter_map(|part| match part {
        Value::Object(members) => Some(members),
        _ => None,
    });
    Value::Object(parts.flatten().collect())
}

/// An object, if there is anything in it.
pub fn non_empty(object: Value) -> Option<Value> {
    Some(present(object)).filter(|object| *object != json!({}))
}

pub fn policy_document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A statement of a policy that allows something.
pub fn allow(action: impl Serialize, resource: impl Serialize) -> Value {
    json!({ "Action": action, "Effect": "Allow", "Resource": resource })
}

/// A policy of a role, named after its logical ID.
pub fn policy(id: &str, statements: Vec<Value>, role_id: &str) -> Value {
    json!({
        "PolicyName": id,
        "PolicyDocument": policy_document(statements),
        "Roles": [reference(role_id)],
    })
}

/// A policy document that lets an AWS service assume a role, perhaps under a condition.
pub fn assumed_by(service: &str, condition: Option<Value>) -> Value {
    policy_document(vec![json!({
        "Action": "sts:AssumeRole",
        "Condition": condition,
        "Effect": "Allow",
        "Principal": { "Service": service },
    })])
}
