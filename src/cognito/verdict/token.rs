//! Pre token generation: claims, scopes and groups.

use serde_json::{Map, Value};

use super::super::claims::Protection;
use super::super::token_changes::{Effect, Token, TokenChanges, token_changes};
use super::super::tokens::strings;
use super::super::trigger::{is_for_machine, source_of, token_container};
use super::breach::Breach;
use super::members;
use super::rules::Rule;
use crate::cognito::shape::Shape;

const CONTAINERS: [&str; 2] = ["claimsOverrideDetails", "claimsAndScopeOverrideDetails"];

/// Pre token generation, in any version of the event.
pub fn check(event: &Value, response: &Value) -> Vec<Breach> {
    let container = token_container(event);
    let mut findings =
        members::check(response, "response", &CONTAINERS.map(|name| (name, Shape::Object)));
    findings.extend(other_container(event, response, container));
    let details = &response[container];
    if !details.is_object() {
        return findings;
    }
    let at = format!("response.{container}");
    let is_first = container == CONTAINERS[0];
    if !is_first {
        let members = ["idTokenGeneration", "accessTokenGeneration", "groupOverrideDetails"];
        findings.extend(members::check(details, &at, &members.map(|name| (name, Shape::Object))));
    }
    for changes in token_changes(event, response) {
        findings.extend(members::check(changes.details, &changes.at, members(&changes, is_first)));
        if !is_first {
            findings.extend(values(&changes));
            findings.extend(scopes(&changes));
        }
        findings.extend(claims(event, &changes));
    }
    if is_for_machine(source_of(event)) {
        let of_users = ["idTokenGeneration", "groupOverrideDetails"];
        let set = of_users.iter().filter(|name| details[**name].is_object());
        findings.extend(set.map(|name| {
            let message = format!("a machine has only an access token: `{name}` changes nothing");
            let hint = "look at `triggerSource` first";
            Breach::new(Rule::NotForMachines, format!("{at}.{name}"), message, hint)
        }));
    }
    findings.extend(groups(event, details, &at));
    findings
}

/// The members of the part for one token.
fn members(changes: &TokenChanges, is_first: bool) -> &'static [(&'static str, Shape)] {
    const SUPPRESS: (&str, Shape) = ("claimsToSuppress", Shape::Strings);
    const ADD: (&str, Shape) = ("claimsToAddOrOverride", Shape::Object);
    match changes.token {
        Token::Id if is_first => &[
            ("claimsToAddOrOverride", Shape::StringMap),
            SUPPRESS,
            ("groupOverrideDetails", Shape::Object),
        ],
        Token::Id => &[ADD, SUPPRESS],
        Token::Access => {
            &[ADD, SUPPRESS, ("scopesToAdd", Shape::Strings), ("scopesToSuppress", Shape::Strings)]
        }
    }
}

/// Says that the member of another version of the event is not read.
fn other_container(event: &Value, response: &Value, container: &str) -> Option<Breach> {
    let other = CONTAINERS.into_iter().find(|name| *name != container)?;
    if response[other].is_null() {
        return None;
    }
    let message = format!(
        "an event of version {} reads `{container}`: nothing here is applied",
        event["version"]
    );
    let wanted = if other == CONTAINERS[0] { "V1_0" } else { "V2_0" };
    let hint = format!(
        "fill in `{container}`, or ask for events {wanted} where the function is wired: \
         `eventVersion` in `resource.toml`, `LambdaVersion` in `resource.ts`"
    );
    Some(Breach::new(Rule::WrongContainer, format!("response.{other}"), message, hint))
}

/// Claims that do not change as the response says.
fn claims(event: &Value, changes: &TokenChanges) -> Vec<Breach> {
    let added = changes.added.iter().filter_map(|(name, value, effect)| {
        let key = format!("{}.claimsToAddOrOverride.{name}", changes.at);
        match effect {
            Effect::Applied => None,
            Effect::Suppressed => {
                let message = format!("`{name}` is both added and suppressed, and is suppressed");
                let hint = "name it in one of the two";
                Some(Breach::new(Rule::AddedAndSuppressed, key, message, hint))
            }
            Effect::Reserved(protection) => Some(reserved(name, key, *protection)),
            Effect::WrongAudience => {
                let client = &event["callerContext"]["clientId"];
                let message = format!("`aud` is {value}, and may only be the app client, {client}");
                let hint = "use `callerContext.clientId` of the event, or leave it out";
                Some(Breach::new(Rule::WrongAudience, key, message, hint))
            }
        }
    });
    let suppressed = changes.suppressed.iter().filter_map(|(name, effect)| match effect {
        Effect::Reserved(protection) => {
            Some(reserved(name, format!("{}.claimsToSuppress", changes.at), *protection))
        }
        _ => None,
    });
    added.chain(suppressed).collect()
}

