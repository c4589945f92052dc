//! Pre sign-up, user migration and inbound federation: what becomes of the user's profile.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::characters::is_true;
use super::super::trigger::source_of;
use super::shape::{self, Shape};
use super::{Exception, Finding, Outcome};

pub fn sign_up(event: &Value, response: &Value) -> Vec<Finding> {
    let members = ["autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"];
    let mut findings =
        shape::check(response, "response", &members.map(|member| (member, Shape::Boolean)));
    let attributes = &event["request"]["userAttributes"];
    for (member, attribute) in [("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")] {
        if response[member] == true && attributes[attribute].as_str().is_none_or(str::is_empty) {
            let message = format!("`{member}` is true, and the user has no `{attribute}`");
            let key = format!("response.{member}");
            findings.push(
                Finding::rejection("verify-without-attribute", key, message)
                    .hint(format!("set it only when the event has `{attribute}`")),
            );
        }
    }
    let verified = members[1..].iter().find(|member| response[**member] == true);
    if let Some(member) = verified.filter(|_| source_of(event) == "PreSignUp_SignUp")
        && response["autoConfirmUser"] != true
    {
        let message = format!("`{member}` is true, and `autoConfirmUser` is not");
        findings.push(
            Finding::rejection("verify-without-confirm", format!("response.{member}"), message)
                .exception(
                    "InvalidLambdaResponseException",
                    "Phone or email cannot be auto verified, when user is not being auto confirmed.",
                )
                .hint("set both: a user who is to confirm by a code verifies the address with it"),
        );
    }
    if source_of(event) == "PreSignUp_AdminCreateUser" {
        let set = members.iter().filter(|member| response[**member] == true);
        findings.extend(set.map(|member| {
            let message =
                format!("Cognito ignores `{member}` when an administrator creates the user");
            Finding::surprise("admin-create-user", format!("response.{member}"), message)
                .hint("set it for `PreSignUp_SignUp` alone")
        }));
    }
    findings
}

pub fn migration(event: &Value, response: &Value) -> Vec<Finding> {
    let mut findings = shape::check(
        response,
        "response",
        &[
            ("userAttributes", Shape::TextMap),
            ("finalUserStatus", Shape::Text),
            ("messageAction", Shape::Text),
            ("desiredDeliveryMediums", Shape::Texts),
            ("forceAliasCreation", Shape::Boolean),
            ("enableSMSMFA", Shape::Boolean),
        ],
    );
    let attributes = &response["userAttributes"];
    if is_empty(response) {
        let message =
            "the response is empty: Cognito creates no user, and answers as for an unknown one";
        findings.push(
            Finding::surprise("no-attributes", "response", message)
                .hint("return the user's attributes, or an error when there is no such user"),
        );
        return findings;
    }
    if is_empty(attributes) {
        let message = "`userAttributes` is empty, and Cognito needs the attributes of the user";
        findings.push(
            Finding::rejection("attributes-missing", "response.userAttributes", message)
                .hint("return at least what users of the pool sign in with"),
        );
        return findings;
    }
    if attributes.get("sub").is_some() {
        let message = "`sub` is Cognito's own: it makes a new one";
        findings.push(
            Finding::rejection("sub-returned", "response.userAttributes.sub", message)
                .hint("leave `sub` out; keep the old id in an attribute such as `custom:id`"),
        );
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
        findings.push(
            Finding::surprise("other-username", "response.userAttributes.username", message)
                .hint("leave `username` out, unless users sign in with an alias"),
        );
    }
    if source_of(event) == "UserMigration_ForgotPassword" {
        let verified = |name: &str| is_true(&attributes[name]);
        if !verified("email_verified") && !verified("phone_number_verified") {
            let message =
                "neither e-mail address nor phone number is verified, so no reset code can be sent";
            findings.push(
                Finding::surprise("nothing-verified", "response.userAttributes", message)
                    .hint("return `\"email_verified\": \"true\"`, if it is"),
            );
        }
    }
    findings
}

/// What the app gets when a user is not migrated: Cognito has words of its own here, and never the
/// handler's. Source: reports of replies `null`, `""`, `{}` and of one with a `sub`; that an error
/// of the handler is told like the first is inferred.
pub fn migration_exception(
    event: &Value,
    outcome: Outcome,
    findings: &[Finding],
) -> Option<Exception> {
    let is_reply = |finding: &Finding| finding.rule.starts_with("reply-not-");
    match outcome {
        Outcome::Accepted | Outcome::Surprising => None,
        Outcome::Rejected if !findings.iter().any(is_reply) => Some(Exception {
            name: "NotAuthorizedException",
            message: "Incorrect username or password.".to_owned(),
        }),
        Outcome::Rejected | Outcome::Failed => {
            let client = event["callerContext"]["clientId"].as_str().unwrap_or_default();
            let message = format!("Exception migrating user in app client {client}");
            Some(Exception { name: "UserNotFoundException", message })
        }
    }
}

pub fn federation(event: &Value, response: &Value) -> Vec<Finding> {
    const KEY: &str = "response.userAttributesToMap";
    let member = ("userAttributesToMap", Shape::TextMap);
    let mut findings = shape::check(response, "response", &[member]);
    let mapped = response["userAttributesToMap"].as_object();
    let long = mapped.into_iter().flatten().filter(|(_, value)| {
        let text = value.as_str().unwrap_or_default();
        text.chars().count() > LONGEST_ATTRIBUTE
    });
    findings.extend(long.map(|(name, _)| {
        let message = format!("`{name}` is longer than {LONGEST_ATTRIBUTE} characters");
        Finding::rejection("attribute-too-long", format!("{KEY}.{name}"), message)
            .hint("shorten it")
    }));
    let Some(mapped) = mapped.filter(|mapped| !mapped.is_empty()) else {
        return findings;
    };
    let provided = provided(&event["request"]["attributes"]).into_iter();
    let dropped: Vec<_> = provided.filter(|name| !mapped.contains_key(*name)).collect();
    if !dropped.is_empty() {
        let names = dropped.join("`, `");
        findings.push(
            Finding::surprise("attributes-lost", KEY, format!("the map drops `{names}`"))
                .hint("copy what is to stay, or return an empty map to keep everything"),
        );
    }
    findings
}

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

fn one_of(response: &Value, member: &str, allowed: &[&str]) -> Option<Finding> {
    let value = &response[member];
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let wrong = values.iter().filter_map(Value::as_str).find(|value| !allowed.contains(value))?;
    let key = format!("response.{member}");
    let message = format!("`{member}` is `{wrong}`, which Cognito does not know");
    Some(
        Finding::rejection("value-unknown", key, message)
            .hint(format!("use one of: {}, or leave it out", allowed.join(", "))),
    )
}
