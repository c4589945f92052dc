//! Sample events and recorded replies: whether they are JSON.

use serde_json::Value;

use super::{Finding, Subject, problem};
use crate::error::Result;
use crate::path::RepoPath;
use crate::source::{Diagnostic, SourceFile, offset};

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let crates =
        subject.directories.iter().filter(|directory| subject.project.has(directory, "Cargo.toml"));
    for directory in crates {
        for samples in ["events", "replies"].map(|name| directory.child(name)) {
            for file in subject.project.files_below(&samples)? {
                if file.as_str().ends_with(".json") {
                    findings.extend(read(subject, &file)?.err().map(problem));
                }
            }
        }
    }
    Ok(())
}

/// The JSON object in a file, or what is wrong with it.
pub fn read(subject: &Subject, path: &RepoPath) -> Result<Result<Value, Diagnostic>> {
    let bytes = subject.project.read(path)?.unwrap_or_default();
    let Ok(text) = String::from_utf8(bytes) else {
        let start = SourceFile::new(path, "").at(0..0);
        return Ok(Err(start.problem("the file is not UTF-8", "save it as UTF-8")));
    };
    let file = SourceFile::new(path, text.trim_start_matches('\u{feff}'));
    Ok(match serde_json::from_str::<Value>(file.text()) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(file.at(0..0).problem("the file is not a JSON object", "not an object")),
        Err(error) => {
            let offset = offset(file.text(), error.line(), error.column());
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            Err(file.at(offset..offset).problem("the file is not valid JSON", reason))
        }
    })
}
