//! Runs functions on events as Cognito would, once or behind the Invoke API of AWS Lambda.

mod build;
mod compose;
mod event;
mod functions;
mod pool;
mod replies;
mod report;
mod run;
mod variables;
mod watch;

pub use build::{RunOptions, ServeEvent, ServeOptions};
pub use compose::{EventChanges, change, check_recipient, make, other_version};
pub use event::{Event, read};
pub use functions::{LocalFunction, find, functions};
pub use pool::FunctionPool;
pub use replies::{check_reports, compare, record};
pub use report::Report;
pub use run::{Call, run, samples};
pub use variables::variables;
