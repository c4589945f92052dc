//! What a shell may complete. Where something is wrong with the project, its names are left out.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Arc;

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::catalog::{Catalog, Input, InputKind, Scaffold};
use crate::error::Result;
use crate::invoke;
use crate::project::{Location, Project, locate};

/// The families of scaffolds, with what each is for.
pub fn families() -> ArgValueCandidates {
    offer(|| {
        let catalog = catalog();
        let families = catalog.families().into_iter();
        families.map(|name| Ok(candidate(name, catalog.family(name)?.summary))).collect()
    })
}

/// The kinds of triggers, with what each is for.
pub fn kinds() -> ArgValueCandidates {
    offer(|| {
        let offers = catalog().offers()?.into_iter();
        Ok(offers.map(|offer| candidate(offer.name, offer.purpose)).collect())
    })
}

/// The values of the inputs that have no flag of their own.
pub fn inputs() -> ArgValueCandidates {
    let values = |input: &Input| {
        let values = match &input.kind {
            InputKind::Choice { choices, .. } => choices.clone(),
            InputKind::Flag => vec!["true".to_owned()],
            InputKind::Groups { .. } | InputKind::Claims { .. } => Vec::new(),
        };
        let value = |value| candidate(format!("{}={value}", input.name), &input.help);
        values.into_iter().map(value).collect::<Vec<_>>()
    };
    of_scaffolds(move |scaffold| scaffold.inputs.iter().flat_map(values).collect())
}

/// The versions of events.
pub fn versions() -> ArgValueCandidates {
    of_scaffolds(|scaffold| {
        let versions = scaffold.versioned().into_iter().flat_map(|versioned| &versioned.versions);
        versions.map(|version| CompletionCandidate::new(version.to_string())).collect()
    })
}

/// The sources of all triggers.
pub fn sources() -> ArgValueCandidates {
    of_scaffolds(|scaffold| scaffold.sources().iter().map(CompletionCandidate::new).collect())
}

/// The functions of the project around the current directory.
pub fn functions() -> ArgValueCandidates {
    of_functions(|function, _| Ok(vec![CompletionCandidate::new(&function.name)]))
}

/// The sample events of these functions.
pub fn samples() -> ArgValueCandidates {
    of_functions(|function, project| {
        let samples = function.samples(project)?.into_iter();
        Ok(samples.map(|sample| candidate(sample, &function.name)).collect())
    })
}

/// The project around the current directory.
fn location() -> Result<Location> {
    locate(None, ".".as_ref())
}

/// The scaffolds of the project, or else those of this program.
fn catalog() -> Arc<Catalog> {
    let own = location().and_then(|location| location.catalog());
    own.unwrap_or_else(|_| Arc::new(Catalog::embedded()))
}

fn of_scaffolds(
    candidates: impl Fn(&Scaffold) -> Vec<CompletionCandidate> + Send + Sync + 'static,
) -> ArgValueCandidates {
    offer(move || Ok(catalog().scaffolds()?.iter().flat_map(&candidates).collect()))
}

fn of_functions(
    candidates: fn(&invoke::LocalFunction, &Project) -> Result<Vec<CompletionCandidate>>,
) -> ArgValueCandidates {
    offer(move || {
        let location = location()?;
        let project = Project::open(&location)?;
        let catalog = location.catalog()?;
        let functions = invoke::functions(&project, &catalog)?;
        let all = functions.iter().map(|function| candidates(function, &project));
        Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    })
}

/// All candidates, each value once.
fn offer(
    candidates: impl Fn() -> Result<Vec<CompletionCandidate>> + Send + Sync + 'static,
) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let mut candidates = candidates().unwrap_or_default();
        let mut seen = BTreeSet::new();
        candidates.retain(|candidate| seen.insert(candidate.get_value().to_owned()));
        candidates
    })
}

fn candidate(value: impl Into<OsString>, help: impl AsRef<str>) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(help.as_ref().to_owned().into()))
}
