//! An execution environment: one process of a handler, which answers one event after the other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hyper::body::Bytes;
use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, timeout_at};

use super::api::{self, Failure, Invocation, LARGEST_PAYLOAD, Posted};
use super::children::{Group, is_stopped, spawn_async};
use super::process::{command, exit_message, follow, region};
use crate::cognito::{Answer, EmailAccount};
use crate::error::{Error, Result};

/// How long Lambda waits for a handler to ask for its first event.
const START_WITHIN: Duration = Duration::from_secs(10);

/// A function that can be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// The binary of its handler.
    pub binary: PathBuf,
    /// How long it may work on an event.
    pub timeout: Duration,
    /// How much memory it says it has, in MB; nothing holds it to that.
    pub memory: u32,
    /// Its environment variables.
    pub environment: BTreeMap<String, String>,
    /// How the user pool that calls it sends e-mail.
    pub email_account: EmailAccount,
}

/// Takes the lines that a handler prints.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// A running handler. It is ended when this is dropped.
pub struct Environment {
    deployment: Deployment,
    child: Child,
    group: Option<Group>,
    invocations: mpsc::Sender<Invocation>,
    posted: mpsc::UnboundedReceiver<Posted>,
    server: JoinHandle<()>,
    logs: Vec<JoinHandle<()>>,
    started: Instant,
    is_ready: bool,
}

/// How an event went.
#[derive(Debug)]
pub struct Run {
    /// What came back.
    pub answer: Answer,
    /// From the start of the process to its first question for an event; for the first event.
    pub start: Option<Duration>,
    /// From the event to the answer.
    pub handler: Option<Duration>,
    /// Whether the environment can take another event.
    pub is_healthy: bool,
}

impl Environment {
    /// Starts the handler.
    ///
    /// # Errors
    /// When it cannot be started, and on Ctrl-C.
    pub async fn start(deployment: &Deployment, log: &Log) -> Result<Self> {
        let loopback = |error| Error::failed("cannot listen on 127.0.0.1").with_source(error);
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(loopback)?;
        let address = listener.local_addr().map_err(loopback)?;
        let (invocations, waiting) = mpsc::channel(1);
        let (post, posted) = mpsc::unbounded_channel();
        let server = tokio::spawn(api::serve(listener, waiting, post));
        let mut command = command(deployment, &address.to_string());
        let started = Instant::now();
        let (mut child, group) = spawn_async(&mut command).map_err(|error| {
            if is_stopped() {
                return Error::interrupted();
            }
            Error::io("start", &deployment.binary, error)
        })?;
        let logs = [
            child.stdout.take().map(|output| follow(output, log)),
            child.stderr.take().map(|output| follow(output, log)),
        ];
        Ok(Self {
            deployment: deployment.clone(),
            child,
            group: Some(group),
            invocations,
            posted,
            server,
            logs: logs.into_iter().flatten().collect(),
            started,
            is_ready: false,
        })
    }

