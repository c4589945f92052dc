//! What Cognito sends, accepts and puts into tokens: its rules, apart from any template.

mod characters;
mod claims;
mod event_shape;
mod event_version;
mod groups;
mod merge;
mod shape;
mod token_changes;
mod tokens;
mod trigger;
mod verdict;

/// What Amplify calls the resource that is a user pool.
pub(crate) const AUTH: &str = "auth";

pub(crate) use characters::{rejected_in_email, rejected_in_sms};
pub(crate) use claims::Protection;
pub use claims::claim_protection;
pub(crate) use event_shape::unlike_cognito;
pub use event_version::EventVersion;
pub(crate) use groups::check_group_name;
pub use merge::merge;
pub(crate) use tokens::Claims;
pub use tokens::{Tokens, base_tokens};
pub(crate) use trigger::{
    COGNITO_TIMEOUT, is_asynchronous, is_token_trigger, source_of, trigger_of,
};
pub(crate) use verdict::Breach;
pub use verdict::{
    Answer, EmailAccount, Evidence, Outcome, PoolSettings, Rule, Verdict, Verification, judge,
};