fn reserved(name: &str, key: String, protection: Protection) -> Breach {
    let hint = match protection {
        Protection::Groups => {
            "use `groupOverrideDetails`; to drop all groups, suppress `cognito:groups`"
        }
        Protection::Scopes => "use `scopesToAdd` and `scopesToSuppress`, from version V2_0 on",
        Protection::SuppressOnly => "attributes of developers can only be suppressed",
        Protection::Fixed | Protection::Audience => {
            "choose another name, such as one with a prefix of yours"
        }
    };
    let message = format!("`{name}` belongs to Cognito: it stays as it was, or no token is issued");
    Breach::new(Rule::ReservedClaim, key, message, hint)
}

/// Source: "Pre token generation Lambda trigger", "Complex claims".
fn values(changes: &TokenChanges) -> Vec<Breach> {
    const PLAIN: [&str; 4] = ["phone_number_verified", "email_verified", "updated_at", "address"];
    let findings = changes.added.iter().filter_map(|(name, value, _)| {
        let key = format!("{}.claimsToAddOrOverride.{name}", changes.at);
        let complex = value.is_object() || value.is_array();
        if changes.token == Token::Id && complex && PLAIN.contains(name) {
            let message = format!("`{name}` of an ID token cannot be a list or an object");
            let hint = "use a string, a number or a boolean, or a claim of another name";
            return Some(Breach::new(Rule::ClaimTooComplex, key, message, hint));
        }
        let undocumented = match *value {
            Value::Null => Some("null"),
            Value::Array(items)
                if items.iter().any(|it| it.is_object() || it.is_array() || it.is_null()) =>
            {
                Some("an array of more than strings, numbers and booleans")
            }
            _ => None,
        }?;
        let message = format!("`{name}` is {undocumented}, which Cognito's guide does not list");
        let hint = "use a string, a number, a boolean, a list of these, or an object";
        Some(Breach::new(Rule::ClaimUndocumented, key, message, hint))
    });
    findings.collect()
}

fn scopes(TokenChanges { details, at, .. }: &TokenChanges) -> Vec<Breach> {
    let added = strings(&details["scopesToAdd"]);
    let suppressed = strings(&details["scopesToSuppress"]);
    let mut findings = Vec::new();
    for scope in &added {
        let key = format!("{at}.scopesToAdd");
        if scope.contains(char::is_whitespace) || scope.is_empty() {
            let message =
                format!("the scope `{scope}` is empty or has blanks, which separate scopes");
            let breach = Breach::new(Rule::ScopeBlank, key, message, "add each scope by itself");
            findings.push(breach.literal(scope));
        } else if suppressed.contains(scope) {
            let message = format!("the scope `{scope}` is both added and suppressed");
            let hint = "name it in one of the two";
            let breach = Breach::new(Rule::ScopeAddedAndSuppressed, key, message, hint);
            findings.push(breach.literal(scope));
        }
    }
    if suppressed.contains(&"aws.cognito.signin.user.admin") {
        let message = "without `aws.cognito.signin.user.admin` the token cannot change the user's own profile";
        let hint = "keep it, if the app calls Cognito with the user's token";
        findings.push(Breach::new(
            Rule::SelfServiceLost,
            format!("{at}.scopesToSuppress"),
            message,
            hint,
        ));
    }
    findings
}

fn groups(event: &Value, details: &Value, at: &str) -> Vec<Breach> {
    let Some(groups) = details.get("groupOverrideDetails") else {
        return Vec::new();
    };
    let key = format!("{at}.groupOverrideDetails");
    let members = [
        ("groupsToOverride", Shape::Strings),
        ("iamRolesToOverride", Shape::Strings),
        ("preferredRole", Shape::String),
    ];
    let mut findings = members::check(groups, &key, &members);
    let kept = strings(&groups["groupsToOverride"]);
    let before = strings(&event["request"]["groupConfiguration"]["groupsToOverride"]);
    let lost: Vec<_> = before.into_iter().filter(|group| !kept.contains(group)).collect();
    if !lost.is_empty() {
        // The guide says what null and `{}` do, and not what a member does that is absent or empty.
        let is_documented = groups.as_object().is_none_or(Map::is_empty) || !kept.is_empty();
        let rule = if is_documented { Rule::GroupsLost } else { Rule::GroupsDropped };
        let message = format!("both tokens lose the groups of the user: `{}`", lost.join("`, `"));
        let hint = "`replace_groups` replaces all others: call `add_group` instead, or leave the \
                    line out";
        findings.push(Breach::new(rule, key, message, hint));
    }
    findings
}
