//! Checks that resource files, crates, workspace members, wiring and record are consistent.
//!
//! Writes nothing. Each finding has a place in a file, and a repair if there is exactly one fix.

mod app;
mod functions;
mod members;
mod record;
mod samples;

use std::sync::Arc;

use serde::Serialize;

use crate::catalog::{Catalog, Scaffold, resources};
use crate::error::Result;
use crate::model::Backend;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{Project, Record};
use crate::source::{Diagnostic, SourceFile};

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// What and where.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
    /// What fixes it, if there is exactly one fix.
    #[serde(rename = "fixable", serialize_with = "is_some")]
    pub repair: Option<Repair>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something does not work.
    Problem,
    /// Something is accepted, and does not do what it says.
    Warning,
    /// Something worth knowing.
    Note,
}

impl Finding {
    fn new(level: Level, diagnostic: Diagnostic) -> Self {
        Self { level, diagnostic, repair: None }
    }

    fn repaired_by(self, repair: Repair) -> Self {
        Self { repair: Some(repair), ..self }
    }
}

/// Something that does not work.
pub fn problem(diagnostic: Diagnostic) -> Finding {
    Finding::new(Level::Problem, diagnostic)
}

fn note(diagnostic: Diagnostic) -> Finding {
    Finding::new(Level::Note, diagnostic)
}

/// Looks at everything.
pub fn examine(
    project: &Project,
    catalog: &Catalog,
    scaffolds: &[Scaffold],
) -> Result<Vec<Finding>> {
    let backend = &Backend::read(project, scaffolds)?;
    let resources = resources(scaffolds).into_iter().map(|it| project.resource(&it.name));
    let resources = resources.collect::<Result<Vec<_>>>()?;
    let mut directories = Vec::new();
    for resource in &resources {
        let names = project.directories(resource)?;
        directories.extend(names.iter().map(|name| resource.child(name)));
    }
    let record = project.record()?;
    let subject = Subject { project, catalog, scaffolds, backend, record, resources, directories };
    let warning = |diagnostic| Finding::new(Level::Warning, diagnostic);
    let mut findings: Vec<_> = backend.diagnostics.iter().cloned().map(problem).collect();
    findings.extend(backend.warnings.iter().cloned().map(warning));
    let parts =
        [functions::examine, app::examine, members::examine, samples::examine, record::examine];
    for examine in parts {
        let Err(error) = examine(&subject, &mut findings) else {
            continue;
        };
        if error.diagnostics().is_empty() {
            return Err(error);
        }
        // A file that cannot be parsed is a problem once.
        let is_new =
            |problem: &&Diagnostic| findings.iter().all(|known| known.diagnostic != **problem);
        let new: Vec<_> = error.diagnostics().iter().filter(is_new).cloned().map(problem).collect();
        findings.extend(new);
    }
    let directories = project.directories_for_files()?.into_iter().map(|path| {
        let place = SourceFile::new(&path, "").at(0..0);
        problem(place.problem("this is a directory, and a file goes there", "").hint("move it"))
    });
    findings.extend(directories);
    Ok(findings)
}

/// What there is, read once.
struct Subject<'a> {
    project: &'a Project,
    catalog: &'a Catalog,
    scaffolds: &'a [Scaffold],
    backend: &'a Backend,
    record: Arc<Record>,
    /// The directories of the resources that call functions, as the catalogue has them.
    resources: Vec<RepoPath>,
    /// The directories in them.
    directories: Vec<RepoPath>,
}

impl<'a> Subject<'a> {
    /// The scaffold that is called `kind`.
    fn scaffold(&self, kind: &str) -> Option<&'a Scaffold> {
        self.scaffolds.iter().find(|scaffold| scaffold.name == kind)
    }

    /// Whether the directory of the function that was generated with this name was renamed.
    fn is_renamed(&self, name: &str) -> bool {
        let mut functions = self.record.functions.iter();
        !self.record.functions.contains_key(name)
            && functions.any(|(directory, function)| function.name == name && directory != name)
    }

    /// The directory of a function that is called for the trigger of a scaffold.
    fn directory(&self, scaffold: &Scaffold, function: &str) -> Result<RepoPath> {
        self.project.function(&scaffold.family.resource.name, function)
    }
}

fn is_some<T, S: serde::Serializer>(option: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(option.is_some())
}
