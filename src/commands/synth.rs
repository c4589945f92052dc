//! `synth`

use std::ffi::OsStr;
use std::path::Path;

use super::transaction::carry_out;
use crate::cli::{Format, Schema, Synth};
use crate::error::{Error, Result};
use crate::model::{Backend, schema};
use crate::path::RepoPath;
use crate::project::{Location, Project};
use crate::synth::{plan_file, template, to_yaml};
use crate::ui::{Mode, Ui, escape_in_quotes};

/// Prints the template, or writes it into a file.
pub fn synth(
    arguments: &Synth,
    format: Format,
    location: &Location,
    current: &Path,
    ui: &Ui,
) -> Result<()> {
    let scaffolds = location.catalog()?.scaffolds()?;
    if let Some(kind) = arguments.schema {
        let schema = match kind {
            Schema::Auth => schema::auth(&scaffolds),
            Schema::Function => schema::function(),
            Schema::Scaffold => schema::scaffold(),
        };
        ui.document(&format!("{schema:#}\n"));
        return Ok(());
    }
    let project = Project::open(location)?;
    project.must_exist()?;
    let engine = arguments.engine;
    let out = arguments.out.as_deref().map(|out| target(out, current, &project)).transpose()?;
    let backend = Backend::read(&project, &scaffolds)?.valid()?;
    ui.warnings(&backend.warnings);
    let template = template(&project, &backend, &scaffolds, (engine, out.as_ref()))?.to_value();
    let suffix = arguments.out.as_deref().and_then(Path::extension).and_then(OsStr::to_str);
    let text = match (format, suffix) {
        (Format::Yaml, _) | (Format::Text, Some("yaml" | "yml")) => to_yaml(&template),
        (Format::Text | Format::Json, _) => format!("{template:#}\n"),
    };
    let text = escape_in_quotes(&text);
    let Some(path) = out else {
        ui.document(&text);
        return Ok(());
    };
    carry_out(&project, Mode::Write, ui, &|| plan_file(&path, &text, (engine, &backend), &project))
}

/// The path in the project that the template goes to.
fn target(out: &Path, current: &Path, project: &Project) -> Result<RepoPath> {
    let absolute =
        std::path::absolute(current.join(out)).map_err(|error| Error::io("find", out, error))?;
    project.below(&absolute).ok_or_else(|| {
        Error::usage(format!("`{}` is outside the project", out.display()))
            .hint("leave out `--out`, and redirect what is printed to any file")
    })
}
