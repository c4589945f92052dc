//! `amplify.yml`, the build settings of Amplify Hosting: what its backend build needs for Rust.

use std::collections::BTreeMap;

use super::text::{
    TextEdit, after_break, indentation, line_end, line_ending, line_start, replaced,
};
use super::yaml::{Scalar, Step, scalars};

/// Why the file is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YamlRefusal {
    /// It is not YAML: what the parser says.
    Syntax(String),
    /// It has no list of commands that build the app's backend, each on a line of its own.
    NoCommands,
}

impl std::fmt::Display for YamlRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "is not YAML: {error}"),
            Self::NoCommands => f.write_str(
                "does not have one list of commands in `backend.phases.build` of the app, a line for each",
            ),
        }
    }
}

/// Where the commands of the backend's build are.
const COMMANDS: [&str; 4] = ["backend", "phases", "build", "commands"];

/// `text` with `steps` before the commands that build the backend of the app in the directory
/// `app`, relative to the file, and those of them that it did not have yet.
///
/// # Errors
/// When `text` is not YAML or has no such commands.
pub fn add_build_steps(
    text: &str,
    app: &str,
    steps: &[String],
) -> Result<(String, Vec<String>), YamlRefusal> {
    let list = commands_of(text, app)?;
    let has = |step: &&String| list.iter().any(|(_, command)| command == *step);
    let new: Vec<_> = steps.iter().filter(|step| !has(step)).cloned().collect();
    if new.is_empty() {
        return Ok((text.to_owned(), new));
    }
    let Some((first, _)) = list.first() else {
        return Err(YamlRefusal::NoCommands);
    };
    let item = item_start(text, *first).ok_or(YamlRefusal::NoCommands)?;
    let dash = item + text[item..].find('-').unwrap_or_default();
    let indent = indentation(text, dash);
    let start = with_comments(text, item);
    let eol = line_ending(text);
    let lines: String = new.iter().map(|step| format!("{indent}- {}{eol}", plain(step))).collect();
    let edited = replaced(text, start..start, &lines);
    let commands = |list: &[(usize, String)]| -> Vec<String> {
        list.iter().map(|(_, command)| command.clone()).collect()
    };
    let expected = [new.clone(), commands(&list)].concat();
    match commands_of(&edited, app)? {
        list if commands(&list) == expected => Ok((edited, new)),
        _ => Err(YamlRefusal::NoCommands),
    }
}

/// The commands that build the backend of an app: the only ones, or those with its `appRoot`.
fn commands_of(text: &str, app: &str) -> Result<Commands, YamlRefusal> {
    let mut lists = command_lists(text)?;
    let is_its = |list: &Sequence| {
        let root = list.app.as_ref().map(|root| root.trim_matches(['.', '/']));
        root.is_none_or(|root| root == app.trim_matches('/'))
    };
    lists.retain(is_its);
    match lists.as_mut_slice() {
        [list] => Ok(std::mem::take(&mut list.commands)),
        _ => Err(YamlRefusal::NoCommands),
    }
}

/// The start of the comments right above a line, which are about it.
fn with_comments(text: &str, line: usize) -> usize {
    let above = line_start(text, line.saturating_sub(1));
    match line > 0 && text[above..line].trim_start().starts_with('#') {
        true => with_comments(text, above),
        false => line,
    }
}

/// `text` without the lines that [`add_build_steps`] has added.
pub fn remove_build_steps(text: &str, steps: &[String]) -> String {
    let mut edit = TextEdit::default();
    let lists = command_lists(text).unwrap_or_default();
    for (start, command) in lists.into_iter().flat_map(|list| list.commands) {
        let line = line_start(text, start);
        let end = after_break(text, line_end(text, start));
        let item = text[line..end].trim().strip_prefix("- ");
        if steps.contains(&command) && item == Some(plain(&command).as_str()) {
            edit.replace(line..end, "");
        }
    }
    edit.apply(text)
}

/// Where the line starts with the `-` of the command at byte `command`, which may be a block that
/// starts in the line below.
fn item_start(text: &str, command: usize) -> Option<usize> {
    let start = line_start(text, command);
    let above = line_start(text, start.saturating_sub(1));
    match text[start..command].trim() {
        "-" => Some(start),
        "" if text[above..start].trim_start().starts_with(['-']) => Some(above),
        _ => None,
    }
}

/// A command as a scalar: as it is, or in quotes where YAML would read something else.
fn plain(step: &str) -> String {
    let quoted = step.contains(": ") || step.contains(" #");
    if quoted || step.starts_with(['"', '\'', '.', '&', '*', '!', '|', '>', '%', '@', '`']) {
        format!("'{}'", step.replace('\'', "''"))
    } else {
        step.to_owned()
    }
}

/// Commands, each with the byte that it starts at.
type Commands = Vec<(usize, String)>;

/// The commands of a backend's build.
#[derive(Default)]
struct Sequence {
    commands: Commands,
    /// What the `appRoot` beside the backend says.
    app: Option<String>,
}

fn command_lists(text: &str) -> Result<Vec<Sequence>, YamlRefusal> {
    let (scalars, error) = scalars(text);
    if let Some(error) = error {
        return Err(YamlRefusal::Syntax(error));
    }
    let key = |key: &str| Step::Key(Some(key.to_owned()));
    let commands = COMMANDS.map(key);
    let mut lists: BTreeMap<Vec<Step>, Sequence> = BTreeMap::new();
    for Scalar { path, text, start } in &scalars {
        if let Some((Step::Item(_), above)) = path.split_last()
            && let Some(app) = above.strip_suffix(&commands)
        {
            lists.entry(app.to_vec()).or_default().commands.push((*start, text.clone()));
        }
    }
    for (app, list) in &mut lists {
        let root = [&app[..], &[key("appRoot")]].concat();
        list.app = scalars.iter().find(|scalar| scalar.path == root).map(|root| root.text.clone());
    }
    Ok(lists.into_values().collect())
}
