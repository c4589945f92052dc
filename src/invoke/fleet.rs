//! All functions of a project, rebuilt when their sources change, each with as many environments as
//! there are events at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use serde_json::Value;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::functions::{Function, functions};
use super::report::{Report, report};
use super::variables::Variables;
use super::watch::Watch;
use crate::catalog::Catalog;
use crate::cognito::source_of;
use crate::error::{Error, ErrorKind, Result};
use crate::lambda::{Deployment, Functions, Limits, Log, Pool, Refusal, Run, Turn};
use crate::process::{Profile, Progress, build};
use crate::workspace::Workspace;

/// How long an editor may take to save all files of a change.
const SAVED_WITHIN: Duration = Duration::from_millis(100);

/// How often environments that were idle for too long are ended.
const CLEAN_EVERY: Duration = Duration::from_secs(10);

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
    /// What handlers get of this program's environment, beside what all get.
    pub variables: Variables,
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
    pool: Pool,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Tells when to build again; nothing before the first build, and where the system cannot tell.
    watch: Option<Watch>,
    /// What the functions were built from.
    files: BTreeSet<PathBuf>,
    functions: BTreeMap<String, Built>,
}

#[derive(Clone)]
enum Built {
    Ready(Ready),
    /// Why it is not.
    Failed(String),
}

/// A function that can be started.
#[derive(Clone)]
struct Ready {
    deployment: Arc<Deployment>,
    at: Option<SystemTime>,
}

impl Functions for Fleet {
    fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Runs an event on the function called `name`, built from its newest sources.
    async fn invoke(&self, turn: Turn, name: &str, event: Bytes) -> Result<Run, Refusal> {
        let function = match self.newest(name).await {
            Some(Built::Ready(ready)) => ready.deployment,
            Some(Built::Failed(problem)) => return Err(Refusal::Broken(problem)),
            None => return Err(Refusal::Unknown),
        };
        let log = self.log(name);
        let run = self.pool.run(turn, &function, &log, event.clone()).await;
        let run = run.map_err(|error| {
            self.tell(News::Problem(&error));
            Refusal::Broken(error.to_string())
        })?;
        // What cannot be read here, such as a number with 400 digits, is none of Cognito's.
        let event: Value = serde_json::from_slice(&event).unwrap_or_default();
        if !source_of(&event).is_empty() {
            self.tell(News::Answered(&report(&function, event, &run)));
        }
        Ok(run)
    }
}

impl Fleet {
    /// A fleet whose functions are built by [`Fleet::refresh`].
    #[must_use]
    pub fn new(setup: Setup) -> Self {
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

    fn tell(&self, news: News) {
        (self.setup.tell)(news);
    }

    /// The function called `name`. One that could not be built is tried again, since what it needs
    /// may be anywhere.
    async fn newest(&self, name: &str) -> Option<Built> {
        let mut state = self.state.lock().await;
        let is_broken = matches!(state.functions.get(name), Some(Built::Failed(_)));
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
        let Ok((watch, built)) = work.await else {
            return;
        };
        let could_watch = state.watch.is_some() || state.functions.is_empty();
        state.watch = match watch {
            Ok(watch) => Some(watch),
            Err(error) => {
                if could_watch {
                    self.tell(News::Problem(&unwatched(error)));
                }
                None
            }
        };
        match built {
            Ok((functions, files)) => {
                state.files = files;
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
    async fn is_outdated(&self) -> bool {
        match &self.watch {
            Some(watch) => watch.is_changed().await,
            None => true,
        }
    }

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
    fn is_as(&self, other: &Self) -> bool {
        self.deployment == other.deployment && self.at == other.at
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

/// All functions, and what they were built from.
type AllBuilt = Result<(BTreeMap<String, Built>, BTreeSet<PathBuf>)>;

/// Builds all functions, under a watch that begins before and that holds for all files: those that
/// are known, and those that turn out to be sources.
fn build_all(setup: &Setup, known: &BTreeSet<PathBuf>) -> (notify::Result<Watch>, AllBuilt) {
    let begin = SystemTime::now();
    let all = build_once(setup, known);
    // What was not watched yet may have changed since it was read.
    let is_new = |file: &PathBuf| modified(file).is_some_and(|time| time >= begin);
    match &all.1 {
        Ok((_, files)) if files.difference(known).any(is_new) => build_once(setup, files),
        _ => all,
    }
}

fn build_once(setup: &Setup, known: &BTreeSet<PathBuf>) -> (notify::Result<Watch>, AllBuilt) {
    let root = setup.workspace.root();
    let project = setup.workspace.project().under(root);
    let watch = Watch::start(&project.join("amplify"), &[root, &project]);
    let watch = watch.and_then(|mut watch| watch.add(known).map(|()| watch));
    let mut files = BTreeSet::new();
    let built = build_each(setup, &mut files).map(|built| {
        let is_failed = |built: &Built| matches!(built, Built::Failed(_));
        if built.values().any(is_failed) {
            // Cargo does not say what a build that fails is made from.
            files.extend(known.iter().cloned());
        }
        (built, files.clone())
    });
    (
        watch.and_then(|mut watch| watch.add(&files).map(|()| watch)),
        built,
    )
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|file| file.modified())
        .ok()
}

/// Builds each function; one that fails keeps none of the others from working.
fn build_each(setup: &Setup, files: &mut BTreeSet<PathBuf>) -> Result<BTreeMap<String, Built>> {
    let functions = functions(&setup.workspace, &setup.catalog, setup.family)?;
    let mut all = BTreeMap::new();
    for function in &functions {
        let built = match build_one(setup, function, files) {
            Ok(ready) => Built::Ready(ready),
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

fn build_one(setup: &Setup, function: &Function, files: &mut BTreeSet<PathBuf>) -> Result<Ready> {
    let package = function.folder.under(setup.workspace.root());
    let built = build(&package, &function.name, setup.profile, setup.progress)?;
    files.extend(built.files);
    Ok(Ready {
        at: modified(&built.binary),
        deployment: Arc::new(function.deployment(built.binary, &setup.variables)),
    })
}
