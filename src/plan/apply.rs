//! The only writer: carries out a plan whole, or not at all.
//!
//! All files are staged beside their targets and synced, then renamed into place, then their
//! folders are synced. Whatever stops it, error or Ctrl-C, what was done is undone in reverse.
//! A lock around [`apply`] and a journal of its [`Undo`] list, for a process that is killed
//! between two renames, belong here.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::{Change, Plan};
use crate::error::{Conflict, Error, Result};
use crate::workspace::{RepoPath, Workspace};

/// A moment before something on disk changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A folder is about to be created.
    CreateFolder(&'a Path),
    /// The new text of a file is about to be written beside it.
    Stage(&'a Path),
    /// A file is about to get its new text.
    Commit(&'a Path),
}

/// Carries out `plan`. `before_step` is called before each change on disk; its error stops the
/// work as any other would, so it is the place to look for Ctrl-C.
///
/// # Errors
/// When the plan has conflicts, a file is no longer what the plan was made from, or a file
/// operation fails. In each case everything is as it was before.
pub fn apply(
    plan: &Plan,
    workspace: &Workspace,
    before_step: &mut dyn FnMut(Step) -> Result<()>,
) -> Result<()> {
    if !plan.conflicts.is_empty() {
        return Err(Error::refused(plan.conflicts.clone()));
    }
    let targets = targets(plan, workspace)?;
    let mut undo = Vec::new();
    let outcome = write(&targets, &mut undo, before_step);
    outcome.map_err(|error| roll_back(undo, error))
}

/// A file to write, where it really is.
struct Target<'a> {
    path: PathBuf,
    change: &'a Change,
}

/// What takes back one change on disk.
enum Undo<'a> {
    RemoveFolder(PathBuf),
    RemoveFile(PathBuf),
    Restore(&'a Target<'a>),
}

/// The files to write, each still as the plan has read it.
fn targets<'a>(plan: &'a Plan, workspace: &Workspace) -> Result<Vec<Target<'a>>> {
    let mut targets = Vec::new();
    let mut conflicts = Vec::new();
    for (path, change) in plan.changes.iter().filter(|(_, change)| change.writes()) {
        match unchanged(path, change, workspace) {
            Ok(path) => targets.push(Target { path, change }),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    if conflicts.is_empty() {
        Ok(targets)
    } else {
        Err(Error::refused(conflicts))
    }
}

fn unchanged(path: &RepoPath, change: &Change, workspace: &Workspace) -> Result<PathBuf, Conflict> {
    // A link since the plan was made would lead elsewhere.
    let same_place = workspace.resolve(path)? == *path;
    let now = workspace.read_text(path).ok().flatten();
    if same_place && now == change.before {
        return Ok(path.under(workspace.root()));
    }
    Err(Conflict {
        path: path.clone(),
        reason: "has changed in the meantime".to_owned(),
        decidable: false,
    })
}

fn write<'a>(
    targets: &'a [Target<'a>],
    undo: &mut Vec<Undo<'a>>,
    before_step: &mut dyn FnMut(Step) -> Result<()>,
) -> Result<()> {
    let mut staged = Vec::new();
    for target in targets {
        let folder = target.path.parent().unwrap_or(&target.path);
        create_folders(folder, undo, before_step)?;
        before_step(Step::Stage(&target.path))?;
        let file = stage(&target.path, &target.change.after)
            .map_err(|error| Error::io("write beside", &target.path, error))?;
        staged.push(file);
    }
    for (target, file) in targets.iter().zip(staged) {
        before_step(Step::Commit(&target.path))?;
        commit(target, file).map_err(|error| Error::io("write", &target.path, error))?;
        undo.push(match target.change.before {
            Some(_) => Undo::Restore(target),
            None => Undo::RemoveFile(target.path.clone()),
        });
    }
    sync_folders(targets).map_err(|(folder, error)| Error::io("sync", &folder, error))
}

fn create_folders(
    folder: &Path,
    undo: &mut Vec<Undo>,
    before_step: &mut dyn FnMut(Step) -> Result<()>,
) -> Result<()> {
    let missing: Vec<_> = folder
        .ancestors()
        .take_while(|folder| !folder.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        before_step(Step::CreateFolder(folder))?;
        fs::create_dir(folder).map_err(|error| Error::io("create", folder, error))?;
        undo.push(Undo::RemoveFolder(folder.to_path_buf()));
    }
    Ok(())
}

/// Writes `text` to a file beside `path`, with the mode that `path` has. The file goes away
/// unless it is committed.
fn stage(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(path);
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".amplify-new");
    let existing = fs::metadata(path)
        .ok()
        .map(|metadata| metadata.permissions());
    #[cfg(unix)]
    if existing.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666)); // less the umask
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = existing {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Renames a staged file into place. A file that came up since the plan was made is not replaced.
fn commit(target: &Target, file: NamedTempFile) -> io::Result<()> {
    let outcome = match target.change.before {
        Some(_) => file.persist(&target.path),
        None => file.persist_noclobber(&target.path),
    };
    outcome.map(drop).map_err(|error| error.error)
}

/// Makes the renames last.
fn sync_folders(targets: &[Target]) -> Result<(), (PathBuf, io::Error)> {
    if cfg!(unix) {
        let folders: BTreeSet<_> = targets
            .iter()
            .filter_map(|target| target.path.parent())
            .collect();
        for folder in folders {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|error| (folder.to_path_buf(), error))?;
        }
    }
    Ok(())
}

/// Undoes what was done, last first. What cannot be undone is told with the error.
fn roll_back(undo: Vec<Undo>, mut error: Error) -> Error {
    for step in undo.into_iter().rev() {
        let (path, outcome) = match step {
            Undo::RemoveFolder(path) => (path.clone(), fs::remove_dir(path)),
            Undo::RemoveFile(path) => (path.clone(), fs::remove_file(path)),
            Undo::Restore(target) => (target.path.clone(), restore(target)),
        };
        if let Err(failure) = outcome {
            error = error.hint(format!("put `{}` back by hand: {failure}", path.display()));
        }
    }
    error
}

fn restore(target: &Target) -> io::Result<()> {
    let before = target.change.before.as_deref().unwrap_or_default();
    let file = stage(&target.path, before)?;
    file.persist(&target.path)
        .map(drop)
        .map_err(|error| error.error)
}
