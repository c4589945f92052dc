//! What no combination of choices makes use of: files, partials and inputs.

use std::collections::BTreeSet;

use super::Subject;
use crate::catalog::{SCAFFOLD, SHARED};
use crate::source::Diagnostic;

/// Looks for what is a scaffold's own. Where it could not be rendered, nothing is certain.
pub fn check(subject: &Subject, problems: &mut Vec<Diagnostic>) {
    if subject.renderings.is_empty() {
        return;
    }
    unused_files(std::slice::from_ref(subject), &subject.scaffold.name, problems);
    for input in &subject.scaffold.inputs {
        if !subject.survey.variables.contains(&input.name.replace('-', "_")) {
            let place = subject.declared(&format!("\"{}\"", input.name));
            let label = "nothing depends on it";
            problems.push(place.problem(format!("the input `{}` is not used", input.name), label));
        }
    }
}

/// Looks for what no scaffold uses of what all of them share.
pub fn check_shared(subjects: &[Subject], problems: &mut Vec<Diagnostic>) {
    unused_files(subjects, SHARED, problems);
}

fn unused_files(subjects: &[Subject], owner: &str, problems: &mut Vec<Diagnostic>) {
    let mut used = BTreeSet::from([format!("{owner}/{SCAFFOLD}")]);
    for subject in subjects {
        used.extend(subject.survey.partials.iter().cloned());
        let renderings = subject.renderings.iter();
        used.extend(renderings.flat_map(|rendering| rendering.sources.values().cloned()));
    }
    let Some(catalog) = subjects.first().map(|subject| subject.catalog) else {
        return;
    };
    let files = catalog.files_of(owner);
    let files = files.filter_map(|(path, _)| Some(path.split_once('/')?.1.to_owned()));
    for path in files.filter(|path| !used.contains(path)) {
        let file = catalog.source(&path);
        problems.push(file.at(0..0).problem("no choice makes use of this file", ""));
    }
}
