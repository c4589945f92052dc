//! The changes to a repository, as a value.
//!
//! A [`Plan`] has the text of each file before and after. Status lines, diff, JSON and the write
//! are all made from it, so that they cannot disagree.

mod build;
mod builder;
mod cargo_rules;
mod change;
mod choices;
mod decision;
mod diff;
mod edits;
mod function;
mod generated;
mod hosting;
mod membership;
mod notes;
mod remove;
mod remove_shared;
mod repair;
mod request;
mod wiring;

pub use build::build;
pub use change::Plan;
pub(crate) use change::{Change, NextStep};
pub(crate) use decision::Decision;
pub use decision::Decisions;
pub(crate) use diff::file_diff;
pub use diff::{has_markers, patch, side_by_side};
pub(crate) use remove::function_of;
pub use remove::{Removal, build_removal};
pub(crate) use repair::{Repair, build_repairs, is_as_made};
pub use request::{Hosting, Request};
pub(crate) use request::{LoginMethod, default_name};
