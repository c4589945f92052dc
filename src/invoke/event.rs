//! An event: JSON as Cognito sends it, or as the user wrote it.

use serde_json::Value;

use crate::error::{Error, Result};

#[derive(Clone, Debug)]
pub struct Event {
    /// As it is sent.
    pub text: String,
    /// What it says.
    pub value: Value,
}

/// Reads an event; `origin` is where it is from.
///
/// # Errors
/// When it is not a JSON object in UTF-8, with the line and column.
pub fn read(bytes: Vec<u8>, origin: &str) -> Result<Event> {
    parse(decode(bytes, origin)?, origin)
}

/// The text of an event, without a byte order mark.
fn decode(bytes: Vec<u8>, origin: &str) -> Result<String> {
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    match String::from_utf8(bytes) {
        // JSON has no NUL, which every other byte is in UTF-16.
        Ok(text) if !text.contains('\0') => {
            Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        }
        Err(error) if !is_utf16 => {
            let at = error.utf8_error().valid_up_to();
            Err(Error::failed(format!("{origin}: the event is not UTF-8 from byte {at} on"))
                .hint("save it as UTF-8"))
        }
        _ => Err(Error::failed(format!("{origin}: the event is UTF-16, and Cognito sends UTF-8"))
            .hint(
                "save it as UTF-8; in Windows PowerShell, with `| Out-File -Encoding utf8 FILE`",
            )),
    }
}

/// Reads an event from its text.
pub(super) fn parse(text: String, origin: &str) -> Result<Event> {
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let (line, column) = (error.line(), error.column());
        let problem = format!("{origin}:{line}:{column}: the event is not valid JSON: {reason}");
        let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
        match line {
            "" => Error::failed(problem).hint("is it complete?"),
            line => Error::failed(problem).hint(format!("the line is `{line}`")),
        }
    })?;
    if value.is_object() {
        return Ok(Event { text, value });
    }
    Err(Error::failed(format!("{origin}: the event is not a JSON object"))
        .hint("take one of the sample events in the function's `events/` as a start"))
}
