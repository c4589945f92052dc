//! What Cognito sends, accepts and puts into tokens: its rules, apart from any template.

mod characters;
mod claims;
mod groups;
mod merge;
mod tokens;
mod trigger;
mod verdict;

pub(crate) use claims::Protection;
pub use claims::claim_protection;
pub(crate) use groups::check_group_name;
pub use merge::merge;
pub(crate) use tokens::Claims;
pub use tokens::{Tokens, base_tokens};
pub(crate) use trigger::{PATIENCE, is_about_tokens, is_asynchronous, source_of, trigger_of};
pub(crate) use verdict::Finding;
pub use verdict::{Answer, EmailAccount, Outcome, Verdict, judge};
