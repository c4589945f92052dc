//! Does what is due once a new user has confirmed their account.
//!
//! - `handler.rs`: what the trigger does; start here.
//! - `event.rs`: what Cognito sends, and what it accepts back.
//! - `error.rs`: what the user sees when the handler fails.

pub mod error;
pub mod event;
pub mod handler;

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::error::Error;
use crate::event::Event;

/// An event by its top-level members, each still the text that Cognito sent.
pub type RawEvent = BTreeMap<String, Box<RawValue>>;

/// Hands the event to the handler and returns it as it came, which is all that Cognito wants.
///
/// # Errors
/// Fails when the handler does, or when `event` is not a JSON object with the types of `event.rs`.
pub async fn respond(event: &str) -> Result<RawEvent, Error> {
    handler::handler(&Event::from_json(event)?).await?;
    Ok(serde_json::from_str(event)?)
}
