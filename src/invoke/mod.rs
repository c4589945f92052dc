//! Builds the handler of a function and runs it on events, against a Lambda Runtime API on
//! loopback.

mod build;
mod children;

pub use build::{Profile, build, run_cargo};
pub use children::{is_stopped, stop_all, stop_on_interrupt, stopped};
