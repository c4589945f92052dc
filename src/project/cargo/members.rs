//! `members` and `exclude`, read as Cargo reads them.

use std::path::{Component, Path, PathBuf};

use glob::Pattern;
use toml_edit::{Item, TableLike};

use super::super::Project;
use super::Membership;
use super::globs::{GLOB, expand, is_glob};
use crate::error::Result;
use crate::path::RepoPath;

/// `members` and `exclude` of a workspace, as paths relative to it.
#[derive(Debug, Default)]
pub struct Members {
    members: Vec<String>,
    default_members: Vec<String>,
    exclude: Vec<String>,
}

impl Members {
    /// What the workspace in `directory` lists.
    pub(super) fn new(workspace: &dyn TableLike, directory: &Path) -> Self {
        let list = |key| {
            let array = workspace.get(key).and_then(Item::as_array);
            let texts = array.into_iter().flatten().filter_map(|value| value.as_str());
            texts
                .map(|text| {
                    seen_from(directory, text).map_or_else(|| text.to_owned(), String::from)
                })
                .collect()
        };
        Self {
            members: list("members"),
            default_members: list("default-members"),
            exclude: list("exclude"),
        }
    }

    /// Whether `exclude` keeps the crate at `path` out: as in Cargo, it lists prefixes, and a prefix
    /// in `members` outweighs it, where a glob is one only to the letter.
    pub fn excludes(&self, path: &str) -> bool {
        let covers = |prefix: &String| Path::new(path).starts_with(prefix);
        self.exclude.iter().any(covers) && !self.members.iter().any(covers)
    }

    /// Whether a new crate at `path` stays out. Where others in its directory are named, the directory is
    /// excluded only for the globs, and the new one is to be named as well.
    pub fn keeps_out(&self, path: &str) -> bool {
        let directory = Path::new(path).parent();
        self.excludes(path) && !self.named().any(|member| Path::new(member).parent() == directory)
    }

    /// Whether a glob takes a path for a crate.
    pub fn has_glob_for(&self, path: &str) -> bool {
        let mut globs = self.members.iter().filter(|member| is_glob(member));
        globs.any(|glob| matches(glob, path))
    }

    /// Whether `path` is a member or has members below it; as a glob would take a function for one.
    pub(super) fn has_below(&self, path: &str) -> bool {
        self.members.iter().any(|member| {
            let resource =
                member.split_once("amplify/").and_then(|(_, rest)| rest.split('/').next());
            let resource = resource.filter(|name| !is_glob(name)).unwrap_or("resource");
            matches(member, path)
                || matches(member, &format!("{path}/amplify/{resource}/function"))
                || Path::new(member).starts_with(path)
        })
    }

    /// The entries of `default-members` that are no members.
    pub fn stray_defaults(&self) -> impl Iterator<Item = &str> {
        let defaults = self.default_members.iter().map(String::as_str);
        defaults.filter(|path| {
            let listed = self.members.iter().any(|member| matches(member, path));
            !is_glob(path) && !path.is_empty() && !listed
        })
    }

    /// What `members` has: names and globs.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(String::as_str)
    }

    /// The members that are listed by name.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let named = self.members.iter().filter(|member| !is_glob(member));
        named.map(String::as_str)
    }

    /// Whether an entry of `members` stands for the crate at `path`, and `exclude` does not.
    pub fn lists(&self, path: &str) -> bool {
        self.members.iter().any(|member| matches(member, path)) && !self.excludes(path)
    }

    /// How the workspace in `directory` sees a crate at `path` that it does not [keep out](Self::keeps_out).
    pub fn membership(&self, path: &str, directory: &Path) -> Membership {
        if self.lists(path) {
            return Membership::Member;
        }
        let parents = Path::new(path).ancestors().skip(1).filter_map(RepoPath::new);
        let exclude = parents.filter(|parent| {
            let excluded = |prefix: &String| Path::new(parent.as_str()).starts_with(prefix);
            !parent.as_str().is_empty()
                && self.members.iter().any(|member| matches(member, parent.as_str()))
                && !self.exclude.iter().any(excluded)
                && !parent.under(directory).join("Cargo.toml").exists()
        });
        Membership::Missing { exclude: exclude.collect() }
    }

    /// The members outside of the root that are listed by name.
    pub(super) fn outside<'a>(&'a self, directory: &'a RepoPath) -> impl Iterator<Item = &'a str> {
        self.named().filter(|member| directory.relative(member).is_none())
    }

    /// The directories in the root that `members` of the workspace in `directory` stands for.
    pub(super) fn directories(
        &self,
        directory: &RepoPath,
        project: &Project,
    ) -> Result<Vec<RepoPath>> {
        let expanded = self.members.iter().map(|member| expand(member, directory, project));
        Ok(expanded.collect::<Result<Vec<_>>>()?.concat())
    }
}

fn matches(member: &str, path: &str) -> bool {
    Pattern::new(member).map_or(member == path, |pattern| pattern.matches_with(path, GLOB))
}

/// An entry of `members` in `directory` as the path below it, read as Cargo does: `..` goes up by the
/// text alone. `None` when it leads elsewhere.
pub fn seen_from(directory: &Path, entry: &str) -> Option<RepoPath> {
    let mut path = PathBuf::new();
    for component in directory.join(entry).components() {
        match component {
            Component::ParentDir => _ = path.pop(),
            component => path.push(component),
        }
    }
    RepoPath::new(path.strip_prefix(directory).ok()?)
}
