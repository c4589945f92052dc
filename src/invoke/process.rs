//! The process of a handler: what Lambda sets for it, what it prints, how it ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::task::JoinHandle;

use super::environment::{Deployment, Log};

/// The handler's process, with what Lambda sets for a function.
pub fn command(deployment: &Deployment, api: &str) -> Command {
    let name = &deployment.name;
    let folder = deployment.binary.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(&deployment.binary);
    command
        .envs(&deployment.environment)
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env(
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            deployment.memory.to_string(),
        )
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
        .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
        .env("AWS_REGION", region())
        .env("LAMBDA_TASK_ROOT", folder)
        .env("_HANDLER", "bootstrap")
        .env("TZ", ":UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

pub fn region() -> String {
    std::env::var("AWS_REGION").unwrap_or_else(|_| "us-east-1".to_owned())
}

/// Logs a stream line by line.
pub fn follow(stream: impl AsyncRead + Unpin + Send + 'static, log: &Log) -> JoinHandle<()> {
    let log = Arc::clone(log);
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream
            .read_until(b'\n', &mut line)
            .await
            .is_ok_and(|read| read > 0)
        {
            log(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    })
}

/// In Lambda's words, which Cognito passes on to clients.
pub fn exit_message(id: &str, status: Option<ExitStatus>) -> String {
    let how = match status.and_then(|status| status.code()) {
        Some(0) => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => "Runtime exited with error: signal: killed".to_owned(),
    };
    format!("RequestId: {id} Error: {how}")
}
