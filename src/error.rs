//! The one error type: what happened, why, and what to do now.
//!
//! Messages are lower-case phrases without a final stop; hints are whole commands or edits.

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::path::RepoPath;
use crate::source::Diagnostic;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure, ready to be shown to the user.
#[derive(Debug)]
pub struct Error {
    /// What kind of failure it is; decides the exit code.
    pub kind: ErrorKind,
    /// What happened.
    pub message: String,
    /// What the user can do about it, one command or edit each.
    pub hints: Vec<String>,
    /// Whether the user has seen it, in what the command printed.
    pub is_shown: bool,
    /// The paths that stand in the way, for [`ErrorKind::Refused`].
    pub conflicts: Vec<Conflict>,
    /// What is wrong in the user's files, place by place.
    pub diagnostics: Vec<Diagnostic>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of failure, each with an exit code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The user's input, their repository or the environment: exit code 1.
    Failed,
    /// The command line is wrong: exit code 2.
    Usage,
    /// Something of the user's would be overwritten, or a person must decide: exit code 3.
    Refused,
    /// A check has found something, and told so: exit code 4.
    Found,
    /// Ctrl-C or a termination signal: exit code 130, as shells have it.
    Interrupted,
}

impl ErrorKind {
    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Found => 4,
            Self::Interrupted => 130,
        }
    }
}

/// A path that keeps a plan from running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The path, relative to the root.
    pub path: RepoPath,
    /// Why it stands in the way.
    pub reason: String,
    /// Whether `--on-conflict` can decide it.
    #[serde(skip)]
    pub decidable: bool,
}

impl Error {
    /// A failure of the user's input, their repository or the environment.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// A mistake in the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// A plan that would touch what is the user's.
    #[must_use]
    pub fn refused(conflicts: Vec<Conflict>) -> Self {
        let (files, them) = match conflicts.len() {
            1 => ("1 path stands".to_owned(), "it"),
            n => (format!("{n} paths stand"), "them"),
        };
        let decidable = conflicts.iter().all(|conflict| conflict.decidable);
        // A longer reason says itself what to do.
        let is_short = |conflict: &Conflict| !conflict.decidable && !conflict.reason.contains('\n');
        let has_short = conflicts.iter().any(is_short);
        let mut error =
            Self::new(ErrorKind::Refused, format!("{files} in the way, nothing was written"));
        error.conflicts = conflicts;
        if decidable {
            error
                .hint(format!("keep {them} as now with `--on-conflict skip`"))
                .hint(format!("replace or remove {them} with `--on-conflict overwrite`"))
                .hint("decide file by file, at a terminal, with `--on-conflict ask`")
                .hint("see what would change with `--on-conflict overwrite --dry-run`")
        } else if !has_short {
            error
        } else {
            error.hint("move or mend what is listed, or choose another `--name` or `--path`")
        }
    }

    /// Files of the user's that are not right.
    #[must_use]
    pub fn invalid(diagnostics: Vec<Diagnostic>) -> Self {
        let problems = match diagnostics.len() {
            1 => "1 problem".to_owned(),
            n => format!("{n} problems"),
        };
        let mut files: Vec<_> = diagnostics.iter().map(|found| found.path.as_str()).collect();
        files.dedup();
        let message = format!("{problems} in {}", files.join(", "));
        let mut error = Self::new(ErrorKind::Failed, message);
        error.diagnostics = diagnostics;
        error
    }

    /// A check that has found something, and told so.
    #[must_use]
    pub fn found() -> Self {
        Self { is_shown: true, ..Self::new(ErrorKind::Found, "problems were found") }
    }

    /// An interruption by the user; everything was put back.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(ErrorKind::Interrupted, "interrupted, everything is as it was")
    }

    /// A failed operation on a file.
    pub fn io(what: &str, path: &Path, source: std::io::Error) -> Self {
        Self::failed(format!("cannot {what} `{}`", path.display())).with_source(source)
    }

    /// A value that the file at `path` cannot take, or a file that cannot be read as what it is.
    pub fn in_file(path: &RepoPath, problem: impl fmt::Display) -> Self {
        Self::failed(format!("`{path}`: {problem}"))
    }

    /// A failure that is part of what the command has printed.
    #[must_use]
    pub fn shown(message: impl Into<String>) -> Self {
        Self { is_shown: true, ..Self::failed(message) }
    }

    /// Adds a command or an edit that mends it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the underlying cause.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
            is_shown: false,
            conflicts: Vec::new(),
            diagnostics: Vec::new(),
            source: None,
        }
    }
}

/// The message and its causes, on one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
