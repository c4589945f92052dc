//! `members` and `exclude`, read as Cargo reads them.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use toml_edit::{Item, TableLike};

use super::super::{RepoPath, Workspace};
use super::Membership;
use super::manifest::{Manifest, package_name};
use crate::error::Result;

/// `*` in `members` matches within one folder name, as Cargo expands it.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// A glob in `members`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(String);

impl Glob {
    /// Whether it takes a path, relative to the workspace, for a crate.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        matches(&self.0, path)
    }
}

/// `members` and `exclude` of a workspace, as paths relative to it.
pub struct Members {
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Members {
    pub fn new(workspace: &dyn TableLike) -> Self {
        let list = |key| {
            let array = workspace.get(key).and_then(Item::as_array);
            let texts = array
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_str());
            texts
                .map(|text| {
                    RepoPath::new(text).map_or_else(|| text.to_owned(), |path| path.to_string())
                })
                .collect()
        };
        Self {
            members: list("members"),
            exclude: list("exclude"),
        }
    }

    /// Whether `exclude` keeps a crate at `path` out.
    ///
    /// As in Cargo, `exclude` lists prefixes, and naming the crate in `members` outweighs it. A
    /// member that is named below the same prefix shows that its folder is excluded only for
    /// the globs.
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

    pub fn globs(&self) -> Vec<Glob> {
        let globs = self.members.iter().filter(|member| is_glob(member));
        globs.cloned().map(Glob).collect()
    }

    pub fn membership(&self, path: &str, folder: &Path) -> Membership {
        if self.members.iter().any(|member| matches(member, path)) {
            return Membership::Member;
        }
        let parents = Path::new(path)
            .ancestors()
            .skip(1)
            .filter_map(RepoPath::new);
        let exclude = parents.filter(|parent| {
            let excluded = |prefix: &String| Path::new(parent.as_str()).starts_with(prefix);
            !parent.as_str().is_empty()
                && self
                    .members
                    .iter()
                    .any(|member| matches(member, parent.as_str()))
                && !self.exclude.iter().any(excluded)
                && !parent.under(folder).join("Cargo.toml").exists()
        });
        Membership::Missing {
            exclude: exclude.collect(),
        }
    }

    /// The packages that the members are, and the root package.
    pub fn packages(
        &self,
        root: &Manifest,
        folder: &RepoPath,
        workspace: &Workspace,
    ) -> Result<Vec<(RepoPath, String)>> {
        let mut packages: Vec<_> = root
            .package_name()
            .map(|name| (folder.clone(), name))
            .into_iter()
            .collect();
        let base = folder.under(workspace.root());
        for member in &self.members {
            for path in expand(&base, member) {
                let Some(relative) = path
                    .strip_prefix(workspace.root())
                    .ok()
                    .and_then(RepoPath::new)
                else {
                    continue;
                };
                if let Some(name) = package_name(&path)? {
                    packages.push((relative, name));
                }
            }
        }
        Ok(packages)
    }
}

/// The folders that an entry of `members` stands for.
fn expand(base: &Path, member: &str) -> Vec<PathBuf> {
    if !is_glob(member) {
        return vec![base.join(member)];
    }
    let pattern = format!("{}/{member}", Pattern::escape(&base.to_string_lossy()));
    let paths = glob::glob(&pattern).map(|paths| paths.flatten().collect());
    paths.unwrap_or_default()
}

fn matches(member: &str, path: &str) -> bool {
    Pattern::new(member).map_or(member == path, |pattern| pattern.matches_with(path, GLOB))
}

fn is_glob(member: &str) -> bool {
    member.contains(['*', '?', '['])
}
