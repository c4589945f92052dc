//! Tests of scaffolds: what is generated from a repository, compared with what was accepted.
//!
//! ```text
//! tests/<case>/case.toml    the kind, the choices, and the repository before: see `CaseDefinition`
//! tests/<case>/before/**    that repository, for `before = "directory"`
//! tests/<case>/after/**     the files that are new or different then, but for the records and
//!                           what a case in `like` has too
//! tests/<case>/output       what is printed
//! ```

mod case;
mod eject;
mod sandbox;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::path::RepoPath;
use crate::plan::Change;
use crate::project::{FUNCTION_RECORD, Project, RECORD};

pub use case::{Case, CaseDefinition, Cases, cases};
pub use eject::eject;
pub use sandbox::{Program, Sandbox, build, compare_all};

/// The files of a directory, by their paths in it.
pub type Tree = BTreeMap<String, String>;

/// What has to change for a case to be as accepted, by file.
pub type Changes = BTreeMap<RepoPath, Change>;

/// What a case comes to.
#[derive(Debug, Default)]
pub struct GeneratedTree {
    /// The repository before.
    pub before: Tree,
    /// The repository then.
    pub after: Tree,
    /// The command line, all that was printed, and the exit code of a failure.
    pub printed: String,
}

/// The differences between what a case comes to and what was accepted. A file that one of the cases
/// that it is like has too is accepted with that case.
pub fn compare(
    project: &Project,
    directory: &RepoPath,
    outcome: &GeneratedTree,
    like: &[&GeneratedTree],
) -> Result<Changes> {
    let after = directory.child("after");
    let accepted = below(project, &after)?;
    let elsewhere: BTreeSet<_> = like.iter().flat_map(|other| other.in_functions()).collect();
    // Records have hashes of the others.
    let is_own = |(path, text): &(&str, &str)| {
        !path.ends_with(FUNCTION_RECORD)
            && outcome.before.get(*path).is_none_or(|before| before != text)
            && !elsewhere.contains(&(outcome.in_function(path), *text))
    };
    let made = outcome.after.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let made: BTreeMap<_, _> = made.filter(is_own).collect();
    let paths: BTreeSet<_> =
        accepted.keys().map(String::as_str).chain(made.keys().copied()).collect();
    let mut changes = BTreeMap::new();
    for path in paths {
        let before = accepted.get(path).cloned();
        let change = match (made.get(path), before) {
            (Some(text), before) => Change::to((*text).to_owned(), before),
            (None, before) => Change::Delete(before.unwrap_or_default()),
        };
        changes.extend(after.join(path).map(|path| (path, change)));
    }
    let output = directory.child("output");
    let accepted = project.read_text(&output)?;
    changes.insert(output, Change::to(outcome.printed.clone(), accepted));
    Ok(changes)
}

impl GeneratedTree {
    /// The files and their texts, by their paths as seen from their functions.
    fn in_functions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.after.iter().map(|(path, text)| (self.in_function(path), text.as_str()))
    }

    /// A path as seen from the function that has the file, which has another name in other cases. It
    /// begins with a slash then, so that no file of a function is taken for one of the project.
    fn in_function<'a>(&self, path: &'a str) -> &'a str {
        let mut directories = path.match_indices('/').map(|(end, _)| path.split_at(end));
        let function = directories.find(|(directory, _)| {
            let record = format!("{directory}/{FUNCTION_RECORD}");
            !record.ends_with(RECORD) && self.after.contains_key(&record)
        });
        function.map_or(path, |(_, below)| below)
    }
}

fn below(project: &Project, directory: &RepoPath) -> Result<Tree> {
    let mut files = Tree::new();
    for path in project.files_below(directory)? {
        let name = path.below(directory).unwrap_or_default().to_owned();
        files.insert(name, project.read_text(&path)?.unwrap_or_default());
    }
    Ok(files)
}
