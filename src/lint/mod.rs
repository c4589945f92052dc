//! What is wrong with scaffolds: all problems at once, each at its place.
//!
//! First what `scaffold.toml` and the templates say, then what they make of every combination of
//! choices. Nothing is written, and nothing of a scaffold is run.

mod events;
mod origin;
mod parts;
mod places;
mod texts;
mod types;
mod unused;
mod wording;

use crate::catalog::{
    Answers, Catalog, DEFAULT_FAMILY, Rendering, SCAFFOLD, SHARED, Scaffold, Survey, render,
};
use crate::error::Result;
use crate::model;
use crate::source::Diagnostic;

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub struct Lint {
    pub scaffolds: usize,
    /// How often a scaffold was rendered.
    pub renderings: usize,
    pub problems: Vec<Diagnostic>,
    /// What could not be looked at.
    pub notes: Vec<String>,
}

/// How many combinations of choices of a scaffold are rendered.
const COMBINATIONS: usize = 128;

/// A scaffold with what it makes of each combination of its choices.
struct Rendered<'a> {
    catalog: &'a Catalog,
    scaffold: Scaffold,
    survey: Survey,
    renderings: Vec<Rendering>,
}

/// Looks at the scaffolds of these kinds; without any, at all, and at what they share.
///
/// # Errors
/// When there is no scaffold of a name.
pub fn lint(catalog: &Catalog, kinds: &[String]) -> Result<Lint> {
    let names = match kinds {
        [] => catalog.names().into_iter().map(str::to_owned).collect(),
        kinds => {
            kinds.iter().map(|kind| catalog.find_names(kind)).collect::<Result<Vec<_>>>()?.concat()
        }
    };
    let mut lint = Lint { scaffolds: names.len(), ..Lint::default() };
    let mut subjects = Vec::new();
    for name in names {
        let subject = Rendered::of(catalog, &name, &mut lint);
        subjects.extend(or_report(subject, &mut lint)?.flatten());
    }
    for subject in &subjects {
        lint.renderings += subject.renderings.len();
        places::check(subject, &mut lint.problems);
        parts::check(subject, &mut lint.problems);
        wording::check(subject, &mut lint.problems);
        events::check(subject, &mut lint.problems);
        unused::check(subject, &mut lint.problems);
    }
    texts::check(&subjects, &mut lint);
    for name in catalog.bundles().into_iter().filter(|_| kinds.is_empty()) {
        or_report(catalog.bundle(name), &mut lint)?;
    }
    if kinds.is_empty() && lint.problems.is_empty() {
        unused::check_shared(&subjects, &mut lint.problems);
    }
    lint.problems.sort_by_key(|problem| {
        (problem.path().clone(), problem.place.span.start, problem.message.clone())
    });
    lint.problems.dedup_by(|one, other| one.place == other.place && one.message == other.message);
    Ok(lint)
}

/// Problems at places are what is looked for, and other errors are errors.
fn or_report<T>(result: Result<T>, lint: &mut Lint) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.diagnostics().is_empty() => Err(error),
        Err(error) => {
            lint.problems.extend(error.diagnostics().iter().cloned());
            Ok(None)
        }
    }
}

impl<'a> Rendered<'a> {
    /// Renders a scaffold with every combination of its choices, in each kind of project; `None` when
    /// its `scaffold.toml` is not right.
    fn of(catalog: &'a Catalog, name: &str, lint: &mut Lint) -> Result<Option<Self>> {
        let family = catalog.family_of(name).unwrap_or(DEFAULT_FAMILY);
        let file = catalog.source(&format!("{family}/{name}/{SCAFFOLD}"));
        let mut problems = model::scaffold_problems(&file);
        let shared = catalog.source(&format!("{family}/{SHARED}/{SCAFFOLD}"));
        problems.extend(model::family_problems(&shared));
        if !problems.is_empty() {
            lint.problems.extend(problems);
            return Ok(None);
        }
        let scaffold = catalog.scaffold(name)?;
        let defaults = Answers::new(&scaffold, None, &Vec::new())?;
        let survey = catalog.survey(&scaffold, &defaults);
        lint.problems.extend(survey.problems.iter().cloned());
        let mut possible = Answers::possible(&scaffold);
        if possible.len() > COMBINATIONS {
            lint.notes.push(format!(
                "{name} has {} combinations of choices; the first {COMBINATIONS} are checked",
                possible.len()
            ));
            possible.truncate(COMBINATIONS);
        }
        let mut renderings = Vec::new();
        for choices in possible.iter().filter(|_| survey.problems.is_empty()) {
            for (wiring, membership, file) in
                [("toml", "member", "resource.toml"), ("typescript", "standalone", "resource.ts")]
            {
                let mut answers = defaults.upon(choices, &scaffold)?;
                answers.tell("wiring", wiring);
                answers.tell("membership", membership);
                answers.tell("resource_file", file);
                let rendering = render(catalog, &scaffold, &answers);
                renderings.extend(or_report(rendering, lint)?);
            }
        }
        Ok(Some(Self { catalog, scaffold, survey, renderings }))
    }

    /// A place in its `scaffold.toml`: where this text is.
    fn declared(&self, text: &str) -> crate::source::Place {
        let file = self.catalog.source(&format!("{}/{SCAFFOLD}", self.scaffold.directory()));
        let start = file.find(text);
        file.at(start.map_or(0..0, |start| start..start + text.len()))
    }
}
