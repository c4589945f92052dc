//! An execution environment: a process of a handler, which answers one event after another.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hyper::body::Bytes;
use tokio::process::Child;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{timeout, timeout_at};

use super::deployment::{Deployment, Log};
use super::handler::{command, exit_message, region};
use super::http::listen;
use super::output::Output;
use super::random::{bits, uuid};
use super::runtime_api::{self, Failure, Invocation, LARGEST_PAYLOAD, RuntimeAnswer};
use crate::cognito::Answer;
use crate::error::{Error, ErrorKind, Result};
use crate::process::{Group, is_stopped, spawn_async};

/// How long Lambda waits for a handler to ask for its first event.
const START_WITHIN: Duration = Duration::from_secs(10);

/// How long the last message of a handler that has exited may take to arrive.
const LAST_WORDS_WITHIN: Duration = Duration::from_millis(20);

/// A running handler, which is killed when this is dropped.
pub struct Environment {
    deployment: Deployment,
    child: Child,
    group: Option<Group>,
    invocations: mpsc::Sender<Invocation>,
    /// Set until the handler has asked for its first event.
    starting: Option<oneshot::Receiver<Result<(), Failure>>>,
    server: JoinHandle<()>,
    output: Arc<Output>,
    streams: Vec<JoinHandle<()>>,
    started: Instant,
}

/// How an event went.
#[derive(Debug)]
pub struct Run {
    /// The handler's answer.
    pub answer: Answer,
    /// From the start of the process to its request for the first event; for the first event only.
    pub start: Option<Duration>,
    /// From the event to the answer.
    pub handler: Option<Duration>,
    /// Whether the environment can run another event.
    pub is_healthy: bool,
}

impl Environment {
    /// Starts the handler.
    pub async fn start(deployment: &Deployment, log: &Log) -> Result<Self> {
        let (listener, port) = listen(0).await?;
        let (invocations, waiting) = mpsc::channel(1);
        let (start, starting) = oneshot::channel();
        let news = Arc::clone(log);
        let server = tokio::spawn(runtime_api::serve(listener, waiting, start, move |error| {
            news(&format!("the Runtime API cannot accept a connection: {error}"));
        }));
        let mut command = command(deployment, &format!("127.0.0.1:{port}"));
        let started = Instant::now();
        let (mut child, group) = spawn_async(&mut command).map_err(|error| {
            server.abort();
            if is_stopped() {
                return ErrorKind::Interrupted.into();
            }
            Error::io("start", &deployment.binary, error)
        })?;
        let output = Output::new(log);
        let streams = [
            child.stdout.take().map(|stream| output.follow(stream)),
            child.stderr.take().map(|stream| output.follow(stream)),
        ];
        Ok(Self {
            deployment: deployment.clone(),
            child,
            group: Some(group),
            invocations,
            starting: Some(starting),
            server,
            output,
            streams: streams.into_iter().flatten().collect(),
            started,
        })
    }

