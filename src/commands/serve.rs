//! `serve`

use std::io;
use std::sync::Arc;

use super::invoke::run_options;
use crate::cli::Serve;
use crate::error::{Error, ErrorKind, Result};
use crate::invoke::{self, FunctionPool, ServeEvent, ServeOptions};
use crate::lambda::{self, Bounds};
use crate::process::{block_on, stop_on_interrupt};
use crate::project::{Location, Project};
use crate::ui::Ui;

/// Serves all functions until Ctrl-C.
pub fn serve(arguments: &Serve, location: &Location, ui: &Ui) -> Result<()> {
    let printer = ui.clone();
    let setup = ServeOptions {
        project: Project::open(location)?,
        catalog: location.catalog()?,
        run: run_options(&arguments.running, ui)?,
        tell: Arc::new(move |event| printer.serve_event(&event)),
    };
    setup.project.must_exist()?;
    // Fails early if the project has no functions.
    let functions = invoke::functions(&setup.project, &setup.catalog)?;
    let first = functions.first().map(|function| function.name.as_str());
    invoke::find(&functions, first)?;
    stop_on_interrupt()?;
    let served = block_on(async {
        let (listener, port) = lambda::listen(arguments.port).await?;
        let functions = Arc::new(FunctionPool::new(setup));
        functions.refresh().await;
        ui.endpoint(&format!("http://127.0.0.1:{port}"));
        let served = lambda::serve(listener, Bounds::default(), Arc::clone(&functions), |error| {
            ui.serve_event(&ServeEvent::Problem(&unreachable(error)));
        });
        tokio::join!(served, functions.watch());
        Ok(())
    });
    match served {
        // Ctrl-C is the normal way to stop.
        Err(error) if error.kind == ErrorKind::Interrupted => Ok(()),
        other => other,
    }
}

fn unreachable(error: &io::Error) -> Error {
    Error::failed(format!("cannot accept a connection, will try again: {error}"))
        .hint("close programs that call functions, or allow more open files with `ulimit -n 4096`")
}
