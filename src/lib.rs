//! Scaffolds AWS Lambda triggers for Amazon Cognito user pools in Rust, in the directory layout of
//! AWS Amplify Gen 2.
//!
//! This library is the program; its interface follows the program's needs, without any promise of
//! stability. Modules are in reading order:
//!
//! | module | is |
//! |---|---|
//! | `cli` | what can be typed |
//! | [`commands`] | what happens then: from arguments to a project, a plan or report, and output |
//! | [`catalog`] | what can be generated: the directories under `scaffolds/` |
//! | [`project`] | the user's project, read only |
//! | `check` | what is not consistent in a project |
//! | `lint` | what is wrong with scaffolds |
//! | [`snapshots`] | tests of scaffolds |
//! | [`plan`] | what will change, as a value |
//! | [`apply`] | the only writer: carries a plan out, whole or not at all |
//! | [`synth`] | the CloudFormation template of a backend |
//! | `invoke` | runs functions on events, as Cognito would |
//! | [`lambda`] | the Runtime API and the Invoke API of AWS Lambda |
//! | `process` | child processes, and how they are stopped |
//! | [`model`] | the user pool and its functions, as `resource.toml` says |
//! | [`edit`] | byte-exact edits of text |
//! | [`cognito`] | Cognito's own rules |
//! | `ui` | the only printer |
//! | `program` | how the user runs this program
//! | `path` | a path in the user's repository |
//! | `source` | places in files, and problems there |
//! | [`error`] | what went wrong, and what to do now |
//!
//! | file on disk | owner |
//! |---|---|
//! | `scaffolds/**` | [`catalog::Catalog`] |
//! | `Cargo.toml` of the user | [`project::Project::cargo_root`] reads, [`edit::push_string`] edits |
//! | `Cargo.toml` of a new crate | `edit::inherit` |
//! | `amplify/**/resource.toml` | [`model::Backend`] reads, [`edit::set_value`] edits |
//! | `.gitignore` | `edit::ignore_target` |
//! | `generated.toml`, in `amplify/` and in each function | [`project::Record`] |
//! | journals in the user's state directory | [`apply::recover`] |
//! | any file that is written | [`apply::apply`] |

mod cli;
pub mod commands;

pub mod catalog;
pub mod project;

pub mod apply;
mod check;
mod lint;
pub mod plan;
pub mod synth;

mod invoke;
pub mod lambda;
mod process;
pub mod snapshots;

pub mod edit;
pub mod model;

pub mod cognito;

pub mod error;
mod path;
mod program;
mod source;
mod ui;

/// What the exit codes of all commands mean, a line each.
pub fn exit_codes() -> &'static str {
    cli::EXIT_CODES
}

/// The command line with all help texts, for documents.
pub fn command_line() -> clap::Command {
    cli::documented()
}

pub use error::{Error, ErrorKind, Result};
pub use path::RepoPath;
pub use program::started_as;
pub use ui::{Buffer, Stream, Streams};
