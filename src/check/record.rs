//! What is recorded and is no longer so.

use super::{Finding, Subject, note, problem};
use crate::edit;
use crate::error::Result;
use crate::plan::Repair;
use crate::project::{AUTH, FUNCTION_RECORD, FunctionRecord, hash};
use crate::source::SourceFile;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    for (folder, function) in &subject.record.functions {
        if function.name == *folder {
            examine_files(subject, folder, function, findings)?;
        } else {
            examine_name(subject, folder, function, findings)?;
        }
    }
    Ok(())
}

/// Generated files that are no longer what was generated: good to know, and no problem.
fn examine_files(
    subject: &Subject,
    folder: &str,
    function: &FunctionRecord,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    for (file, recorded) in &function.files {
        let path = subject.project.path(&format!("{AUTH}/{folder}/{file}"))?;
        let text = subject.project.read(&path)?;
        let message = match text.map(String::from_utf8) {
            Some(Ok(text)) if hash(&text) == *recorded => continue,
            Some(_) => "was edited since it was generated",
            None => "was generated, and is gone",
        };
        findings.push(note(SourceFile::new(&path, "").at(0..0).problem(message, "")));
    }
    Ok(())
}

/// A function in a folder that was renamed or copied.
fn examine_name(
    subject: &Subject,
    folder: &str,
    function: &FunctionRecord,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let path = subject.project.path(&format!("{AUTH}/{folder}/{FUNCTION_RECORD}"))?;
    let file = subject.project.source(&path)?;
    let FunctionRecord { name, kind, .. } = function;
    let message = format!("the function `{name}` is in the directory of another, `{folder}`");
    let place = file.at(edit::place(file.text(), &["name"], None));
    if subject.folders.contains(&subject.folder(name)?) {
        let hint = format!(
            "remove it, or make it the function that is called: \
             `cargo amplify new auth-trigger {kind} --name {folder}`"
        );
        let copied = place.problem(message, "the directory was copied").hint(hint);
        findings.push(problem(copied));
        return Ok(());
    }
    let rename =
        || Repair::Rename { kind: kind.clone(), from: name.clone(), to: folder.to_owned() };
    let repair = subject.scaffold(kind).map(|_| rename());
    let renamed = place.problem(message, "the directory was renamed");
    findings.push(problem(renamed).repaired_by(repair));
    Ok(())
}
