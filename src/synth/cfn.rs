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

/// Sets a property unless its value is `None`.
pub fn set_optional(object: &mut Value, key: &str, value: Option<impl Serialize>) {
    if let Some(value) = value {
        object[key] = json!(value);
    }
}

/// An object, if there is anything in it.
pub fn non_empty(object: Value) -> Option<Value> {
    (object != json!({})).then_some(object)
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
    let mut statement = json!({ "Action": "sts:AssumeRole" });
    set_optional(&mut statement, "Condition", condition);
    statement["Effect"] = "Allow".into();
    statement["Principal"] = json!({ "Service": service });
    policy_document(vec![statement])
}
