//! Checks that resource files, crates, workspace members, wiring and record are consistent.
//!
//! Writes nothing. Each finding has a place in a file, and a repair if there is exactly one fix.

mod functions;
mod members;
mod record;

use serde::Serialize;

use crate::catalog::{Catalog, Scaffold};
use crate::error::Result;
use crate::model::Backend;
use crate::path::RepoPath;
use crate::plan::Repair;
use crate::project::{Project, Record, Wiring};
use crate::source::Diagnostic;

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
    /// Good to know.
    Note,
}

/// Looks at everything.
///
/// # Errors
/// When a file cannot be read, or the workspace's manifest is not TOML.
pub fn examine(
    project: &Project,
    catalog: &Catalog,
    scaffolds: &[Scaffold],
) -> Result<Vec<Finding>> {
    let backend = Backend::read(project, scaffolds)?;
    let mut findings: Vec<_> = backend.diagnostics.into_iter().map(problem).collect();
    findings.extend(backend.warnings.into_iter().map(warning));
    let wirings = wirings(project, scaffolds, &mut findings)?;
    let subject = Subject::read(project, catalog, wirings)?;
    functions::examine(&subject, &mut findings)?;
    members::examine(&subject, &mut findings)?;
    record::examine(&subject, &mut findings)?;
    Ok(findings)
}

/// A scaffold, and who is called for its trigger; `None` where a file cannot be parsed.
type Wirings<'a> = Vec<(&'a Scaffold, Option<Wiring>)>;

/// Who is called for each trigger. A file that cannot be parsed is a finding, once.
fn wirings<'a>(
    project: &Project,
    scaffolds: &'a [Scaffold],
    findings: &mut Vec<Finding>,
) -> Result<Wirings<'a>> {
    let mut wirings = Vec::new();
    for scaffold in scaffolds {
        let wiring = match project.wiring(scaffold) {
            Ok(wiring) => Some(wiring),
            Err(error) if error.diagnostics().is_empty() => return Err(error),
            Err(error) => {
                for diagnostic in error.diagnostics() {
                    let path = diagnostic.path();
                    if findings.iter().all(|found| found.diagnostic.path() != path) {
                        findings.push(problem(diagnostic.clone()));
                    }
                }
                None
            }
        };
        wirings.push((scaffold, wiring));
    }
    Ok(wirings)
}

/// What there is, read once.
struct Subject<'a> {
    project: &'a Project,
    catalog: &'a Catalog,
    wirings: Wirings<'a>,
    record: Record,
    /// The directories below `amplify/auth/`.
    folders: Vec<RepoPath>,
}

impl<'a> Subject<'a> {
    fn read(project: &'a Project, catalog: &'a Catalog, wirings: Wirings<'a>) -> Result<Self> {
        let folder = project.auth()?;
        let names = project.folders(&folder)?;
        Ok(Self {
            project,
            catalog,
            wirings,
            record: Record::load(project)?,
            folders: names.iter().filter_map(|name| folder.join(name)).collect(),
        })
    }

    /// The scaffold that is called `kind`, and who is called for its trigger.
    fn wiring(&self, kind: &str) -> Option<&(&'a Scaffold, Option<Wiring>)> {
        self.wirings.iter().find(|(scaffold, _)| scaffold.name == kind)
    }

    /// Whether the directory of the function that was generated with this name was renamed.
    fn is_renamed(&self, name: &str) -> bool {
        let mut functions = self.record.functions.iter();
        !self.record.functions.contains_key(name)
            && functions.any(|(folder, function)| function.name == name && folder != name)
    }

    /// Whether a directory has a file.
    fn has(&self, folder: &RepoPath, file: &str) -> bool {
        folder.join(file).is_some_and(|path| path.under(self.project.root()).is_file())
    }

    /// The directory of a function.
    fn folder(&self, function: &str) -> Result<RepoPath> {
        self.project.function(function)
    }
}

fn problem(diagnostic: Diagnostic) -> Finding {
    Finding { level: Level::Problem, diagnostic, repair: None }
}

fn warning(diagnostic: Diagnostic) -> Finding {
    Finding { level: Level::Warning, diagnostic, repair: None }
}

fn note(diagnostic: Diagnostic) -> Finding {
    Finding { level: Level::Note, diagnostic, repair: None }
}

impl Finding {
    fn repaired_by(self, repair: Option<Repair>) -> Self {
        Self { repair, ..self }
    }
}

fn is_some<T, S: serde::Serializer>(option: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(option.is_some())
}
