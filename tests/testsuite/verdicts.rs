//! Every file in `tests/verdicts` is a reply of a handler and what Cognito makes of it.
//!
//! It is called after the rule that it breaks, or `accepted`. The reply is the event, a sample of
//! the case named before the slash, with the members here; `just bless` writes `verdict`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_amplify::cognito::{Answer, EmailAccount, Outcome, Verdict, judge};
use libtest_mimic::Trial;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cases::golden::golden_text;
use crate::cases::result;
use crate::support::{read_tree, repository};
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let test =
        |(name, case): (String, Case)| trial("verdicts", &name.clone(), move || check(&name, case));
    let others = functions![every_rule_has_a_case];
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
    /// The `response` of the reply.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    response: Option<Value>,
    /// The whole reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    /// The error that the handler returns instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<BTreeMap<String, String>>,
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

    fn account(&self) -> EmailAccount {
        if self.ses { EmailAccount::Developer } else { EmailAccount::CognitoDefault }
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
    let verdict = judge(&case.event(), &case.answer(), case.account());
    check_name(name, &verdict);
    case.verdict = json!(verdict);
    let text = serde_json::to_string_pretty(&case).expect("JSON") + "\n";
    golden_text(&file(name), &text)
}

/// A file is named after the rule that it is about.
fn check_name(name: &str, verdict: &Verdict) {
    let rule = name.split("--").next().unwrap_or(name);
    let rules: Vec<_> = verdict.findings.iter().map(|finding| finding.rule).collect();
    if rule == "accepted" {
        assert!(verdict.outcome <= Outcome::Surprising, "{name}: {rules:?}");
    } else {
        assert!(rules.contains(&rule), "{name}: {rules:?}");
    }
}

/// Each rule in the code has a file here, but for those that a reply cannot break.
fn every_rule_has_a_case() {
    let mut rules = BTreeSet::new();
    let folder = repository().join("src/cognito/verdict");
    for (path, text) in read_tree(&folder) {
        let text = String::from_utf8(text).expect("UTF-8");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["rejection(", "surprise(", "failure(", "finding("] {
            for part in code.split(call).skip(1) {
                let argument =
                    part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                rules.extend(argument.map(str::to_owned));
            }
        }
        assert!(Path::new(&path).extension().is_some_and(|kind| kind == "rs"), "{path}");
    }
    assert!(rules.len() > 30, "only {} rules were found: {rules:?}", rules.len());
    rules.remove("too-late");
    let cases = all();
    let named: BTreeSet<_> =
        cases.keys().map(|name| name.split("--").next().unwrap_or(name)).collect();
    let missing: Vec<_> = rules.iter().filter(|rule| !named.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "no file in tests/verdicts is about {missing:?}");
}
