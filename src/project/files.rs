//! Reads files that may come from an untrusted source, each at most once.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use toml_edit::Document;

use crate::error::{Error, Result, is_absent};
use crate::path::RepoPath;
use crate::source::{Diagnostic, SourceFile, merge_marker};

/// The largest file that is read, in bytes. The largest `Cargo.lock` are smaller.
const LIMIT: u64 = 8 * 1024 * 1024;

/// The top directory of the git repository of `directory`.
pub fn git_top(directory: &Path) -> Option<PathBuf> {
    Files::default().git_top(directory)
}

/// The contents of files when they were first read: a command sees each as it was at one moment.
#[derive(Debug, Default)]
pub struct Files(Mutex<Cache>);

#[derive(Debug, Default)]
struct Cache {
    /// By their real paths.
    files: HashMap<PathBuf, CachedFile>,
    /// The real paths of what was asked for; `None` for what is not there.
    real: HashMap<PathBuf, Option<PathBuf>>,
    /// The directories that were taken for files.
    directories: BTreeSet<PathBuf>,
    /// What was parsed.
    toml: HashMap<PathBuf, Arc<Document<String>>>,
    /// The git repositories of directories.
    tops: HashMap<PathBuf, Option<PathBuf>>,
}

#[derive(Debug)]
struct CachedFile {
    bytes: Arc<[u8]>,
    /// The time of the last write, and the length.
    stamp: Option<(SystemTime, u64)>,
}

impl Files {
    /// Forgets all files, before they are compared with what was read.
    pub fn forget(&self) {
        *self.cache() = Cache::default();
    }

    /// Forgets the files that have been written since.
    pub fn renew(&self) {
        let now = |file: &Path| fs::metadata(file).ok().as_ref().and_then(stamp);
        let mut cache = self.cache();
        let mut files = mem::take(&mut cache.files);
        files.retain(|file, read| read.stamp.is_some() && read.stamp == now(file));
        *cache = Cache { files, ..Cache::default() };
    }

    /// The top directory of the git repository of `directory`.
    pub fn git_top(&self, directory: &Path) -> Option<PathBuf> {
        self.cache().git_top(directory)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
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
        let mut cache = self.cache();
        let Some(real) = cache.resolve(file, within)? else {
            return Ok(None);
        };
        if let Some(known) = cache.files.get(&real) {
            return Ok(Some(Arc::clone(&known.bytes)));
        }
        let Some(read) = read(&real, file)? else {
            cache.directories.insert(file.to_owned());
            return Ok(None);
        };
        let bytes = Arc::clone(&read.bytes);
        cache.files.insert(real, read);
        Ok(Some(bytes))
    }

    /// The directories that were in the place of files.
    pub fn directories(&self) -> BTreeSet<PathBuf> {
        self.cache().directories.clone()
    }

    /// The text of a file in the directory `within`; `None` when there is nothing at the path.
    pub fn text(&self, file: &Path, within: &Path) -> Result<Option<String>> {
        self.checked_text(file, within, within)
    }

    fn checked_text(&self, file: &Path, within: &Path, root: &Path) -> Result<Option<String>> {
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
            Some(marker) => Err(invalid(file, root, text, |file| {
                let label = "resolve the conflict, and run the command again";
                file.at(marker).problem("the file has merge conflict markers", label)
            })),
            None => Ok(Some(text)),
        }
    }

    /// A TOML file in the directory `within`; `None` when there is nothing at the path. Its problems
    /// are told with its path below `root`.
    pub fn toml(
        &self,
        file: &Path,
        within: &Path,
        root: &Path,
    ) -> Result<Option<Arc<Document<String>>>> {
        let Some(text) = self.checked_text(file, within, root)? else {
            return Ok(None);
        };
        if let Some(known) = self.cache().toml.get(file) {
            return Ok(Some(Arc::clone(known)));
        }
        let document = Document::parse(text.clone()).map_err(|error| {
            invalid(file, root, text, |file| file.not_toml(error.span(), error.message()))
        })?;
        let document = Arc::new(document);
        self.cache().toml.insert(file.to_owned(), Arc::clone(&document));
        Ok(Some(document))
    }
}

/// A problem of a file, which is told with its path below `root`.
fn invalid(
    file: &Path,
    root: &Path,
    text: impl Into<String>,
    problem: impl FnOnce(&SourceFile) -> Diagnostic,
) -> Error {
    let below = file.strip_prefix(root).ok().or(file.file_name().map(Path::new));
    let path = below.and_then(RepoPath::new).unwrap_or_default();
    problem(&SourceFile::new(&path, text)).into()
}

impl Cache {
    /// The real path of a file, if it is in `within`.
    fn resolve(&mut self, file: &Path, within: &Path) -> Result<Option<PathBuf>> {
        let cannot = |error| Error::io("read", file, error);
        let Some(real) = self.real_path(file).map_err(cannot)? else {
            return Ok(None);
        };
        let within = self.real_path(within).map_err(cannot)?;
        if !within.is_some_and(|within| real.starts_with(within)) {
            let target = real.display();
            return Err(refuse(file, &format!("links outside the project, to `{target}`"))
                .hint("replace the link with a file of the project"));
        }
        Ok(Some(real))
    }

    /// The real path; `None` when there is nothing. That of the directory above is found once for
    /// all that is in it.
    fn real_path(&mut self, path: &Path) -> io::Result<Option<PathBuf>> {
        if let Some(real) = self.real.get(path) {
            return Ok(real.clone());
        }
        let real = match (path.parent(), path.file_name()) {
            (Some(above), Some(name)) => match self.real_path(above)? {
                Some(above) => real_entry(above.join(name)),
                None => return Ok(None),
            },
            _ => fs::canonicalize(path),
        };
        let real = match real {
            Err(error) if is_absent(&error) => None,
            real => Some(real?),
        };
        self.real.insert(path.to_owned(), real.clone());
        Ok(real)
    }

    fn git_top(&mut self, directory: &Path) -> Option<PathBuf> {
        if let Some(top) = self.tops.get(directory) {
            return top.clone();
        }
        let top = match directory.join(".git").exists() {
            true => Some(directory.to_owned()),
            false => directory.parent().and_then(|above| self.git_top(above)),
        };
        self.tops.insert(directory.to_owned(), top.clone());
        top
    }
}

/// The real path of an entry of a directory whose path is real.
fn real_entry(entry: PathBuf) -> io::Result<PathBuf> {
    if fs::symlink_metadata(&entry)?.is_symlink() { fs::canonicalize(entry) } else { Ok(entry) }
}

/// Reads the file at `real`, which the project calls `file`; `None` for a directory.
fn read(real: &Path, file: &Path) -> Result<Option<CachedFile>> {
    let cannot = |error| Error::io("read", file, error);
    let opened = open(real).map_err(cannot)?;
    let metadata = opened.metadata().map_err(cannot)?;
    if metadata.is_dir() {
        return Ok(None);
    }
    if !metadata.is_file() {
        return Err(refuse(file, "is not a regular file")
            .hint("remove it, or replace it with a regular file"));
    }
    let length = metadata.len().min(LIMIT);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    opened.take(LIMIT + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LIMIT {
        return Err(refuse(file, "has more than 8 MiB")
            .hint("no file that this program reads is that large: is it the right one?"));
    }
    Ok(Some(CachedFile { bytes: bytes.into(), stamp: stamp(&metadata) }))
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
