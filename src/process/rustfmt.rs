//! The user's rustfmt.

use std::ffi::OsString;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::children::output;

/// What rustfmt makes of a source.
#[derive(Debug)]
pub enum Formatted {
    Text(String),
    /// It is not Rust: why, and the line and column, counted from 1.
    Refused {
        message: String,
        position: (usize, usize),
    },
    /// rustfmt is not installed, or cannot be run.
    Missing,
}

/// Formats a Rust source with the configuration in the file `config`, or else with rustfmt's own;
/// `None` when rustfmt is missing or refuses the source or the configuration.
pub fn format_rust(source: &str, edition: &str, config: Option<&Path>) -> Option<String> {
    match formatted(source, edition, config) {
        Formatted::Text(text) => Some(text),
        Formatted::Refused { .. } | Formatted::Missing => None,
    }
}

/// The same, with what is wrong.
pub fn formatted(source: &str, edition: &str, config: Option<&Path>) -> Formatted {
    run(source, edition, config).unwrap_or(Formatted::Missing)
}

/// Whether all sources are as rustfmt lays them out. It is started once.
pub fn format_texts(sources: &[&str], edition: &str) -> bool {
    // Comments about a whole file can only be at the start of one, and those about an item only
    // directly before it.
    let file = |source: &&str| format!("// A file.\n\n{}", source.replace("//!", "//"));
    let all = sources.iter().map(file).collect::<Vec<_>>().join("\n");
    format_rust(&all, edition, None).is_some_and(|formatted| formatted == all)
}

fn run(source: &str, edition: &str, config: Option<&Path>) -> std::io::Result<Formatted> {
    let rustfmt = std::env::var_os("RUSTFMT").unwrap_or_else(|| OsString::from("rustfmt"));
    let mut command = Command::new(rustfmt);
    command.args(["--quiet", "--emit", "stdout", "--color", "never", "--edition", edition]);
    if let Some(config) = config {
        command.arg("--config-path").arg(config);
    }
    // Files, since rustfmt waits for a reader of a pipe that is full.
    let (mut input, mut errors) = (tempfile::tempfile()?, tempfile::tempfile()?);
    input.write_all(source.as_bytes())?;
    input.rewind()?;
    // A toolchain file of the repository must not choose a program of the repository, and rustup
    // must not download one.
    command.current_dir(std::env::temp_dir()).env("RUSTUP_AUTO_INSTALL", "0");
    command.stdin(input).stdout(Stdio::piped()).stderr(errors.try_clone()?);
    let (text, status) = output(&mut command)?;
    if status.success() {
        return Ok(Formatted::Text(text));
    }
    let mut said = String::new();
    errors.rewind()?;
    errors.read_to_string(&mut said)?;
    Ok(refusal(&said))
}

/// Why a source is refused, as rustfmt says like rustc: `error: …`, and ` --> <stdin>:3:10`.
fn refusal(said: &str) -> Formatted {
    let message = said.lines().find_map(|line| line.strip_prefix("error: "));
    let place = said.lines().find_map(|line| line.trim().strip_prefix("--> <stdin>:"));
    let (Some(message), Some((line, column))) = (message, place.and_then(|it| it.split_once(':')))
    else {
        return Formatted::Missing;
    };
    let position = (line.parse().unwrap_or(1), column.parse().unwrap_or(1));
    Formatted::Refused { message: message.to_owned(), position }
}
