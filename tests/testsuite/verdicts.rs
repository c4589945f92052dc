//! Every file in `tests/verdicts` is a reply of a handler and what Cognito makes of it.
//!
//! It is called after the rule that it breaks, or `accepted`. The reply is the event, a sample of
//! the case named before the slash, with the members here; `just bless` writes `verdict`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use cargo_amplify::cognito::{
    Answer, EmailAccount, Evidence, Outcome, PoolSettings, Rule, Verdict, Verification, judge,
};
use libtest_mimic::Trial;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cases::golden::golden_text;
use crate::cases::result;
use crate::support::repository;
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let test =
        |(name, case): (String, Case)| trial("verdicts", &name.clone(), move || check(&name, case));
    let others = functions![
        every_rule_has_a_case,
        the_page_of_rules_is_fresh,
        silence_is_a_failure_with_the_text_that_clients_see,
        nobody_sees_what_a_sender_returns,
        characters_are_those_of_the_api,
    ];
    all().into_iter().map(test).chain(others).collect()
}

/// A file in `tests/verdicts`.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A case in `tests/cases` and one of its sample events.
    event: String,
    /// Members of the event's `request` to replace.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    request: Map<String, Value>,
    /// Members that the reply lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
    /// Members that the reply has more, or else.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    with: Map<String, Value>,
    /// Whether the pool sends e-mail with Amazon SES.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ses: bool,
    /// Whether the pool verifies e-mail addresses by link.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    link: bool,
    /// The `response` of the reply.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    response: Option<Value>,
    /// The whole reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    /// The error that the handler returns instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<BTreeMap<String, String>>,
    /// Members to replace for an answer that just does not break the rule.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    beside: Map<String, Value>,
    /// What Cognito makes of it.
    #[serde(default)]
    pub verdict: Value,
}

/// Tells `null` from nothing.
fn some<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(input).map(Some)
}

impl Case {
    pub fn event(&self) -> Value {
        let (case, sample) = self.event.split_once('/').expect("a case and a sample");
        let tree = result(case);
        let end = format!("/events/{sample}.json");
        let (_, text) = tree.iter().find(|(path, _)| path.ends_with(&end)).expect("a sample");
        let mut event: Value = serde_json::from_slice(text).expect("JSON");
        for (name, value) in &self.request {
            event["request"][name] = value.clone();
        }
        event
    }

    /// The text that the handler posts.
    pub fn reply(&self) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut reply = self.event();
        if let Some(response) = &self.response {
            reply["response"] = response.clone();
        }
        let members = reply.as_object_mut().expect("an object");
        members.retain(|name, _| !self.without.contains(name));
        members.extend(self.with.clone());
        reply.to_string()
    }

    pub fn error(&self) -> Option<String> {
        self.error.as_ref().map(|error| json!(error).to_string())
    }

    fn pool(&self) -> PoolSettings {
        PoolSettings {
            email_account: match self.ses {
                true => EmailAccount::Developer,
                false => EmailAccount::CognitoDefault,
            },
            verification: if self.link { Verification::Link } else { Verification::Code },
        }
    }

    fn judge(&self) -> Verdict {
        judge(&self.event(), &self.answer(), self.pool())
    }

    fn answer(&self) -> Answer {
        match &self.error {
            Some(error) => Answer::Failed {
                error_type: error["errorType"].clone(),
                message: error["errorMessage"].clone(),
            },
            None => Answer::Returned(self.reply()),
        }
    }
}

/// All cases by their names.
pub fn all() -> BTreeMap<String, Case> {
    let files = fs::read_dir(repository().join("tests/verdicts")).expect("tests/verdicts");
    let cases = files.map(|file| {
        let path = file.expect("readable").path();
        let text = fs::read_to_string(&path).expect("readable");
        let case =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), case)
    });
    cases.collect()
}

fn file(name: &str) -> PathBuf {
    repository().join("tests/verdicts").join(format!("{name}.json"))
}

fn check(name: &str, mut case: Case) -> Result<(), String> {
    let verdict = case.judge();
    check_name(name, &verdict);
    if !case.beside.is_empty() {
        let mut beside = json!(case);
        beside.as_object_mut().expect("an object").extend(case.beside.clone());
        let beside: Case = serde_json::from_value(beside).map_err(|error| error.to_string())?;
        let rules = rules(&beside.judge());
        assert!(!rules.contains(&name.split("--").next().unwrap_or(name)), "beside: {rules:?}");
    }
    case.verdict = json!(verdict);
    let text = serde_json::to_string_pretty(&case).expect("JSON") + "\n";
    golden_text(&file(name), &text)
}

