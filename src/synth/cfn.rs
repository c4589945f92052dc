//! CloudFormation's own words, and those of the policies of IAM.

use serde::Serialize;
use serde_json::{Value, json};

/// The value of a resource or parameter that other properties name it by.
pub fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

pub fn attribute(id: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [id, name] })
}

/// A text with `${…}` in it.
pub fn sub(text: impl Into<String>) -> Value {
    json!({ "Fn::Sub": text.into() })
}

/// Sets a property that may be missing.
pub fn put(object: &mut Value, key: &str, value: Option<impl Serialize>) {
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

/// A policy of a role, called after its logical ID.
pub fn policy(id: &str, statements: Vec<Value>, role_id: &str) -> Value {
    json!({
        "PolicyName": id,
        "PolicyDocument": policy_document(statements),
        "Roles": [reference(role_id)],
    })
}

/// A policy document by which a service of AWS takes on a role, on some condition or on none.
pub fn assumed_by(service: &str, condition: Option<Value>) -> Value {
    let mut statement = json!({ "Action": "sts:AssumeRole" });
    put(&mut statement, "Condition", condition);
    statement["Effect"] = "Allow".into();
    statement["Principal"] = json!({ "Service": service });
    policy_document(vec![statement])
}
