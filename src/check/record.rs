//! Records that are out of date.

use std::cmp::Ordering;

use super::functions::new_command;
use super::{Finding, Subject, note, problem};
use crate::catalog::Scaffold;
use crate::edit;
use crate::error::Result;
use crate::plan::Repair;
use crate::project::{AUTH, FUNCTION_RECORD, FunctionRecord, RECORD};
use crate::source::SourceFile;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    examine_shared(subject, findings)?;
    for (directory, function) in &subject.record.functions {
        if function.name == *directory {
            examine_version(subject, directory, function, findings)?;
            examine_files(subject, directory, function, findings)?;
        } else {
            examine_name(subject, directory, function, findings)?;
        }
    }
    Ok(())
}

/// What functions share is recorded with the first of them.
fn examine_shared(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let path = subject.project.path(RECORD)?;
    if !subject.record.functions.is_empty() && subject.project.read(&path)?.is_none() {
        let message = format!(
            "is gone: without it, `remove` leaves what was added to files that functions share; \
             `git checkout {path}` restores it"
        );
        let place = SourceFile::new(&path, "").at(0..0);
        findings.push(note(place.problem(message, "")));
    }
    Ok(())
}

/// A function that another version of this program generated.
fn examine_version(
    subject: &Subject,
    directory: &str,
    function: &FunctionRecord,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let Some(scaffold) = subject.scaffold(&function.kind) else {
        return Ok(());
    };
    let (theirs, ours) = (&function.version, env!("CARGO_PKG_VERSION"));
    let message = match release(theirs).cmp(&release(ours)) {
        Ordering::Equal => return Ok(()),
        Ordering::Greater => format!(
            "was written by version {theirs}, and this is {ours}: install that version or a newer one"
        ),
        Ordering::Less => {
            let theirs = match theirs.as_str() {
                "" => "an early version",
                version => &format!("version {version}"),
            };
            let update = new_command(scaffold, directory);
            format!(
                "was written by {theirs}, and this is {ours}: `{update}` updates the files that you \
                 have not edited"
            )
        }
    };
    let place = SourceFile::new(&subject.project.path(&record_of(directory))?, "").at(0..0);
    findings.push(note(place.problem(message, "")));
    Ok(())
}

/// The numbers of a version.
fn release(version: &str) -> Vec<u64> {
    version.split('.').map_while(|number| number.parse().ok()).collect()
}

fn record_of(directory: &str) -> String {
    format!("{AUTH}/{directory}/{FUNCTION_RECORD}")
}

/// Generated files that were removed since, which is not a problem. Nor are edits, which are what
/// the files are for.
fn examine_files(
    subject: &Subject,
    directory: &str,
    function: &FunctionRecord,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let directory = subject.directory(directory)?;
    let files = function.files.keys().filter(|file| !subject.project.has(&directory, file));
    for path in files.filter_map(|file| directory.join(file)) {
        let place = SourceFile::new(&path, "").at(0..0);
        findings.push(note(place.problem("was generated, and is gone", "")));
    }
    Ok(())
}

/// A function in a directory that was renamed or copied.
fn examine_name(
    subject: &Subject,
    directory: &str,
    function: &FunctionRecord,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let path = subject.project.path(&record_of(directory))?;
    let file = subject.project.source(&path)?;
    let FunctionRecord { name, kind, .. } = function;
    let message = format!("the function `{name}` is in the directory of another, `{directory}`");
    let place = file.at(edit::place(file.text(), &["name"], None));
    if subject.directories.contains(&subject.directory(name)?) {
        let copied = place.problem(message, "the directory was copied");
        let copied = copied.hint(match subject.scaffold(kind).map(Scaffold::new_command) {
            Some(command) => format!(
                "remove it, or make it the function that is called: `{command} --name {directory}`"
            ),
            None => "remove it".to_owned(),
        });
        findings.push(problem(copied));
        return Ok(());
    }
    let rename =
        || Repair::Rename { kind: kind.clone(), from: name.clone(), to: directory.to_owned() };
    let repair = subject.scaffold(kind).map(|_| rename());
    let renamed = place.problem(message, "the directory was renamed");
    findings.push(problem(renamed).repaired_by(repair));
    Ok(())
}
