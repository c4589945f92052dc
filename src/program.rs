//! How the user runs this program: every command that is printed comes from here.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;
use std::sync::OnceLock;

/// What it is where it is installed.
pub(crate) const INSTALLED: &str = "cargo amplify";

static TYPED: OnceLock<String> = OnceLock::new();

thread_local! {
    static IS_INSTALLED: Cell<bool> = const { Cell::new(false) };
}

/// Does some work as the installed program would: what is accepted as its output does not depend on
/// how this one was started.
pub(crate) fn as_installed<T>(work: impl FnOnce() -> T) -> T {
    let before = IS_INSTALLED.replace(true);
    let done = work();
    IS_INSTALLED.set(before);
    done
}

/// Remembers how the process was started, in the directory `current` with these arguments, of which
/// the first is the program. Without it, the program is `cargo amplify`.
pub fn started_as(arguments: &[OsString], current: &Path) {
    let program = arguments.first().map(Path::new).unwrap_or(Path::new(""));
    let is_found = program.parent().is_none_or(|parent| parent == Path::new(""));
    // Under `cargo run`, and for whoever names its path, it may not be installed.
    if !is_found && !is_by_cargo(arguments) {
        let path = current.join(program).display().to_string();
        TYPED.get_or_init(|| shell_word(&path));
    }
}

/// Whether Cargo has put `amplify` first, for `cargo amplify …`.
pub(crate) fn is_by_cargo(arguments: &[OsString]) -> bool {
    arguments.get(1).is_some_and(|first| first == "amplify")
}

/// What the user types to run this program.
pub(crate) fn program() -> &'static str {
    let typed = TYPED.get().filter(|_| !IS_INSTALLED.get());
    typed.map_or(INSTALLED, String::as_str)
}

/// What the user types to run this program with these arguments.
pub(crate) fn command(arguments: &str) -> String {
    format!("{} {arguments}", program())
}

/// A word, quoted for a shell.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./+@:=".contains(c);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
