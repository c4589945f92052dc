//! What differs from system to system: what a file is besides its text, and how its name and content
//! are made to last.

#[cfg(unix)]
mod at;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub use at::*;
#[cfg(not(unix))]
pub use other::*;
#[cfg(unix)]
pub use unix::*;

/// What something of the user's own is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory that nobody else can write.
    Folder,
    /// A file that nobody else can read.
    File,
}
