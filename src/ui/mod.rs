//! The only printer. The requested output (a diff, JSON) goes to standard output, messages to
//! standard error.

mod ask;
mod check;
mod diagnostics;
mod doctor;
mod github;
mod invocation;
mod plan;
mod snapshots;
mod stream;
mod style;
mod triggers;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::cli::{Format, Global};
use crate::error::{Conflict, Error, ErrorKind, Result};
use crate::plan::Change;

pub use ask::UserAnswer;
pub use doctor::Tool;
pub use plan::Mode;
pub use snapshots::Snapshot;
pub use stream::{Buffer, Stream};
pub use style::escape_in_quotes;
pub use triggers::{BundleRow, Row, WiredHere};

use style::{BOLD, CYAN, DIM, GREEN, RED, YELLOW};

/// Version of the JSON output; it changes when programs that read it have to.
const SCHEMA: u32 = 1;

/// Output to the user.
#[derive(Clone, Debug)]
pub struct Ui {
    format: Format,
    quiet: bool,
    /// The current directory.
    current: PathBuf,
    streams: Arc<Mutex<Streams>>,
}

/// Where output goes.
#[derive(Debug)]
pub struct Streams {
    /// For the requested output.
    pub out: Stream,
    /// For messages.
    pub err: Stream,
}

impl Streams {
    /// Checks that all output could be written, and says on standard error if it could not. A closed
    /// pipe is not a failure.
    ///
    /// # Errors
    /// The first error of standard output.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let Some(error) = self.out.take_failure() else {
            return Ok(());
        };
        let error = Error::failed("cannot write to standard output").with_source(error);
        self.err.print(&failure(&error));
        Err(error)
    }
}

impl Ui {
    /// Follows `--format`, `--quiet` and `--color`, for a user in the directory `current`.
    pub fn new(global: &Global, current: &Path, mut streams: Streams) -> Self {
        streams.out.follow(global.color);
        streams.err.follow(global.color);
        Self {
            format: global.format,
            quiet: global.quiet,
            current: current.to_path_buf(),
            streams: Arc::new(Mutex::new(streams)),
        }
    }

    pub fn note(&self, text: &str) {
        let text = self.streams().err.wrapped(text, "      ");
        self.talk(&format!("{CYAN}note:{CYAN:#} {text}\n"));
    }

    /// Says why the command waits, even with `--format json`.
    pub fn waiting(&self, text: &str) {
        if !self.quiet {
            self.needed(text);
        }
    }

    /// A note without which the requested output is of no use, even with `--quiet`.
    fn needed(&self, text: &str) {
        self.streams().err.print(&format!("{CYAN}note:{CYAN:#} {text}\n"));
    }

    /// Whether only errors and the requested output are printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person is there who can answer, and wants more than results.
    pub fn can_offer(&self) -> bool {
        can_ask() && self.format == Format::Text && !self.quiet
    }

    /// Lets the user pick one of these lines, beginning at `first`. `None` to quit.
    pub fn pick(&self, prompt: &str, lines: &[String], first: usize) -> Result<Option<usize>> {
        ask::pick(prompt, lines, first, self.streams().err.colors())
    }

    pub fn ask(&self, conflict: &Conflict, change: &Change) -> UserAnswer {
        let mut streams = self.streams();
        let mut say = |text: &str| streams.err.print(text);
        ask::ask(conflict, change, &mut std::io::stdin().lock(), &mut say)
    }

    /// JSON or YAML for a program.
    pub fn document(&self, text: &str) {
        self.streams().out.write(escape_in_quotes(text).as_bytes());
    }

    /// A script for a shell, unchanged.
    pub fn script(&self, script: &[u8]) {
        self.streams().out.write(script);
    }

    pub fn error(&self, error: &Error) {
        if error.is_shown() {
            return;
        }
        if self.format == Format::Json {
            return self.data(&json!({ "schema": SCHEMA, "error": error }));
        }
        if error.kind == ErrorKind::Interrupted {
            self.streams().err.clear_line();
        }
        self.streams().err.print(&failure(error));
    }

    /// As [`Streams::finish`].
    pub fn finish(&self) -> Result<()> {
        self.streams().finish()
    }

    /// Prints the requested output.
    fn show(&self, text: impl FnOnce() -> String, data: impl FnOnce() -> Value) {
        match self.format {
            Format::Json => self.data(&data()),
            Format::Text | Format::Yaml | Format::Github => self.print(&text()),
        }
    }

    fn print(&self, text: &str) {
        self.streams().out.print(text);
    }

    fn data(&self, value: &Value) {
        self.document(&format!("{value:#}\n"));
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn talk(&self, text: &str) {
        if !self.quiet && self.format != Format::Json {
            self.streams().err.print(text);
        }
    }
}

/// Whether a person is there who can answer.
pub fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The error, conflicts, and what to do.
fn failure(error: &Error) -> String {
    let mut text = diagnostics::errors(error.diagnostics());
    text += &format!("{RED}error:{RED:#} {error}\n");
    for conflict in error.conflicts() {
        text += &format!("  {YELLOW}conflict{YELLOW:#}  {}: {conflict}\n", conflict.path);
    }
    let hints = error.hints();
    if !hints.is_empty() {
        text.push('\n');
    }
    for hint in hints {
        text += &format!("{CYAN}hint:{CYAN:#} {hint}\n");
    }
    text
}
