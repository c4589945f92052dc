//! One run at a time: others wait, and make their plan when it is their turn.
//!
//! What is locked is the root folder itself, so that no lock file is left behind and a run that
//! was killed holds nothing. Where folders cannot be locked, as on some network drives, runs are
//! not kept apart; each file is still compared before it is written.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Result};

/// How often a run looks before it says that it waits: for a fifth of a second. Most others are done
/// by then, as is a child that was just forked and still has the lock of its parent.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(5);

/// Held by the run whose turn it is.
#[derive(Debug)]
pub struct Lock {
    folder: Option<File>,
    /// Folders that were made for it, outermost first.
    made: Vec<PathBuf>,
}

/// Waits until no other run works in the repository at `root`, which is created if need be.
/// `waiting` is called once if there is one, with its process where the system tells.
///
/// # Errors
/// When `root` cannot be created.
pub fn lock(root: &Path, waiting: &mut dyn FnMut(Option<u32>)) -> Result<Lock> {
    loop {
        let mut lock = Lock { made: create(root)?, folder: open(root) };
        lock.folder = lock.folder.take().and_then(|folder| hold(folder, waiting));
        // Whoever made the folder may have removed it again while this run waited.
        if lock.folder.as_ref().is_none_or(|folder| is_at(folder, root)) {
            return Ok(lock);
        }
    }
}

/// Whether another run is at work, and stays so for a moment.
pub fn is_held(root: &Path) -> bool {
    open(root).is_some_and(|folder| matches!(tries(&folder), Err(TryLockError::WouldBlock)))
}

impl Lock {
    /// The folders above those that were made for the lock.
    pub fn above_made(&self) -> Vec<PathBuf> {
        let above = self.made.iter().filter_map(|folder| folder.parent());
        above.map(Path::to_path_buf).collect()
    }
}

fn hold(folder: File, waiting: &mut dyn FnMut(Option<u32>)) -> Option<File> {
    match tries(&folder) {
        Ok(()) => return Some(folder),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(_)) => return None,
    }
    waiting(holder(&folder));
    folder.lock().ok()?;
    Some(folder)
}

/// Tries to lock for as long as nobody would notice.
fn tries(folder: &File) -> Result<(), TryLockError> {
    for _ in 0..TRIES {
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    Err(TryLockError::WouldBlock)
}

/// The process that holds the lock: Linux lists them all in `/proc/locks`, by inode.
fn holder(folder: &File) -> Option<u32> {
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let inode = format!(":{}", inode(folder)?);
    // 1: FLOCK  ADVISORY  WRITE 1234 fe:01:567 0 EOF
    let fields = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut held = fields.filter(|fields| fields.len() > 5 && fields[1] == "FLOCK");
    held.find(|fields| fields[5].ends_with(&inode))?[4].parse().ok()
}

#[cfg(unix)]
fn inode(folder: &File) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().ok().map(|metadata| metadata.ino())
}

#[cfg(not(unix))]
fn inode(_: &File) -> Option<u64> {
    None
}

#[cfg(unix)]
fn open(root: &Path) -> Option<File> {
    File::open(root).ok()
}

/// Elsewhere a folder cannot be opened as a file, and a file among the temporary ones stands for
/// it.
#[cfg(not(unix))]
fn open(root: &Path) -> Option<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = format!("cargo-amplify-{:x}.lock", hasher.finish());
    File::create(std::env::temp_dir().join(name)).ok()
}

#[cfg(unix)]
fn is_at(folder: &File, root: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (folder.metadata(), fs::metadata(root)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, root: &Path) -> bool {
    root.exists()
}

fn create(root: &Path) -> Result<Vec<PathBuf>> {
    let missing = root.ancestors().take_while(|folder| !folder.exists());
    let mut made: Vec<_> = missing.map(Path::to_path_buf).collect();
    made.reverse();
    fs::create_dir_all(root).map_err(|error| Error::io("create", root, error))?;
    Ok(made)
}

impl Drop for Lock {
    /// Takes back the folders that nothing was put into.
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            if fs::remove_dir(folder).is_err() {
                return;
            }
        }
    }
}
