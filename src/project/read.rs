//! Reading a file that somebody else may have written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::is_absent;
use crate::error::{Error, Result};

/// The largest file that is read, in bytes. The largest `Cargo.lock` are smaller.
const LIMIT: u64 = 8 * 1024 * 1024;

/// The bytes of a file in the directory `within`; `None` when there is nothing at the path.
///
/// Links are followed as far as they stay in `within`: else a repository could have a file of the
/// user's shown in a message. Only a regular file is read, as a pipe never ends, and a device may
/// have no end.
///
/// # Errors
/// When something is there but is not such a file, cannot be read, or has more than 8 MiB.
pub fn read(file: &Path, within: &Path) -> Result<Option<Vec<u8>>> {
    let cannot = |error| Error::io("read", file, error);
    let refuse = |problem: String| Error::failed(format!("`{}` {problem}", file.display()));
    let real = match fs::canonicalize(file) {
        Ok(real) => real,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot(error)),
    };
    let within = fs::canonicalize(within).map_err(cannot)?;
    if !real.starts_with(&within) {
        let target = real.display();
        return Err(refuse(format!("links outside the project, to `{target}`"))
            .hint("replace the link by a file of the project"));
    }
    let opened = open(&real).map_err(cannot)?;
    let metadata = opened.metadata().map_err(cannot)?;
    if metadata.is_dir() {
        return Ok(None);
    }
    if !metadata.is_file() {
        return Err(refuse("is not a regular file".to_owned())
            .hint("remove it, or replace it by a regular file"));
    }
    let mut bytes = Vec::new();
    opened.take(LIMIT + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LIMIT {
        return Err(refuse("has more than 8 MiB".to_owned())
            .hint("no file that this program reads is that large: is it the right one?"));
    }
    Ok(Some(bytes))
}

/// The text of a file in the directory `within`; `None` when there is nothing at the path.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub fn read_text(file: &Path, within: &Path) -> Result<Option<String>> {
    let Some(bytes) = read(file, within)? else {
        return Ok(None);
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let problem = format!("`{}` is not UTF-8 from byte {at} on", file.display());
        Error::failed(problem).hint("save the file as UTF-8 and run the command again")
    })
}

/// Opens without waiting for a writer, as a pipe would.
#[cfg(unix)]
fn open(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(flags).open(file)
}

#[cfg(not(unix))]
fn open(file: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(file)
}
