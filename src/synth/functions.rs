//! Functions, with their roles, logs and permissions.
//!
//! Source: `AmplifyFunction` of `@aws-amplify/backend-function`, `Function` of the CDK.

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::cfn::{allow, assumed_by, attribute, non_empty, policy, reference, sub};
use super::names::{USER_POOL, function_id};
use super::sender_key::with_references;
use super::template::Template;
use super::{Roles, schedules};
use crate::catalog::pascal;
use crate::model::FunctionFile;
use crate::model::auth::Auth;
use crate::model::function::{Function, Logging, Permission, Variable};
use crate::model::schema::RETENTIONS;

/// Where the code of a function is, relative to the template.
#[derive(Clone, Debug)]
pub enum Code {
    /// The directory of the crate, of which `sam build` compiles the binary of this name.
    Crate(String, String),
    /// The directory with the binary that `cargo lambda build` has made.
    Binary(String),
}

/// Adds a function with its role, and returns the logical ID of the role. A function gives way to
/// groups and schedules whose roles would have the same ID.
pub fn add(file: &FunctionFile, auth: &Auth, code: Code, template: &mut Template) -> String {
    let function = &file.function;
    let (path, metadata) = match code {
        Code::Crate(path, binary) => (path, Some(build_metadata(&binary))),
        Code::Binary(path) => (path, None),
    };
    let name = &function.name;
    let (id, role_id) =
        (function_id(name), template.free_id(format!("{}Role", pascal(name)), name));
    let role = json!({
        "AssumeRolePolicyDocument": assumed_by("lambda.amazonaws.com", None),
        "ManagedPolicyArns": [
            sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
        ],
    });
    template.resource(&role_id, "AWS::IAM::Role", role);
    let logs = log_group(function, template);
    let properties = json!({
        "Architectures": [function.architecture],
        "Code": path,
        "EphemeralStorage": { "Size": function.ephemeral_storage_size_mb },
        "Handler": "bootstrap",
        "MemorySize": function.memory_mb,
        "Role": attribute(&role_id, "Arn"),
        "Runtime": "provided.al2023",
        "Timeout": function.timeout_seconds,
        "Environment": environment(function, auth, template),
        "Layers": layers(function),
        "LoggingConfig": logging(&function.logging, logs.as_deref()),
    });
    template.resource_with(&id, "AWS::Lambda::Function", metadata, properties);
    if !function.permissions.is_empty() {
        let statement = |permission| statement(permission, auth, template);
        let statements = function.permissions.iter().map(statement).collect();
        let id = format!("{role_id}Policy");
        template.resource(&id, "AWS::IAM::Policy", policy(&id, statements, &role_id));
    }
    schedules::add(function, template);
    role_id
}

/// Makes `sam build` use `cargo lambda`.
fn build_metadata(name: &str) -> Value {
    json!({ "BuildMethod": "rust-cargolambda", "BuildProperties": { "Binary": name } })
}

fn environment(function: &Function, auth: &Auth, template: &mut Template) -> Option<Value> {
    let mut variables = Map::new();
    for (name, variable) in &function.environment {
        let value = match variable {
            Variable::Plain(text) => with_references(text, auth, template),
            Variable::Secret(secret) => template.secret(secret),
            Variable::Parameter(parameter) => template.parameter(parameter),
        };
        variables.insert(name.clone(), value);
    }
    (!variables.is_empty()).then(|| json!({ "Variables": variables }))
}

/// Layers in the order of the file. `name:version` is a layer of the same account and region.
fn layers(function: &Function) -> Option<Value> {
    let layers: IndexSet<_> = function.layers.values().map(String::as_str).collect();
    let arn = |layer: &&str| match layer.starts_with("arn:") {
        true => (*layer).into(),
        false => sub(format!("arn:aws:lambda:${{AWS::Region}}:${{AWS::AccountId}}:layer:{layer}")),
    };
    (!layers.is_empty()).then(|| layers.iter().map(arn).collect())
}

/// Adds a log group if logs have a retention time; returns its logical ID.
fn log_group(function: &Function, template: &mut Template) -> Option<String> {
    let retention = function.logging.retention.as_ref()?;
    let (_, days) = RETENTIONS.iter().find(|(name, _)| name == retention)?;
    let id = format!("{}Logs", pascal(&function.name));
    template.resource(&id, "AWS::Logs::LogGroup", json!({ "RetentionInDays": days }));
    Some(id)
}

fn logging(logging: &Logging, group: Option<&str>) -> Option<Value> {
    non_empty(json!({
        "ApplicationLogLevel": logging.level,
        "LogFormat": logging.format,
        "LogGroup": group.map(reference),
    }))
}

fn statement(permission: &Permission, auth: &Auth, template: &mut Template) -> Value {
    let resources = permission.resources.iter();
    let resources = resources.map(|resource| with_references(resource, auth, template));
    allow(&permission.actions, resources.collect::<Vec<_>>())
}

/// Adds what functions may do with the user pool, as separate policies: they depend on the user
/// pool, which depends on the functions.
pub fn add_access(auth: &Auth, roles: &Roles, template: &mut Template) {
    for (index, access) in auth.access.iter().enumerate() {
        let Some(role_id) = roles.get(access.resource.as_str()) else {
            continue;
        };
        let names = access.to.iter().flat_map(|action| action.iam());
        let actions: IndexSet<_> = names.map(|name| format!("cognito-idp:{name}")).collect();
        let id = format!("{role_id}Access{}", index + 1);
        let statements = vec![allow(actions, attribute(USER_POOL, "Arn"))];
        template.resource(&id, "AWS::IAM::Policy", policy(&id, statements, role_id));
    }
}
