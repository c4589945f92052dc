//! Pre token generation: claims, scopes and groups.

use serde_json::{Map, Value};

use super::super::claims::{Protection, claim_protection};
use super::super::tokens::texts;
use super::super::trigger::{is_for_machine, source_of, token_container};
use super::finding::Finding;
use super::rules::Rule;
use super::shape::{self, Shape};

const CONTAINERS: [&str; 2] = ["claimsOverrideDetails", "claimsAndScopeOverrideDetails"];

/// One of the two tokens.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    Id,
    Access,
}

/// Pre token generation, in any version of the event.
pub fn check(event: &Value, response: &Value) -> Vec<Finding> {
    let container = token_container(event);
    let mut findings =
        shape::check(response, "response", &CONTAINERS.map(|name| (name, Shape::Object)));
    findings.extend(other_container(event, response, container));
    let details = &response[container];
    if !details.is_object() {
        return findings;
    }
    let at = format!("response.{container}");
    if container == CONTAINERS[0] {
        findings.extend(version_one(event, details, &at));
    } else {
        findings.extend(later_versions(event, details, &at));
    }
    findings.extend(groups(event, details, &at));
    findings
}

/// Says that the member of another version of the event is not read.
fn other_container(event: &Value, response: &Value, container: &str) -> Option<Finding> {
    let other = CONTAINERS.into_iter().find(|name| *name != container)?;
    if response[other].is_null() {
        return None;
    }
    let message = format!(
        "an event of version {} reads `{container}`: nothing here is applied",
        event["version"]
    );
    let wanted = if other == CONTAINERS[0] { "V1_0" } else { "V2_0" };
    Some(Finding::new(Rule::WrongContainer, format!("response.{other}"), message).hint(format!(
        "fill in `{container}`, or ask for events {wanted} where the function is wired: \
             `eventVersion` in `resource.toml`, `LambdaVersion` in `resource.ts`"
    )))
}

fn version_one(event: &Value, details: &Value, at: &str) -> Vec<Finding> {
    let members = [
        ("claimsToAddOrOverride", Shape::TextMap),
        ("claimsToSuppress", Shape::Texts),
        ("groupOverrideDetails", Shape::Object),
    ];
    let mut findings = shape::check(details, at, &members);
    findings.extend(claims(event, details, at, Token::Id));
    findings
}

fn later_versions(event: &Value, details: &Value, at: &str) -> Vec<Finding> {
    let parts = [("idTokenGeneration", Token::Id), ("accessTokenGeneration", Token::Access)];
    let mut members = parts.map(|(name, _)| (name, Shape::Object)).to_vec();
    members.push(("groupOverrideDetails", Shape::Object));
    let mut findings = shape::check(details, at, &members);
    for (name, token) in parts {
        let (part, at) = (&details[name], format!("{at}.{name}"));
        let mut members =
            vec![("claimsToAddOrOverride", Shape::Object), ("claimsToSuppress", Shape::Texts)];
        if token == Token::Access {
            members.push(("scopesToAdd", Shape::Texts));
            members.push(("scopesToSuppress", Shape::Texts));
        }
        findings.extend(shape::check(part, &at, &members));
        findings.extend(values(part, &at, token));
        findings.extend(claims(event, part, &at, token));
        findings.extend(scopes(part, &at));
    }
    if is_for_machine(source_of(event)) {
        let of_users = ["idTokenGeneration", "groupOverrideDetails"];
        let set = of_users.iter().filter(|name| details[**name].is_object());
        findings.extend(set.map(|name| {
            let message = format!("a machine has an access token alone: `{name}` changes nothing");
            Finding::new(Rule::NotForMachines, format!("{at}.{name}"), message)
                .hint("look at `triggerSource` first")
        }));
    }
    findings
}

/// Claims that belong to Cognito, and claims that are both added and left out.
fn claims(event: &Value, part: &Value, at: &str, token: Token) -> Vec<Finding> {
    let added = part["claimsToAddOrOverride"].as_object();
    let suppressed = texts(&part["claimsToSuppress"]);
    let mut findings = Vec::new();
    for (name, value) in added.into_iter().flatten() {
        let key = format!("{at}.claimsToAddOrOverride.{name}");
        if suppressed.contains(&name.as_str()) {
            let message = format!("`{name}` is both added and left out, and is left out");
            findings.push(
                Finding::new(Rule::AddedAndSuppressed, key.clone(), message)
                    .hint("name it in one of the two"),
            );
        }
        match claim_protection(name) {
            Some(Protection::Audience) if token == Token::Access => {
                findings.extend(audience(event, value, key));
            }
            Some(protection) => findings.push(reserved(name, key, protection)),
            None => {}
        }
    }
    for name in suppressed {
        let key = format!("{at}.claimsToSuppress");
        match claim_protection(name) {
            None | Some(Protection::SuppressOnly) => {}
            Some(Protection::Groups) if name == "cognito:groups" => {}
            Some(protection) => findings.push(reserved(name, key, protection)),
        }
    }
    findings
}

