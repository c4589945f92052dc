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
use crate::source::{Place, SourceFile};

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    for scaffold in subject.scaffolds {
        let Some(wired) = subject.backend.wired(scaffold) else {
            continue;
        };
        let Some(function) = wired.function() else {
            continue;
        };
        let directory = subject.directory(scaffold, function)?;
        let called = Called { scaffold, wired, function, directory };
        if called.is_rust(subject) {
            findings.extend(examine_crate(subject, &called)?);
            findings.extend(examine_version(subject, &called)?);
        }
        findings.extend(examine_record(subject, &called)?);
    }
    for (name, function) in &subject.record.functions {
        // One in a renamed directory is reported as such.
        if let Some(scaffold) = subject.scaffold(&function.kind)
            && let Some(wiring) = subject.backend.wirings.get(&function.kind)
            && function.name == *name
        {
            findings.extend(examine_wiring(subject, scaffold, wiring, (name, function))?);
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
            // A function that the user pool calls, and that is not there, is reported already.
            Language::Toml => {
                self.scaffold.trigger.is_none()
                    || subject.project.has(&self.directory, "resource.toml")
            }
            Language::TypeScript => subject.record.functions.contains_key(self.function),
        }
    }

    /// The command that generates it.
    fn new_command(&self) -> String {
        new_command(self.scaffold, self.function)
    }
}

/// A crate that is wired but not recorded.
fn examine_record(subject: &Subject, called: &Called) -> Result<Option<Finding>> {
    let Called { scaffold, wired, function, directory } = called;
    let (project, kind) = (subject.project, &scaffold.name);
    if subject.record.functions.contains_key(*function) || !project.has(directory, "Cargo.toml") {
        return Ok(None);
    }
    if is_as_made(project, subject.catalog, scaffold, function)? {
        let label = format!("`{directory}/{FUNCTION_RECORD}` is not there");
        let message = format!("the function `{function}` is not recorded");
        let repair = Repair::Record { kind: kind.clone(), function: (*function).to_owned() };
        return Ok(Some(problem(wired.place.problem(message, label)).repaired_by(repair)));
    }
    let events = sample_events(subject, directory)?;
    let sources = events.iter().filter_map(|event| event["triggerSource"].as_str());
    let sources: Vec<_> = sources.map(str::to_owned).collect();
    let is_other = |trigger: &Trigger| !sources.iter().any(|it| trigger.sources.contains(it));
    if !sources.is_empty() && scaffold.trigger.as_ref().is_some_and(is_other) {
        let message = format!("the function `{function}` is not for {kind}");
        let label = format!("the events in `{directory}/events/` are of another trigger");
        let hint = format!("make one: `{} --on-conflict overwrite`", scaffold.new_command());
        return Ok(Some(problem(wired.place.problem(message, label).hint(hint))));
    }
    let command = called.new_command();
    let message = format!(
        "is wired to `{function}`, which is not recorded: `{command} --on-conflict skip` records it"
    );
    Ok(Some(note(wired.place.problem(message, ""))))
}

/// A function without a crate.
fn examine_crate(subject: &Subject, called: &Called) -> Result<Option<Finding>> {
    let Called { wired, function, directory, .. } = called;
    if !subject.project.has(directory, "Cargo.toml") {
        let message = format!("the function `{function}` has no crate");
        let missing = wired.place.problem(message, format!("no `{directory}/Cargo.toml`"));
        let hint = format!("make it again: `{}`", called.new_command());
        return Ok(Some(problem(missing.hint(hint))));
    }
    let built = built_binary(subject, called)?;
    let wanted = built.as_ref().map_or(*function, |(name, _)| name);
    let wrong = match subject.project.cargo_names(directory, wanted) {
        Ok(names) => names.zip(built).and_then(|(CargoNames { binary, .. }, (built, place))| {
            let message = format!("the crate in `{directory}` has no binary `{built}`");
            let wrong = place.problem(message, format!("its binary is `{binary}`"));
            (binary != built).then_some(wrong)
        }),
        Err(error) if !error.diagnostics().is_empty() => return Err(error),
        Err(error) => {
            let place = place_of_name(&subject.project.manifest(directory)?);
            Some(place.problem(error.to_string(), "").hint(error.hints().join("; ")))
        }
    };
    Ok(wrong.map(problem))
}

/// Where a manifest has the name of its package.
pub fn place_of_name(manifest: &SourceFile) -> Place {
    manifest.at(edit::place(manifest.text(), &["package", "name"], None))
}

