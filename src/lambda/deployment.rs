//! What is to be known of a function to run it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::cognito::PoolSettings;

/// A function that can be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// The binary of its handler.
    pub binary: PathBuf,
    /// How long it may work on an event.
    pub timeout: Duration,
    /// How much memory it says it has, in MB; nothing holds it to that.
    pub memory: u32,
    /// Its environment variables, beside those that every handler gets.
    pub environment: BTreeMap<String, OsString>,
    /// The user pool that calls it.
    pub pool: PoolSettings,
}

/// Takes the lines that a handler prints.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;
