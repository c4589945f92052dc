//! The Lambda entry point. What the trigger does is in `handler.rs`.

mod handler;

use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handler::handler)).await
}
