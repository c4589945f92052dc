//! Builds the handler of a function and runs it on events, against a Lambda Runtime API on
//! loopback.

mod api;
mod build;
mod children;
mod editor;
mod environment;
mod event;
mod fleet;
mod functions;
mod lambda;
mod process;
mod report;

use crate::error::{Error, Result};

pub use build::{Profile, Progress, build, run_cargo, show_cargo};
pub use children::{is_stopped, stop_all, stop_on_interrupt};
pub use editor::edit_file;
pub use environment::{Deployment, Environment, Log, Run};
pub use event::{Changes, change, check_recipient, make, other_version, parse};
pub use fleet::{Fleet, News, Refusal, Setup};
pub use functions::{Caller, Function, find, functions};
pub use lambda::{listen, serve};
pub use report::{Change, Report, Timings, locate, run_event};

/// Does asynchronous work, until it is done or on Ctrl-C.
///
/// # Errors
/// Whatever the work fails with.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed("cannot start the server").with_source(error))?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            () = children::stopped() => Err(Error::interrupted()),
            result = work => result,
        }
    })
}
