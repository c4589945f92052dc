//! `new` and `remove`.

use clap::{Args, ValueEnum};

use super::{EXIT_CODES, candidates};
use crate::plan::LoginMethod;
use crate::project::Language;

pub(super) const NEW_EXAMPLES: [&str; 4] = [
    "new auth-trigger pre-token-generation --group staff --claim tenant=acme",
    "new auth-trigger pre-token-generation --event-version V2_0",
    "new auth-trigger pre-sign-up --input check=age --dry-run",
    "new auth-trigger post-confirmation --name add-to-group --verify",
];

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct New {
    /// What to generate: `auth-trigger`, a Lambda trigger of the user pool, or a family of scaffolds
    /// of your own
    #[arg(add = candidates::families())]
    pub family: String,

    /// The trigger, in any spelling: `pre-token-generation`, `preTokenGeneration`
    /// [default for auth-trigger: pre-token-generation]
    #[arg(add = candidates::kinds())]
    pub kind: Option<String>,

    /// Name of the function, its directory and its crate [default: the trigger's name]
    #[arg(long)]
    pub name: Option<String>,

    /// Version of the event: V1_0 changes ID tokens, V2_0 also access tokens, V3_0 also those of
    /// machines [default for a new function: V1_0]
    #[arg(long, value_name = "VERSION", add = candidates::versions())]
    pub event_version: Option<String>,

    /// Group to add the user to; may be repeated
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,

    /// Claim to add to the token; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub claim: Vec<String>,

    /// Trigger-specific input (repeatable)
    #[arg(long, value_name = "NAME=VALUE", add = candidates::inputs())]
    pub input: Vec<String>,

    /// What users of the pool sign in with [default for a new pool: email]
    #[arg(long, value_name = "WITH")]
    pub login_with: Option<LoginMethod>,

    /// Where functions are declared [default: what the project has; TOML for a new one]
    #[arg(long, value_name = "LANGUAGE")]
    pub wiring: Option<Language>,

    /// What the function runs on; arm64 costs less [default for a new function: x86_64]
    #[arg(long, value_name = "ARCHITECTURE", value_parser = ["x86_64", "arm64"])]
    pub architecture: Option<String>,

    /// Also have Amplify Hosting build it: adds Rust and cargo-lambda to `amplify.yml`
    #[arg(long)]
    pub amplify_yml: bool,

    /// What to do about files that exist and are different
    #[arg(long, value_name = "ACTION", default_value = "abort")]
    pub on_conflict: OnConflict,

    /// Build and test the new crate with Cargo first, and write nothing if it fails
    #[arg(long, conflicts_with = "dry_run")]
    pub verify: bool,

    /// Write nothing; print what would change as a patch for `git apply`
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `remove`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Remove {
    /// What to remove: `auth-trigger`, or a family of scaffolds of your own
    #[arg(add = candidates::families())]
    pub family: String,

    /// The trigger, in any spelling: `pre-token-generation`, `preTokenGeneration`
    #[arg(add = candidates::kinds())]
    pub kind: String,

    /// Name of the function, if there is more than one for the trigger
    #[arg(long, add = candidates::functions())]
    pub name: Option<String>,

    /// What to do about files that were edited since they were generated
    #[arg(long, value_name = "ACTION", default_value = "abort")]
    pub on_conflict: OnConflict,

    /// Write nothing; print what would change as a patch for `git apply`
    #[arg(long)]
    pub dry_run: bool,
}

/// What to do about existing files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnConflict {
    /// Write nothing
    Abort,
    /// Keep existing files
    Skip,
    /// Replace or remove existing files
    Overwrite,
    /// Ask about each file; without a terminal, abort
    Ask,
}
