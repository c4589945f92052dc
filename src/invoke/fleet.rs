//! All functions of a project, built anew when their sources change, each with as many
//! environments as there are events at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::build::{Profile, Progress, build};
use super::environment::{Deployment, Environment, Log, Run};
use super::functions::{Function, functions};
use super::report::{Report, report};
use crate::catalog::Catalog;
use crate::cognito::source_of;
use crate::error::{Error, ErrorKind, Result};
use crate::workspace::Workspace;

/// How often sources are looked at, between events.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What is served, and who hears of it.
pub struct Setup {
    /// The project.
    pub workspace: Workspace,
    /// The triggers that can call functions.
    pub catalog: Catalog,
    /// Their family.
    pub family: &'static str,
    /// How to compile.
    pub profile: Profile,
    /// Whether Cargo says what it does.
    pub progress: Progress,
    /// Takes what happens.
    pub tell: Arc<dyn Fn(News) + Send + Sync>,
}

/// What happens while functions are served.
pub enum News<'a> {
    /// These functions are built, for the first time or anew.
    Ready(Vec<&'a str>),
    /// Functions could not be found or built.
    Problem(&'a Error),
    /// A function has printed a line.
    Log(&'a str, &'a str),
    /// A function has answered an event of Cognito's.
    Answered(&'a Report),
}

/// The functions of a project, ready to be called.
pub struct Fleet {
    setup: Arc<Setup>,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the sources looked like when the functions were built.
    sources: Option<u64>,
    functions: BTreeMap<String, Built>,
}

#[derive(Clone)]
enum Built {
    Ready(Arc<Ready>),
    /// Why it is not.
    Failed(String),
}

/// A function and its idle environments.
struct Ready {
    deployment: Deployment,
    built: Option<SystemTime>,
    idle: Mutex<Vec<Environment>>,
}

/// Why a function did not get an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such function.
    Unknown,
    /// It could not be built or started.
    Broken(String),
}

impl Fleet {
    /// A fleet whose functions are built by [`Fleet::refresh`].
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            setup: Arc::new(setup),
            state: tokio::sync::Mutex::default(),
        }
    }

    /// Runs an event on the function called `name`, built from its newest sources.
    ///
    /// # Errors
    /// When there is no such function, or it cannot be built or started.
    pub async fn invoke(&self, name: &str, event: Value) -> Result<Run, Refusal> {
        self.refresh().await;
        let built = self.state.lock().await.functions.get(name).cloned();
        let ready = match built {
            Some(Built::Ready(ready)) => ready,
            Some(Built::Failed(problem)) => return Err(Refusal::Broken(problem)),
            None => return Err(Refusal::Unknown),
        };
        let mut environment = match ready.take_idle() {
            Some(environment) => environment,
            None => Environment::start(&ready.deployment, &self.log(name))
                .await
                .map_err(|error| Refusal::Broken(error.to_string()))?,
        };
        let run = environment.invoke(event.to_string().into(), None).await;
        if run.is_healthy {
            ready.idle().push(environment);
        }
        if !source_of(&event).is_empty() {
            let report = report(&ready.deployment, event, &run);
            self.tell(News::Answered(&report));
        }
        Ok(run)
    }

    /// Looks at the sources again and again.
    pub async fn watch(&self) {
        loop {
            self.refresh().await;
            sleep(LOOK_EVERY).await;
        }
    }

    fn tell(&self, news: News) {
        (self.setup.tell)(news);
    }

    /// Builds the functions, if their sources have changed.
    pub async fn refresh(&self) {
        let mut state = self.state.lock().await;
        let setup = Arc::clone(&self.setup);
        let known = state.sources;
        let work = spawn_blocking(move || {
            let sources = setup.workspace.fingerprint();
            (Some(sources) != known).then(|| (sources, build_all(&setup)))
        });
        let Ok(Some((sources, built))) = work.await else {
            return;
        };
        state.sources = Some(sources);
        match built {
            Ok(functions) => {
                let news = state.replace(functions);
                if !news.is_empty() {
                    self.tell(News::Ready(news));
                }
            }
            Err(error) if error.kind == ErrorKind::Interrupted => {}
            Err(error) => self.tell(News::Problem(&error)),
        }
    }

    fn log(&self, name: &str) -> Log {
        let (setup, name) = (Arc::clone(&self.setup), name.to_owned());
        Arc::new(move |line| (setup.tell)(News::Log(&name, line)))
    }
}

impl State {
    /// Takes the functions, but keeps those that are as before, with their environments. Returns
    /// the names of the new ones.
    fn replace(&mut self, functions: BTreeMap<String, Built>) -> Vec<&str> {
        let mut before = std::mem::replace(&mut self.functions, functions);
        let mut news = Vec::new();
        for (name, built) in &mut self.functions {
            let Built::Ready(now) = built else {
                continue;
            };
            match before.remove(name) {
                Some(Built::Ready(same)) if same.is_as(now) => *now = same,
                _ => news.push(name.as_str()),
            }
        }
        news
    }
}

impl Ready {
    /// An environment that has nothing to do, without those that have ended by themselves.
    fn take_idle(&self) -> Option<Environment> {
        let mut idle = self.idle();
        idle.retain_mut(Environment::is_running);
        idle.pop()
    }

    fn is_as(&self, other: &Self) -> bool {
        self.deployment == other.deployment && self.built == other.built
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds each function; one that fails keeps none of the others from working.
fn build_all(setup: &Setup) -> Result<BTreeMap<String, Built>> {
    let functions = functions(&setup.workspace, &setup.catalog, setup.family)?;
    let mut all = BTreeMap::new();
    for function in &functions {
        let built = match build_one(setup, function) {
            Ok(ready) => Built::Ready(Arc::new(ready)),
            Err(error) if error.kind == ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                (setup.tell)(News::Problem(&error));
                Built::Failed(error.to_string())
            }
        };
        all.insert(function.name.clone(), built);
    }
    Ok(all)
}

fn build_one(setup: &Setup, function: &Function) -> Result<Ready> {
    let package = function.folder.under(setup.workspace.root());
    let binary = build(&package, &function.name, setup.profile, setup.progress)?;
    let built = std::fs::metadata(&binary)
        .and_then(|file| file.modified())
        .ok();
    Ok(Ready {
        deployment: function.deployment(binary),
        built,
        idle: Mutex::default(),
    })
}