fn audience(event: &Value, value: &Value, key: String) -> Option<Finding> {
    let client = &event["callerContext"]["clientId"];
    (value != client).then(|| {
        let message = format!("`aud` is {value}, and may only be the app client, {client}");
        Finding::new(Rule::WrongAudience, key, message)
            .hint("use `callerContext.clientId` of the event, or leave it out")
    })
}

fn reserved(name: &str, key: String, protection: Protection) -> Finding {
    let hint = match protection {
        Protection::Groups => {
            "use `groupOverrideDetails`; to leave all groups out, suppress `cognito:groups`"
        }
        Protection::Scopes => "use `scopesToAdd` and `scopesToSuppress`, from version V2_0 on",
        Protection::SuppressOnly => "attributes of developers can only be left out",
        Protection::Fixed | Protection::Audience => {
            "choose another name, such as one with a prefix of yours"
        }
    };
    let message = format!("`{name}` is Cognito's own, and stays as it was, or no token is issued");
    Finding::new(Rule::ReservedClaim, key, message).hint(hint)
}

/// Source: "Pre token generation Lambda trigger", "Complex claims".
fn values(part: &Value, at: &str, token: Token) -> Vec<Finding> {
    const PLAIN: [&str; 4] = ["phone_number_verified", "email_verified", "updated_at", "address"];
    let added = part["claimsToAddOrOverride"].as_object();
    let findings = added.into_iter().flatten().filter_map(|(name, value)| {
        let key = format!("{at}.claimsToAddOrOverride.{name}");
        let complex = value.is_object() || value.is_array();
        if token == Token::Id && complex && PLAIN.contains(&name.as_str()) {
            let message = format!("`{name}` of an ID token cannot be a list or an object");
            return Some(
                Finding::new(Rule::ClaimTooComplex, key, message)
                    .hint("use a string, a number or a boolean, or a claim of another name"),
            );
        }
        let undocumented = match value {
            Value::Null => Some("null"),
            Value::Array(items)
                if items
                    .iter()
                    .any(|item| item.is_object() || item.is_array() || item.is_null()) =>
            {
                Some("a list of more than texts, numbers and booleans")
            }
            _ => None,
        }?;
        let message = format!("`{name}` is {undocumented}, which Cognito's guide does not list");
        Some(
            Finding::new(Rule::ClaimUndocumented, key, message)
                .hint("use a string, a number, a boolean, a list of these, or an object"),
        )
    });
    findings.collect()
}

fn scopes(part: &Value, at: &str) -> Vec<Finding> {
    let added = texts(&part["scopesToAdd"]);
    let suppressed = texts(&part["scopesToSuppress"]);
    let mut findings = Vec::new();
    for scope in &added {
        let key = format!("{at}.scopesToAdd");
        if scope.contains(char::is_whitespace) || scope.is_empty() {
            let message = format!("the scope `{scope}` is empty or has blanks, which part scopes");
            findings.push(
                Finding::new(Rule::ScopeBlank, key, message).hint("add each scope by itself"),
            );
        } else if suppressed.contains(scope) {
            let message = format!("the scope `{scope}` is both added and left out");
            findings.push(
                Finding::new(Rule::ScopeAddedAndSuppressed, key, message)
                    .hint("name it in one of the two"),
            );
        }
    }
    if suppressed.contains(&"aws.cognito.signin.user.admin") {
        let message = "without `aws.cognito.signin.user.admin` the token cannot change the user's own profile";
        findings.push(
            Finding::new(Rule::SelfServiceLost, format!("{at}.scopesToSuppress"), message)
                .hint("keep it, if the app calls Cognito with the user's token"),
        );
    }
    findings
}

fn groups(event: &Value, details: &Value, at: &str) -> Vec<Finding> {
    let Some(groups) = details.get("groupOverrideDetails") else {
        return Vec::new();
    };
    let key = format!("{at}.groupOverrideDetails");
    let members = [
        ("groupsToOverride", Shape::Texts),
        ("iamRolesToOverride", Shape::Texts),
        ("preferredRole", Shape::Text),
    ];
    let mut findings = shape::check(groups, &key, &members);
    let kept = texts(&groups["groupsToOverride"]);
    let before = texts(&event["request"]["groupConfiguration"]["groupsToOverride"]);
    let lost: Vec<_> = before.into_iter().filter(|group| !kept.contains(group)).collect();
    if !lost.is_empty() {
        // The guide says what null and `{}` do, and not what a member does that is absent or empty.
        let is_documented = groups.as_object().is_none_or(Map::is_empty) || !kept.is_empty();
        let rule = if is_documented { Rule::GroupsLost } else { Rule::GroupsDropped };
        let message = format!("both tokens lose the groups of the user: `{}`", lost.join("`, `"));
        findings.push(Finding::new(rule, key, message).hint(
            "the groups named here replace all others: start from `request.groupConfiguration`, or leave the key out",
        ));
    }
    findings
}
