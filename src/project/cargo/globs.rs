//! The directories that a glob in `members` stands for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::super::Project;
use crate::error::{Error, Result};
use crate::path::RepoPath;

/// `*` in `members` matches within one directory name, as Cargo expands it.
pub const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// How many directories a glob may look at. No workspace has so many; a glob such as `**` in a
/// repository that was made to be slow has.
const LIMIT: usize = 20_000;

/// The directories in the root that an entry of `members` in `directory` stands for.
///
/// `**` does not follow links, as in Cargo they would lead round and round.
///
/// # Errors
/// When a directory cannot be read, or the glob looks at too many.
pub fn expand(member: &str, directory: &RepoPath, project: &Project) -> Result<Vec<RepoPath>> {
    if !is_glob(member) {
        return Ok(directory.relative(member).into_iter().collect());
    }
    let mut found = BTreeSet::from([directory.clone()]);
    let mut looked_at = 0;
    for part in member.split('/').filter(|part| !part.is_empty()) {
        let mut next = BTreeSet::new();
        for base in &found {
            if part == ".." {
                next.extend(base.parent());
            } else if !is_glob(part) {
                next.extend(base.join(part));
            } else if part == "**" {
                let below = project.directories_below(base, LIMIT - looked_at.min(LIMIT));
                looked_at += below.len();
                next.extend(below);
            } else if let Ok(pattern) = Pattern::new(part) {
                let names = project.directories(base)?;
                looked_at += names.len();
                let names = names.iter().filter(|name| pattern.matches_with(name, GLOB));
                next.extend(names.map(|name| base.child(name)));
            }
        }
        if looked_at >= LIMIT {
            let problem =
                format!("the glob `{member}` in `members` looks at over {LIMIT} directories");
            return Err(Error::failed(problem).hint("name the members, or a directory above them"));
        }
        found = next;
    }
    Ok(found.into_iter().collect())
}

/// What a glob in `members` of the workspace in `directory` matches on disk, files as well: where there
/// is nothing, Cargo takes it for the name of a directory.
pub fn matched(glob: &str, directory: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let glob = Path::new(&Pattern::escape(&directory.to_string_lossy())).join(glob);
    glob::glob(&glob.to_string_lossy()).into_iter().flatten().flatten()
}

/// Whether an entry of `members` stands for any number of directories.
pub fn is_glob(member: &str) -> bool {
    member.contains(['*', '?', '['])
}
