//! Custom message: the placeholders, lengths and characters of its strings.
//!
//! Lengths and patterns are those of the Cognito API: `EmailVerificationMessageType`,
//! `EmailVerificationSubjectType`, `SmsVerificationMessageType`, `MessageTemplateType`.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::super::characters::{Length, length, rejected_in_email, rejected_in_sms};
use super::super::trigger::source_of;
use super::breach::{Breach, Exception};
use super::members;
use super::rules::Rule;
use super::{EmailAccount, PoolSettings, Verification};
use crate::cognito::shape::Shape;
use crate::error::counted;

/// A text that a handler returns.
struct Text {
    member: &'static str,
    /// What exceptions call it.
    parameter: &'static str,
    lengths: RangeInclusive<usize>,
    rejected: fn(&str) -> Option<char>,
}

const TEXTS: [Text; 3] = [
    Text {
        member: "emailMessage",
        parameter: "emailBody",
        lengths: 6..=20_000,
        rejected: rejected_in_email,
    },
    Text {
        member: "emailSubject",
        parameter: "emailSubject",
        lengths: 1..=140,
        rejected: rejected_in_email,
    },
    Text {
        member: "smsMessage",
        parameter: "smsMessage",
        lengths: 6..=140,
        rejected: rejected_in_sms,
    },
];

pub fn message(event: &Value, response: &Value, pool: PoolSettings) -> Vec<Breach> {
    let members = TEXTS.each_ref().map(|text| (text.member, Shape::String));
    let mut findings = members::check(response, "response", &members);
    for Text { member, parameter, lengths, rejected } in &TEXTS {
        let Some(text) = response[member].as_str() else {
            continue;
        };
        let breach = |rule, message: String, constraint: String, hint: &str| {
            let shown = format!(
                "1 validation error detected: Value at '{parameter}' failed to satisfy constraint: \
                 Member must {constraint}"
            );
            Breach::new(rule, format!("response.{member}"), message, hint)
                .exception(Exception::reported("InvalidParameterException", shown))
        };
        let (least, most) = (lengths.start(), lengths.end());
        let wrong = match length(text, lengths) {
            Length::Right => None,
            Length::Unclear => Some(Rule::LengthUnclear),
            Length::Wrong => Some(Rule::TextLength),
        };
        if let Some(rule) = wrong {
            let count = text.chars().count();
            let has = counted(count, "character");
            let message = format!("`{member}` has {has}, and Cognito allows {least} to {most}");
            let (side, limit) = if count < *least { ("greater", least) } else { ("less", most) };
            let constraint = format!("have length {side} than or equal to {limit}");
            findings.push(breach(rule, message, constraint, "shorten or lengthen it"));
        }
        if let Some(character) = rejected(text) {
            let message =
                format!("`{member}` has the character {character:?}, which Cognito rejects");
            let constraint = "satisfy regular expression pattern".to_owned();
            findings.push(breach(Rule::TextCharacter, message, constraint, "take it out"));
        }
        if *member != "emailSubject" {
            findings.extend(missing_placeholders(event, text).map(|placeholder| {
                let message = format!("`{member}` lacks the placeholder `{placeholder}`");
                let constraint =
                    format!("satisfy regular expression pattern: .*{}.*", escaped(placeholder));
                let hint = "put the parameters of the request into the text; Cognito fills them in";
                breach(Rule::PlaceholderMissing, message, constraint, hint)
            }));
        }
    }
    findings.extend(other_placeholder(event, response, pool.verification));
    if pool.email_account == EmailAccount::CognitoDefault {
        findings.extend(needs_ses(response));
    }
    findings
}

fn needs_ses(response: &Value) -> Option<Breach> {
    let mut members = ["emailMessage", "emailSubject"].into_iter();
    let member = members.find(|member| response[*member].is_string())?;
    let message = "Cognito's guide allows custom e-mail only in a pool that sends with Amazon SES";
    let hint = "set `senders.email` of the user pool before you go live";
    Some(Breach::new(Rule::EmailNeedsSes, format!("response.{member}"), message, hint))
}

/// An e-mail with a code where Cognito sends a link, or the reverse. Only sign-up has links.
fn other_placeholder(
    event: &Value,
    response: &Value,
    verification: Verification,
) -> Option<Breach> {
    let text = response["emailMessage"].as_str()?;
    let has = |name: &str| {
        event["request"][name].as_str().is_some_and(|placeholder| text.contains(placeholder))
    };
    let sent = match source_of(event) {
        "CustomMessage_AdminCreateUser" => return None,
        "CustomMessage_SignUp" | "CustomMessage_ResendCode" => verification,
        _ => Verification::Code,
    };
    let (rule, message, hint) = match sent {
        Verification::Link if has("codeParameter") => (
            Rule::CodeForLink,
            "the pool verifies by link, and `emailMessage` has a code: Cognito puts the link there",
            "use `linkParameter`, or `verificationEmailStyle = \"CODE\"`",
        ),
        Verification::Code if has("linkParameter") && !has("codeParameter") => (
            Rule::LinkForCode,
            "Cognito sends a code here, and `emailMessage` has only a link",
            "use `codeParameter`; only sign-up has links, with `verificationEmailStyle = \"LINK\"`",
        ),
        _ => return None,
    };
    Some(Breach::new(rule, "response.emailMessage", message, hint))
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
