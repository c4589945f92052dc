//! `serve`

use std::sync::Arc;

use super::invoke::profile;
use crate::catalog::Catalog;
use crate::cli::{FAMILY, Serve};
use crate::error::{ErrorKind, Result};
use crate::invoke::{self, Fleet, Setup};
use crate::ui::Ui;
use crate::workspace::{Location, Workspace};

/// Serves all functions until Ctrl-C.
pub fn serve(arguments: &Serve, location: &Location, ui: &Ui) -> Result<()> {
    let news = ui.clone();
    let setup = Setup {
        workspace: Workspace::open(location)?,
        catalog: Catalog::embedded(),
        family: FAMILY,
        profile: profile(arguments.release),
        progress: ui.progress(),
        tell: Arc::new(move |event| news.news(&event)),
    };
    // Asks for a project with functions before it promises to serve some.
    let functions = invoke::functions(&setup.workspace, &setup.catalog, FAMILY)?;
    let first = functions.first().map(|function| function.name.as_str());
    invoke::find(&functions, first)?;
    invoke::stop_on_interrupt()?;
    let served = invoke::block_on(async {
        let (listener, port) = invoke::listen(arguments.port).await?;
        let fleet = Arc::new(Fleet::new(setup));
        fleet.refresh().await;
        ui.endpoint(&format!("http://127.0.0.1:{port}"));
        tokio::join!(invoke::serve(listener, Arc::clone(&fleet)), fleet.watch());
        Ok(())
    });
    match served {
        // Ctrl-C is how serving ends.
        Err(error) if error.kind == ErrorKind::Interrupted => Ok(()),
        other => other,
    }
}
