//! The wiring of functions: whether they exist, are called, and expect the events that they get.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Finding, Subject, note, problem, samples};
use crate::catalog::{Family, Scaffold, Trigger};
use crate::cognito::EventVersion;
use crate::edit::{self, typescript::option_value};
use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::{Repair, is_as_made};
use crate::program::command;
use crate::project::{
    AppFile, Callee, CargoNames, FUNCTION_RECORD, FunctionRecord, Language, SentVersion, Wired,
    Wiring,
};
use crate::source::Place;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    for scaffold in subject.scaffolds {
        let Some(wired) = subject.backend.wired(scaffold) else {
            continue;
        };
        let Some(function) = wired.function() else {
            continue;
        };
        let directory = subject.directory(function)?;
        let called = Called { scaffold, wired, function, directory };
        if called.is_rust(subject) {
            examine_crate(subject, &called, findings)?;
            examine_version(subject, &called, findings)?;
        }
        examine_record(subject, &called, findings)?;
    }
    for (name, function) in &subject.record.functions {
        // One in a renamed directory is reported as such.
        if let Some(scaffold) = subject.scaffold(&function.kind)
            && let Some(wiring) = subject.backend.wirings.get(&function.kind)
            && function.name == *name
        {
            examine_wiring(subject, scaffold, wiring, (name, function), findings)?;
        }
    }
    Ok(())
}

/// A function that is called for the trigger of a scaffold.
struct Called<'a> {
    scaffold: &'a Scaffold,
    wired: &'a Wired,
    function: &'a str,
    directory: RepoPath,
}

impl Called<'_> {
    /// Whether it is in Rust. In an Amplify app, others are in TypeScript.
    fn is_rust(&self, subject: &Subject) -> bool {
        match self.wired.language {
            Language::Toml => subject.project.has(&self.directory, "resource.toml"),
            Language::TypeScript => subject.record.functions.contains_key(self.function),
        }
    }

    /// The command that generates it.
    fn new_command(&self) -> String {
        new_command(self.scaffold, self.function)
    }
}

/// A crate that is wired but not recorded.
fn examine_record(subject: &Subject, called: &Called, findings: &mut Vec<Finding>) -> Result<()> {
    let Called { scaffold, wired, function, directory } = called;
    if subject.record.functions.contains_key(*function)
        || !subject.project.has(directory, "Cargo.toml")
    {
        return Ok(());
    }
    if is_as_made(subject.project, subject.catalog, scaffold, function)? {
        let label = format!("`{directory}/{FUNCTION_RECORD}` is not there");
        let message = format!("the function `{function}` is not recorded");
        let repair =
            Repair::Record { kind: scaffold.name.clone(), function: (*function).to_owned() };
        findings.push(problem(wired.place.problem(message, label)).repaired_by(Some(repair)));
        return Ok(());
    }
    let sources: Vec<_> = sample_events(subject, directory)?
        .iter()
        .filter_map(|event| event["triggerSource"].as_str().map(str::to_owned))
        .collect();
    let kind = &scaffold.name;
    let is_other = |trigger: &Trigger| !sources.iter().any(|it| trigger.sources.contains(it));
    if !sources.is_empty() && scaffold.trigger.as_ref().is_some_and(is_other) {
        let message = format!("the function `{function}` is not for {kind}");
        let label = format!("the events in `{directory}/events/` are of another trigger");
        let command = scaffold.new_command();
        let wrong = wired
            .place
            .problem(message, label)
            .hint(format!("make one: `{command} --on-conflict overwrite`"));
        findings.push(problem(wrong));
        return Ok(());
    }
    let command = called.new_command();
    let message = format!(
        "is wired to `{function}`, which is not recorded: `{command} --on-conflict skip` records it"
    );
    findings.push(note(wired.place.problem(message, "")));
    Ok(())
}

/// A function without a crate.
fn examine_crate(subject: &Subject, called: &Called, findings: &mut Vec<Finding>) -> Result<()> {
    let Called { wired, function, directory, .. } = called;
    if !subject.project.has(directory, "Cargo.toml") {
        let message = format!("the function `{function}` has no crate");
        let missing = wired.place.problem(message, format!("no `{directory}/Cargo.toml`"));
        let hint = format!("make it again: `{}`", called.new_command());
        findings.push(problem(missing.hint(hint)));
        return Ok(());
    }
    let built = built_binary(subject, called)?;
    let wanted = built.as_ref().map_or(*function, |(name, _)| name);
    match subject.project.cargo_names(directory, wanted) {
        Ok(names) => {
            if let (Some(CargoNames { binary, .. }), Some((built, place))) = (names, built)
                && binary != built
            {
                let message = format!("the crate in `{directory}` has no binary `{built}`");
                findings.push(problem(place.problem(message, format!("its binary is `{binary}`"))));
            }
        }
        Err(error) if !error.diagnostics().is_empty() => return Err(error),
        Err(error) => {
            let manifest = subject.project.manifest(directory)?;
            let place = manifest.at(edit::place(manifest.text(), &["package", "name"], None));
            let hint = error.hints().join("; ");
            findings.push(problem(place.problem(error.to_string(), "").hint(hint)));
        }
    }
    Ok(())
}

