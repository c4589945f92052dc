//! Scaffolds AWS Lambda triggers for Amazon Cognito user pools in Rust, in the folder layout of
//! AWS Amplify Gen 2.
//!
//! This library is the program; its interface follows the program's needs and no version
//! promise. Modules stand in reading order:
//!
//! | module | is |
//! |---|---|
//! | [`cli`] | what can be typed |
//! | [`commands`] | what happens then: arguments to repository to plan to output |
//! | [`catalog`] | what can be generated: the folders under `scaffolds/` |
//! | [`workspace`] | the user's repository, read only |
//! | [`check`] | what does not fit together in a project |
//! | [`plan`] | what is to change, as a value; and the only writer |
//! | [`synth`] | the CloudFormation template of a backend |
//! | [`invoke`] | runs functions on events, as Cognito would |
//! | [`lambda`] | the Runtime API and the Invoke API of AWS Lambda |
//! | [`process`] | child processes, and how they end |
//! | [`backend`] | the user pool and its functions, as `resource.toml` says |
//! | [`edit`] | byte-true edits of texts |
//! | [`cognito`] | Cognito's own rules |
//! | [`ui`] | the only printer |
//! | [`diagnostic`] | a problem at a place in a file |
//! | [`error`] | what went wrong, and what to do now |
//!
//! | file on disk | owner |
//! |---|---|
//! | `scaffolds/**` | [`catalog::Catalog`] |
//! | `Cargo.toml` of the user | [`workspace::CargoRoot`] reads, [`edit::push_string`] edits |
//! | `Cargo.toml` of a new crate | [`edit::inherit`] |
//! | `amplify/**/resource.toml` | [`backend::Backend`] reads, [`edit::set_value`] edits |
//! | `.gitignore` | [`edit::ignore_target`] |
//! | `amplify/generated.toml` | [`plan::Record`] |
//! | journals in the user's state directory | [`plan::recover`] |
//! | any file that is written | [`plan::apply`] |

pub mod cli;
pub mod commands;

pub mod catalog;
pub mod workspace;

pub mod check;
pub mod plan;
pub mod synth;

pub mod invoke;
pub mod lambda;
pub mod process;

pub mod backend;
pub mod edit;

pub mod cognito;

pub mod diagnostic;
pub mod error;
pub mod ui;

pub use error::{Error, ErrorKind, Result};
