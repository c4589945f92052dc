//! The Lambda entry point. What the trigger does is in `handler.rs`.

use other_sign_up::respond;

use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let service = lambda_runtime::service_fn(|event: LambdaEvent<Box<RawValue>>| async move {
        // In a task of its own, so that a panic becomes an internal error: its text is logged, and
        // not shown to the user.
        tokio::spawn(async move { respond(event.payload.get()).await }).await?
    });
    lambda_runtime::run(service).await
}
