//! Reads files that may come from an untrusted source, each at most once.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::is_absent;
use crate::error::{Error, Result};

/// The largest file that is read, in bytes. The largest `Cargo.lock` are smaller.
const LIMIT: u64 = 8 * 1024 * 1024;

/// The contents of files when they were first read: a command sees each as it was at one moment.
#[derive(Debug, Default)]
pub struct Files(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By their real paths.
    files: BTreeMap<PathBuf, Seen>,
    /// The real paths of what was asked for.
    real: BTreeMap<PathBuf, PathBuf>,
}

#[derive(Debug)]
struct Seen {
    bytes: Arc<[u8]>,
    /// The time of the last write, and the length.
    stamp: Option<(SystemTime, u64)>,
}

impl Files {
    /// Forgets all files, before they are compared with what was read.
    pub fn forget(&self) {
        *self.known() = Known::default();
    }

    /// Forgets the files that have been written since.
    pub fn renew(&self) {
        let now = |file: &Path| fs::metadata(file).ok().as_ref().and_then(stamp);
        let mut known = self.known();
        known.real.clear();
        known.files.retain(|file, seen| seen.stamp.is_some() && seen.stamp == now(file));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of a file in the directory `within`; `None` when there is nothing at the path.
    ///
    /// Links are followed as long as they stay in `within`: else a repository could make a message
    /// show a file of the user. Only regular files are read, as pipes and devices may never end.
    ///
    /// # Errors
    /// When it is not such a file, cannot be read, or has more than 8 MiB.
    pub fn bytes(&self, file: &Path, within: &Path) -> Result<Option<Arc<[u8]>>> {
        let mut known = self.known();
        let Some(real) = known.resolve(file, within)? else {
            return Ok(None);
        };
        if let Some(seen) = known.files.get(&real) {
            return Ok(Some(Arc::clone(&seen.bytes)));
        }
        let Some(seen) = read(&real, file)? else {
            return Ok(None);
        };
        let bytes = Arc::clone(&seen.bytes);
        known.files.insert(real, seen);
        Ok(Some(bytes))
    }

    /// The text of a file in the directory `within`; `None` when there is nothing at the path.
    pub fn text(&self, file: &Path, within: &Path) -> Result<Option<String>> {
        let Some(bytes) = self.bytes(file, within)? else {
            return Ok(None);
        };
        let text = String::from_utf8(bytes.to_vec()).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let problem = format!("`{}` is not UTF-8 from byte {at} on", file.display());
            Error::failed(problem).hint("save the file as UTF-8 and run the command again")
        })?;
        let is_toml = file.extension().is_some_and(|extension| extension == "toml");
        match merge_marker(&text).filter(|_| is_toml) {
            Some(line) => {
                let problem = format!("has merge conflict markers, from line {line} on");
                Err(refuse(file, &problem).hint(
                    "resolve the conflict there: take out the lines with `<<<<<<<`, `=======` and \
                     `>>>>>>>`, and run the command again",
                ))
            }
            None => Ok(Some(text)),
        }
    }
}

/// The line, counted from 1, of the first merge conflict marker of git.
fn merge_marker(text: &str) -> Option<usize> {
    let starts_with = |marker: &str| text.lines().position(|line| line.starts_with(marker));
    let start = starts_with("<<<<<<< ")?;
    starts_with(">>>>>>> ").filter(|end| start < *end).map(|_| start + 1)
}

impl Known {
    /// The real path of a file, if it is in `within`.
    fn resolve(&mut self, file: &Path, within: &Path) -> Result<Option<PathBuf>> {
        let cannot = |error| Error::io("read", file, error);
        let real = match self.real_path(file) {
            Ok(real) => real,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(cannot(error)),
        };
        let within = self.real_path(within).map_err(cannot)?;
        if !real.starts_with(&within) {
            let target = real.display();
            return Err(refuse(file, &format!("links outside the project, to `{target}`"))
                .hint("replace the link by a file of the project"));
        }
        Ok(Some(real))
    }

    fn real_path(&mut self, path: &Path) -> io::Result<PathBuf> {
        if let Some(real) = self.real.get(path) {
            return Ok(real.clone());
        }
        let real = fs::canonicalize(path)?;
        self.real.insert(path.to_owned(), real.clone());
        Ok(real)
    }
}

/// Reads the file at `real`, which the project calls `file`; `None` for a directory.
fn read(real: &Path, file: &Path) -> Result<Option<Seen>> {
    let cannot = |error| Error::io("read", file, error);
    let opened = open(real).map_err(cannot)?;
    let metadata = opened.metadata().map_err(cannot)?;
    if metadata.is_dir() {
        return Ok(None);
    }
    if !metadata.is_file() {
        return Err(refuse(file, "is not a regular file")
            .hint("remove it, or replace it by a regular file"));
    }
    let mut bytes = Vec::new();
    opened.take(LIMIT + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LIMIT {
        return Err(refuse(file, "has more than 8 MiB")
            .hint("no file that this program reads is that large: is it the right one?"));
    }
    Ok(Some(Seen { bytes: bytes.into(), stamp: stamp(&metadata) }))
}

fn stamp(metadata: &Metadata) -> Option<(SystemTime, u64)> {
    Some((metadata.modified().ok()?, metadata.len()))
}

fn refuse(file: &Path, problem: &str) -> Error {
    Error::failed(format!("`{}` {problem}", file.display()))
}

/// Opens a file without waiting, as opening a pipe would.
#[cfg(unix)]
fn open(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(flags).open(file)
}

#[cfg(not(unix))]
fn open(file: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(file)
}
