//! Reports of events: a page for one, a table for many.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::plan::coloured;
use super::style::Style;
use super::{BOLD, CYAN, DIM, GREEN, RED, SCHEMA, Ui, YELLOW};
use crate::cognito::{Breach, Claims, Evidence, Outcome, source_of};
use crate::error::counted;
use crate::invoke::{Report, ServeEvent};
use crate::path::RepoPath;
use crate::plan::{Change, file_diff};
use crate::process::Progress;

impl Ui {
    /// Whether Cargo should show its progress.
    pub fn progress(&self) -> Progress {
        if self.quiet { Progress::Hidden } else { Progress::Shown }
    }

    /// One event: the response, the tokens, the verdict.
    pub fn invocation(&self, report: &Report) {
        self.talk(&log(report));
        self.show(|| page(report), || json!(Document { schema: SCHEMA, report }));
    }

    /// Many events: a line each, what is wrong, and how replies differ from what is recorded.
    pub fn invocations(&self, reports: &[Report], differences: &BTreeMap<RepoPath, Change>) {
        let diffs: Vec<_> =
            differences.iter().map(|(path, change)| (path, file_diff(path, change))).collect();
        let width = reports.iter().map(|report| title(report).len()).max().unwrap_or(0);
        let lines = reports.iter().map(|report| match report.outcome() {
            Outcome::Rejected => line(report, width) + &log(report),
            _ => line(report, width),
        });
        self.show(
            || {
                let diffs = diffs.iter().map(|(_, diff)| format!("\n{}", coloured(diff)));
                lines.collect::<String>() + &diffs.collect::<String>() + &summary(reports)
            },
            || {
                let entry =
                    |(path, diff): &(&RepoPath, String)| json!({ "path": path, "diff": diff });
                json!({
                    "schema": SCHEMA,
                    "runs": reports,
                    "differences": diffs.iter().map(entry).collect::<Vec<_>>(),
                    "summary": counts(reports),
                })
            },
        );
        if !diffs.is_empty() {
            self.note("to record the replies as they are now, add `--bless`, and review the diff");
        }
    }

    pub fn endpoint(&self, url: &str) {
        self.show(
            || format!("serving on {BOLD}{url}{BOLD:#}\n"),
            || json!({ "schema": SCHEMA, "endpoint": url }),
        );
    }

