//! `invoke`

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::catalog::Catalog;
use crate::cli::{Invoke, Running};
use crate::cognito::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::invoke::{self, Changes, Event, Function, Report, Variables};
use crate::process::{Profile, block_on, build, stop_on_interrupt};
use crate::project::{Location, Project};
use crate::ui::Ui;

/// Runs a function on an event, or functions on all their sample events.
pub fn invoke(arguments: &Invoke, location: &Location, current: &Path, ui: &Ui) -> Result<()> {
    let catalog = Catalog::embedded();
    let project = Project::open(location)?;
    project.must_exist()?;
    let functions = invoke::functions(&project, &catalog)?;
    let name = arguments.function.as_deref();
    let how = How {
        project: &project,
        profile: profile(&arguments.running),
        variables: invoke::variables(&arguments.running.env)?,
        ui,
    };
    let accepted = match arguments.deny_warnings {
        true => Outcome::Accepted,
        false => Outcome::AcceptedWithWarnings,
    };
    stop_on_interrupt()?;
    if arguments.all && name.is_none() && functions.len() > 1 {
        let all: Vec<_> = functions.iter().collect();
        return run_samples(&all, &how, accepted);
    }
    let function = invoke::find(&functions, name)?;
    if arguments.all {
        return run_samples(&[function], &how, accepted);
    }
    let event = event(arguments, &catalog, &project, current, function)?;
    invoke::check_recipient(&event.value, function, &functions)?;
    if let Some(version) = invoke::other_version(&event.value, function) {
        ui.note(&format!(
            "the user pool sends events of version {version}, and this is another one"
        ));
    }
    let reports = run(function, vec![(arguments.sample.clone(), event)], &how)?;
    for report in &reports {
        ui.invocation(report);
    }
    outcome(&reports, accepted)
}

/// How functions are run.
struct How<'a> {
    project: &'a Project,
    profile: Profile,
    variables: Variables,
    ui: &'a Ui,
}

pub(super) fn profile(running: &Running) -> Profile {
    if running.release { Profile::Release } else { Profile::Debug }
}

/// A regression test: every sample event of the functions.
fn run_samples(functions: &[&Function], how: &How, accepted: Outcome) -> Result<()> {
    let mut reports = Vec::new();
    for function in functions {
        let mut events = Vec::new();
        for name in function.samples(how.project)? {
            let event = function.sample(how.project, &name)?;
            events.push((Some(name), event));
        }
        if events.is_empty() {
            how.ui.note(&format!(
                "`{}` has no sample events in `{}/events`",
                function.name, function.folder
            ));
            continue;
        }
        reports.extend(run(function, events, how)?);
    }
    how.ui.invocations(&reports);
    outcome(&reports, accepted)
}

fn run(
    function: &Function,
    events: Vec<(Option<String>, Event)>,
    how: &How,
) -> Result<Vec<Report>> {
    for name in function.unset_secrets(&how.variables) {
        how.ui.note(&format!(
            "`{name}` is a secret: set the environment variable {name} to give it a value"
        ));
    }
    let root = how.project.root();
    let package = function.folder.under(root);
    let built = build((&package, root), &function.name, how.profile, how.ui.progress())?;
    let deployment = function.deployment(built.binary, &how.variables);
    block_on(async {
        let mut reports = Vec::new();
        for (sample, event) in events {
            let mut report = invoke::run_event(&deployment, event).await?;
            report.sample = sample;
            invoke::locate(&mut report, function, how.project)?;
            reports.push(report);
        }
        Ok(reports)
    })
}

/// The event that the user asks for.
fn event(
    arguments: &Invoke,
    catalog: &Catalog,
    project: &Project,
    current: &Path,
    function: &Function,
) -> Result<Event> {
    let mut event = match (&arguments.event, &arguments.sample) {
        (Some(file), _) => invoke::read(read(file, current)?, &file.display().to_string())?,
        (None, Some(name)) => function.sample(project, name)?,
        (None, None) => invoke::make(
            catalog,
            function,
            arguments.trigger_source.as_deref(),
            arguments.event_version.as_deref(),
        )?,
    };
    let changes = Changes {
        attributes: arguments.user_attribute.clone(),
        groups: arguments.group.clone(),
        metadata: arguments.client_metadata.clone(),
        scopes: arguments.scope.clone(),
    };
    invoke::change(&mut event, &changes)?;
    Ok(event)
}

fn read(file: &Path, current: &Path) -> Result<Vec<u8>> {
    if file != Path::new("-") {
        return fs::read(current.join(file)).map_err(|error| {
            Error::io("read the event from", file, error)
                .hint("sample events are in the function's `events/`: see `--sample`")
        });
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
        Error::failed("cannot read the event from standard input").with_source(error)
    })?;
    Ok(bytes)
}

/// An error if a reply came to worse than `accepted`.
fn outcome(reports: &[Report], accepted: Outcome) -> Result<()> {
    match reports.iter().filter(|report| report.verdict.outcome > accepted).count() {
        0 => Ok(()),
        count => Err(ErrorKind::Rejected(count).into()),
    }
}
