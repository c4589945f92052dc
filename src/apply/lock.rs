//! One run at a time: others wait, and plan when it is their turn.
//!
//! The root directory itself is locked, so no lock file is left behind and a killed run holds no
//! lock. If directories cannot be locked, as on some network drives, runs may overlap; each file is
//! still compared before it is written.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::disk::missing;
use super::system::inode_and_device;
use crate::error::{Error, Result};

/// How often a run tries before it says that it waits, which takes a fifth of a second. Most others
/// are done by then, as is a child that was just forked and still has its parent's lock.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(5);

/// Held by the run whose turn it is.
#[derive(Debug)]
pub struct Lock {
    directory: Option<File>,
    /// Directories that were created for it, outermost first.
    made: Vec<PathBuf>,
}

/// Waits until no other run works in the repository at `root`, which is created if necessary.
/// `waiting` is called once if there is one, with its process ID if the system knows it.
///
/// # Errors
/// When `root` cannot be created.
pub fn lock(root: &Path, waiting: &mut dyn FnMut(Option<u32>)) -> Result<Lock> {
    loop {
        let mut lock = Lock { made: create(root)?, directory: open(root) };
        lock.directory = lock.directory.take().and_then(|directory| acquire(directory, waiting));
        // The run that created the directory may have removed it while this one waited.
        if lock.directory.as_ref().is_none_or(|directory| is_at(directory, root)) {
            return Ok(lock);
        }
    }
}

/// Whether another run is still at work after a moment.
pub fn is_held(root: &Path) -> bool {
    open(root).is_some_and(|directory| {
        matches!(try_for_a_moment(&directory), Err(TryLockError::WouldBlock))
    })
}

impl Lock {
    /// The parents of the directories that were created for the lock.
    pub fn above_made(&self) -> Vec<PathBuf> {
        let above = self.made.iter().filter_map(|directory| directory.parent());
        above.map(Path::to_path_buf).collect()
    }
}

fn acquire(directory: File, waiting: &mut dyn FnMut(Option<u32>)) -> Option<File> {
    match try_for_a_moment(&directory) {
        Ok(()) => return Some(directory),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(_)) => return None,
    }
    waiting(holder(&directory));
    directory.lock().ok()?;
    Some(directory)
}

/// Tries to lock for a time that nobody would notice.
fn try_for_a_moment(directory: &File) -> Result<(), TryLockError> {
    for _ in 0..TRIES {
        match directory.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    Err(TryLockError::WouldBlock)
}

/// The process that holds the lock. Linux lists locks in `/proc/locks`, by inode.
fn holder(directory: &File) -> Option<u32> {
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let (inode, _) = inode_and_device(&directory.metadata().ok()?)?;
    let inode = format!(":{inode}");
    // 1: FLOCK  ADVISORY  WRITE 1234 fe:01:567 0 EOF
    let fields = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut held = fields.filter(|fields| fields.len() > 5 && fields[1] == "FLOCK");
    held.find(|fields| fields[5].ends_with(&inode))?[4].parse().ok()
}

#[cfg(unix)]
fn open(root: &Path) -> Option<File> {
    File::open(root).ok()
}

/// Elsewhere a directory cannot be opened as a file, so a temporary file is locked in its place.
#[cfg(not(unix))]
fn open(root: &Path) -> Option<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = format!("cargo-amplify-{:x}.lock", hasher.finish());
    File::create(std::env::temp_dir().join(name)).ok()
}

/// Whether a directory is the one at `root`, as far as the system tells them apart.
fn is_at(directory: &File, root: &Path) -> bool {
    match (directory.metadata(), fs::metadata(root)) {
        (Ok(held), Ok(named)) => inode_and_device(&held) == inode_and_device(&named),
        _ => false,
    }
}

fn create(root: &Path) -> Result<Vec<PathBuf>> {
    let made = missing(root);
    fs::create_dir_all(root).map_err(|error| Error::io("create", root, error))?;
    Ok(made)
}

impl Drop for Lock {
    /// Removes the created directories that are still empty.
    fn drop(&mut self) {
        for directory in self.made.iter().rev() {
            if fs::remove_dir(directory).is_err() {
                return;
            }
        }
    }
}
