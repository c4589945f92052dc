//! The user's rustfmt.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::children::spawn;

/// Formats a Rust source with the configuration in the file `config`, or else with rustfmt's own;
/// `None` when rustfmt is missing or refuses the source or the configuration.
pub fn format_rust(source: &str, edition: &str, config: Option<&Path>) -> Option<String> {
    let rustfmt = std::env::var_os("RUSTFMT").unwrap_or_else(|| OsString::from("rustfmt"));
    let mut command = Command::new(rustfmt);
    command.args(["--quiet", "--emit", "stdout", "--edition", edition]);
    if let Some(config) = config {
        command.arg("--config-path").arg(config);
    }
    // A toolchain file of the repository must not choose a program of the repository, and rustup
    // must not download one.
    command.current_dir(std::env::temp_dir()).env("RUSTUP_AUTO_INSTALL", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let (mut child, group) = spawn(&mut command).ok()?;
    let written = child.stdin.take()?.write_all(source.as_bytes());
    let mut formatted = String::new();
    let read = child.stdout.take()?.read_to_string(&mut formatted);
    let status = child.wait();
    drop(group);
    let is_done = written.is_ok() && read.is_ok() && status.ok()?.success();
    is_done.then_some(formatted)
}
