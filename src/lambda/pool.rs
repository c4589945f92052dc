//! The running environments of functions, busy or idle.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::deployment::{Deployment, Log};
use super::environment::{Environment, Run};
use crate::error::Result;

/// How much runs at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most environments, each of which is a process.
    pub environments: usize,
    /// The most asynchronous events in the queue.
    pub queued: usize,
    /// How long an environment waits for another event.
    pub idle: Duration,
}

/// Suitable for a laptop.
impl Default for Limits {
    fn default() -> Self {
        Self { environments: 32, queued: 128, idle: Duration::from_secs(5 * 60) }
    }
}

/// Environments, within limits.
pub struct Pool {
    limits: Limits,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// The idle environments, the longest idle first.
    idle: Mutex<Vec<Idle>>,
}

/// The right to run one event in an environment.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// A place in the queue for turns.
pub struct QueuedTurn {
    turns: Arc<Semaphore>,
    place: OwnedSemaphorePermit,
}

struct Idle {
    /// The build of the function.
    of: Weak<Deployment>,
    environment: Environment,
    since: Instant,
}

impl Pool {
    /// An empty pool.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            turns: Arc::new(Semaphore::new(limits.environments)),
            queue: Arc::new(Semaphore::new(limits.queued)),
            idle: Mutex::default(),
        }
    }

    /// A turn, if fewer environments are busy than allowed.
    pub fn turn(&self) -> Option<Turn> {
        let permit = Arc::clone(&self.turns).try_acquire_owned();
        permit.ok().map(|_permit| Turn { _permit })
    }

    /// A place in the queue, if it is not full.
    pub fn queue(&self) -> Option<QueuedTurn> {
        let place = Arc::clone(&self.queue).try_acquire_owned().ok()?;
        let turns = Arc::clone(&self.turns);
        Some(QueuedTurn { turns, place })
    }

    /// Runs an event in an idle environment or a new one.
    pub async fn run(
        &self,
        _turn: Turn,
        function: &Arc<Deployment>,
        log: &Log,
        event: Bytes,
    ) -> Result<Run> {
        let mut environment = match self.take(function) {
            Some(environment) => environment,
            None => Environment::start(function, log).await?,
        };
        let run = environment.invoke(event, None).await?;
        if run.is_healthy {
            self.idle().push(Idle {
                of: Arc::downgrade(function),
                environment,
                since: Instant::now(),
            });
        }
        Ok(run)
    }

    /// Stops environments that have been idle for too long, and those of builds that are gone.
    pub fn clean(&self) {
        self.idle().retain_mut(|idle| {
            idle.of.strong_count() > 0
                && idle.since.elapsed() < self.limits.idle
                && idle.environment.is_running()
        });
    }

    /// An idle environment of the function. If there is none, makes room for a new one.
    fn take(&self, function: &Arc<Deployment>) -> Option<Environment> {
        self.clean();
        let mut idle = self.idle();
        let mut all = idle.iter();
        let newest = all.rposition(|idle| idle.of.as_ptr() == Arc::as_ptr(function));
        if let Some(index) = newest {
            return Some(idle.remove(index).environment);
        }
        let working = self.limits.environments - self.turns.available_permits();
        if idle.len() + working > self.limits.environments {
            idle.remove(0);
        }
        None
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueuedTurn {
    /// Waits for a turn, and leaves the queue then.
    pub async fn turn(self) -> Option<Turn> {
        let permit = self.turns.acquire_owned().await;
        drop(self.place);
        permit.ok().map(|_permit| Turn { _permit })
    }
}
