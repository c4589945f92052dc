//! What Cognito sends, accepts and puts into tokens: its rules, apart from any template.

mod characters;
mod claims;
mod groups;
mod merge;
mod tokens;
mod trigger;
mod verdict;

pub use claims::{Protection, claim_protection};
pub use groups::check_group_name;
pub use merge::merge;
pub use tokens::{Claims, Tokens, base_tokens};
pub use trigger::{
    PATIENCE, is_about_tokens, is_asynchronous, is_for_machine, name_in_errors, source_of,
    trigger_of,
};
pub use verdict::{Answer, EmailAccount, Exception, Finding, Outcome, Verdict, judge};