/// The binary that the function's `resource.ts` builds, and where it says so.
fn built_binary(subject: &Subject, called: &Called) -> Result<Option<(String, Place)>> {
    if called.wired.language == Language::Toml {
        return Ok(None);
    }
    let file = AppFile::of_function(
        subject.project,
        &called.scaffold.family.resource.name,
        called.function,
    )?;
    let built = option_value(file.text(), "--bin");
    Ok(built.map(|(name, span)| (name, file.place(span))))
}

/// Compares the version of the event that the pool sends with that of the handler's sample events,
/// which its tests run.
fn examine_version(subject: &Subject, called: &Called) -> Result<Option<Finding>> {
    let Called { scaffold, wired, function, directory } = called;
    let (sent, place) = match &wired.version {
        SentVersion::Default(version) => (version, &wired.place),
        SentVersion::Requested(version, place) => (version, place),
        SentVersion::Unversioned | SentVersion::Unclear => return Ok(None),
    };
    let events = sample_events(subject, directory)?;
    let versions: BTreeSet<_> = events.iter().filter_map(EventVersion::of_event).collect();
    let mut known = scaffold.versioned().into_iter().flat_map(|versioned| &versioned.versions);
    let is_another = known.any(|known| known == sent) && !versions.contains(sent);
    let Some(read) = versions.last().filter(|_| is_another) else {
        return Ok(None);
    };
    let command = called.new_command();
    let mismatch = place.problem(
        format!("Cognito sends {sent} events to `{function}`, which expects {read}"),
        format!("the events in `{directory}/events/` are {read}"),
    );
    Ok(Some(problem(mismatch.hint(format!(
        "ask for {read}: `{command} --event-version {read}`, or make the handler again: \
         `{command} --event-version {sent}`"
    )))))
}

fn sample_events(subject: &Subject, directory: &RepoPath) -> Result<Vec<Value>> {
    let files = subject.project.files_below(&directory.child("events"))?;
    files.iter().map(|path| Ok(samples::read(subject, path)?.unwrap_or_default())).collect()
}

/// A generated function that the pool does not call.
fn examine_wiring(
    subject: &Subject,
    scaffold: &Scaffold,
    wiring: &Wiring,
    (name, function): (&String, &FunctionRecord),
) -> Result<Option<Finding>> {
    let (project, kind) = (subject.project, &scaffold.name);
    let manifest = project.manifest(&function.directory(name, project)?)?;
    if manifest.text().is_empty() {
        return Ok(None);
    }
    let never_called = format!("the function `{name}` is never called");
    Ok(Some(match wiring {
        Wiring::Wired(wired) if wired.function() == Some(name) => return Ok(None),
        // A function that does not exist is reported already.
        Wiring::Wired(Wired { callee: Callee::Function(other), .. })
            if subject.directories.contains(&subject.directory(scaffold, other)?) =>
        {
            let message = format!("there are two functions for {kind}: `{name}` and `{other}`");
            let Family { name: family, resource, .. } = &*scaffold.family;
            let label = format!("{} calls only `{other}`", resource.service);
            let remove = command(&format!("remove {family} {kind} --name {name}"));
            let hint = format!("remove one: `{remove}`");
            problem(place_of_name(&manifest).problem(message, label).hint(hint))
        }
        // In TypeScript, also one from another package.
        Wiring::Wired(other) if other.language == Language::TypeScript => {
            let label = format!("this is called for {kind} instead");
            problem(other.place.problem(never_called, label))
        }
        Wiring::Wired(_) => return Ok(None),
        Wiring::Unclear(place, reason) => {
            let message = format!("does not show which function is called for {kind}: {reason}");
            note(place.problem(message, ""))
        }
        Wiring::Mistaken(place, mistake) => problem(place.problem(never_called, mistake.as_str())),
        Wiring::Unwired => {
            let unwired = place_of_name(&manifest)
                .problem(never_called, format!("{kind} is not wired"))
                .hint(format!("wire it: `{}`", new_command(scaffold, name)));
            let wire = Repair::Wire { kind: kind.clone(), function: name.clone() };
            // Without a recorded choice, there may be several versions of the event to ask for.
            let is_known = scaffold.versioned().is_none() || function.inputs.is_some();
            Finding { repair: is_known.then_some(wire), ..problem(unwired) }
        }
    }))
}

/// The command that makes a function.
pub fn new_command(scaffold: &Scaffold, name: &str) -> String {
    let other_name = if name == scaffold.name { String::new() } else { format!(" --name {name}") };
    scaffold.new_command() + &other_name
}
