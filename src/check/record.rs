//! Generated files that are no longer what was generated: good to know, and no problem.

use super::{Finding, Level, Source, Subject};
use crate::error::Result;
use crate::project::hash;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    for function in subject.record.functions.values() {
        for (file, recorded) in &function.files {
            let path = subject.project.path(file)?;
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
    }
    Ok(())
}