    /// Hands the event to the handler and waits for the answer: as long as the function may work,
    /// and at most for `patience`, the start of the handler included.
    pub async fn invoke(&mut self, event: Bytes, patience: Option<Duration>) -> Run {
        let id = request_id();
        if event.len() > LARGEST_PAYLOAD {
            return Run::failed("RequestTooLargeException", too_large("Request"));
        }
        let begin = if self.is_ready {
            Instant::now()
        } else {
            self.started
        };
        let give_up = patience.map(|patience| begin + patience);
        let mut start = None;
        if !self.is_ready {
            match within(begin + START_WITHIN, give_up, self.next(&id)).await {
                Ok(Event::Posted(Posted::Asked)) => start = Some(begin.elapsed()),
                Ok(other) => return other.into_run(&id),
                Err(by) => return Run::too_late(by, START_WITHIN, &id),
            }
            self.is_ready = true;
        }
        let sent = Instant::now();
        let limit = self.deployment.timeout;
        let run = match self.invocations.send(self.invocation(&id, event)).await {
            Ok(()) => match within(sent + limit, give_up, self.answer(&id)).await {
                Ok(event) => event.into_run(&id),
                Err(by) => Run::too_late(by, limit, &id),
            },
            Err(_) => Run::failed("Runtime.ExitError", "the Runtime API has ended".to_owned()),
        };
        Run {
            start,
            handler: Some(sent.elapsed()),
            ..run
        }
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends the handler, once all that it has printed is logged.
    pub async fn stop(mut self) {
        drop(self.group.take());
        let end = Instant::now() + Duration::from_secs(1);
        for log in &mut self.logs {
            // A process that the handler has started may hold the pipe open.
            let _ = timeout_at(end.into(), log).await;
        }
    }

    /// The answer to the event that the handler has.
    async fn answer(&mut self, id: &str) -> Event {
        loop {
            match self.next(id).await {
                Event::Posted(Posted::Asked) => {}
                event => return event,
            }
        }
    }

    /// What the handler does next.
    async fn next(&mut self, id: &str) -> Event {
        tokio::select! {
            biased;
            Some(posted) = self.posted.recv() => Event::Posted(posted),
            status = self.child.wait() => {
                // Its last words may still be on their way.
                sleep_until((Instant::now() + Duration::from_millis(20)).into()).await;
                match self.posted.try_recv() {
                    Ok(posted) if !matches!(posted, Posted::Asked) => Event::Posted(posted),
                    _ => Event::Ended(exit_message(id, status.ok())),
                }
            }
        }
    }

    fn invocation(&self, id: &str, payload: Bytes) -> Invocation {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Invocation {
            id: id.to_owned(),
            deadline: (now + self.deployment.timeout).as_millis(),
            arn: format!(
                "arn:aws:lambda:{}:123456789012:function:{}",
                region(),
                self.deployment.name
            ),
            trace: format!(
                "Root=1-{:08x}-{:024x};Parent={:016x};Sampled=0",
                now.as_secs(),
                now.as_nanos(),
                now.as_micros()
            ),
            payload,
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What can happen while a handler is waited for.
enum Event {
    Posted(Posted),
    Ended(String),
}

impl Event {
    fn into_run(self, id: &str) -> Run {
        match self {
            Self::Posted(Posted::Response(body)) => Run {
                answer: Answer::Returned(String::from_utf8_lossy(&body).into_owned()),
                start: None,
                handler: None,
                is_healthy: true,
            },
            Self::Posted(Posted::Error(Failure {
                error_type,
                error_message,
            })) => Run {
                is_healthy: true,
                ..Run::failed(&error_type, error_message)
            },
            Self::Posted(Posted::TooLarge) => Run {
                is_healthy: true,
                ..Run::failed("Function.ResponseSizeTooLarge", too_large("Response"))
            },
            Self::Posted(Posted::Asked) => Run::failed(
                "Runtime.ExitError",
                format!("RequestId: {id} Error: the handler asks for events and answers none"),
            ),
            Self::Ended(message) => Run::failed("Runtime.ExitError", message),
        }
    }
}

impl Run {
    fn failed(error_type: &str, message: String) -> Self {
        Self {
            answer: Answer::Failed {
                error_type: error_type.to_owned(),
                message,
            },
            start: None,
            handler: None,
            is_healthy: false,
        }
    }

    fn too_late(ended_by: EndedBy, limit: Duration, id: &str) -> Self {
        let seconds = limit.as_secs_f64();
        let message = format!("RequestId: {id} Error: Task timed out after {seconds:.2} seconds");
        let run = Self::failed("Sandbox.Timedout", message);
        match ended_by {
            EndedBy::Lambda => run,
            EndedBy::Caller => Self {
                answer: Answer::TooLate,
                ..run
            },
        }
    }
}

/// Who does not wait any longer.
enum EndedBy {
    Lambda,
    Caller,
}

/// What `work` comes to, unless Lambda ends it or the caller gives up before.
async fn within<T>(
    end: Instant,
    give_up: Option<Instant>,
    work: impl Future<Output = T>,
) -> Result<T, EndedBy> {
    let (end, by) = match give_up {
        Some(give_up) if give_up < end => (give_up, EndedBy::Caller),
        _ => (end, EndedBy::Lambda),
    };
    timeout_at(end.into(), work).await.map_err(|_| by)
}

fn too_large(what: &str) -> String {
    format!("{what} payload size exceeded maximum allowed payload size ({LARGEST_PAYLOAD} bytes).")
}

/// Another one for each event.
fn request_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("00000000-0000-4000-8000-{count:012x}")
}
