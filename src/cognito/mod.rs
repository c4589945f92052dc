//! What Cognito sends, accepts and puts into tokens: its rules, apart from any template.

mod claims;
mod groups;

pub use claims::{Protection, claim_protection};
pub use groups::check_group_name;
