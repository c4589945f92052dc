//! Changes the claims, groups and scopes of a user's tokens before Cognito issues them.
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

/// Hands the event to the handler and returns the whole event with `response` filled in.
///
/// Cognito wants everything else back as it came, so nothing else is parsed and written again.
///
/// # Errors
/// Fails when the handler does, or when `event` is not a JSON object with the types of `event.rs`.
pub async fn respond(event: &str) -> Result<RawEvent, Error> {
    let mut reply: RawEvent = serde_json::from_str(event)?;
    let response = handler::handler(&Event::from_json(event)?).await?;
    reply.insert(
        "response".to_owned(),
        serde_json::value::to_raw_value(&response)?,
    );
    Ok(reply)
}
