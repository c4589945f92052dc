//! Tools that others have installed.

use std::path::Path;
use std::process::{Command, Stdio};

use super::children::output;

/// The version that a command prints when it runs in `directory`; `None` when it cannot be run.
pub fn version_of(command: &[&str], directory: &Path) -> Option<String> {
    let (program, arguments) = command.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    // rustup would install what the repository asks for.
    command.env("RUSTUP_AUTO_INSTALL", "0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (printed, _) = output(&mut command).ok().filter(|(_, status)| status.success())?;
    let mut words = printed.split_whitespace().map(|word| word.trim_start_matches('v'));
    words.find(|word| word.starts_with(|first: char| first.is_ascii_digit())).map(str::to_owned)
}
