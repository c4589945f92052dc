//! AWS Lambda on loopback: the Runtime API that a handler asks for events, and the Invoke API that
//! AWS SDKs call. Knows no project.

mod deployment;
mod environment;
mod handler;
mod http;
mod invoke_api;
mod output;
mod pool;
mod random;
mod runtime_api;

pub use deployment::{Deployment, Log};
pub use environment::{Environment, Run};
pub use http::{Bounds, listen};
pub use invoke_api::{Functions, InvokeError, serve};
pub use pool::{Limits, Pool, Turn};
