//! Arguments of `synth` and `outputs`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::EXIT_CODES;
use crate::synth::Engine;

/// Arguments of `synth`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Synth {
    /// Write the template into a file of the project [default: print it]
    ///
    /// An existing file is replaced if it is a template that `synth` wrote; edits to it are lost, and
    /// `--check` shows them. The template is YAML if the file is called `.yaml` or `.yml`, and JSON
    /// otherwise, unless `--format` says otherwise.
    ///
    /// Paths to the code of functions are relative to the file; in a printed template they are
    /// relative to the project's root.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Compare the template with a file that `--out` wrote; print a diff and exit with 4 if they differ
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    pub check: Option<PathBuf>,

    /// What deploys the template
    #[arg(long, value_name = "ENGINE", default_value = "sam")]
    pub engine: Engine,

    /// Print the JSON Schema of a kind of TOML file instead
    #[arg(long, value_name = "KIND", conflicts_with_all = ["out", "check"])]
    pub schema: Option<Schema>,
}

/// A kind of TOML file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Schema {
    /// `amplify/auth/resource.toml`
    Auth,
    /// `amplify/auth/<function>/resource.toml`
    Function,
    /// `scaffold.toml` of a scaffold of your own
    Scaffold,
    /// `_shared/scaffold.toml` of a family of your own
    Family,
}

/// Arguments of `outputs`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Outputs {
    /// What `aws cloudformation describe-stacks` prints [default: standard input]
    pub file: Option<PathBuf>,
}
