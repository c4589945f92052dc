//! What is recorded and is no longer so.

use super::{Finding, Level, Source, Subject, problem};
use crate::error::Result;
use crate::plan::Repair;
use crate::project::{AUTH, FUNCTION_RECORD, Function, hash};

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
    function: &Function,
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
        let source = Source { path, text: String::new().into() };
        findings.push(Finding {
            level: Level::Note,
            diagnostic: source.diagnostic(0..0, message, "", ""),
            repair: None,
        });
    }
    Ok(())
}

/// A function in a folder that was renamed or copied.
fn examine_name(
    subject: &Subject,
    folder: &str,
    function: &Function,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let path = subject.project.path(&format!("{AUTH}/{folder}/{FUNCTION_RECORD}"))?;
    let source = Source::read(subject.project, &path)?;
    let Function { name, kind, .. } = function;
    let place = crate::edit::place(&source.text, &["name"], None);
    let message = format!("the function `{name}` is in the directory of another, `{folder}`");
    let is_copy = subject.folders.contains(&subject.folder(name)?);
    let (label, hint) = match is_copy {
        true => (
            "the directory was copied",
            format!(
                "remove it, or make it the function that is called: \
                 `cargo amplify new auth-trigger {kind} --name {folder}`"
            ),
        ),
        false => ("the directory was renamed", String::new()),
    };
    let mut finding = problem(source.diagnostic(place, message, label, hint));
    finding.repair = (!is_copy && subject.scaffold(kind).is_some()).then(|| Repair::Rename {
        kind: kind.clone(),
        from: name.clone(),
        to: folder.to_owned(),
    });
    findings.push(finding);
    Ok(())
}
