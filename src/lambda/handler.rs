//! The process of a handler: its environment variables, and how it exits.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use super::deployment::Deployment;

/// The variables that handlers inherit from this program, besides the settings of AWS: where
/// programs and the user's files are, how to reach the network, and how to log.
const PASSED: [&str; 20] = [
    "ALL_PROXY",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LD_LIBRARY_PATH",
    "NO_PROXY",
    "PATH",
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
    "RUST_LOG",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    // Without these, Windows cannot start programs or open connections.
    "COMSPEC",
    "PATHEXT",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "WINDIR",
];

/// The command of a handler, with the variables that Lambda sets.
pub fn command(deployment: &Deployment, api: &str) -> Command {
    let name = &deployment.name;
    let directory = deployment.binary.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(&deployment.binary);
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| is_passed(&name.to_string_lossy())))
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", deployment.memory.to_string())
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
        .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
        .env("AWS_REGION", region())
        .env("AWS_DEFAULT_REGION", region())
        .env("LAMBDA_TASK_ROOT", directory)
        .env("LANG", "en_US.UTF-8")
        .env("TZ", ":UTC")
        .env("_HANDLER", "bootstrap")
        .envs(&deployment.environment)
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Whether a variable is inherited. Settings of AWS are `AWS_PROFILE`, `AWS_ENDPOINT_URL_S3` and
/// many more, except those of Lambda itself.
fn is_passed(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_of_aws = name.starts_with("AWS_") && !name.starts_with("AWS_LAMBDA_");
    is_of_aws || PASSED.contains(&name.as_str())
}

pub fn region() -> String {
    let set = |name| std::env::var(name).ok().filter(|region| !region.is_empty());
    let region = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"));
    region.unwrap_or_else(|| "us-east-1".to_owned())
}

/// Lambda's message for an exit, which Cognito passes to clients.
pub fn exit_message(id: &str, status: Option<ExitStatus>) -> String {
    let how = match status.and_then(|status| status.code()) {
        Some(0) => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => "Runtime exited with error: signal: killed".to_owned(),
    };
    format!("RequestId: {id} Error: {how}")
}
