//! `invoke`

use std::path::Path;

use super::event::event;
use super::transaction::carry_out;
use crate::cli::{Invoke, Running};
use crate::error::Result;
use crate::invoke::{self, Call, LocalFunction, RunOptions};
use crate::plan::Plan;
use crate::process::{Profile, stop_on_interrupt};
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

/// Runs a function on an event, or functions on all their sample events.
pub fn invoke(arguments: &Invoke, location: &Location, current: &Path, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let project = Project::open(location)?;
    project.must_exist()?;
    let functions = invoke::functions(&project, &catalog)?;
    let name = arguments.function.as_deref();
    let options = run_options(&arguments.running, ui)?;
    stop_on_interrupt()?;
    let chosen = match (arguments.all, name) {
        (true, None) if !functions.is_empty() => functions.iter().collect(),
        _ => vec![invoke::find(&functions, name)?],
    };
    note_missing(&chosen, (&project, &options), arguments, ui)?;
    let calls = if arguments.all {
        invoke::samples(&chosen, &project)?
    } else {
        let function = chosen[0];
        let event = event(arguments, &catalog, &project, current, function)?;
        invoke::check_recipient(&event.value, function, &functions)?;
        if let Some(version) = invoke::other_version(&event.value, function) {
            ui.note(&format!(
                "the pool sends events {version}, but this event has another version"
            ));
        }
        vec![Call { function, sample: arguments.sample.clone(), event }]
    };
    let mut reports = invoke::run(&calls, &project, &options)?;
    if arguments.bless {
        let again = invoke::run(&calls, &project, &options)?;
        return carry_out(&project, Mode::Write, ui, &|| {
            let changes = invoke::record(&calls, [&reports, &again], &project)?;
            Ok(Plan::new(&project, changes, Vec::new()))
        });
    }
    if arguments.all {
        let differences = invoke::compare(&calls, &mut reports, &project)?;
        ui.invocations(&reports, &differences);
    } else {
        reports.iter().for_each(|report| ui.invocation(report));
    }
    invoke::check_reports(&reports, arguments.deny_warnings)
}

pub(super) fn run_options(running: &Running, ui: &Ui) -> Result<RunOptions> {
    let profile = if running.release { Profile::Release } else { Profile::Debug };
    let variables = invoke::variables(&running.env)?;
    Ok(RunOptions { profile, progress: ui.progress(), variables })
}

/// Says which functions have no secrets, or no sample events to run.
fn note_missing(
    functions: &[&LocalFunction],
    (project, options): (&Project, &RunOptions),
    arguments: &Invoke,
    ui: &Ui,
) -> Result<()> {
    for function in functions {
        for (name, what) in function.unset_variables(&options.variables) {
            ui.note(&format!(
                "`{name}` is a {what}: set the environment variable {name} to give it a value"
            ));
        }
        if arguments.all && function.samples(project)?.is_empty() {
            let LocalFunction { name, directory, .. } = function;
            ui.note(&format!("`{name}` has no sample events in `{directory}/events`"));
        }
    }
    Ok(())
}
