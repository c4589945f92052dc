//! All functions of a project, rebuilt when their sources change, each with as many environments as
//! there are events at once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use serde_json::Value;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::build::{self, Ready, ServeEvent, ServeOptions, build_all};
use super::report::{locate, report};
use super::watch::Watch;
use crate::cognito::source_of;
use crate::error::{Error, ErrorKind};
use crate::lambda::{Functions, InvokeError, Limits, Log, Pool, Run, Turn};

/// How long an editor may take to save all files of a change.
const SAVED_WITHIN: Duration = Duration::from_millis(100);

/// How often environments that were idle for too long are ended.
const CLEAN_EVERY: Duration = Duration::from_secs(10);

/// The functions of a project, ready to be called.
pub struct FunctionPool {
    setup: Arc<ServeOptions>,
    pool: Pool,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Tells when to build again; nothing before the first build, and where the system cannot tell.
    watch: Option<Watch>,
    files: BTreeSet<PathBuf>,
    functions: build::BuiltFunctions,
}

impl Functions for FunctionPool {
    fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Runs an event on the function called `name`, built from its newest sources.
    async fn invoke(&self, turn: Turn, name: &str, event: Bytes) -> Result<Run, InvokeError> {
        let Ready { deployment, directory, .. } = match self.newest(name).await {
            Some(Ok(ready)) => ready,
            Some(Err(problem)) => return Err(InvokeError::Broken(problem)),
            None => return Err(InvokeError::Unknown),
        };
        let log = self.log(name);
        let run = self.pool.run(turn, &deployment, &log, event.clone()).await;
        let run = run.map_err(|error| {
            self.tell(ServeEvent::Problem(&error));
            InvokeError::Broken(error.to_string())
        })?;
        // What cannot be read here, such as a number with 400 digits, is none of Cognito's.
        let event: Value = serde_json::from_slice(&event).unwrap_or_default();
        if !source_of(&event).is_empty() {
            let mut report = report(&deployment, event, &run);
            // A handler that can no longer be read has no lines to show.
            let _ = locate(&mut report, &directory, &self.setup.project);
            self.tell(ServeEvent::Answered(&report));
        }
        Ok(run)
    }
}

impl FunctionPool {
    /// A pool whose functions are built by [`FunctionPool::refresh`].
    pub fn new(setup: ServeOptions) -> Self {
        Self {
            setup: Arc::new(setup),
            pool: Pool::new(Limits::default()),
            state: tokio::sync::Mutex::default(),
        }
    }

    /// Builds when the sources have changed, and ends what is idle for too long, again and again.
    pub async fn watch(&self) {
        loop {
            let seen = self.state.lock().await.watch.as_ref().map(Watch::seen);
            if let Some(mut seen) = seen {
                let change = seen.wait_for(|seen| seen.is_changed);
                if timeout(CLEAN_EVERY, change).await.is_ok() {
                    sleep(SAVED_WITHIN).await;
                    self.refresh().await;
                }
            } else {
                sleep(CLEAN_EVERY).await;
            }
            self.pool.clean();
        }
    }

    fn tell(&self, news: ServeEvent) {
        (self.setup.tell)(news);
    }

    /// The function called `name`. One that could not be built is tried again, since what it needs
    /// may be anywhere.
    async fn newest(&self, name: &str) -> Option<Result<Ready, String>> {
        let mut state = self.state.lock().await;
        let is_broken = matches!(state.functions.get(name), Some(Err(_)));
        if is_broken || state.is_outdated().await {
            self.rebuild(&mut state).await;
        }
        state.functions.get(name).cloned()
    }

    /// Builds the functions, if their sources have changed.
    pub async fn refresh(&self) {
        let mut state = self.state.lock().await;
        if state.is_outdated().await {
            self.rebuild(&mut state).await;
        }
    }

    async fn rebuild(&self, state: &mut State) {
        let setup = Arc::clone(&self.setup);
        let known = state.files.clone();
        let work = spawn_blocking(move || build_all(&setup, &known));
        let Ok(builds) = work.await else {
            return;
        };
        state.files = builds.files;
        let is_first = state.functions.is_empty();
        match builds.watch {
            Ok(watch) => state.watch = Some(watch),
            Err(error) => {
                if state.watch.take().is_some() || is_first {
                    self.tell(ServeEvent::Problem(&unwatched(error)));
                }
            }
        }
        match builds.functions {
            Ok(functions) => {
                let news = state.replace(functions);
                if !news.is_empty() {
                    self.tell(ServeEvent::Ready(news));
                }
            }
            Err(error) if error.kind == ErrorKind::Interrupted => {}
            Err(error) => self.tell(ServeEvent::Problem(&error)),
        }
    }

    fn log(&self, name: &str) -> Log {
        let (setup, name) = (Arc::clone(&self.setup), name.to_owned());
        Arc::new(move |line| (setup.tell)(ServeEvent::Log(&name, line)))
    }
}

impl State {
    async fn is_outdated(&self) -> bool {
        match &self.watch {
            Some(watch) => watch.is_changed().await,
            None => true,
        }
    }

    /// Takes the functions, but keeps those that are as before, with their environments. Returns
    /// the names of the new ones.
    fn replace(&mut self, functions: build::BuiltFunctions) -> Vec<&str> {
        let mut before = std::mem::replace(&mut self.functions, functions);
        let mut news = Vec::new();
        for (name, built) in &mut self.functions {
            let Ok(now) = built else {
                continue;
            };
            match before.remove(name) {
                Some(Ok(same)) if same.is_as(now) => *now = same,
                _ => news.push(name.as_str()),
            }
        }
        news
    }
}

fn unwatched(error: notify::Error) -> Error {
    let error = Error::failed("cannot watch the sources").with_source(error);
    let error = error.hint("functions are now built before each event, which takes longer");
    if cfg!(target_os = "linux") {
        return error.hint("allow more watches: `sysctl fs.inotify.max_user_watches=524288`");
    }
    error
}
