//! Custom authentication: define, create and verify.

use serde_json::Value;

use super::breach::Breach;
use super::members;
use super::rules::Rule;
use crate::cognito::shape::Shape;

pub fn define(event: &Value, response: &Value) -> Vec<Breach> {
    let members = [
        ("challengeName", Shape::String),
        ("issueTokens", Shape::Boolean),
        ("failAuthentication", Shape::Boolean),
    ];
    let mut findings = members::check(response, "response", &members);
    if let Some(name) = response["challengeName"].as_str()
        && !name.is_empty()
        && !CHALLENGES.contains(&name)
    {
        let message = format!("Cognito has no challenge `{name}`");
        let hint = "`CUSTOM_CHALLENGE` is the one that the other two triggers make and verify";
        findings.push(Breach::new(Rule::ChallengeUnknown, "response.challengeName", message, hint));
    }
    let (issue, fail) = (response["issueTokens"] == true, response["failAuthentication"] == true);
    let challenge = response["challengeName"].as_str().is_some_and(|name| !name.is_empty());
    let unclear = match (issue, fail, challenge) {
        (true, true, _) => Some((Rule::TokensAndFail, "issues tokens and fails")),
        (true, _, true) => Some((Rule::TokensAndChallenge, "issues tokens and names a challenge")),
        (_, true, true) => Some((Rule::FailAndChallenge, "fails and names a challenge")),
        (false, false, false) => Some((Rule::NoOutcome, "has none of the three outcomes")),
        _ => None,
    };
    findings.extend(unclear.map(|(rule, what)| {
        let hint = "return exactly one: `issueTokens`, `failAuthentication` or a `challengeName`";
        Breach::new(rule, "response", format!("the response {what}"), hint)
    }));
    const ISSUE: &str = "response.issueTokens";
    if issue && event["request"]["userNotFound"] == true {
        let message = "`issueTokens` is true, and there is no such user";
        let hint = "never issue tokens when `userNotFound` is true";
        findings.push(Breach::new(Rule::TokensForNobody, ISSUE, message, hint));
    } else if issue && !last_challenge_passed(event) {
        let message = "`issueTokens` is true, and the last challenge of the session proves nothing";
        let hint = "check `challengeName` and `challengeResult` of the last entry of `session`";
        findings.push(Breach::new(Rule::TokensWithoutChallenge, ISSUE, message, hint));
    }
    findings
}

pub fn create(response: &Value) -> Vec<Breach> {
    let members = [
        ("publicChallengeParameters", Shape::StringMap),
        ("privateChallengeParameters", Shape::StringMap),
        ("challengeMetadata", Shape::String),
    ];
    let mut findings = members::check(response, "response", &members);
    let private = response["privateChallengeParameters"].as_object();
    let public = response["publicChallengeParameters"].as_object();
    let secrets: Vec<_> = private.into_iter().flat_map(|map| map.values()).collect();
    let leaked = public.into_iter().flatten().find(|(_, value)| secrets.contains(value));
    if let Some((name, _)) = leaked {
        let key = format!("response.publicChallengeParameters.{name}");
        let message =
            format!("`{name}` has the same value as a private parameter, and the client sees it");
        let hint = "keep what proves the answer in `privateChallengeParameters` alone";
        findings.push(Breach::new(Rule::SecretInPublic, key, message, hint));
    }
    findings
}

pub fn verify(response: &Value) -> Vec<Breach> {
    let findings = members::check(response, "response", &[("answerCorrect", Shape::Boolean)]);
    if findings.is_empty() && !response["answerCorrect"].is_boolean() {
        let message = "`answerCorrect` is not set";
        let hint = "return `false` for a wrong answer";
        return vec![Breach::new(Rule::AnswerMissing, "response.answerCorrect", message, hint)];
    }
    findings
}

fn last_challenge_passed(event: &Value) -> bool {
    let session = event["request"]["session"].as_array();
    let last = session.and_then(|session| session.last());
    last.is_some_and(|last| {
        let starts = last["challengeName"].as_str().is_some_and(|name| STARTS.contains(&name));
        last["challengeResult"] == true && !starts
    })
}

/// Challenges that only begin an exchange, after which the password or key is still to be proven.
const STARTS: [&str; 2] = ["DEVICE_SRP_AUTH", "SRP_A"];

/// Source: `challengeName` on the guide's page "Define auth challenge Lambda trigger".
const CHALLENGES: [&str; 10] = [
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_CHALLENGE",
    "DEVICE_PASSWORD_VERIFIER",
    "DEVICE_SRP_AUTH",
    "EMAIL_OTP",
    "NEW_PASSWORD_REQUIRED",
    "PASSWORD_VERIFIER",
    "SMS_MFA",
    "SOFTWARE_TOKEN_MFA",
    "SRP_A",
];
