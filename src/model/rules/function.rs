//! Rules for `amplify/auth/<function>/resource.toml`.

use std::collections::BTreeSet;

use super::{Problems, schedule};
use crate::catalog::{pascal, suggestion};
use crate::model::function::{Function, LogFormat};
use crate::model::{Auth, FunctionFile, Variable};

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

/// What `${…}` can refer to.
const REFERENCES: [&str; 8] = [
    "UserPool.Arn",
    "UserPool",
    "IdentityPool",
    SENDER_KEY,
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackName",
];

const SENDER_KEY: &str = "CustomSenderKey.Arn";

/// Whether a resource that is referred to is the user pool or refers to it.
fn needs_pool(reference: &str) -> bool {
    matches!(reference, "UserPool.Arn" | "UserPool" | "IdentityPool")
}

pub fn check(
    this: &FunctionFile,
    earlier: &[&FunctionFile],
    (auth, called): (Option<&Auth>, &BTreeSet<&str>),
    problems: &mut Problems,
) {
    let function = &this.function;
    name(this, earlier, problems);
    environment(function, (auth, called), problems);
    if function.logging.level.is_some() && function.logging.format != Some(LogFormat::Json) {
        problems.add_missing(
            &["logging", "level"],
            &["logging", "format"],
            "only logs in JSON have a level",
            "add `format = \"json\"`",
        );
    }
    permissions(function, auth, problems);
    schedule::check(function, problems);
}

/// The user pool refers to the functions that it calls, so these cannot refer to it.
fn environment(
    function: &Function,
    (auth, called): (Option<&Auth>, &BTreeSet<&str>),
    problems: &mut Problems,
) {
    let is_called = called.contains(function.name.as_str());
    if function.environment.len() == 1 && function.environment.contains_key("Ref") {
        problems.add(
            &["environment", "Ref"],
            "CloudFormation takes a variable `Ref` without others for a reference",
            "choose another name, or add another variable",
        );
    }
    for (key, variable) in &function.environment {
        if RESERVED.contains(&key.as_str()) {
            problems.add(
                &["environment", key],
                format!("`{key}` is reserved: it is set when the function runs"),
                "choose another name",
            );
        }
        if let Variable::Parameter(parameter) = variable
            && parameter.default.as_ref().is_some_and(|text| references(text).next().is_some())
        {
            problems.add(
                &["environment", key, "default"],
                "the value of a parameter has no references",
                "leave them to a variable of its own",
            );
        }
        let Variable::Plain(text) = variable else {
            continue;
        };
        for reference in references(text) {
            if is_called && needs_pool(reference) {
                problems.add(
                    &["environment", key],
                    format!("`${{{reference}}}` cannot be known here: the user pool calls the function, and needs it first"),
                    "take it from the event that the function gets",
                );
            } else {
                known(reference, auth, &["environment", key], problems);
            }
        }
    }
}

/// Two names that differ only in case and separators would be one resource in the template.
fn name(this: &FunctionFile, earlier: &[&FunctionFile], problems: &mut Problems) {
    let name = &this.function.name;
    let same = |other: &&&FunctionFile| pascal(&other.function.name) == pascal(name);
    if let Some(other) = earlier.iter().find(same) {
        problems.add(
            &["name"],
            format!("`{name}` and `{}` would be one function in the template", other.function.name),
            format!("give it another name than the function in `{}` has", other.directory),
        );
    }
}

fn permissions(function: &Function, auth: Option<&Auth>, problems: &mut Problems) {
    for (index, permission) in function.permissions.iter().enumerate() {
        for (at, resource) in permission.resources.iter().enumerate() {
            let (index, at) = (index.to_string(), at.to_string());
            let keys = ["permissions", &index, "resources", &at];
            for reference in references(resource) {
                known(reference, auth, &keys, problems);
            }
        }
    }
}

/// Checks that a reference is to something in the template.
fn known(reference: &str, auth: Option<&Auth>, keys: &[&str], problems: &mut Problems) {
    if !REFERENCES.contains(&reference) {
        let message = format!("`${{{reference}}}` is an unknown reference");
        let nearest = suggestion(reference, &REFERENCES);
        let label = format!("{nearest}; for these very characters write `${{!{reference}}}`");
        problems.add(keys, message, label);
    }
    if reference == SENDER_KEY && auth.is_some_and(|auth| auth.senders.custom().next().is_none()) {
        problems.add(
            keys,
            format!("`${{{reference}}}` is there only with a custom sender"),
            "set `handler` in `[senders.email]` or `[senders.sms]` of `amplify/auth/resource.toml`",
        );
    }
}

/// The names between `${` and `}`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    parts.filter_map(|part| Some(part.split_once('}')?.0)).filter(|name| !name.starts_with('!'))
}