/// The binary that the function's `resource.ts` builds, and where it says so.
fn built_binary(subject: &Subject, called: &Called) -> Result<Option<(String, Place)>> {
    if called.wired.language == Language::Toml {
        return Ok(None);
    }
    let file = AppFile::of_function(subject.project, called.function)?;
    let built = option_value(file.text(), "--bin");
    Ok(built.map(|(name, span)| (name, file.place(span))))
}

/// Compares the version of the event that the pool sends with that of the handler's sample events,
/// which its tests run.
fn examine_version(subject: &Subject, called: &Called, findings: &mut Vec<Finding>) -> Result<()> {
    let Called { scaffold, wired, function, directory } = called;
    let (sent, place) = match &wired.version {
        SentVersion::Default(version) => (version, &wired.place),
        SentVersion::Requested(version, place) => (version, place),
        SentVersion::Unversioned | SentVersion::Unclear => return Ok(()),
    };
    let events = sample_events(subject, directory)?;
    let versions: BTreeSet<_> = events.iter().filter_map(EventVersion::of_event).collect();
    let Some(read) = versions.last() else {
        return Ok(());
    };
    let mut known = scaffold.versioned().into_iter().flat_map(|versioned| &versioned.versions);
    if !known.any(|known| known == sent) || versions.contains(sent) {
        return Ok(());
    }
    let command = called.new_command();
    let mismatch = place.problem(
        format!("Cognito sends `{function}` events {sent}, and it is made for {read}"),
        format!("the events in `{directory}/events/` are {read}"),
    );
    findings.push(problem(mismatch.hint(format!(
        "ask for {read}: `{command} --event-version {read}`, or make the handler again: \
         `{command} --event-version {sent}`"
    ))));
    Ok(())
}

fn sample_events(subject: &Subject, directory: &RepoPath) -> Result<Vec<Value>> {
    let Some(events) = directory.join("events") else {
        return Ok(Vec::new());
    };
    let files = subject.project.files_below(&events)?;
    files.iter().map(|path| Ok(samples::read(subject, path)?.unwrap_or_default())).collect()
}

/// A generated function that the pool does not call.
fn examine_wiring(
    subject: &Subject,
    scaffold: &Scaffold,
    wiring: &Wiring,
    (name, function): (&String, &FunctionRecord),
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let kind = &scaffold.name;
    let manifest = subject.project.manifest(&subject.directory(name)?)?;
    if manifest.text().is_empty() {
        return Ok(());
    }
    let place = || manifest.at(edit::place(manifest.text(), &["package", "name"], None));
    let never_called = format!("the function `{name}` is never called");
    match wiring {
        Wiring::Wired(wired) if wired.function() == Some(name) => {}
        // A function that does not exist is reported already.
        Wiring::Wired(Wired { callee: Callee::Function(other), .. })
            if subject.directories.contains(&subject.directory(other)?) =>
        {
            let message = format!("there are two functions for {kind}: `{name}` and `{other}`");
            let Family { name: family, resource, .. } = &scaffold.family;
            let label = format!("{} calls only `{other}`", resource.service);
            let remove = command(&format!("remove {family} {kind} --name {name}"));
            let hint = format!("remove one: `{remove}`");
            findings.push(problem(place().problem(message, label).hint(hint)));
        }
        // In TypeScript, also one from another package.
        Wiring::Wired(other) if other.language == Language::TypeScript => {
            let label = format!("this is called for {kind} instead");
            findings.push(problem(other.place.problem(never_called, label)));
        }
        Wiring::Wired(_) => {}
        Wiring::Unclear(place, reason) => {
            let message = format!("does not show which function is called for {kind}: {reason}");
            findings.push(note(place.problem(message, "")));
        }
        Wiring::Mistaken(place, mistake) => {
            findings.push(problem(place.problem(never_called, mistake.as_str())));
        }
        Wiring::Unwired => {
            let diagnostic = place()
                .problem(never_called, format!("{kind} is not wired"))
                .hint(format!("wire it: `{}`", new_command(scaffold, name)));
            // Without a recorded choice, there may be several versions of the event to ask for.
            let is_known = scaffold.versioned().is_none() || function.inputs.is_some();
            let wire = || Repair::Wire { kind: kind.clone(), function: name.clone() };
            findings.push(problem(diagnostic).repaired_by(is_known.then(wire)));
        }
    }
    Ok(())
}

/// The command that makes a function.
pub fn new_command(scaffold: &Scaffold, name: &str) -> String {
    let other_name = if name == scaffold.name { String::new() } else { format!(" --name {name}") };
    scaffold.new_command() + &other_name
}
