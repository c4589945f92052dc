//! A plan as a patch that `git apply` takes.

use std::fs;
use std::path::{Path, PathBuf};

use similar::{DiffTag, TextDiff};

use super::change::{Change, Plan};
use crate::path::RepoPath;
use crate::project::git_top;

/// The unified diff of all files that a plan writes.
#[derive(Debug)]
pub struct Patch {
    /// The diff.
    pub text: String,
    /// The directory that `git apply` has to run in, if it does not take the patch in the one where
    /// the user stands.
    pub elsewhere: Option<PathBuf>,
}

/// The patch of a plan, for a user who stands in `current`.
///
/// In a repository git takes paths from its top, and silently passes over those that are not below
/// where it runs.
pub fn patch(plan: &Plan, current: &Path) -> Patch {
    let current = fs::canonicalize(current).unwrap_or_else(|_| current.to_path_buf());
    let top = git_top(&plan.root);
    let is_in_reach = git_top(&current) == top;
    let base = top.as_deref().unwrap_or(match is_in_reach && plan.root.starts_with(&current) {
        true => &current,
        false => &plan.root,
    });
    let prefix = plan.root.strip_prefix(base).ok().and_then(RepoPath::new).unwrap_or_default();
    let changes = || plan.changes.iter().filter(|(_, change)| change.writes());
    let path = |path: &RepoPath| prefix.child(path.as_str());
    let are_below = changes().all(|(path, _)| path.under(&plan.root).starts_with(&current));
    Patch {
        text: changes().map(|(changed, change)| file_diff(&path(changed), change)).collect(),
        elsewhere: (!is_in_reach || !are_below).then(|| base.to_path_buf()),
    }
}

/// The diff of one file.
pub fn file_diff(path: &RepoPath, change: &Change) -> String {
    let (old, new) = (quoted("a/", path), quoted("b/", path));
    let (mode, from, to) = match change {
        Change::Create(_) => ("new file mode 100644\n", "/dev/null", new.as_str()),
        Change::Delete(_) => ("deleted file mode 100644\n", old.as_str(), "/dev/null"),
        _ => ("", old.as_str(), new.as_str()),
    };
    let (before, after) = (change.before().unwrap_or_default(), change.after().unwrap_or_default());
    let (before, after) = (lines(before), lines(after));
    let text = TextDiff::configure().newline_terminated(true).diff_slices(&before, &after);
    format!("diff --git {old} {new}\n{mode}{}", text.unified_diff().header(from, to))
}

/// Both texts in one, with git's markers around what differs, for a person to decide.
pub fn side_by_side(yours: &str, new: &str) -> String {
    let (yours, new) = (lines(yours), lines(new));
    let mut text = String::new();
    for op in TextDiff::configure().diff_slices(&yours, &new).ops() {
        let (yours, new) = (yours[op.old_range()].concat(), new[op.new_range()].concat());
        if op.tag() == DiffTag::Equal {
            text += &yours;
        } else {
            let (yours, new) = (ended(yours), ended(new));
            text += &format!("<<<<<<< yours\n{yours}=======\n{new}>>>>>>> new\n");
        }
    }
    text
}

/// Whether a text still has markers of [`side_by_side`].
pub fn has_markers(text: &str) -> bool {
    let markers = ["<<<<<<< ", ">>>>>>> "];
    text.lines().any(|line| markers.iter().any(|marker| line.starts_with(marker)))
}

/// Only `\n` ends a line of a patch; a lone `\r` is part of its text.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn ended(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A path as git writes it: in quotes when it has more than plain characters.
fn quoted(prefix: &str, path: &RepoPath) -> String {
    let text = format!("{prefix}{path}");
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        return text;
    }
    let mut quoted = String::from('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            byte if plain(byte) => quoted.push(char::from(byte)),
            byte => quoted += &format!("\\{byte:03o}"),
        }
    }
    quoted.push('"');
    quoted
}
