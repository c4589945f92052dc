//! `synth`

use std::path::Path;

use super::transaction::{carry_out, without_conflicts};
use crate::cli::{Format, Schema, Synth};
use crate::error::{Error, ErrorKind, Result};
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
            Schema::Family => schema::family(),
        };
        ui.document(&format!("{schema:#}\n"));
        return Ok(());
    }
    let project = Project::open(location)?;
    project.must_exist()?;
    let engine = arguments.engine;
    let out = arguments.out.as_deref().or(arguments.check.as_deref());
    let out = out.map(|out| target(out, current, &project)).transpose()?;
    let mut backend = Backend::read(&project, &scaffolds)?.valid()?;
    let others = backend.leave_user_pool();
    if !others.is_empty() {
        let others = others.join("`, `");
        ui.note(&format!("not in the template, which is that of the user pool: `{others}`"));
    }
    ui.warnings(&backend.warnings);
    let template = template(&project, &backend, &scaffolds, (engine, out.as_ref()))?.to_value();
    let suffix = out.as_ref().and_then(|out| Path::new(out.as_str()).extension());
    let is_named_yaml = suffix.is_some_and(|suffix| suffix == "yaml" || suffix == "yml");
    let is_yaml = match format {
        Format::Yaml => true,
        Format::Text | Format::Github => is_named_yaml,
        // With `--check`, the difference is JSON.
        Format::Json => is_named_yaml && arguments.check.is_some(),
    };
    let text = if is_yaml { to_yaml(&template)? } else { format!("{template:#}\n") };
    let text = escape_in_quotes(&text);
    let Some(path) = out else {
        ui.document(&text);
        return Ok(());
    };
    let plan = || plan_file(&path, &text, (engine, &backend), &project);
    if arguments.check.is_none() {
        return carry_out(&project, Mode::Write, ui, &plan);
    }
    let plan = without_conflicts(plan()?)?;
    ui.difference(&plan);
    if plan.writes() {
        return Err(ErrorKind::Found.into());
    }
    Ok(())
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
