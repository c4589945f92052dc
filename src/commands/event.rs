//! The event that `invoke` sends.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::catalog::Catalog;
use crate::cli::Invoke;
use crate::error::{Error, Result};
use crate::invoke::{self, Event, EventChanges, LocalFunction};
use crate::project::Project;

/// The event that the user asks for.
pub fn event(
    arguments: &Invoke,
    catalog: &Catalog,
    project: &Project,
    current: &Path,
    function: &LocalFunction,
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
    let changes = EventChanges {
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
