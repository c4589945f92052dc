//! The one error type: what happened, why, and what to do now.
//!
//! Messages are lower-case phrases without a final stop; hints are whole commands or edits.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::path::RepoPath;
use crate::source::Diagnostic;

/// The result of everything that can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure, ready to be shown to the user.
#[derive(Debug)]
pub struct Error {
    /// What happened.
    pub kind: ErrorKind,
    hints: Vec<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What can happen. Each kind has an exit code.
#[derive(Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The user's input, their repository or the environment: exit code 1.
    Failed(String),
    /// The user's files have problems at these places: exit code 1.
    Invalid(Vec<Diagnostic>),
    /// This many replies were not accepted, as the command has printed: exit code 1.
    Rejected(usize),
    /// The command line is wrong: exit code 2.
    Usage(String),
    /// Something of the user's would be overwritten, or a person must decide: exit code 3.
    Refused(Vec<Conflict>),
    /// Problems of a project, or replies that differ from those recorded, as the command has printed:
    /// exit code 4.
    Found,
    /// Ctrl-C or a termination signal, after which the run was rolled back: exit code 130, as in
    /// shells.
    Interrupted,
}

impl ErrorKind {
    /// The name of the kind, for programs, and the exit code of the process.
    fn facts(&self) -> (&'static str, u8) {
        match self {
            Self::Failed(_) | Self::Invalid(_) | Self::Rejected(_) => ("failed", 1),
            Self::Usage(_) => ("usage", 2),
            Self::Refused(_) => ("refused", 3),
            Self::Found => ("found", 4),
            Self::Interrupted => ("interrupted", 130),
        }
    }
}

/// A path because of which a plan cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The path, relative to the root.
    pub path: RepoPath,
    /// Why it is a conflict.
    pub reason: String,
    /// What to do about it.
    pub remedy: Remedy,
}

/// What to do about a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// `--on-conflict` decides.
    OnConflict,
    /// `--on-conflict overwrite` does this; keeping what is there would come to nothing.
    Overwrite(String),
    /// A person does this.
    ByHand(String),
    /// A person removes or fixes what is there, or chooses something else.
    MakeRoom,
}

impl Conflict {
    /// A conflict at `path`.
    pub fn new(path: &RepoPath, reason: impl Into<String>, remedy: Remedy) -> Self {
        Self { path: path.clone(), reason: reason.into(), remedy }
    }

    /// Whether `--on-conflict` can resolve it.
    pub fn is_resolvable(&self) -> bool {
        matches!(self.remedy, Remedy::OnConflict | Remedy::Overwrite(_))
    }
}

/// The reason, and what to do by hand.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.remedy {
            Remedy::Overwrite(steps) | Remedy::ByHand(steps) => write!(f, "\n  {steps}"),
            Remedy::OnConflict | Remedy::MakeRoom => Ok(()),
        }
    }
}

impl Serialize for Conflict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "path": self.path, "reason": self.to_string() }).serialize(serializer)
    }
}

impl Error {
    /// A failure of the user's input, their repository or the environment.
    pub fn failed(message: impl Into<String>) -> Self {
        ErrorKind::Failed(message.into()).into()
    }

    /// A mistake in the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        ErrorKind::Usage(message.into()).into()
    }

    /// The same failure, of what was typed on the command line.
    #[must_use]
    pub fn into_usage(self) -> Self {
        match self.kind {
            ErrorKind::Failed(message) => Self { kind: ErrorKind::Usage(message), ..self },
            kind => Self { kind, ..self },
        }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        self.kind.facts().1
    }

    /// Whether the user has seen it, in what the command printed.
    pub fn is_shown(&self) -> bool {
        matches!(self.kind, ErrorKind::Found | ErrorKind::Rejected(_))
    }

    /// The conflicts.
    pub fn conflicts(&self) -> &[Conflict] {
        if let ErrorKind::Refused(conflicts) = &self.kind { conflicts } else { &[] }
    }

    /// The problems in the user's files.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        if let ErrorKind::Invalid(diagnostics) = &self.kind { diagnostics } else { &[] }
    }

    /// What the user can do about it, one command or edit each.
    pub fn hints(&self) -> Vec<String> {
        let conflicts = self.conflicts();
        let them = if conflicts.len() == 1 { "it" } else { "them" };
        let needs_room = conflicts.iter().any(|conflict| conflict.remedy == Remedy::MakeRoom);
        let mut hints = Vec::new();
        if !conflicts.is_empty() && conflicts.iter().all(Conflict::is_resolvable) {
            let is_switch = |conflict: &Conflict| matches!(conflict.remedy, Remedy::Overwrite(_));
            if !conflicts.iter().any(is_switch) {
                hints.push(format!("keep {them} as now with `--on-conflict skip`"));
            }
            hints.push(match conflicts.iter().all(is_switch) {
                true => "switch with `--on-conflict overwrite`".to_owned(),
                false => format!("replace or remove {them} with `--on-conflict overwrite`"),
            });
            hints.extend([
                "decide file by file, at a terminal, with `--on-conflict ask`".to_owned(),
                "see what would change with `--on-conflict overwrite --dry-run`".to_owned(),
            ]);
        } else if needs_room {
            let hint = "move or fix what is listed, or choose another `--name` or `--path`";
            hints = vec![hint.to_owned()];
        }
        hints.extend(self.hints.iter().cloned());
        hints
    }

    /// A failed operation on a file.
    pub fn io(what: &str, path: &Path, source: io::Error) -> Self {
        Self::failed(format!("cannot {what} `{}`", path.display())).with_source(source)
    }

    /// A problem with the content of the file at `path`.
    pub fn in_file(path: &RepoPath, problem: impl fmt::Display) -> Self {
        Self::failed(format!("`{path}`: {problem}"))
    }

    /// Adds a command or an edit that fixes it.
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
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, hints: Vec::new(), source: None }
    }
}

impl From<Diagnostic> for Error {
    fn from(problem: Diagnostic) -> Self {
        ErrorKind::Invalid(vec![problem]).into()
    }
}

/// The message and its causes, on one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Failed(message) | ErrorKind::Usage(message) => f.write_str(message)?,
            ErrorKind::Invalid(diagnostics) => {
                let mut files: Vec<_> =
                    diagnostics.iter().map(|found| found.path().as_str()).collect();
                let problems = counted(files.len(), "problem");
                files.dedup();
                write!(f, "{problems} in {}", files.join(", "))?;
            }
            ErrorKind::Rejected(count) => write!(f, "{count} replies were rejected")?,
            ErrorKind::Refused(conflicts) => {
                let conflicts = counted(conflicts.len(), "conflict");
                write!(f, "{conflicts}, nothing was written")?;
            }
            ErrorKind::Found => f.write_str("problems were found")?,
            ErrorKind::Interrupted => f.write_str("interrupted, everything is as it was")?,
        }
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            // One of our own has said its causes.
            cause = if error.is::<Self>() { None } else { error.source() };
        }
        Ok(())
    }
}

/// For programs.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "kind": self.kind.facts().0,
            "message": self.to_string(),
            "conflicts": self.conflicts(),
            "diagnostics": self.diagnostics(),
            "hints": self.hints(),
        })
        .serialize(serializer)
    }
}

/// Whether an error means that nothing exists at a path. A part of the path may be a file.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A number of things: `no problems`, `1 problem`, `2 problems`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
