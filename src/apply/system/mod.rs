//! What differs between systems: attributes of files, and how names and content become durable.

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

/// What the user's own file or directory must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A directory that nobody else can write to.
    Directory,
    /// A file that nobody else can read.
    File,
}
