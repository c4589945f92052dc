//! Files by the directory that they are in, which is opened step by step: a link that somebody puts
//! on the way meanwhile is not followed. Paths are real ones, from the root of the file system.

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

/// Opens a directory that only leads to others, for which its owner need not let it be read.
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const STEP: OFlags = OFlags::RDONLY;

struct At<'a> {
    folder: Rc<OwnedFd>,
    name: &'a OsStr,
}

fn at(path: &Path) -> io::Result<At<'_>> {
    let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let folder = Rc::new(open_folder(above, STEP)?);
    Ok(At { folder, name })
}

/// Two names, most often in one directory, which is opened once.
fn both<'a>(from: &'a Path, to: &'a Path) -> io::Result<(At<'a>, At<'a>)> {
    let first = at(from)?;
    let second = match to.file_name() {
        Some(name) if from.parent() == to.parent() => At { folder: Rc::clone(&first.folder), name },
        _ => at(to)?,
    };
    Ok((first, second))
}

fn open_folder(path: &Path, last: OFlags) -> io::Result<OwnedFd> {
    let steps = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut folder = openat(CWD, "/", STEP | flags, Mode::empty())?;
    let mut steps = steps.peekable();
    while let Some(name) = steps.next() {
        let access = if steps.peek().is_some() { STEP } else { last };
        let step = openat(&folder, name, access | flags, Mode::empty());
        folder = step.map_err(|error| match is_link(&folder, name) {
            true => io::Error::other("a link has come up in the place of a directory"),
            false => error.into(),
        })?;
    }
    Ok(folder)
}

fn is_link(folder: &OwnedFd, name: &OsStr) -> bool {
    kind(folder, name) == Ok(FileType::Symlink)
}

fn kind(folder: &OwnedFd, name: &OsStr) -> Result<FileType, Errno> {
    let found = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(found.st_mode))
}

/// Opens a file to read it; `None` where there is something else.
pub fn open(path: &Path) -> io::Result<Option<File>> {
    let at = at(path)?;
    if kind(&at.folder, at.name)? != FileType::RegularFile {
        return Ok(None);
    }
    // What is no file any more is not waited for.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(openat(&at.folder, at.name, flags, Mode::empty())?);
    Ok(file.metadata()?.is_file().then_some(file))
}

/// Reads a file; `None` where there is something else.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = open(path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Makes a file where nothing is.
pub fn create_file(path: &Path) -> io::Result<File> {
    let at = at(path)?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o666);
    Ok(openat(&at.folder, at.name, flags, mode)?.into())
}

pub fn create_folder(path: &Path) -> io::Result<()> {
    create(path, 0o777)
}

/// Makes a folder that others cannot look into.
pub fn create_private(path: &Path) -> io::Result<()> {
    create(path, 0o700)
}

fn create(path: &Path, mode: u32) -> io::Result<()> {
    let at = at(path)?;
    let mode = Mode::from_raw_mode(mode as rustix::fs::RawMode);
    Ok(rustix::fs::mkdirat(&at.folder, at.name, mode)?)
}

pub fn remove_file(path: &Path) -> io::Result<()> {
    let at = at(path)?;
    Ok(unlinkat(&at.folder, at.name, AtFlags::empty())?)
}

pub fn remove_folder(path: &Path) -> io::Result<()> {
    let at = at(path)?;
    Ok(unlinkat(&at.folder, at.name, AtFlags::REMOVEDIR)?)
}

/// Gives a file another name, whatever has it.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = both(from, to)?;
    Ok(replace(&from, &to)?)
}

/// Gives a file a name that nothing has.
///
/// Where a file system has neither a rename that keeps what is there nor hard links, it is looked
/// at before, which is not the same but all there is.
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

/// Gives two files each other's names; where that cannot be done, the second goes.
pub fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = both(from, to)?;
    match swap(&from, &to) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(replace(&from, &to)?),
        outcome => Ok(outcome?),
    }
}

fn replace(from: &At, to: &At) -> Result<(), Errno> {
    renameat(&from.folder, from.name, &to.folder, to.name)
}

fn link_if_free(from: &At, to: &At) -> Result<(), Errno> {
    let flags = AtFlags::empty();
    linkat(&from.folder, from.name, &to.folder, to.name, flags)?;
    unlinkat(&from.folder, from.name, flags)
}

fn look_and_replace(from: &At, to: &At) -> Result<(), Errno> {
    match kind(&to.folder, to.name) {
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
        renameat_with(&from.folder, from.name, &to.folder, to.name, flags)
    }

    pub fn swap(from: &At, to: &At) -> Result<(), Errno> {
        let flags = RenameFlags::EXCHANGE;
        renameat_with(&from.folder, from.name, &to.folder, to.name, flags)
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

/// Makes the names in a folder last. Where a file system cannot do that, they last as long as it
/// makes them.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = File::from(open_folder(folder, OFlags::RDONLY)?);
    folder.sync_all().or_else(|error| match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Each way to take a name keeps what has it; the first two do so by themselves.
    #[test]
    fn a_name_that_is_taken_stays() {
        for way in [take_if_free, link_if_free, look_and_replace] {
            let sandbox = tempfile::tempdir().expect("a directory");
            let folder = sandbox.path().canonicalize().expect("there");
            let (from, to) = (folder.join("from"), folder.join("to"));
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
