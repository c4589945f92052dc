//! Pre sign-up, user migration and inbound federation: what becomes of the user's profile.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::characters::{Length, is_true, length};
use super::super::trigger::source_of;
use super::breach::{Breach, Exception};
use super::members;
use super::rules::Rule;
use crate::cognito::shape::Shape;

pub fn sign_up(event: &Value, response: &Value) -> Vec<Breach> {
    let members = ["autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"];
    let mut findings =
        members::check(response, "response", &members.map(|member| (member, Shape::Boolean)));
    if source_of(event) == "PreSignUp_AdminCreateUser" {
        let set = members.iter().filter(|member| response[**member] == true);
        findings.extend(set.map(|member| {
            let message =
                format!("Cognito ignores `{member}` when an administrator creates the user");
            let hint = "set it for `PreSignUp_SignUp` alone";
            Breach::new(Rule::AdminCreateUser, format!("response.{member}"), message, hint)
        }));
        return findings;
    }
    let attributes = &event["request"]["userAttributes"];
    for (member, attribute) in [("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")] {
        if response[member] == true && attributes[attribute].as_str().is_none_or(str::is_empty) {
            let message = format!("`{member}` is true, and the user has no `{attribute}`");
            let key = format!("response.{member}");
            let hint = format!("set it only when the event has `{attribute}`");
            findings.push(
                Breach::new(Rule::VerifyWithoutAttribute, key, message, hint)
                    .exception(Exception::inferred(INVALID, "Unrecognizable lambda output")),
            );
        }
    }
    let verified = members[1..].iter().find(|member| response[**member] == true);
    if let Some(member) = verified.filter(|_| source_of(event) == "PreSignUp_SignUp")
        && response["autoConfirmUser"] != true
    {
        let message = format!("`{member}` is true, and `autoConfirmUser` is not");
        let hint = "set both: a user who is to confirm by a code verifies the address with it";
        findings.push(
            Breach::new(Rule::VerifyWithoutConfirm, format!("response.{member}"), message, hint)
            // Reports have the text, and not the name.
            .exception(Exception::inferred(
                INVALID,
                "Phone or email cannot be auto verified, when user is not being auto confirmed.",
            )),
        );
    }
    findings
}

pub fn migration(event: &Value, response: &Value) -> Vec<Breach> {
    let members = [
        ("userAttributes", Shape::StringMap),
        ("finalUserStatus", Shape::String),
        ("messageAction", Shape::String),
        ("desiredDeliveryMediums", Shape::Strings),
        ("forceAliasCreation", Shape::Boolean),
        ("enableSMSMFA", Shape::Boolean),
    ];
    let mut findings = members::check(response, "response", &members);
    let attributes = &response["userAttributes"];
    if is_empty(response) {
        let message =
            "the response is empty: Cognito creates no user, and answers as for an unknown one";
        let hint = "return the user's attributes, or an error when there is no such user";
        findings.push(Breach::new(Rule::NoAttributes, "response", message, hint));
        return findings;
    }
    if is_empty(attributes) {
        let message = "`userAttributes` is empty, and Cognito needs the attributes of the user";
        let hint = "return at least what users of the pool sign in with";
        findings.push(Breach::new(
            Rule::AttributesMissing,
            "response.userAttributes",
            message,
            hint,
        ));
        return findings;
    }
    if attributes.get("sub").is_some() {
        let message = "`sub` belongs to Cognito, which makes a new one";
        let hint = "leave `sub` out; keep the old id in an attribute such as `custom:id`";
        findings.push(Breach::new(Rule::SubReturned, "response.userAttributes.sub", message, hint));
    }
    for (member, values) in [
        ("finalUserStatus", &["CONFIRMED", "RESET_REQUIRED"][..]),
        ("messageAction", &["SUPPRESS", "RESEND"]),
        ("desiredDeliveryMediums", &["EMAIL", "SMS"]),
    ] {
        findings.extend(one_of(response, member, values));
    }
    if let Some(name) = attributes.get("username")
        && *name != event["userName"]
    {
        let message = "the user gets another name than the one that they typed";
        let hint = "leave `username` out, unless users sign in with an alias";
        findings.push(Breach::new(
            Rule::OtherUsername,
            "response.userAttributes.username",
            message,
            hint,
        ));
    }
    if source_of(event) == "UserMigration_ForgotPassword" {
        let verified = |name: &str| is_true(&attributes[name]);
        if !verified("email_verified") && !verified("phone_number_verified") {
            let message =
                "neither e-mail address nor phone number is verified, so no reset code can be sent";
            let hint = "return `\"email_verified\": \"true\"`, if it is";
            findings.push(Breach::new(
                Rule::NothingVerified,
                "response.userAttributes",
                message,
                hint,
            ));
        }
    }
    findings
}

pub fn federation(event: &Value, response: &Value) -> Vec<Breach> {
    const KEY: &str = "response.userAttributesToMap";
    let member = ("userAttributesToMap", Shape::StringMap);
    let mut findings = members::check(response, "response", &[member]);
    let mapped = response["userAttributesToMap"].as_object();
    findings.extend(mapped.into_iter().flatten().filter_map(|(name, value)| {
        let rule = match length(value.as_str()?, &(0..=LONGEST_ATTRIBUTE)) {
            Length::Right => return None,
            Length::Unclear => Rule::LengthUnclear,
            Length::Wrong => Rule::AttributeTooLong,
        };
        let message = format!("`{name}` is longer than {LONGEST_ATTRIBUTE} characters");
        let breach = Breach::new(rule, format!("{KEY}.{name}"), message, "shorten it");
        Some(breach.exception(Exception::inferred(INVALID, "Unrecognizable lambda output")))
    }));
    let Some(mapped) = mapped.filter(|mapped| !mapped.is_empty()) else {
        return findings;
    };
    let provided = provided(&event["request"]["attributes"]).into_iter();
    let dropped: Vec<_> = provided.filter(|name| !mapped.contains_key(*name)).collect();
    if !dropped.is_empty() {
        let names = dropped.join("`, `");
        let hint = "copy what is to stay, or return an empty map to keep everything";
        findings.push(Breach::new(
            Rule::AttributesLost,
            KEY,
            format!("the map drops `{names}`"),
            hint,
        ));
    }
    findings
}

const INVALID: &str = "InvalidLambdaResponseException";

/// Source: `AttributeValueType` of the Cognito API.
const LONGEST_ATTRIBUTE: usize = 2048;

/// Claims that describe the provider's token and not the user.
const OF_THE_TOKEN: [&str; 9] =
    ["iss", "aud", "exp", "iat", "nonce", "at_hash", "azp", "nbf", "sub"];

/// The attributes of the user that the provider sent, in whichever part.
fn provided(attributes: &Value) -> BTreeSet<&str> {
    let parts = ["samlResponse", "userInfo", "idToken"].iter();
    let names = parts.filter_map(|part| attributes[part].as_object()).flat_map(|part| part.keys());
    names.map(String::as_str).filter(|name| !OF_THE_TOKEN.contains(name)).collect()
}

/// Whether it says nothing: null, no members, or none but such.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().all(is_empty),
        other => other.is_null(),
    }
}

fn one_of(response: &Value, member: &str, allowed: &[&str]) -> Option<Breach> {
    let value = &response[member];
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let wrong = values.iter().filter_map(Value::as_str).find(|value| !allowed.contains(value))?;
    let key = format!("response.{member}");
    let message = format!("`{member}` is `{wrong}`, which Cognito does not know");
    let hint = format!("use one of: {}, or leave it out", allowed.join(", "));
    Some(Breach::new(Rule::ValueUnknown, key, message, hint))
}
