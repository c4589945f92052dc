//! Runs functions on events as Cognito would, once or behind the Invoke API of AWS Lambda.

mod build;
mod event;
mod fleet;
mod functions;
mod report;
mod variables;
mod watch;

pub use build::{News, Setup};
pub use event::{Changes, Event, change, check_recipient, make, other_version, read};
pub use fleet::Fleet;
pub use functions::{Function, find, functions};
pub use report::{Report, locate, run_event};
pub use variables::{Variables, variables};
