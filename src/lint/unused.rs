//! What no combination of choices makes use of: files, partials and inputs.

use std::collections::{BTreeMap, BTreeSet};

use super::Rendered;
use crate::catalog::SCAFFOLD;
use crate::source::Diagnostic;

/// Looks for what is a scaffold's own. Where it could not be rendered, nothing is certain.
pub fn check(subject: &Rendered, problems: &mut Vec<Diagnostic>) {
    if subject.renderings.is_empty() {
        return;
    }
    unused_files(&[subject], &subject.scaffold.directory(), problems);
    for input in &subject.scaffold.inputs {
        if !subject.survey.variables.contains(&input.name.replace('-', "_")) {
            let place = subject.declared(&format!("\"{}\"", input.name));
            let label = "nothing depends on it";
            problems.push(place.problem(format!("the input `{}` is not used", input.name), label));
        }
    }
}

/// Looks for what no scaffold of a family uses of what all of them share.
pub fn check_shared(subjects: &[Rendered], problems: &mut Vec<Diagnostic>) {
    let mut families = BTreeMap::<_, Vec<_>>::new();
    for subject in subjects {
        families.entry(subject.scaffold.family.directory()).or_default().push(subject);
    }
    families.iter().for_each(|(shared, subjects)| unused_files(subjects, shared, problems));
}

fn unused_files(subjects: &[&Rendered], owner: &str, problems: &mut Vec<Diagnostic>) {
    let mut used = BTreeSet::from([format!("{owner}/{SCAFFOLD}")]);
    for subject in subjects {
        used.extend(subject.survey.partials.iter().cloned());
        let renderings = subject.renderings.iter();
        used.extend(renderings.flat_map(|rendering| rendering.sources.values().cloned()));
    }
    let Some(catalog) = subjects.first().map(|subject| subject.catalog) else {
        return;
    };
    let files = catalog.files_of(owner.to_owned()).map(|(path, _)| path);
    for path in files.filter(|path| !used.contains(path)) {
        let file = catalog.source(&path);
        problems.push(file.at(0..0).problem("no choice uses this file", ""));
    }
}
