//! The directory for the program's state, outside of repositories.

use std::env;
use std::path::PathBuf;

use super::locate::real;
use crate::error::{Error, Result};

/// Names the directory, in place of the user's state directory.
pub const VARIABLE: &str = "CARGO_AMPLIFY_STATE_DIR";

/// The directory for the journals of runs. Without one, nothing can be written to a repository. It
/// is a value, so that each test has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StateDir {
    /// This one, which need not exist yet.
    At(PathBuf),
    /// `CARGO_AMPLIFY_STATE_DIR` is this relative path, which would depend on the current
    /// directory.
    Relative(PathBuf),
    /// There is none.
    #[default]
    Missing,
}

impl StateDir {
    /// What `CARGO_AMPLIFY_STATE_DIR` names, else `cargo-amplify` in the user's directory for
    /// state: `$XDG_STATE_HOME` or `~/.local/state`; on macOS `~/Library/Application Support`, on
    /// Windows `%LOCALAPPDATA%`.
    pub fn of_user() -> Self {
        match env::var_os(VARIABLE).map(PathBuf::from) {
            Some(given) if given.is_absolute() => Self::At(given),
            Some(given) if !given.as_os_str().is_empty() => Self::Relative(given),
            _ => base().map_or(Self::Missing, |base| Self::At(base.join("cargo-amplify"))),
        }
    }

    /// The real path of the directory.
    pub fn path(&self) -> Result<PathBuf> {
        let (problem, hint) = match self {
            Self::At(path) => return Ok(real(path)),
            Self::Relative(path) => (
                format!("{VARIABLE} is the relative path `{}`", path.display()),
                "set it to an absolute path",
            ),
            Self::Missing => (
                "there is no home directory, and the journal of a run goes there".to_owned(),
                "set HOME, or set CARGO_AMPLIFY_STATE_DIR to a directory of your own",
            ),
        };
        Err(Error::failed(problem).hint(hint))
    }
}

fn base() -> Option<PathBuf> {
    let home = || env::home_dir().filter(|home| home.is_absolute());
    // A relative path in one of the variables is to be ignored, says the XDG specification.
    let variable = |name| {
        let path = env::var_os(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(home()?.join("Library/Application Support"))
    } else {
        variable("XDG_STATE_HOME").or_else(|| Some(home()?.join(".local/state")))
    }
}
