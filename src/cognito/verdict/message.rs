//! Custom message: texts with placeholders for what Cognito fills in.
//!
//! Lengths and patterns are those of the Cognito API: `EmailVerificationMessageType`,
//! `EmailVerificationSubjectType`, `SmsVerificationMessageType`, `MessageTemplateType`.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::super::characters::{BLANKS, first_refused};
use super::super::trigger::source_of;
use super::shape::{self, Shape};
use super::{EmailAccount, Finding};

const TEXTS: [(&str, &str, RangeInclusive<usize>); 3] = [
    ("emailMessage", "emailBody", 6..=20_000),
    ("emailSubject", "emailSubject", 1..=140),
    ("smsMessage", "smsMessage", 6..=140),
];

pub fn message(event: &Value, response: &Value, account: EmailAccount) -> Vec<Finding> {
    let members = TEXTS.each_ref().map(|(member, ..)| (*member, Shape::Text));
    let mut findings = shape::check(response, "response", &members);
    for (member, parameter, lengths) in &TEXTS {
        let Some(text) = response[member].as_str() else {
            continue;
        };
        let finding = |rule, message: String, constraint: String| {
            let shown = format!(
                "1 validation error detected: Value at '{parameter}' failed to satisfy constraint: \
                 Member must {constraint}"
            );
            Finding::rejection(rule, format!("response.{member}"), message)
                .exception("InvalidParameterException", shown)
        };
        let (least, most) = (lengths.start(), lengths.end());
        let length = text.chars().count();
        if !lengths.contains(&length) {
            let message =
                format!("`{member}` has {length} characters, and Cognito takes {least} to {most}");
            let side = if length > *most { "less" } else { "greater" };
            let limit = if length > *most { most } else { least };
            let constraint = format!("have length {side} than or equal to {limit}");
            findings
                .push(finding("text-length", message, constraint).hint("shorten or lengthen it"));
        }
        if let Some(character) = first_refused(text, BLANKS) {
            let message =
                format!("`{member}` has the character {character:?}, which Cognito refuses");
            let constraint = "satisfy regular expression pattern".to_owned();
            findings.push(finding("text-character", message, constraint).hint("take it out"));
        }
        if *member != "emailSubject" {
            findings.extend(missing_placeholders(event, text).map(|placeholder| {
                let message = format!("`{member}` lacks the placeholder `{placeholder}`");
                let constraint =
                    format!("satisfy regular expression pattern: .*{}.*", escaped(placeholder));
                finding("placeholder-missing", message, constraint)
                    .hint("put the parameters of the request into the text; Cognito fills them in")
            }));
        }
    }
    if account == EmailAccount::CognitoDefault {
        findings.extend(needs_ses(response));
    }
    findings
}

/// The guide says that Cognito refuses such a reply; pools that do not are known.
fn needs_ses(response: &Value) -> Option<Finding> {
    let mut members = ["emailMessage", "emailSubject"].into_iter();
    let member = members.find(|member| response[*member].is_string())?;
    let message =
        "Cognito's guide allows own e-mail texts only in a pool that sends with Amazon SES";
    Some(
        Finding::surprise("email-needs-ses", format!("response.{member}"), message)
            .hint("set `senders.email` of the user pool before you go live"),
    )
}

/// The placeholders that must be in the text. A verification can have a link for its code.
fn missing_placeholders<'a>(event: &'a Value, text: &str) -> impl Iterator<Item = &'a str> {
    let request = &event["request"];
    let of = |name: &str| request[name].as_str();
    let code = of("codeParameter").unwrap_or("{####}");
    let invitation = source_of(event) == "CustomMessage_AdminCreateUser";
    let linked = of("linkParameter").is_some_and(|link| text.contains(link));
    let user = of("usernameParameter").filter(|name| invitation && !text.contains(name));
    let code = Some(code).filter(|code| !text.contains(code) && (invitation || !linked));
    user.into_iter().chain(code)
}

fn escaped(placeholder: &str) -> String {
    placeholder.replace('{', "\\{").replace('}', "\\}")
}
