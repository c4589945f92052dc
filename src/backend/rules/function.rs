//! Rules for `amplify/auth/<function>/resource.toml`.

use super::{Findings, schedule};
use crate::backend::FunctionFile;
use crate::backend::function::{Function, LogFormat};
use crate::catalog::normalized;

/// Environment variables that Amplify and Lambda set themselves.
///
/// Source: "Defined runtime environment variables" of the Lambda developer guide.
const RESERVED: [&str; 17] = [
    "AMPLIFY_SSM_ENV_CONFIG",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// What `${…}` can stand for in the resources of a permission.
pub const REFERENCES: [&str; 7] = [
    "UserPool.Arn",
    "UserPool",
    "IdentityPool",
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackName",
];

pub fn check(this: &FunctionFile, earlier: &[&FunctionFile], findings: &mut Findings) {
    let function = &this.function;
    name(this, earlier, findings);
    for key in function.environment.keys() {
        if RESERVED.contains(&key.as_str()) {
            findings.add(
                &["environment", key],
                format!("`{key}` is reserved: it is set when the function runs"),
                "choose another name",
            );
        }
    }
    if function.logging.level.is_some() && function.logging.format != Some(LogFormat::Json) {
        findings.add(
            &["logging", "level"],
            "only logs in JSON have a level",
            "add `format = \"json\"`",
        );
    }
    permissions(function, findings);
    schedule::check(function, findings);
}

/// Two names that differ in case and separators only would be one resource in the template.
fn name(this: &FunctionFile, earlier: &[&FunctionFile], findings: &mut Findings) {
    let name = &this.function.name;
    let same = |other: &&&FunctionFile| normalized(&other.function.name) == normalized(name);
    if let Some(other) = earlier.iter().find(same) {
        findings.add(
            &["name"],
            format!("`{name}` is too much like `{}`", other.function.name),
            format!("that is the name of the function in {}", other.folder),
        );
    }
}

fn permissions(function: &Function, findings: &mut Findings) {
    for (index, permission) in function.permissions.iter().enumerate() {
        for (at, resource) in permission.resources.iter().enumerate() {
            for reference in references(resource) {
                if !REFERENCES.contains(&reference) {
                    let keys = [
                        "permissions",
                        &index.to_string(),
                        "resources",
                        &at.to_string(),
                    ];
                    findings.add(
                        &keys,
                        format!("`${{{reference}}}` is nothing that this template has"),
                        format!("choose one of: {}", REFERENCES.join(", ")),
                    );
                }
            }
        }
    }
}

/// The names between `${` and `}`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .filter(|name| !name.starts_with('!'))
}
