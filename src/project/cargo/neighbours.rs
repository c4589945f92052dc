//! The crates that look for their workspace in a directory: one that is made there changes what Cargo
//! makes of them. It refuses those that are no members, and others share its lock file from then on.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::Project;
use super::super::owner::git_top;
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
    let top = git_top(&start).unwrap_or(project.root());
    let above = start.ancestors().skip(1).take_while(|above| above.starts_with(top));
    for above in above.collect::<Vec<_>>().into_iter().rev() {
        walk.enter(above);
    }
    walk.visit(&start);
    match walk.seen < LIMIT {
        true => Neighbours::These(walk.found),
        false => Neighbours::Unknown,
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
    fn enter(&mut self, directory: &Path) {
        let within = git_top(directory).unwrap_or(directory);
        let text = self.project.files.text(&directory.join(".gitignore"), within);
        self.ignore.push((directory.to_path_buf(), text.ok().flatten().unwrap_or_default()));
    }

    /// Looks at what is below a directory.
    fn visit(&mut self, directory: &Path) {
        self.enter(directory);
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        // A link is not followed: what it leads to is looked at where it is.
        let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut directories: Vec<_> = directories.map(|entry| entry.path()).collect();
        directories.sort();
        for below in directories {
            if self.seen == LIMIT {
                break;
            }
            if self.is_left_out(&below) {
                continue;
            }
            self.seen += 1;
            let borders = self.borders.len();
            if let Some(path) = below.strip_prefix(self.project.root()).ok().and_then(RepoPath::new)
            {
                self.look_at(path, &below);
            }
            self.visit(&below);
            self.borders.truncate(borders);
        }
        self.ignore.pop();
    }

    fn look_at(&mut self, path: RepoPath, directory: &Path) {
        match Manifest::load(directory, &self.project.files) {
            Ok(None) => {}
            Ok(Some(manifest)) => {
                if let Some(workspace) = manifest.workspace() {
                    self.borders.push(Border::Workspace(path, Members::new(workspace)));
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
        if name == "target" && directory.with_file_name("Cargo.toml").exists() {
            return true;
        }
        let verdicts =
            self.ignore.iter().rev().filter_map(|(base, text)| {
                ignores(text, directory.strip_prefix(base).ok()?.to_str()?)
            });
        verdicts.take(1).any(|ignored| ignored)
    }
}
