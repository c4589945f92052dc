//! `scaffold`

use clap::{Args, Subcommand};

use super::{EXIT_CODES, candidates};

/// What can be done with scaffolds.
#[derive(Debug, Subcommand)]
pub enum ScaffoldCommand {
    /// Copy a built-in kind into `amplify/scaffolds`, with a test, so that you can change it
    Eject(EjectScaffold),

    /// Find all mistakes in scaffolds: names, files, events, formats, in every combination of choices
    Lint(LintScaffolds),

    /// Compare what scaffolds generate with what was accepted: `amplify/scaffolds/tests/<case>/`
    Test(TestScaffolds),
}

/// Arguments of `scaffold eject`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct EjectScaffold {
    /// The kind, in any spelling: `pre-sign-up`, `preSignUp`
    #[arg(add = candidates::kinds())]
    pub kind: String,

    /// Also copy what all kinds have
    #[arg(long)]
    pub shared: bool,

    /// Write nothing; print what would change as a patch for `git apply`
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `scaffold test`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct TestScaffolds {
    /// The cases [default: all]
    #[arg(value_name = "CASE")]
    pub cases: Vec<String>,

    /// Accept what is generated now
    #[arg(long)]
    pub bless: bool,

    /// Also have Cargo format, lint and test all of it, and run it on its sample events
    #[arg(long)]
    pub build: bool,
}

/// Arguments of `scaffold lint`.
#[derive(Debug, Args)]
pub struct LintScaffolds {
    /// The kinds to look at [default: all, and what they share]
    #[arg(add = candidates::kinds())]
    pub kinds: Vec<String>,
}

impl ScaffoldCommand {
    /// Whether it may write.
    pub fn writes(&self) -> bool {
        match self {
            Self::Eject(arguments) => !arguments.dry_run,
            Self::Test(arguments) => arguments.bless,
            Self::Lint(_) => false,
        }
    }
}
