//! Where the journal of a root is: a file in the user's state directory, which no repository can
//! bring along.
//!
//! Its name is made of the path of the root and of what tells the root from any other directory
//! that comes to be at that path. So what was copied, moved or cloned again has no journal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Found, IfTaken};
use super::system::{Kind, inode_and_device, problem_of};
use crate::error::{Error, Result};
use crate::project::{Project, StateDir, hash};

/// The place of a root's journal.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    key: String,
}

/// What tells a directory from any other.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The path, for whoever reads the journal.
    path: String,
    /// Its number in the file system, on Unix.
    inode: Option<u64>,
    /// When it was made, in nanoseconds since 1970.
    born: Option<u64>,
    /// The file system, where it does not tell the time: its number can be another one after the
    /// machine was started again.
    device: Option<u64>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    /// The journal of a run that had not written everything.
    Begun(String),
    Done(String),
    /// A file that this program has not written, with what is wrong with it.
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

/// Makes the user's state directory, and checks that nobody else can write there.
fn prepare(state: &StateDir, disk: &mut Disk) -> Result<()> {
    let folder = &state.path()?;
    let missing: Vec<_> = folder.ancestors().take_while(|up| !up.exists()).collect();
    for made in missing.iter().rev() {
        let outcome = match *made == folder {
            true => disk.create_private_folder(made),
            false => disk.create_folder(made),
        };
        // Another run may have been first.
        if let Err(error) = outcome
            && !made.is_dir()
        {
            return Err(error.hint(ELSEWHERE));
        }
    }
    if let Some(outermost) = missing.last().and_then(|made| made.parent()) {
        disk.sync(&[], &[outermost.to_path_buf()])?;
    }
    match problem_of(folder, Kind::Folder) {
        None => Ok(()),
        Some(problem) => Err(Error::failed(format!("`{}` {problem}", folder.display()))
            .hint(format!("make it yours alone: `chmod 700 {}`, if it is yours", folder.display()))
            .hint(ELSEWHERE)),
    }
}

const ELSEWHERE: &str =
    "or set CARGO_AMPLIFY_STATE_DIR to another directory, for the journals of runs";

impl Store {
    /// The place for the root of `workspace`, which is there. Nothing is read or written.
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
            folder: project.state().path()?,
            key: digest[..16].iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// The place for the root of `workspace`, in a state directory that is made if need be.
    ///
    /// # Errors
    /// When there can be none, or others can write there.
    pub fn open(project: &Project, disk: &mut Disk) -> Result<Self> {
        prepare(project.state(), disk)?;
        Self::find(project)
    }

    pub fn read(&self, disk: &mut Disk) -> Result<Kept> {
        for (path, is_done) in [(self.begun(), false), (self.done(), true)] {
            let Ok(_) = fs::symlink_metadata(&path) else {
                continue;
            };
            let problem = problem_of(&self.folder, Kind::Folder);
            if let Some(problem) = problem.or_else(|| problem_of(&path, Kind::File)) {
                return Ok(Kept::Foreign(format!("`{}` {problem}", path.display())));
            }
            let Found::File(bytes) = disk.read(&path)? else {
                return Ok(Kept::Nothing);
            };
            return Ok(match (whole(&bytes), is_done) {
                (Some(text), false) => Kept::Begun(text.to_owned()),
                (Some(text), true) => Kept::Done(text.to_owned()),
                (None, _) => Kept::Foreign(format!(
                    "`{}` is not whole, as when the machine stops before a run changes anything",
                    path.display()
                )),
            });
        }
        Ok(Kept::Nothing)
    }

    /// Puts a journal on disk, with its hash: it has its name before its text must last, so that
    /// both are waited for at once, and whatever is there after a power cut without the right hash
    /// is of a run that had changed nothing.
    pub fn write(&self, text: &str, disk: &mut Disk) -> Result<()> {
        let new = self.unfinished();
        disk.remove_file(&new)?;
        // It holds what the user's files hold, so nobody else may read it.
        let file = disk.write_new(&new, &format!("{text}\n{}\n", hash(text)), Some(0o600))?;
        disk.rename(&new, &self.begun(), IfTaken::Replaced)?;
        disk.sync(&[(self.begun(), file)], std::slice::from_ref(&self.folder))
    }

    /// From here on the run has written everything.
    pub fn mark_done(&self, disk: &mut Disk) -> Result<()> {
        disk.rename(&self.begun(), &self.done(), IfTaken::Replaced)
    }

    pub fn remove(&self, disk: &mut Disk) -> Result<()> {
        for file in [self.unfinished(), self.begun(), self.done()] {
            disk.remove_file(&file)?;
        }
        disk.sync(&[], std::slice::from_ref(&self.folder))
    }

    /// The name of the folder where Cargo tries a plan.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The journal of a run that has not written everything.
    pub fn begun(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.key))
    }

    /// The journal before it is whole.
    fn unfinished(&self) -> PathBuf {
        self.folder.join(format!("{}.new", self.key))
    }

    fn done(&self) -> PathBuf {
        self.folder.join(format!("{}.done.json", self.key))
    }
}

/// The text of a journal, if it is as it was written.
fn whole(bytes: &[u8]) -> Option<&str> {
    let (text, hashed) = str::from_utf8(bytes).ok()?.strip_suffix('\n')?.rsplit_once('\n')?;
    (hash(text) == hashed).then_some(text)
}