/// A file is named after the rule that it is about.
fn check_name(name: &str, verdict: &Verdict) {
    let rule = name.split("--").next().unwrap_or(name);
    let rules = rules(verdict);
    if rule == "accepted" {
        assert_ne!(verdict.outcome, Outcome::Rejected, "{name}: {rules:?}");
    } else {
        assert!(rules.contains(&rule), "{name}: {rules:?}");
    }
}

fn rules(verdict: &Verdict) -> Vec<&'static str> {
    verdict.findings.iter().map(|finding| finding.rule.facts().name).collect()
}

/// Each rule has a file with an answer that breaks it and one beside it that does not, but for
/// those that a reply cannot break.
fn every_rule_has_a_case() {
    let cases = all();
    let complete = cases.iter().filter(|(_, case)| !case.beside.is_empty());
    let named: BTreeSet<_> =
        complete.map(|(name, _)| name.split("--").next().unwrap_or(name)).collect();
    for rule in Rule::ALL {
        let name = rule.facts().name;
        assert!(named.contains(name) || name.starts_with("too-late"), "{name} has no file");
    }
}

/// `docs/verdicts.md` has a table that is made from the rules.
fn the_page_of_rules_is_fresh() {
    let mut table = "| rule | is broken by | outcome | evidence |\n|---|---|---|---|\n".to_owned();
    for rule in Rule::ALL {
        let facts = rule.facts();
        let outcome = match rule.outcome() {
            Outcome::Rejected => "rejected",
            _ => "accepted with warnings",
        };
        let evidence = match facts.evidence {
            Evidence::Documented => "documented",
            Evidence::Reported => "reported",
            Evidence::Inferred => "inferred",
        };
        let (name, summary, source) = (facts.name, facts.summary, facts.source);
        let _ = writeln!(table, "| `{name}` | {summary} | {outcome} | {evidence}: {source} |");
    }
    let names: Vec<_> = Rule::ALL.iter().map(|rule| rule.facts().name).collect();
    assert!(names.is_sorted(), "{names:?}");
    let file = repository().join("docs/verdicts.md");
    let page = fs::read_to_string(&file).expect("docs/verdicts.md");
    let start = page.find("| rule |").expect("a table");
    golden_text(&file, &(page[..start].to_owned() + &table)).unwrap_or_else(|e| panic!("{e}"));
}

fn silence_is_a_failure_with_the_text_that_clients_see() {
    for (source, outcome, shown) in [
        (
            "PostAuthentication_Authentication",
            Outcome::Rejected,
            "PostAuthentication invocation failed",
        ),
        ("TokenGeneration_HostedAuth", Outcome::Rejected, "PreTokenGenerationV3_0 invocation"),
        ("CustomMessage_SignUp", Outcome::AcceptedWithWarnings, ""),
    ] {
        let event = json!({ "triggerSource": source, "version": "3" });
        let verdict = judge(&event, &Answer::TooLate, PoolSettings::default());
        assert_eq!(verdict.outcome, outcome, "{source}");
        let message = verdict.exception.map(|exception| exception.message);
        assert!(message.unwrap_or_default().starts_with(shown), "{source}");
    }
}

fn nobody_sees_what_a_sender_returns() {
    let event = json!({ "triggerSource": "CustomEmailSender_SignUp" });
    let judged = |answer| judge(&event, &answer, PoolSettings::default());
    let returned = judged(Answer::Returned("null".to_owned()));
    assert_eq!((returned.outcome, returned.findings.len()), (Outcome::Accepted, 0));
    let failed = judged(Answer::Failed { error_type: "E".to_owned(), message: "no".to_owned() });
    assert_eq!((failed.outcome, failed.exception), (Outcome::Rejected, None));
}

/// Patterns of the API are Java's, in which `\s` is ASCII alone.
fn characters_are_those_of_the_api() {
    let event = json!({ "triggerSource": "CustomMessage_SignUp", "response": {} });
    let is_taken = |text: &str| {
        let mut reply = event.clone();
        reply["response"]["emailMessage"] = format!("{text} is {{####}}").into();
        let verdict = judge(&event, &Answer::Returned(reply.to_string()), PoolSettings::default());
        !rules(&verdict).contains(&"text-character")
    };
    for text in ["größe 語\t\n\u{b}\u{c}\r", "😀\u{fe0f}", "<b>1 + 1 = 2</b>"] {
        assert!(is_taken(text), "{text:?}");
    }
    for other in ["\u{a0}", "\u{85}", "\u{2009}", "\u{2028}", "\u{3000}", "\u{200d}", "\u{e000}"] {
        assert!(!is_taken(other), "{other:?}");
    }
}
