//! Arguments of `outputs`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `outputs`.
#[derive(Debug, Args)]
pub struct Outputs {
    /// What `aws cloudformation describe-stacks` prints [default: standard input]
    pub file: Option<PathBuf>,
}
