//! The crates that look for their workspace in a directory: one that is made there changes what Cargo
//! makes of them. It refuses those that are no members, and others share its lock file from then on.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::super::Project;
use super::manifest::Manifest;
use super::members::Members;
use crate::path::RepoPath;

/// How many directories are looked at. No repository has so many that git does not ignore; one that was
/// made to be slow has.
const LIMIT: usize = 20_000;

/// What keeps crates below a directory out of a workspace further up.
enum Border {
    /// A workspace, for the crates that it does not exclude.
    Workspace(Members),
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
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::These(directories) if directories.is_empty())
    }
}

impl Project {
    /// The crates below `directory` that would find a workspace there, but for those in directories
    /// that git ignores.
    pub fn neighbours(&self, directory: &RepoPath) -> Neighbours {
        let known = &mut self.derived().neighbours;
        known.entry(directory.clone()).or_insert_with(|| find(self, directory)).clone()
    }
}

fn find(project: &Project, directory: &RepoPath) -> Neighbours {
    let start = directory.under(project.root());
    let top = project.files.git_top(&start).unwrap_or_else(|| project.root().to_path_buf());
    let is_wanted = |entry: &DirEntry| {
        // A link is not followed: what it leads to is looked at where it is.
        entry.file_type().is_dir() && !is_left_out(project, &top, entry.path())
    };
    let walk = WalkDir::new(&start).min_depth(1).sort_by_file_name().into_iter();
    let (mut borders, mut found) = (Vec::new(), Vec::new());
    for (seen, entry) in walk.filter_entry(is_wanted).flatten().enumerate() {
        if seen + 1 == LIMIT {
            return Neighbours::Unknown;
        }
        let Some(path) = project.below(entry.path()) else {
            continue;
        };
        borders.retain(|(directory, _)| path.below(directory).is_some());
        if !entry.path().join("Cargo.toml").exists() {
            continue;
        }
        let Ok(manifest) = Manifest::read(project, &path) else {
            borders.push((path, Border::Closed));
            continue;
        };
        let manifest = manifest.as_ref();
        if let Some(workspace) = manifest.and_then(Manifest::workspace) {
            borders.push((path, Border::Workspace(Members::new(workspace, entry.path()))));
        } else if manifest.and_then(Manifest::pointer).is_some() {
            borders.push((path, Border::Closed));
        } else if manifest.and_then(Manifest::package_name).is_some() {
            let keeps = |(directory, border): &(RepoPath, Border)| match border {
                Border::Workspace(members) => {
                    !members.excludes(path.below(directory).unwrap_or(""))
                }
                Border::Closed => true,
            };
            if !borders.iter().any(keeps) {
                found.push(path);
            }
        }
    }
    Neighbours::These(found)
}

/// Whether a directory is git's, is built, or is not part of the repository.
fn is_left_out(project: &Project, top: &Path, directory: &Path) -> bool {
    let name = directory.file_name().unwrap_or_default();
    let is_built = name == "target" && directory.with_file_name("Cargo.toml").exists();
    let is_of_others =
        [".amplify", ".aws-sam", ".git", "node_modules"].iter().any(|other| name == *other);
    let ignored = || project.ignored_by(directory.ancestors().skip(1), top, directory);
    is_built || is_of_others || ignored() == Some(true)
}
