//! Recorded replies: `replies/NAME.json` of a function has its reply to the sample event `NAME`, as
//! somebody has reviewed it. So a refusal is a test, and a change shows as a difference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::functions::LocalFunction;
use super::report::{Recording, Report};
use super::run::Call;
use crate::cognito::Outcome;
use crate::error::{ErrorKind, Result};
use crate::path::RepoPath;
use crate::plan::Change;
use crate::project::Project;

/// Stands for a value that is another one in each run.
const VARIES: &str = "[varies]";

/// Compares replies with those that are recorded, and says so in the reports. Returns what would
/// have to change in the files.
pub fn compare(
    calls: &[Call],
    reports: &mut [Report],
    project: &Project,
) -> Result<BTreeMap<RepoPath, Change>> {
    let mut differences = BTreeMap::new();
    for (call, report) in calls.iter().zip(reports) {
        let Some((path, Some(before))) = read(call, project)? else {
            continue;
        };
        let recorded: Value = serde_json::from_str(&before).unwrap_or_default();
        let is_rejected = report.outcome() == Outcome::Rejected;
        report.recording = match change(before, &reply(report)) {
            Change::Unchanged(_) => Recording::Same,
            change => {
                differences.insert(path, change);
                match is_rejected && recorded["verdict"] != json!(Outcome::Rejected) {
                    true => Recording::NoLongerAccepted,
                    false => Recording::Different,
                }
            }
        };
    }
    Ok(differences)
}

/// An error if a reply is rejected and not recorded so, or else differs from what is recorded.
pub fn check_reports(reports: &[Report], deny_warnings: bool) -> Result<()> {
    let is_refused = |report: &&Report| match (report.recording, report.outcome()) {
        (Recording::None | Recording::NoLongerAccepted, Outcome::Rejected) => true,
        (Recording::None, Outcome::AcceptedWithWarnings) => deny_warnings,
        _ => false,
    };
    match reports.iter().filter(is_refused).count() {
        0 if reports.iter().any(|report| report.recording.differs()) => {
            Err(ErrorKind::Found.into())
        }
        0 => Ok(()),
        count => Err(ErrorKind::Rejected(count).into()),
    }
}

/// Records the replies to all sample events of the functions that are called; values that differ
/// between the two runs of each event are left open. Replies to events that are gone are removed.
pub fn record(
    calls: &[Call],
    runs: [&[Report]; 2],
    project: &Project,
) -> Result<BTreeMap<RepoPath, Change>> {
    let mut changes = BTreeMap::new();
    let [first, second] = runs;
    for ((call, first), second) in calls.iter().zip(first).zip(second) {
        let Some((path, before)) = read(call, project)? else {
            continue;
        };
        let reply = left_open(&reply(first), &reply(second));
        changes.insert(
            path,
            match before {
                Some(before) => change(before, &reply),
                None => Change::Create(text(&reply)),
            },
        );
    }
    let functions: BTreeMap<_, _> =
        calls.iter().map(|call| (&call.function.name, call.function)).collect();
    for function in functions.into_values() {
        let directory = function.directory.child("replies");
        for path in project.files_below(&directory)? {
            if !changes.contains_key(&path)
                && path.as_str().ends_with(".json")
                && let Some(before) = project.read_text(&path)?
            {
                changes.insert(path, Change::Delete(before));
            }
        }
    }
    Ok(changes)
}

/// Where the reply to a call is recorded, and the text there.
fn read(call: &Call, project: &Project) -> Result<Option<(RepoPath, Option<String>)>> {
    let Call { function: LocalFunction { directory, .. }, sample: Some(sample), .. } = call else {
        return Ok(None);
    };
    let Some(path) = directory.join(&format!("replies/{sample}.json")) else {
        return Ok(None);
    };
    let text = project.read_text(&path)?;
    Ok(Some((path, text)))
}

/// What is recorded of a report.
fn reply(report: &Report) -> Value {
    let verdict = report.outcome();
    match &report.error {
        Some(error) => json!({ "error": error, "verdict": verdict }),
        None => json!({ "response": report.response, "verdict": verdict }),
    }
}

/// What makes a recorded text that of `reply`. How it is written does not matter.
fn change(before: String, reply: &Value) -> Change {
    let recorded = serde_json::from_str(&before).unwrap_or_default();
    let after = like(&recorded, reply);
    match recorded == after {
        true => Change::Unchanged(before),
        false => Change::to(text(&after), Some(before)),
    }
}

fn text(reply: &Value) -> String {
    format!("{reply:#}\n")
}

/// `reply`, with what `recorded` leaves open.
fn like(recorded: &Value, reply: &Value) -> Value {
    match (recorded, reply) {
        (Value::String(text), _) if text == VARIES => recorded.clone(),
        (Value::Object(known), Value::Object(members)) => {
            let member = |(name, value): (&String, &Value)| {
                let value = known.get(name).map_or(value.clone(), |known| like(known, value));
                (name.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        (Value::Array(known), Value::Array(items)) if known.len() == items.len() => {
            known.iter().zip(items).map(|(known, item)| like(known, item)).collect()
        }
        _ => reply.clone(),
    }
}

/// What two replies have in common. A member that one of them lacks is left open too.
fn left_open(one: &Value, other: &Value) -> Value {
    match (one, other) {
        _ if one == other => one.clone(),
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            let member = |name: &String| {
                let both = one.get(name).zip(other.get(name));
                (name.clone(), both.map_or(VARIES.into(), |(one, other)| left_open(one, other)))
            };
            Value::Object(names.into_iter().map(member).collect())
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).map(|(one, other)| left_open(one, other)).collect()
        }
        _ => VARIES.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_left_open_and_stays_so() {
        let first = json!({ "code": "4711", "to": ["a", "b"], "n": 1 });
        let second = json!({ "code": "4712", "to": ["a", "c"], "n": 1 });
        let recorded = left_open(&first, &second);
        assert_eq!(recorded, json!({ "code": VARIES, "to": ["a", VARIES], "n": 1 }));
        for (reply, is_same) in [
            (json!({ "code": "1", "to": ["a", "x"], "n": 1 }), true),
            (json!({ "code": "1", "to": ["a", "x"], "n": 2 }), false),
            (json!({ "code": "1", "to": ["a"], "n": 1 }), false),
            (json!({ "to": ["a", "x"], "n": 1 }), false),
            (json!({ "code": "1", "to": ["a", "x"], "n": 1, "more": 1 }), false),
        ] {
            let change = change(recorded.to_string(), &reply);
            assert_eq!(matches!(change, Change::Unchanged(_)), is_same, "{reply}");
        }
    }
}
