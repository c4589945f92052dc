//! `scaffold`

use clap::{Args, Subcommand};

use super::candidates;

/// What can be done with scaffolds.
#[derive(Debug, Subcommand)]
pub enum Scaffold {
    /// Find all mistakes in scaffolds: names, files, events, formats, in every combination of choices
    Lint(LintScaffolds),
}

/// Arguments of `scaffold lint`.
#[derive(Debug, Args)]
pub struct LintScaffolds {
    /// The kinds to look at [default: all, and what they share]
    #[arg(add = candidates::kinds())]
    pub kinds: Vec<String>,
}

impl Scaffold {
    /// Whether it may write.
    pub fn writes(&self) -> bool {
        match self {
            Self::Lint(_) => false,
        }
    }
}
