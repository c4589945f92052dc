//! The command line. Doc comments are the help text.

mod candidates;
mod invoke;
mod new;
mod scaffold;
mod synth;
pub mod usage;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use invoke::{Invoke, Running, Serve};
use new::NEW_EXAMPLES;
pub use new::{New, OnConflict, Remove};
pub use scaffold::{EjectScaffold, LintScaffolds, ScaffoldCommand, TestScaffolds};
pub use synth::{Outputs, Schema, Synth};

use crate::catalog::{Catalog, Offer};
use crate::error::Result;
use crate::program::{command as typed, program};

/// Parses the arguments, the program left out.
pub fn parse(arguments: &[impl AsRef<OsStr>]) -> Result<Cli, clap::Error> {
    let arguments = arguments.iter().map(AsRef::as_ref);
    let asks_for_help = arguments.clone().any(|word| word == "--help" || word == "help");
    // The kinds take longer to read than all arguments to parse.
    let mut command = if asks_for_help { documented() } else { command() };
    let matches =
        command.try_get_matches_from_mut([OsStr::new(NAME)].into_iter().chain(arguments))?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The command line.
pub fn command() -> clap::Command {
    Cli::command().bin_name(program())
}

/// The command line with all help texts.
pub fn documented() -> clap::Command {
    // A scaffold of this program is not broken: a test renders all of them.
    let kinds = kinds().unwrap_or_default();
    command().mut_subcommand("new", |new| {
        new.after_long_help(format!("{kinds}\n{}\n{EXIT_CODES}", examples(&NEW_EXAMPLES)))
    })
}

/// What can be generated, by family, a line each.
fn kinds() -> Result<String> {
    let offers = Catalog::embedded().offers()?;
    let width = offers.iter().map(|offer| offer.name.len()).max().unwrap_or(0);
    let line = |offer: &Offer| format!("  {:width$}  {}\n", offer.name, offer.purpose);
    let families = offers.chunk_by(|one, next| one.family == next.family).map(|offers| {
        format!("{}:\n{}", offers[0].family, offers.iter().map(line).collect::<String>())
    });
    Ok(families.collect::<Vec<_>>().join("\n"))
}

/// Command lines to copy.
fn examples(lines: &[&str]) -> String {
    let lines = lines.iter().map(|arguments| format!("  {}\n", typed(arguments)));
    format!("Examples:\n{}", lines.collect::<String>())
}

/// Whether the arguments ask for JSON, even if something else is wrong with them.
pub fn is_for_programs(arguments: &[OsString]) -> bool {
    let mut pairs = arguments.windows(2);
    arguments.iter().any(|word| word == "--format=json")
        || pairs.any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// The name of the program.
pub const NAME: &str = "cargo-amplify";

/// Scaffolds AWS Lambda triggers for Amazon Cognito user pools in Rust, in the directory layout of
/// AWS Amplify Gen 2.
#[derive(Debug, Parser)]
#[command(name = NAME, version, propagate_version = true)]
#[command(after_help = EXIT_CODES)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,

    /// The options of all commands.
    #[command(flatten)]
    pub global: Global,
}

/// What the exit codes of all commands mean.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed: the input, the repository or the environment; with `invoke`, also a rejected reply
  2    the command line is wrong
  3    refused: something of yours would be overwritten, or a person must decide
  4    something was found: a problem by `check`, `doctor` or `scaffold lint`; or a difference, by
       `invoke --all`, `synth --check` or `scaffold test`
  101  a bug of this program
  130  interrupted and rolled back";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate a function: handler crate, resource file and wiring
    New(New),

    /// Remove what was generated, the exact reverse of `new`
    Remove(Remove),

    /// Show the triggers: when Cognito calls each, and which are wired here
    List(List),

    /// Check that resource files, crates, members and wiring are consistent
    Check(Check),

    /// Build a function, run it on an event as Cognito would, and show the verdict
    Invoke(Invoke),

    /// Serve all functions as AWS Lambda does, for AWS SDKs and local user pools
    Serve(Serve),

    /// Create the CloudFormation template that Amplify would deploy
    Synth(Synth),

    /// Print amplify_outputs.json, for the frontend, from the outputs of the deployed stack
    Outputs(Outputs),

    /// Make scaffolds of your own, and test them
    #[command(subcommand)]
    Scaffold(ScaffoldCommand),

    /// Show the tools that are needed, and their versions
    Doctor,

    /// Print the completion script of a shell
    Completions(Completions),
}

impl Command {
    /// Whether it may write to the project, and so recovers from an interrupted run.
    pub fn writes(&self) -> bool {
        match self {
            Self::New(arguments) => !arguments.dry_run,
            Self::Remove(arguments) => !arguments.dry_run,
            Self::Check(arguments) => arguments.fix && !arguments.dry_run,
            Self::Synth(arguments) => arguments.out.is_some(),
            Self::Invoke(arguments) => arguments.bless,
            Self::Scaffold(command) => command.writes(),
            Self::List(_)
            | Self::Serve(_)
            | Self::Outputs(_)
            | Self::Doctor
            | Self::Completions(_) => false,
        }
    }

    /// Whether it reads the project.
    pub fn reads_project(&self) -> bool {
        !matches!(self, Self::Outputs(_) | Self::Completions(_))
    }
}

/// Arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct List {
    /// The trigger to explain: `pre-sign-up`, `preSignUp`
    #[arg(add = candidates::kinds())]
    pub kind: Option<String>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Check {
    /// Fix problems that have exactly one fix
    #[arg(long)]
    pub fix: bool,

    /// With `--fix`: write nothing; print what would change as a patch for `git apply`
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
They complete `cargo amplify` and `cargo-amplify`, with the triggers, inputs and functions there are.
To have them in every shell:
  bash  echo 'source <(cargo amplify completions bash)' >> ~/.bashrc
  zsh   echo 'source <(cargo amplify completions zsh)' >> ~/.zshrc     (below `compinit`)
  fish  echo 'cargo amplify completions fish | source' >> ~/.config/fish/config.fish")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Arguments of every command.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Root of the project, or a directory in it [default: the nearest directory upward with
    /// `amplify/`, else the root of the Cargo workspace, else the current directory]
    #[arg(long, value_name = "DIR", global = true)]
    pub path: Option<PathBuf>,

    /// Directory with scaffolds of your own [default: `amplify/scaffolds`]
    #[arg(long, value_name = "DIR", global = true)]
    pub scaffolds: Option<PathBuf>,

    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "text", global = true)]
    pub format: Format,

    /// Print only errors and the requested output
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: clap::ColorChoice,
}

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON document on standard output
    Json,
    /// For the template of `synth`
    Yaml,
    /// For `check` in GitHub Actions: annotations of the lines
    Github,
}
