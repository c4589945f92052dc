//! `--verify`: Cargo builds and tests what will be written.

use crate::apply::Staged;
use crate::catalog::{Answers, Scaffold};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::Plan;
use crate::process::show_cargo;
use crate::project::Project;
use crate::ui::Ui;

/// Builds and tests functions in the repository as it will be.
pub fn verify(
    plan: &Plan,
    functions: &[(Scaffold, Answers)],
    project: &Project,
    ui: &Ui,
) -> Result<()> {
    if !plan.writes() {
        return Ok(());
    }
    let staged = Staged::new(plan, project)?;
    let mut built = Vec::new();
    for (scaffold, Answers { name, .. }) in functions {
        let package = project.function(&scaffold.family.resource.name, name)?;
        let directory = project.cargo_root(&package)?.directory;
        let target = directory.under(project.root()).join("target");
        let mut arguments = vec!["test"];
        if ui.is_quiet() {
            arguments.push("--quiet");
        }
        // Uses what is already built.
        let target = target.is_dir().then(|| target.display().to_string());
        if let Some(target) = &target
            && std::env::var_os("CARGO_TARGET_DIR").is_none()
        {
            arguments.extend(["--target-dir", target]);
        }
        ui.note(&format!("building and testing {name} before it is written"));
        show_cargo(&staged.path(&package), &arguments).map_err(|error| failed(name, error))?;
        built.push(directory);
    }
    built.iter().for_each(|directory| staged.keep_target(directory));
    Ok(())
}

fn failed(name: &str, error: Error) -> Error {
    if error.kind == ErrorKind::Interrupted {
        return error;
    }
    let hints = error.hints();
    let failed =
        Error::failed(format!("the new crate `{name}` does not pass, nothing was written"));
    let failed = hints.into_iter().fold(failed.with_source(error), Error::hint);
    failed.hint("without `--verify` it is written as it is")
}
