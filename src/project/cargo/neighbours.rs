//! The crates that look for their workspace in a directory: one that is made there changes what Cargo
//! makes of them. It refuses those that are no members, and others share its lock file from then on.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::Project;
use super::manifest::Manifest;
use super::members::Members;
use crate::edit::ignores;
use crate::path::RepoPath;

/// How many directories are looked at. No repository has so many that git does not ignore; one that was
/// made to be slow has.
const LIMIT: usize = 20_000;

/// What keeps crates out of a workspace further up.
enum Border {
    /// A workspace, for the crates that it does not exclude.
    Workspace(RepoPath, Members),
    /// A manifest that Cargo cannot read, or that names another workspace, for all below it.
    Closed,
}

/// The crates that would find a workspace in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neighbours {
    /// These, sorted.
    These(Vec<RepoPath>),
    /// There are too many directories to know.
    Unknown,
}

impl Neighbours {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::These(directories) if directories.is_empty())
    }
}

/// The directories of the crates below `directory` that would find a workspace there, but for those in
/// directories that git ignores.
pub fn neighbours(project: &Project, directory: &RepoPath) -> Neighbours {
    let start = directory.under(project.root());
    let mut walk =
        Walk { project, ignore: Vec::new(), borders: Vec::new(), found: Vec::new(), seen: 0 };
    let top = project.files.git_top(&start).unwrap_or_else(|| project.root().to_path_buf());
    let above = start.ancestors().skip(1).take_while(|above| above.starts_with(&top));
    for above in above.collect::<Vec<_>>().into_iter().rev() {
        walk.read_ignore_file(above);
    }
    walk.visit(&start, Listing::of(&start));
    match walk.seen < LIMIT {
        true => Neighbours::These(walk.found),
        false => Neighbours::Unknown,
    }
}

/// What is in a directory.
#[derive(Default)]
struct Listing {
    has_manifest: bool,
    has_ignore_file: bool,
    /// Sorted.
    directories: Vec<PathBuf>,
}

impl Listing {
    fn of(directory: &Path) -> Self {
        let mut listing = Self::default();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let name = entry.file_name();
            listing.has_manifest |= name == "Cargo.toml";
            listing.has_ignore_file |= name == ".gitignore";
            // A link is not followed: what it leads to is looked at where it is.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                listing.directories.push(entry.path());
            }
        }
        listing.directories.sort();
        listing
    }
}

struct Walk<'a> {
    project: &'a Project,
    /// The ignore files of the directories on the way, the outermost first.
    ignore: Vec<(PathBuf, String)>,
    borders: Vec<Border>,
    found: Vec<RepoPath>,
    seen: usize,
}

impl Walk<'_> {
    fn read_ignore_file(&mut self, directory: &Path) {
        let within = self.project.files.git_top(directory);
        let within = within.as_deref().unwrap_or(directory);
        let text = self.project.files.text(&directory.join(".gitignore"), within);
        self.ignore.push((directory.to_path_buf(), text.ok().flatten().unwrap_or_default()));
    }

    /// Looks at what is below a directory.
    fn visit(&mut self, directory: &Path, listing: Listing) {
        let ignore = self.ignore.len();
        if listing.has_ignore_file {
            self.read_ignore_file(directory);
        }
        for below in listing.directories {
            if self.seen == LIMIT {
                break;
            }
            let is_built = below.ends_with("target") && listing.has_manifest;
            if is_built || self.is_left_out(&below) {
                continue;
            }
            self.seen += 1;
            let borders = self.borders.len();
            let listing = Listing::of(&below);
            if listing.has_manifest
                && let Ok(path) = below.strip_prefix(self.project.root())
                && let Some(path) = RepoPath::new(path)
            {
                self.look_at(path, &below);
            }
            self.visit(&below, listing);
            self.borders.truncate(borders);
        }
        self.ignore.truncate(ignore);
    }

    fn look_at(&mut self, path: RepoPath, directory: &Path) {
        match Manifest::load(directory, self.project.root(), &self.project.files) {
            Ok(None) => {}
            Ok(Some(manifest)) => {
                if let Some(workspace) = manifest.workspace() {
                    let members = Members::new(workspace, directory);
                    self.borders.push(Border::Workspace(path, members));
                } else if manifest.pointer().is_some() {
                    self.borders.push(Border::Closed);
                } else if manifest.package_name().is_some() && !self.is_kept_in(&path) {
                    self.found.push(path);
                }
            }
            Err(_) => self.borders.push(Border::Closed),
        }
    }

    /// Whether a crate finds a workspace, or an error, before the directory where the walk started.
    fn is_kept_in(&self, path: &RepoPath) -> bool {
        self.borders.iter().any(|border| match border {
            Border::Workspace(directory, members) => {
                path.below(directory).is_some_and(|below| !members.excludes(below))
            }
            Border::Closed => true,
        })
    }

    /// Whether a directory is git's, or is not part of the repository.
    fn is_left_out(&self, directory: &Path) -> bool {
        let name = directory.file_name().unwrap_or_default();
        if [".amplify", ".git", "node_modules"].iter().any(|other| name == *other) {
            return true;
        }
        let verdicts =
            self.ignore.iter().rev().filter_map(|(base, text)| {
                ignores(text, directory.strip_prefix(base).ok()?.to_str()?)
            });
        verdicts.take(1).any(|ignored| ignored)
    }
}