    /// Sends the event to the handler and waits for the answer: for the function's timeout, and at
    /// most for `patience` from the start of the handler.
    pub async fn invoke(&mut self, event: Bytes, patience: Option<Duration>) -> Result<Run> {
        let id = uuid()?;
        if event.len() > LARGEST_PAYLOAD {
            return Ok(Run::failed("RequestTooLargeException", too_large("Request")));
        }
        let starting = self.starting.take();
        let begin = starting.as_ref().map_or_else(Instant::now, |_| self.started);
        let give_up = patience.map(|patience| begin + patience);
        let mut start = None;
        match starting {
            Some(starting) => {
                match within(begin + START_WITHIN, give_up, self.wait(starting)).await {
                    Ok(Some(Ok(()))) => start = Some(begin.elapsed()),
                    Ok(Some(Err(failure))) => return Ok(Run::of_failure(failure)),
                    Ok(None) => return Ok(self.crash(&id)),
                    Err(by) => return Ok(Run::too_late(by, START_WITHIN, &id)),
                }
            }
            None => self.output.start_over(),
        }
        let sent = Instant::now();
        let limit = self.deployment.timeout;
        let (answer, answered) = oneshot::channel();
        let invocation = self.invocation(&id, event, answer)?;
        // If it cannot be sent, there is no answer, which is handled below.
        let _ = self.invocations.send(invocation).await;
        let run = match within(sent + limit, give_up, self.wait(answered)).await {
            Ok(Some(answer)) => Run::of(answer),
            Ok(None) => self.crash(&id),
            Err(by) => Run::too_late(by, limit, &id),
        };
        Ok(Run { start, handler: Some(sent.elapsed()), ..run })
    }

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills the handler and waits until everything that it has printed is logged.
    pub async fn stop(mut self) {
        drop(self.group.take());
        let end = Instant::now() + Duration::from_secs(1);
        for stream in &mut self.streams {
            // A process that the handler has started may keep the pipe open.
            let _ = timeout_at(end.into(), stream).await;
        }
    }

    /// The handler's message, or `None` if its process exits first.
    async fn wait<T>(&mut self, said: oneshot::Receiver<T>) -> Option<T> {
        let said = async {
            match said.await {
                Ok(said) => said,
                Err(_) => pending().await,
            }
        };
        let mut said = pin!(said);
        tokio::select! {
            biased;
            said = &mut said => Some(said),
            _ = self.child.wait() => timeout(LAST_WORDS_WITHIN, said).await.ok(),
        }
    }

    fn crash(&mut self, id: &str) -> Run {
        let status = self.child.try_wait().ok().flatten();
        Run::failed("Runtime.ExitError", exit_message(id, status))
    }

    fn invocation(
        &self,
        id: &str,
        payload: Bytes,
        answer: oneshot::Sender<RuntimeAnswer>,
    ) -> Result<Invocation> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (seconds, root, parent) = (now.as_secs(), bits()? >> 32, bits()? >> 64);
        Ok(Invocation {
            id: id.to_owned(),
            deadline: (now + self.deployment.timeout).as_millis(),
            arn: format!(
                "arn:aws:lambda:{}:123456789012:function:{}",
                region(),
                self.deployment.name
            ),
            trace: format!("Root=1-{seconds:08x}-{root:024x};Parent={parent:016x};Sampled=0"),
            payload,
            answer,
        })
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Run {
    fn of(answer: RuntimeAnswer) -> Self {
        match answer {
            RuntimeAnswer::Response(body) => {
                let reply = String::from_utf8_lossy(&body).into_owned();
                Self { is_healthy: true, ..Self::new(Answer::Returned(reply)) }
            }
            RuntimeAnswer::TooLarge => Self {
                is_healthy: true,
                ..Self::failed("Function.ResponseSizeTooLarge", too_large("Response"))
            },
            RuntimeAnswer::Error(failure) => Self { is_healthy: true, ..Self::of_failure(failure) },
        }
    }

    fn of_failure(failure: Failure) -> Self {
        Self::failed(&failure.error_type, failure.error_message)
    }

    fn new(answer: Answer) -> Self {
        Self { answer, start: None, handler: None, is_healthy: false }
    }

    fn failed(error_type: &str, message: String) -> Self {
        Self::new(Answer::Failed { error_type: error_type.to_owned(), message })
    }

    fn too_late(ended_by: EndedBy, limit: Duration, id: &str) -> Self {
        let seconds = limit.as_secs_f64();
        let message = format!("RequestId: {id} Error: Task timed out after {seconds:.2} seconds");
        match ended_by {
            EndedBy::Lambda => Self::failed("Sandbox.Timedout", message),
            EndedBy::Caller => Self::new(Answer::TooLate),
        }
    }
}

/// Who has stopped waiting.
enum EndedBy {
    Lambda,
    Caller,
}

/// The result of `work`, unless Lambda or the caller stops waiting first.
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
