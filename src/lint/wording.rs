//! What a scaffold says of itself, as lists and generated files show it.

use super::Rendered;
use crate::catalog::suggestion;
use crate::source::Diagnostic;

/// The most characters of a purpose, so that a line of a list fits a terminal.
const PURPOSE: usize = 40;

pub fn check(subject: &Rendered, problems: &mut Vec<Diagnostic>) {
    let scaffold = &subject.scaffold;
    let mut add = |text: &str, problem: String, label: &str| {
        problems.push(subject.declared(text).problem(problem, label));
    };
    let called = scaffold.trigger.as_ref().map(|trigger| &trigger.called);
    let purpose = scaffold.purpose.as_ref();
    for (key, text) in
        [("summary", Some(&scaffold.summary)), ("purpose", purpose), ("called", called)]
    {
        let text = text.map_or("", String::as_str);
        if text.ends_with('.') {
            add(text, format!("`{key}` ends with a final stop"), "remove it: texts add one");
        }
        if text.contains(char::is_control) {
            add(text, format!("`{key}` is not a single line of plain text"), "");
        }
    }
    if let Some(purpose) = purpose.filter(|purpose| purpose.chars().count() > PURPOSE) {
        add(purpose, format!("`purpose` has more than {PURPOSE} characters"), "shorten it");
    }
    let (group, groups) = (&scaffold.group, &scaffold.family.groups);
    if !group.is_empty() && !groups.contains(group) {
        let label = match groups.as_slice() {
            [] => "`_shared` has no `groups`".to_owned(),
            groups => suggestion(group, groups),
        };
        add(group, format!("`{group}` is not one of the family's `groups`"), &label);
    }
}
