//! Tools that others have installed.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use super::children::spawn;

/// The version that a command prints when it runs in `directory`; `None` when it cannot be run.
pub fn version_of(command: &[&str], directory: &Path) -> Option<String> {
    let (program, arguments) = command.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    // rustup would install what the repository asks for.
    command.env("RUSTUP_AUTO_INSTALL", "0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (mut child, group) = spawn(&mut command).ok()?;
    let mut printed = String::new();
    let read = child.stdout.take().map(|mut pipe| pipe.read_to_string(&mut printed));
    let status = read?.and_then(|_| child.wait());
    drop(group);
    status.ok().filter(|status| status.success())?;
    let mut words = printed.split_whitespace().map(|word| word.trim_start_matches('v'));
    words.find(|word| word.starts_with(|first: char| first.is_ascii_digit())).map(str::to_owned)
}
