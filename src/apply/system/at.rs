//! File operations relative to the parent directory, which is opened step by step, so that a link
//! that somebody creates in the meantime is not followed. Paths are absolute and have no links.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::path::{Component, Path};
use std::rc::Rc;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, linkat, openat, renameat, statat, unlinkat,
};
use rustix::io::Errno;

/// Opens a directory on the way to another, which need not be readable.
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const STEP: OFlags = OFlags::RDONLY;

struct At<'a> {
    directory: Rc<OwnedFd>,
    name: &'a OsStr,
}

fn at(path: &Path) -> io::Result<At<'_>> {
    let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let directory = Rc::new(open_directory(above, STEP)?);
    Ok(At { directory, name })
}

/// Two names. Most often they are in one directory, which is opened once.
fn both<'a>(from: &'a Path, to: &'a Path) -> io::Result<(At<'a>, At<'a>)> {
    let first = at(from)?;
    let second = match to.file_name() {
        Some(name) if from.parent() == to.parent() => {
            At { directory: Rc::clone(&first.directory), name }
        }
        _ => at(to)?,
    };
    Ok((first, second))
}

fn open_directory(path: &Path, last: OFlags) -> io::Result<OwnedFd> {
    let steps = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut directory = openat(CWD, "/", STEP | flags, Mode::empty())?;
    let mut steps = steps.peekable();
    while let Some(name) = steps.next() {
        let access = if steps.peek().is_some() { STEP } else { last };
        let step = openat(&directory, name, access | flags, Mode::empty());
        directory = step.map_err(|error| {
            if kind(&directory, name) == Ok(FileType::Symlink) {
                return io::Error::other("a link has replaced a directory");
            }
            error.into()
        })?;
    }
    Ok(directory)
}

fn kind(directory: &OwnedFd, name: &OsStr) -> Result<FileType, Errno> {
    let found = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(found.st_mode))
}

/// Opens a file for reading; `None` if it is not a regular file.
pub fn open(path: &Path) -> io::Result<Option<File>> {
    let at = at(path)?;
    if kind(&at.directory, at.name)? != FileType::RegularFile {
        return Ok(None);
    }
    // Does not block if the file has been replaced by a pipe.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(openat(&at.directory, at.name, flags, Mode::empty())?);
    Ok(file.metadata()?.is_file().then_some(file))
}

/// Reads a file; `None` if it is not a regular file.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = open(path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Creates a file that does not exist.
pub fn create_file(path: &Path) -> io::Result<File> {
    let at = at(path)?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o666);
    Ok(openat(&at.directory, at.name, flags, mode)?.into())
}

pub fn create_directory(path: &Path, mode: u32) -> io::Result<()> {
    let at = at(path)?;
    let mode = Mode::from_raw_mode(mode as rustix::fs::RawMode);
    Ok(rustix::fs::mkdirat(&at.directory, at.name, mode)?)
}

pub fn remove_file(path: &Path) -> io::Result<()> {
    let at = at(path)?;
    Ok(unlinkat(&at.directory, at.name, AtFlags::empty())?)
}

pub fn remove_directory(path: &Path) -> io::Result<()> {
    let at = at(path)?;
    Ok(unlinkat(&at.directory, at.name, AtFlags::REMOVEDIR)?)
}

/// Renames a file and replaces what has the name.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = both(from, to)?;
    Ok(replace(&from, &to)?)
}

/// Renames a file unless something has the name.
///
/// If a file system has neither a rename that fails for an existing name nor hard links, the name
/// is checked first, which leaves a gap.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = both(from, to)?;
    let mut outcome = Err(Errno::NOSYS);
    for way in [take_if_free, link_if_free, look_and_replace] {
        outcome = way(&from, &to);
        if matches!(outcome, Ok(()) | Err(Errno::EXIST)) {
            break;
        }
    }
    Ok(outcome?)
}

/// Exchanges the names of two files; if the system cannot do so, the second is replaced.
pub fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = both(from, to)?;
    match swap(&from, &to) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(replace(&from, &to)?),
        outcome => Ok(outcome?),
    }
}

fn replace(from: &At, to: &At) -> Result<(), Errno> {
    renameat(&from.directory, from.name, &to.directory, to.name)
}

fn link_if_free(from: &At, to: &At) -> Result<(), Errno> {
    let flags = AtFlags::empty();
    linkat(&from.directory, from.name, &to.directory, to.name, flags)?;
    unlinkat(&from.directory, from.name, flags)
}

fn look_and_replace(from: &At, to: &At) -> Result<(), Errno> {
    match kind(&to.directory, to.name) {
        Ok(_) => Err(Errno::EXIST),
        Err(_) => replace(from, to),
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod flagged {
    use super::At;
    use rustix::fs::{RenameFlags, renameat_with};
    use rustix::io::Errno;

    pub fn take_if_free(from: &At, to: &At) -> Result<(), Errno> {
        let flags = RenameFlags::NOREPLACE;
        renameat_with(&from.directory, from.name, &to.directory, to.name, flags)
    }

    pub fn swap(from: &At, to: &At) -> Result<(), Errno> {
        let flags = RenameFlags::EXCHANGE;
        renameat_with(&from.directory, from.name, &to.directory, to.name, flags)
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod flagged {
    use super::At;
    use rustix::io::Errno;

    pub fn take_if_free(_: &At, _: &At) -> Result<(), Errno> {
        Err(Errno::NOSYS)
    }

    pub fn swap(_: &At, _: &At) -> Result<(), Errno> {
        Err(Errno::NOSYS)
    }
}

use flagged::{swap, take_if_free};

/// Makes the names in a directory durable, if the file system can.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    let directory = File::from(open_directory(directory, OFlags::RDONLY)?);
    directory.sync_all().or_else(|error| match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// No way to rename replaces a file that has the name.
    #[test]
    fn a_name_that_is_taken_stays() {
        for way in [take_if_free, link_if_free, look_and_replace] {
            let sandbox = tempfile::tempdir().expect("a directory");
            let directory = sandbox.path().canonicalize().expect("there");
            let (from, to) = (directory.join("from"), directory.join("to"));
            fs::write(&from, "new").expect("written");
            fs::write(&to, "mine").expect("written");
            let names = || (at(&from).expect("open"), at(&to).expect("open"));
            let (there, taken) = names();
            assert_eq!(way(&there, &taken), Err(Errno::EXIST));
            assert_eq!(fs::read_to_string(&to).expect("there"), "mine");
            fs::remove_file(&to).expect("removed");
            let (there, free) = names();
            assert_eq!(way(&there, &free), Ok(()));
            assert_eq!(fs::read_to_string(&to).expect("there"), "new");
            assert!(!from.exists());
        }
    }
}
