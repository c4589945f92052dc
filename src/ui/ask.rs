//! Questions to the user: what to do about each file that exists and is different, and what to pick.

use std::io::BufRead;

use dialoguer::Select;
use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};

use super::BOLD;
use super::plan::coloured;
use super::style::Colors;
use crate::error::{Conflict, Error, ErrorKind, Result};
use crate::plan::{Change, file_diff};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAnswer {
    Keep,
    Overwrite,
    /// Keep it and write the new one beside it.
    Beside,
    Edit,
    Quit,
}

const TO_WRITE: &[(&str, &str, UserAnswer)] = &[
    ("k", "keep yours", UserAnswer::Keep),
    ("o", "overwrite it", UserAnswer::Overwrite),
    ("b", "write the new one beside it as .new", UserAnswer::Beside),
    ("e", "edit both into one", UserAnswer::Edit),
    ("q", "quit, and write nothing", UserAnswer::Quit),
];

const TO_DELETE: &[(&str, &str, UserAnswer)] = &[
    ("k", "keep it", UserAnswer::Keep),
    ("d", "delete it", UserAnswer::Overwrite),
    ("q", "quit, and write nothing", UserAnswer::Quit),
];

/// Shows what would change and asks until there is an answer. The end of the input means to quit.
pub fn ask(
    conflict: &Conflict,
    change: &Change,
    input: &mut dyn BufRead,
    say: &mut dyn FnMut(&str),
) -> UserAnswer {
    let choices = match change {
        Change::Delete(_) => TO_DELETE,
        _ => TO_WRITE,
    };
    let diff = coloured(&file_diff(&conflict.path, change));
    say(&format!("{diff}\n{BOLD}{}{BOLD:#} {conflict}\n", conflict.path));
    loop {
        for (key, what, _) in choices {
            say(&format!("  {BOLD}{key}{BOLD:#}  {what}\n"));
        }
        say("? ");
        let mut line = String::new();
        if !input.read_line(&mut line).is_ok_and(|length| length > 0) {
            return UserAnswer::Quit;
        }
        let line = line.trim().to_lowercase();
        if let Some((.., answer)) = choices.iter().find(|(key, ..)| line == *key) {
            return *answer;
        }
    }
}

/// Lets the user pick a line with the arrow keys. `None` to quit.
pub fn pick(prompt: &str, lines: &[String], first: usize, colors: Colors) -> Result<Option<usize>> {
    let (plain, colored) = (SimpleTheme, ColorfulTheme::default());
    let theme: &dyn Theme = if colors == Colors::On { &colored } else { &plain };
    let select = Select::with_theme(theme).with_prompt(prompt).items(lines).default(first);
    select.interact_on_opt(&Term::stderr()).map_err(|error| {
        // It was hidden when Ctrl-C was pressed.
        let _ = Term::stderr().show_cursor();
        let dialoguer::Error::IO(error) = error;
        match error.kind() {
            std::io::ErrorKind::Interrupted => ErrorKind::Interrupted.into(),
            _ => Error::failed("cannot read the terminal").with_source(error),
        }
    })
}
