//! Where the journal of a root is: in the user's state directory, so that no repository can contain
//! one.
//!
//! Its name is a hash of the root's path and of what distinguishes the root from a later directory
//! at that path, so a root that was copied, moved or cloned again has no journal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Found, IfExists, ORDINARY, PRIVATE, missing};
use super::system::{FileKind, inode_and_device, problem_of};
use crate::error::{Error, Result};
use crate::project::{Project, StateDir, hash};

/// The place of a root's journal.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    key: String,
}

/// What distinguishes a directory from any other.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The path, for people who read the journal.
    path: String,
    /// The inode, on Unix.
    inode: Option<u64>,
    /// When it was created, in nanoseconds since 1970.
    born: Option<u64>,
    /// The device, if the creation time is unknown. Its number can change when the machine
    /// restarts.
    device: Option<u64>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Stored {
    Nothing,
    /// The journal of a run that has not written everything.
    Begun(String),
    Done(String),
    /// A file that this program has not written, and why that is known.
    Foreign(String),
}

impl Identity {
    pub fn of(root: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(root)?;
        let born = metadata.created().ok();
        let born = born.and_then(|born| born.duration_since(std::time::UNIX_EPOCH).ok());
        let born = born.and_then(|born| u64::try_from(born.as_nanos()).ok());
        let (inode, device) = inode_and_device(&metadata).unzip();
        Ok(Self {
            path: root.to_string_lossy().into_owned(),
            inode,
            device: device.filter(|_| born.is_none()),
            born,
        })
    }
}

/// Creates the user's state directory and checks that nobody else can write there.
fn prepare(state: &StateDir, disk: &mut Disk) -> Result<()> {
    let directory = &state.path()?;
    let missing = missing(directory);
    for made in &missing {
        let mode = if made == directory { PRIVATE } else { ORDINARY };
        // Another run may have created it.
        if let Err(error) = disk.create_directory(made, mode)
            && !made.is_dir()
        {
            return Err(error.hint(ELSEWHERE));
        }
    }
    if let Some(outermost) = missing.first().and_then(|made| made.parent()) {
        disk.sync(&[], &[outermost.to_path_buf()])?;
    }
    match problem_of(directory, FileKind::Directory) {
        None => Ok(()),
        Some(problem) => Err(Error::failed(format!("`{}` {problem}", directory.display()))
            .hint(format!(
                "if it is yours, make it accessible to you alone: `chmod 700 {}`",
                directory.display()
            ))
            .hint(ELSEWHERE)),
    }
}

const ELSEWHERE: &str =
    "set CARGO_AMPLIFY_STATE_DIR to another directory, for the journals of runs";

impl Store {
    /// The place for the project's root, which exists. Nothing is read or written.
    pub fn find(project: &Project) -> Result<Self> {
        let root = project.root();
        let failed = |error| Error::io("look at", root, error);
        let identity = Identity::of(root).map_err(failed)?;
        let mut digest = hmac_sha256::Hash::new();
        digest.update(root.as_os_str().as_encoded_bytes());
        for part in [identity.inode, identity.born, identity.device] {
            digest.update(part.unwrap_or_default().to_le_bytes());
        }
        let digest = digest.finalize();
        Ok(Self {
            directory: project.state().path()?,
            key: digest[..16].iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// The place for the project's root, in a state directory that is created if necessary.
    ///
    /// # Errors
    /// When the directory cannot be created, or others can write there.
    pub fn open(project: &Project, disk: &mut Disk) -> Result<Self> {
        prepare(project.state(), disk)?;
        Self::find(project)
    }

    pub fn read(&self, disk: &mut Disk) -> Result<Stored> {
        for (path, is_done) in [(self.begun(), false), (self.done(), true)] {
            let Ok(_) = fs::symlink_metadata(&path) else {
                continue;
            };
            let problem = problem_of(&self.directory, FileKind::Directory);
            if let Some(problem) = problem.or_else(|| problem_of(&path, FileKind::File)) {
                return Ok(Stored::Foreign(format!("`{}` {problem}", path.display())));
            }
            let Found::File(bytes) = disk.read(&path)? else {
                return Ok(Stored::Nothing);
            };
            return Ok(match (verified(&bytes), is_done) {
                (Some(text), false) => Stored::Begun(text.to_owned()),
                (Some(text), true) => Stored::Done(text.to_owned()),
                (None, _) => Stored::Foreign(format!(
                    "`{}` is not whole, as when the machine stops before a run changes anything",
                    path.display()
                )),
            });
        }
        Ok(Stored::Nothing)
    }

    /// Writes a journal and its hash to disk. It gets its name before its text is durable, so that
    /// both are waited for at once. After a power cut, a journal without the right hash is of a run
    /// that had changed nothing.
    pub fn write(&self, text: &str, disk: &mut Disk) -> Result<()> {
        let new = self.unfinished();
        disk.remove_file(&new)?;
        // It contains the user's files, so nobody else may read it.
        let file = disk.write_new(&new, &format!("{text}\n{}\n", hash(text)), Some(0o600))?;
        disk.rename(&new, &self.begun(), IfExists::Replaced)?;
        disk.sync(&[(self.begun(), file)], std::slice::from_ref(&self.directory))
    }

    /// Records that the run has written everything.
    pub fn mark_done(&self, disk: &mut Disk) -> Result<()> {
        disk.rename(&self.begun(), &self.done(), IfExists::Replaced)
    }

    pub fn remove(&self, disk: &mut Disk) -> Result<()> {
        for file in [self.unfinished(), self.begun(), self.done()] {
            disk.remove_file(&file)?;
        }
        disk.sync(&[], std::slice::from_ref(&self.directory))
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// The journal of a run that has not written everything.
    pub fn begun(&self) -> PathBuf {
        self.directory.join(format!("{}.json", self.key))
    }

    /// The journal while it is being written.
    fn unfinished(&self) -> PathBuf {
        self.directory.join(format!("{}.new", self.key))
    }

    fn done(&self) -> PathBuf {
        self.directory.join(format!("{}.done.json", self.key))
    }
}

/// The text of a journal, if its hash is right.
fn verified(bytes: &[u8]) -> Option<&str> {
    let (text, hashed) = str::from_utf8(bytes).ok()?.strip_suffix('\n')?.rsplit_once('\n')?;
    (hash(text) == hashed).then_some(text)
}
