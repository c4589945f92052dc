//! The command line. Doc comments are the help text.

mod invoke;
mod outputs;
mod synth;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use outputs::Outputs;
pub use synth::{Engine, Schema, Synth};

use crate::catalog::Catalog;
use crate::plan;

pub use invoke::{Invoke, Serve};

/// The family of scaffolds that the commands are about.
pub const FAMILY: &str = "auth-trigger";

/// Scaffolds AWS Lambda triggers for Amazon Cognito user pools in Rust, in the folder layout of
/// AWS Amplify Gen 2.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-amplify",
    bin_name = "cargo amplify",
    version,
    propagate_version = true
)]
#[command(after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// What all commands take.
    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed: the input, the repository or the environment
  2    the command line is wrong
  3    refused: something of yours would be overwritten, or a person must decide
  4    `check` has found something
  101  a bug of this program
  130  interrupted, and everything put back";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate something and make it part of the project
    #[command(subcommand)]
    New(New),

    /// Take back what was generated, to the byte
    #[command(subcommand)]
    Remove(Remove),

    /// Show the triggers: when Cognito calls each, and which are wired here
    List(List),

    /// Look for what does not fit together: resource files, crates, members and wiring
    Check(Check),

    /// Build a function, run it on an event as Cognito would, and show what becomes of it
    Invoke(Invoke),

    /// Serve all functions as AWS Lambda does, for AWS SDKs and local user pools
    Serve(Serve),

    /// Make the CloudFormation template that Amplify would deploy
    Synth(Synth),

    /// Make amplify_outputs.json, for the frontend, from the outputs of the deployed stack
    Outputs(Outputs),

    /// Print the completion script of a shell
    Completions(Completions),
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct List {
    /// The trigger to explain, in any spelling
    #[arg(value_parser = Kind, hide_possible_values = true)]
    pub kind: Option<String>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Check {
    /// Repair what has one right answer
    #[arg(long)]
    pub fix: bool,

    /// With `--fix`: write nothing; print what would change as a patch for `git apply`
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Takes any text, as the catalogue knows more spellings, and offers the kinds to shells.
#[derive(Clone, Debug)]
struct Kind;

impl TypedValueParser for Kind {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let catalog = Catalog::embedded();
        let names = catalog
            .names(FAMILY)
            .into_iter()
            .chain(catalog.bundles(FAMILY));
        let names: Vec<_> = names
            .map(|name| PossibleValue::new(name.to_owned()))
            .collect();
        Some(Box::new(names.into_iter()))
    }
}

/// What can be generated.
#[derive(Debug, Subcommand)]
pub enum New {
    /// A Lambda trigger of the user pool: handler crate, resource file and wiring
    AuthTrigger(NewAuthTrigger),
}

/// Arguments of `new auth-trigger`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct NewAuthTrigger {
    /// The trigger, in any spelling: `pre-token-generation`, `preTokenGeneration`
    /// [default: pre-token-generation]
    #[arg(value_parser = Kind, hide_possible_values = true)]
    pub kind: Option<String>,

    /// Name of the function, its folder and its crate [default: the trigger's name]
    #[arg(long)]
    pub name: Option<String>,

    /// Version of the event: V1_0 changes ID tokens, V2_0 also access tokens, V3_0 also those of
    /// machines [default: V1_0]
    #[arg(long, value_name = "VERSION")]
    pub event_version: Option<String>,

    /// Group to put the user into; may be repeated
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,

    /// Claim to add to the token; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub claim: Vec<String>,

    /// Another choice that the trigger offers; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub input: Vec<String>,

    /// What users of the pool sign in with [default for a new pool: email]
    #[arg(long, value_name = "WITH")]
    pub login_with: Option<LoginWith>,

    /// What says which functions there are [default: what the project has; TOML for a new one]
    #[arg(long, value_name = "LANGUAGE")]
    pub wiring: Option<Language>,

    /// What the function runs on; arm64 costs less
    #[arg(long, value_name = "ARCHITECTURE", default_value = "x86_64")]
    pub architecture: Architecture,

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

/// What can be taken back.
#[derive(Debug, Subcommand)]
pub enum Remove {
    /// A Lambda trigger of the user pool: handler crate, resource file and wiring
    AuthTrigger(RemoveAuthTrigger),
}

/// Arguments of `remove auth-trigger`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct RemoveAuthTrigger {
    /// The trigger, in any spelling: `pre-token-generation`, `preTokenGeneration`
    #[arg(value_parser = Kind, hide_possible_values = true)]
    pub kind: String,

    /// Name of the function, if there is more than one for the trigger
    #[arg(long)]
    pub name: Option<String>,

    /// What to do about files that were edited since they were generated
    #[arg(long, value_name = "ACTION", default_value = "abort")]
    pub on_conflict: OnConflict,

    /// Write nothing; print what would change as a patch for `git apply`
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Root of the project [default: the nearest folder upward with `amplify/`, else the root of
    /// the Cargo workspace, else the current folder]
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub path: Option<PathBuf>,

    /// Form of the output
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        global = true,
        help_heading = "Everywhere"
    )]
    pub format: Format,

    /// Print nothing but errors, and what was asked for
    #[arg(short, long, global = true, help_heading = "Everywhere", action = ArgAction::SetTrue)]
    pub quiet: bool,

    /// When to use colours
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Everywhere"
    )]
    pub color: clap::ColorChoice,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs: one JSON document on standard output
    Json,
    /// For the template of `synth`
    Yaml,
}

/// What users sign in with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LoginWith {
    /// E-mail address
    Email,
    /// Phone number
    Phone,
}

/// What says which functions a project has.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Language {
    /// `resource.toml`, in a project in Rust
    Toml,
    /// `resource.ts`, in an Amplify app in TypeScript
    #[value(name = "typescript")]
    TypeScript,
}

/// The processors that Lambda has.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Architecture {
    /// Amplify's own default
    #[value(name = "x86_64")]
    X86,
    /// Cheaper
    Arm64,
}

impl Architecture {
    /// Its name, as Amplify has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// What to do about what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnConflict {
    /// Write nothing
    Abort,
    /// Keep what is there
    Skip,
    /// Replace what is there, or remove it
    Overwrite,
    /// Ask about each file, at a terminal; elsewhere as abort
    Ask,
}

impl From<Language> for plan::Language {
    fn from(chosen: Language) -> Self {
        match chosen {
            Language::Toml => Self::Toml,
            Language::TypeScript => Self::TypeScript,
        }
    }
}

impl From<LoginWith> for plan::LoginWith {
    fn from(chosen: LoginWith) -> Self {
        match chosen {
            LoginWith::Email => Self::Email,
            LoginWith::Phone => Self::Phone,
        }
    }
}

impl From<OnConflict> for plan::OnConflict {
    fn from(chosen: OnConflict) -> Self {
        match chosen {
            OnConflict::Abort | OnConflict::Ask => Self::Abort,
            OnConflict::Skip => Self::Skip,
            OnConflict::Overwrite => Self::Overwrite,
        }
    }
}
