//! Child processes: Cargo, the editor and handlers, and how they are stopped with this program.

mod cargo;
mod children;
mod editor;
mod rustfmt;
mod tools;
mod wrapper;

use crate::error::{Error, ErrorKind, Result};

pub use cargo::{Built, Crate, Profile, Progress, build, show_cargo, target_directory};
pub use children::{Group, is_stopped, spawn_async, stop_on_interrupt};
pub use editor::edit_file;
pub use rustfmt::{Formatted, format_rust, format_texts, formatted};
pub use tools::version_of;

/// Runs asynchronous work until it is done or on Ctrl-C.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed("cannot start the server").with_source(error))?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            () = children::stopped() => Err(ErrorKind::Interrupted.into()),
            result = work => result,
        }
    })
}
