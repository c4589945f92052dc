//! AWS Lambda on loopback: the Runtime API that handlers get events from, and the Invoke API that
//! AWS SDKs call. Independent of projects.

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
