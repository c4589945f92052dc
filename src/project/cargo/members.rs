//! `members` and `exclude`, read as Cargo reads them.

use std::path::Path;

use glob::Pattern;
use toml_edit::{Item, TableLike};

use super::super::Project;
use super::Membership;
use super::globs::{GLOB, expand, is_glob};
use super::manifest::{Package, package};
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
    pub(super) fn new(workspace: &dyn TableLike) -> Self {
        let list = |key| {
            let array = workspace.get(key).and_then(Item::as_array);
            let texts = array.into_iter().flatten().filter_map(|value| value.as_str());
            texts
                .map(|text| {
                    RepoPath::new(text).map_or_else(|| text.to_owned(), |path| path.to_string())
                })
                .collect()
        };
        Self {
            members: list("members"),
            default_members: list("default-members"),
            exclude: list("exclude"),
        }
    }

    /// Whether `exclude` keeps a crate at `path` out.
    ///
    /// As in Cargo, `exclude` lists prefixes, and naming the crate in `members` outweighs it. A
    /// member that is named below the same prefix shows that its folder is excluded only for
    /// the globs.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        let covers = |prefix: &String, path: &str| Path::new(path).starts_with(prefix);
        if self.members.iter().any(|member| covers(member, path)) {
            return false;
        }
        self.exclude
            .iter()
            .filter(|prefix| covers(prefix, path))
            .any(|prefix| !self.members.iter().any(|member| covers(prefix, member)))
    }

    /// Whether a glob takes a path for a crate.
    #[must_use]
    pub fn has_glob_for(&self, path: &str) -> bool {
        let mut globs = self.members.iter().filter(|member| is_glob(member));
        globs.any(|glob| matches(glob, path))
    }

    /// Whether `path` is a member or has members below it; as a glob would take a function for one.
    pub(super) fn has_below(&self, path: &str) -> bool {
        let function = format!("{path}/amplify/auth/function");
        self.members.iter().any(|member| {
            matches(member, path)
                || matches(member, &function)
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

    /// The members that are listed by name.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let named = self.members.iter().filter(|member| !is_glob(member));
        named.map(String::as_str)
    }

    /// How the workspace in `folder` sees a crate at `path` that it does not exclude.
    #[must_use]
    pub fn membership(&self, path: &str, folder: &Path) -> Membership {
        if self.members.iter().any(|member| matches(member, path)) {
            return Membership::Member;
        }
        let parents = Path::new(path).ancestors().skip(1).filter_map(RepoPath::new);
        let exclude = parents.filter(|parent| {
            let excluded = |prefix: &String| Path::new(parent.as_str()).starts_with(prefix);
            !parent.as_str().is_empty()
                && self.members.iter().any(|member| matches(member, parent.as_str()))
                && !self.exclude.iter().any(excluded)
                && !parent.under(folder).join("Cargo.toml").exists()
        });
        Membership::Missing { exclude: exclude.collect() }
    }

    /// The packages that the members are.
    pub(super) fn packages(&self, folder: &RepoPath, project: &Project) -> Result<Vec<Package>> {
        let mut packages = Vec::new();
        for member in &self.members {
            // One outside the root is none of the project's.
            for path in expand(member, folder, project)? {
                packages.extend(package(&path.under(project.root()), path, &project.files)?);
            }
        }
        Ok(packages)
    }
}

fn matches(member: &str, path: &str) -> bool {
    Pattern::new(member).map_or(member == path, |pattern| pattern.matches_with(path, GLOB))
}
