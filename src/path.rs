//! Paths that cannot leave the repository.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path relative to the root, with `/` between its parts and never `..` among them.
///
/// The empty path is the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepoPath(String);

impl RepoPath {
    /// Takes a relative path; `None` when it is absolute, is not UTF-8 or has a `..`.
    pub fn new(path: impl AsRef<Path>) -> Option<Self> {
        let mut parts = Vec::new();
        for component in path.as_ref().components() {
            match component {
                Component::CurDir => {}
                Component::Normal(part) => parts.push(part.to_str()?),
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(Self(parts.join("/")))
    }

    /// This path with `tail` below it; `None` under the same conditions as [`RepoPath::new`].
    pub fn join(&self, tail: &str) -> Option<Self> {
        Self::new(Path::new(&self.0).join(Self::new(tail)?.0))
    }

    /// What is called `name` in this directory: a name that is known to be one, or a path of such
    /// names.
    pub fn child(&self, name: &str) -> Self {
        self.join(name).unwrap_or_default()
    }

    /// What a relative path in a file of this directory leads to, which may go up with `..`; `None`
    /// when it leaves the root.
    pub fn relative(&self, path: &str) -> Option<Self> {
        let mut directory = self.clone();
        for component in Path::new(path).components() {
            directory = match component {
                Component::ParentDir => directory.parent()?,
                Component::CurDir => directory,
                Component::Normal(part) => directory.join(part.to_str()?)?,
                Component::RootDir | Component::Prefix(_) => return None,
            };
        }
        Some(directory)
    }

    /// The directory that has it; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.rfind('/').unwrap_or(0);
        Some(Self(self.0[..end].to_owned()))
    }

    /// The directories above it, the innermost first and the root last.
    pub fn parents(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// The path seen from `base`; `None` when it is not below it.
    pub fn below(&self, base: &Self) -> Option<&str> {
        if base.0.is_empty() {
            return Some(&self.0);
        }
        let tail = self.0.strip_prefix(&base.0)?;
        if tail.is_empty() {
            return Some(tail);
        }
        tail.strip_prefix('/')
    }

    /// The path on disk, below `root`.
    pub fn under(&self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        path.extend(self.0.split('/').filter(|part| !part.is_empty()));
        path
    }

    /// Whether it is `.git` or inside of one, in any spelling that some file system takes for it.
    pub fn is_in_git(&self) -> bool {
        self.parts().any(is_git)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts of the path, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

/// Whether a name is that of git's own directory: in any case, with dots and blanks behind it or a
/// stream of NTFS, as its short name, or with characters that HFS+ ignores.
fn is_git(name: &str) -> bool {
    let is_ignored = |c: char| {
        matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}')
            || c == '\u{feff}'
    };
    let name: String = name.chars().filter(|c| !is_ignored(*c)).collect();
    let name = name.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    name == ".git" || name == "git~1"
}

impl TryFrom<String> for RepoPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::new(&path).ok_or_else(|| format!("the path `{path}` leaves the repository"))
    }
}

impl From<RepoPath> for String {
    fn from(path: RepoPath) -> Self {
        path.0
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.0.is_empty() { "." } else { &self.0 })
    }
}
