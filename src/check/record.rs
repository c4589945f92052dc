//! Records that are out of date.

use std::cmp::Ordering;

use super::functions::new_command;
use super::{Finding, Subject, note, problem};
use crate::catalog::Scaffold;
use crate::edit;
use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{FUNCTION_RECORD, FunctionRecord, RECORD};
use crate::source::SourceFile;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let Subject { project, record, .. } = subject;
    let note = |path: &RepoPath, message: &str| {
        note(SourceFile::new(path, "").at(0..0).problem(message, ""))
    };
    // What functions share is recorded with the first of them.
    let shared = project.path(RECORD)?;
    if !record.functions.is_empty() && project.read(&shared)?.is_none() {
        let message = format!(
            "is gone: without it, `remove` leaves what was added to files that functions share; \
             `git checkout {shared}` restores it"
        );
        findings.push(note(&shared, &message));
    }
    for (name, function) in &record.functions {
        if function.name != *name {
            findings.push(examine_name(subject, name, function)?);
            continue;
        }
        let directory = function.directory(name, project)?;
        if let Some(message) = other_version(subject, function) {
            findings.push(note(&directory.child(FUNCTION_RECORD), &message));
        }
        // Files may be edited: that is what they are for.
        let files = function.files.keys().filter(|file| !project.has(&directory, file));
        findings
            .extend(files.map(|file| note(&directory.child(file), "was generated, and is gone")));
    }
    Ok(())
}

/// What to say of a function that another version of this program generated.
fn other_version(subject: &Subject, function: &FunctionRecord) -> Option<String> {
    let scaffold = subject.scaffold(&function.kind)?;
    let (theirs, ours) = (&function.version, env!("CARGO_PKG_VERSION"));
    match release(theirs).cmp(&release(ours)) {
        Ordering::Equal => None,
        Ordering::Greater => Some(format!(
            "was written by version {theirs}, and this is {ours}: install that version or a newer one"
        )),
        Ordering::Less => {
            let theirs = match theirs.as_str() {
                "" => "an early version",
                version => &format!("version {version}"),
            };
            let update = new_command(scaffold, &function.name);
            Some(format!(
                "was written by {theirs}, and this is {ours}: `{update}` updates the files that you \
                 have not edited"
            ))
        }
    }
}

/// The numbers of a version.
fn release(version: &str) -> Vec<u64> {
    version.split('.').map_while(|number| number.parse().ok()).collect()
}

/// A function in a directory that was renamed or copied.
fn examine_name(subject: &Subject, directory: &str, function: &FunctionRecord) -> Result<Finding> {
    let FunctionRecord { name, kind, .. } = function;
    let path = function.directory(directory, subject.project)?.child(FUNCTION_RECORD);
    let file = subject.project.source(&path)?;
    let message = format!("the function `{name}` is in the directory of another, `{directory}`");
    let place = file.at(edit::place(file.text(), &["name"], None));
    if subject.directories.contains(&function.directory(name, subject.project)?) {
        let hint = match subject.scaffold(kind).map(Scaffold::new_command) {
            Some(command) => format!(
                "remove it, or make it the function that is called: `{command} --name {directory}`"
            ),
            None => "remove it".to_owned(),
        };
        return Ok(problem(place.problem(message, "the directory was copied").hint(hint)));
    }
    let rename =
        Repair::Rename { kind: kind.clone(), from: name.clone(), to: directory.to_owned() };
    let is_there = |it: &&Scaffold| it.family.resource.name == function.resource;
    let repair = subject.scaffold(kind).filter(is_there).map(|_| rename);
    Ok(Finding { repair, ..problem(place.problem(message, "the directory was renamed")) })
}
