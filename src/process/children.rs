//! The processes that this program has started, which are killed when it exits.
//!
//! Each leads its own process group, so that its children are killed with it, and Ctrl-C reaches
//! only this program, which then kills the groups. On Unix a shell watches each group and kills it
//! if this program was killed. Two gaps remain: between the start of a process and that of its
//! shell, and a child that leaves its group. On Windows only the process itself is killed, and not
//! if this program is killed.

use std::collections::BTreeSet;
use std::future::pending;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::error::{Error, Result};

static CHILDREN: Mutex<Children> = Mutex::new(Children { groups: BTreeSet::new(), stopped: false });
static WATCHED: Mutex<bool> = Mutex::new(false);
static STOP: Notify = Notify::const_new();

struct Children {
    groups: BTreeSet<u32>,
    stopped: bool,
}

/// A process group, which is killed when this is dropped or this program is killed.
#[derive(Debug)]
pub struct Group {
    id: u32,
    /// The shell that outlives this program to kill the group.
    watcher: Option<Child>,
}

impl Drop for Group {
    fn drop(&mut self) {
        children().groups.remove(&self.id);
        end(self.id);
        if let Some(watcher) = &mut self.watcher {
            let _ = watcher.kill();
            let _ = watcher.wait();
        }
    }
}

/// From now on, Ctrl-C and termination signals kill all children and then stop the command.
pub fn stop_on_interrupt() -> Result<()> {
    // Once is enough for all commands in this process.
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*watched {
        watch_signals()
            .map_err(|error| Error::failed("cannot watch for Ctrl-C").with_source(error))?;
        *watched = true;
    }
    Ok(())
}

/// Watches in a separate thread, because most commands block while they wait.
fn watch_signals() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let entered = runtime.enter();
    for mut signal in signals()? {
        runtime.spawn(async move {
            while signal.recv().await.is_some() {
                stop_all();
            }
        });
    }
    drop(entered);
    thread::Builder::new().spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(())
}

/// Kills all children; no more can start.
pub fn stop_all() {
    let mut children = children();
    children.stopped = true;
    children.groups.iter().copied().for_each(end);
    STOP.notify_one();
}

pub fn is_stopped() -> bool {
    children().stopped
}

/// Waits for [`stop_all`].
pub async fn stopped() {
    if !is_stopped() {
        STOP.notified().await;
    }
}

/// Starts a process in its own group.
///
/// # Errors
/// When it cannot start; after [`stop_all`], [`io::ErrorKind::Interrupted`].
fn spawn(command: &mut Command) -> io::Result<(Child, Group)> {
    own_group(command);
    register(|| command.spawn(), |child| Some(child.id()))
}

/// Runs a process to its end. Returns what it prints on standard output, if that is a pipe, and how
/// it ended.
pub fn output(command: &mut Command) -> io::Result<(String, ExitStatus)> {
    let (mut child, group) = spawn(command)?;
    let mut printed = Vec::new();
    let read = child.stdout.take().map(|mut pipe| pipe.read_to_end(&mut printed));
    let status = read.transpose().and_then(|_| child.wait());
    drop(group);
    Ok((String::from_utf8_lossy(&printed).into_owned(), status?))
}

/// Like [`spawn`], for asynchronous code.
pub fn spawn_async(
    command: &mut tokio::process::Command,
) -> io::Result<(tokio::process::Child, Group)> {
    own_group(command.as_std_mut());
    register(|| command.spawn(), tokio::process::Child::id)
}

/// Starts and registers a process under the lock, so that [`stop_all`] misses none.
fn register<T>(
    start: impl FnOnce() -> io::Result<T>,
    id: impl FnOnce(&T) -> Option<u32>,
) -> io::Result<(T, Group)> {
    let mut children = children();
    if children.stopped {
        return Err(io::ErrorKind::Interrupted.into());
    }
    let child = start()?;
    let id = id(&child).unwrap_or_default();
    children.groups.insert(id);
    let watcher = watcher(id);
    Ok((child, Group { id, watcher }))
}

fn children() -> MutexGuard<'static, Children> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn signals() -> io::Result<Vec<tokio::signal::unix::Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::terminate()];
    kinds.into_iter().map(signal).collect()
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// A shell whose standard input is closed when this program exits, for whatever reason. Without a
/// shell, a killed program leaves its children behind.
#[cfg(unix)]
fn watcher(group: u32) -> Option<Child> {
    use std::process::Stdio;
    let mut shell = Command::new("/bin/sh");
    own_group(&mut shell);
    shell
        .args(["-c", "read -r line; kill -s KILL -- \"-$1\"", "watcher"])
        .arg(group.to_string())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    shell.spawn().ok()
}

#[cfg(unix)]
fn end(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let id = i32::try_from(group).ok().and_then(Pid::from_raw);
    if let Some(id) = id {
        // It may have exited by itself.
        let _ = kill_process_group(id, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn signals() -> io::Result<[tokio::signal::windows::CtrlC; 1]> {
    Ok([tokio::signal::windows::ctrl_c()?])
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(not(unix))]
fn watcher(_: u32) -> Option<Child> {
    None
}

/// Elsewhere a handler exits by itself when the Runtime API is gone.
#[cfg(not(unix))]
fn end(_: u32) {}