    pub fn serve_event(&self, event: &ServeEvent) {
        match event {
            ServeEvent::Ready(functions) => {
                self.talk(&format!("{GREEN}ready{GREEN:#}: {}\n", functions.join(", ")))
            }
            ServeEvent::Problem(error) => self.streams().err.print(&super::failure(error)),
            ServeEvent::Log(function, line) => {
                self.talk(&format!("{DIM}{function} | {line}{DIM:#}\n"))
            }
            ServeEvent::Answered(report) => self.talk(&line(report, title(report).len())),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    #[serde(flatten)]
    report: &'a Report,
}

fn log(report: &Report) -> String {
    let lines = report.log.iter();
    lines.map(|line| format!("{DIM}log | {line}{DIM:#}\n")).collect()
}

fn page(report: &Report) -> String {
    if report.verdict.is_none() {
        let reply = match &report.response {
            Value::Null => String::new(),
            reply => format!("{reply:#}\n"),
        };
        return reply + &verdict(report);
    }
    let mut text = String::new();
    let mut section = |title: &str, before: &Map<String, Value>, after: &Map<String, Value>| {
        text += &format!("{BOLD}{title}{BOLD:#}\n{}\n", object_diff(before, after));
    };
    let empty = Map::new();
    let object = |value: &Value| value.as_object().unwrap_or(&empty).clone();
    if report.response.is_object() {
        section("response", &object(&report.event["response"]), &object(&report.response));
    }
    if let Some(tokens) = &report.tokens {
        if let (Some(before), Some(after)) = (&tokens.before.id, &tokens.after.id) {
            section("ID token", before, after);
        }
        section("access token", &tokens.before.access, &tokens.after.access);
    }
    text + &verdict(report)
}

/// The outcome in a line, and why.
fn verdict(report: &Report) -> String {
    let (style, word) = word(report);
    let source = source_of(&report.event);
    let time = match (report.timings.handler_ms, report.timings.start_ms) {
        (Some(handler), Some(start)) => {
            format!(" {DIM}({handler:.1} ms, after a start of {start:.1} ms){DIM:#}")
        }
        _ => String::new(),
    };
    let on = if source.is_empty() { "" } else { " on " };
    let (function, reasons) = (&report.function, reasons(report));
    format!("{style}{word}{style:#}: {function}{on}{source}{time}\n{reasons}")
}

fn reasons(report: &Report) -> String {
    let mut text = String::new();
    let Some(verdict) = &report.verdict else {
        let error = report.error.iter().map(|error| format!("  {error}\n"));
        return error.collect();
    };
    if let Some(exception) = &verdict.exception {
        let gets = match exception.evidence {
            Evidence::Inferred => "probably gets",
            _ => "gets",
        };
        text += &format!("  the client {gets} {}: {}\n", exception.name, exception.message);
    }
    text += &verdict.findings.iter().map(finding).collect::<String>();
    let problems = report.event_problems.iter();
    let problems = problems.map(|problem| format!("  {YELLOW}the event{YELLOW:#}: {problem}\n"));
    text + &problems.collect::<String>()
}

fn finding(finding: &Breach) -> String {
    let place = [finding.place.as_deref(), Some(finding.key.as_str())];
    let places: Vec<_> = place.into_iter().flatten().filter(|place| !place.is_empty()).collect();
    let (rule, message) = (finding.rule.facts().name, &finding.message);
    let mut text = format!("  {YELLOW}{rule}{YELLOW:#}: {message}\n");
    if !places.is_empty() {
        text += &format!("    {DIM}at {}{DIM:#}\n", places.join(", "));
    }
    if finding.evidence == Evidence::Inferred {
        text += &format!("    {DIM}inferred: {}{DIM:#}\n", finding.rule.unproven());
    }
    text + &format!("    {CYAN}hint:{CYAN:#} {}\n", finding.hint)
}

fn title(report: &Report) -> String {
    let source = source_of(&report.event);
    format!("{} {}", report.function, report.sample.as_deref().unwrap_or(source))
}

fn line(report: &Report, width: usize) -> String {
    let (style, word) = word(report);
    let time = report.timings.handler_ms.map_or(String::new(), |time| format!("{time:>8.1} ms"));
    let title = title(report);
    format!("{style}{word:>22}{style:#}  {title:width$}{DIM}{time}{DIM:#}\n{}", reasons(report))
}

fn word(report: &Report) -> (Style, &'static str) {
    match (report.outcome(), &report.verdict) {
        (Outcome::Rejected, None) => (RED, "failed"),
        (_, None) => (GREEN, "answered"),
        (Outcome::Accepted, _) => (GREEN, "accepted"),
        (Outcome::AcceptedWithWarnings, _) => (YELLOW, "accepted with warnings"),
        (Outcome::Rejected, _) => (RED, "rejected"),
    }
}

fn counts(reports: &[Report]) -> Value {
    let count = |outcome| {
        let of = reports.iter().filter(|report| report.outcome() == outcome);
        of.count()
    };
    json!({
        "accepted": count(Outcome::Accepted),
        "accepted with warnings": count(Outcome::AcceptedWithWarnings),
        "rejected": count(Outcome::Rejected),
        "different": reports.iter().filter(|report| report.recording.differs()).count(),
    })
}

fn summary(reports: &[Report]) -> String {
    let counts = counts(reports);
    let parts: Vec<_> = counts
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, count)| **count != 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let events = counted(reports.len(), "event");
    format!("\n{BOLD}{events}: {}{BOLD:#}\n", parts.join(", "))
}

/// The difference of two objects, member by member.
fn object_diff(before: &Claims, after: &Claims) -> String {
    let mut members = Vec::new();
    for (name, old) in before {
        match after.get(name) {
            Some(new) if new == old => members.push((' ', name, old)),
            new => {
                members.push(('-', name, old));
                members.extend(new.map(|new| ('+', name, new)));
            }
        }
    }
    let added = after.iter().filter(|(name, _)| !before.contains_key(*name));
    members.extend(added.map(|(name, new)| ('+', name, new)));
    let mut text = "  {\n".to_owned();
    for (sign, name, value) in &members {
        let style = match sign {
            '+' => GREEN,
            '-' => RED,
            _ => DIM,
        };
        for line in format!("{}: {value:#},", json!(name)).lines() {
            text += &format!("{style}{sign}   {line}{style:#}\n");
        }
    }
    text + "  }\n"
}
