//! What is needed to run a function.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::cognito::PoolSettings;

/// A function that can be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The function's name.
    pub name: String,
    /// The binary of its handler.
    pub binary: PathBuf,
    /// How long it may take for an event.
    pub timeout: Duration,
    /// The memory that it is told it has, in MB; this is not enforced.
    pub memory: u32,
    /// Environment variables, in addition to those of every handler.
    pub environment: BTreeMap<String, OsString>,
    /// The user pool that calls it; none for a function that something else calls.
    pub pool: Option<PoolSettings>,
}

/// Receives the lines that a handler prints.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;
