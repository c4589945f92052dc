//! Whether sources have changed, as the operating system tells.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::timeout;
use walkdir::{DirEntry, WalkDir};

/// How long the system may take to tell of a file that was just written.
const TOLD_WITHIN: Duration = Duration::from_secs(1);

/// Settings of Cargo and rustup that count wherever they are watched.
const SETTINGS: [&str; 5] =
    ["Cargo.toml", "Cargo.lock", "config.toml", "rust-toolchain", "rust-toolchain.toml"];

/// A watch on sources, from its start until the first change.
///
/// Directories are watched one by one, so that what Cargo and npm put below them costs nothing.
/// One that is new is not watched, but its coming is a change.
pub struct Watch {
    watcher: RecommendedWatcher,
    seen: watch::Receiver<Seen>,
    /// Files that count, beside those below a directory of which all do.
    files: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// Where files are written to learn whether the system has told of all before.
    marks: TempDir,
    marked: AtomicU64,
}

#[derive(Clone, Copy, Default)]
pub struct Seen {
    /// Whether a source has changed, come or gone.
    pub is_changed: bool,
    mark: u64,
}

impl Watch {
    /// Watches all files below `own`, Cargo's settings for the directories `roots`, and `files`.
    pub fn start(own: &Path, roots: &[&Path], files: &BTreeSet<PathBuf>) -> notify::Result<Self> {
        let marks = tempfile::tempdir().map_err(notify::Error::io)?;
        let own = own.canonicalize().unwrap_or_else(|_| own.to_owned());
        let marked_in = marks.path().canonicalize().map_err(notify::Error::io)?;
        let (tell, seen) = watch::channel(Seen::default());
        let counted: Arc<Mutex<BTreeSet<PathBuf>>> = Arc::default();
        let mut directories = directories_below(&own);
        directories.insert(marked_in.clone());
        directories.extend(roots.iter().flat_map(|root| [root.to_path_buf(), root.join(".cargo")]));
        let known = Arc::clone(&counted);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else {
                // It may be all that is told of a change.
                return tell.send_modify(|seen| seen.is_changed = true);
            };
            let paths = || event.paths.iter();
            let marks = paths().filter_map(|path| path.strip_prefix(&marked_in).ok());
            let mark = marks.filter_map(|name| name.to_str()?.parse().ok()).max();
            let is_source = |path: &PathBuf| counts(path, &own) || lock(&known).contains(path);
            if let Some(mark) = mark {
                tell.send_modify(|seen| seen.mark = seen.mark.max(mark));
            } else if event.need_rescan() || !event.kind.is_access() && paths().any(is_source) {
                tell.send_modify(|seen| seen.is_changed = true);
            }
        })?;
        let mut watch = Self { watcher, seen, files: counted, marks, marked: AtomicU64::new(0) };
        watch.add_directories(&directories)?;
        watch.add(files)?;
        Ok(watch)
    }

    /// Watches these files too.
    pub fn add(&mut self, files: &BTreeSet<PathBuf>) -> notify::Result<()> {
        // The system tells of real paths.
        let files = files.iter().filter_map(|file| file.canonicalize().ok());
        let files: BTreeSet<_> = files.collect();
        let directories = files.iter().filter_map(|file| file.parent());
        let directories = directories.map(Path::to_path_buf).collect();
        lock(&self.files).extend(files);
        self.add_directories(&directories)
    }

    fn add_directories(&mut self, directories: &BTreeSet<PathBuf>) -> notify::Result<()> {
        let mut paths = self.watcher.paths_mut();
        for directory in directories {
            match paths.add(directory, RecursiveMode::NonRecursive) {
                Err(_) if !directory.is_dir() => {}
                added => added?,
            }
        }
        paths.commit()
    }

    /// Whether a source has changed since the start. What was written before the call counts: the
    /// system tells in order, and is heard until it tells of a file that is written now. If it does
    /// not, there may be changes.
    pub async fn is_changed(&self) -> bool {
        let mark = self.marked.fetch_add(1, Ordering::Relaxed) + 1;
        let file = self.marks.path().join(mark.to_string());
        let is_written = fs::write(&file, "").is_ok();
        let mut seen = self.seen();
        let told = seen.wait_for(|seen| seen.is_changed || seen.mark >= mark);
        let told = timeout(TOLD_WITHIN, told).await;
        let is_changed = !matches!(told, Ok(Ok(seen)) if is_written && !seen.is_changed);
        let _ = fs::remove_file(file);
        is_changed
    }

    /// What the system has told, to wait for more of it.
    pub fn seen(&self) -> watch::Receiver<Seen> {
        self.seen.clone()
    }
}

fn lock(files: &Mutex<BTreeSet<PathBuf>>) -> MutexGuard<'_, BTreeSet<PathBuf>> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a change of this path is one of a source below `own` or of Cargo's settings.
fn counts(path: &Path, own: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    SETTINGS.contains(&&*name) || path.starts_with(own) && !name.starts_with('.')
}

/// The directories of sources: not hidden ones, packages of npm, and those of Cargo, which marks
/// them.
fn directories_below(own: &Path) -> BTreeSet<PathBuf> {
    let is_source = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_made = name == "node_modules" || entry.path().join("CACHEDIR.TAG").exists();
        entry.depth() == 0 || !(name.starts_with('.') || is_made)
    };
    let entries = WalkDir::new(own).into_iter().filter_entry(is_source);
    let directories = entries.flatten().filter(|entry| entry.file_type().is_dir());
    directories.map(DirEntry::into_path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::block_on;

    #[test]
    fn sources_count_and_what_is_made_does_not() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().canonicalize().expect("a directory");
        let write = |path: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            fs::write(path, "").expect("written");
        };
        for path in [
            "amplify/auth/f/src/main.rs",
            "amplify/auth/f/target/CACHEDIR.TAG",
            "amplify/auth/f/target/debug/f.d",
            "amplify/node_modules/x/index.js",
            "amplify/.git/index",
            "lib/src/lib.rs",
            ".cargo/config.toml",
        ] {
            write(path);
        }
        let own = root.join("amplify");
        let directories: Vec<_> = directories_below(&own).into_iter().collect();
        let below = ["", "auth", "auth/f", "auth/f/src"].map(|path| own.join(path));
        assert_eq!(directories, below.map(|path| path.components().collect::<PathBuf>()));

        let is_changed_by = |path: &str| {
            let library = root.join("lib/src/lib.rs");
            let watch = Watch::start(&own, &[&root], &[library].into()).expect("watched");
            block_on(async {
                assert!(!watch.is_changed().await);
                write(path);
                Ok(watch.is_changed().await)
            })
            .expect("done")
        };
        for path in [
            "amplify/auth/f/src/main.rs",
            "amplify/auth/f/src/text.html",
            "amplify/auth/g/Cargo.toml",
            "lib/src/lib.rs",
            "Cargo.lock",
            ".cargo/config.toml",
        ] {
            assert!(is_changed_by(path), "{path}");
        }
        for path in [
            "amplify/auth/f/target/debug/f.d",
            "amplify/auth/f/src/.main.rs.swp",
            "amplify/node_modules/x/index.js",
            "lib/src/other.rs",
            "notes.txt",
        ] {
            assert!(!is_changed_by(path), "{path}");
        }
    }
}
