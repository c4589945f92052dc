//! `amplify.yml`, the build settings of Amplify Hosting: what its backend build needs for Rust.

use saphyr_parser::{Event, Parser};

use super::text::{TextEdit, indentation, line_ending, line_start};

/// Why the file is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YamlRefusal {
    /// It is not YAML: what the parser says.
    Syntax(String),
    /// It has no list of commands that build one backend, each on a line of its own.
    NoCommands,
}

impl std::fmt::Display for YamlRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "is not YAML: {error}"),
            Self::NoCommands => {
                f.write_str("has no list of commands in `backend.phases.build`, or more than one")
            }
        }
    }
}

/// Where the commands of the backend's build are.
const COMMANDS: [&str; 4] = ["backend", "phases", "build", "commands"];

/// `text` with `steps` before the commands that build the backend; as it is when it has them.
///
/// # Errors
/// When `text` is not YAML or has no such commands.
pub fn add_build_steps(text: &str, steps: &[String]) -> Result<String, YamlRefusal> {
    let lists = command_lists(text)?;
    let [list] = lists.as_slice() else {
        return Err(YamlRefusal::NoCommands);
    };
    let has = |step: &String| list.iter().any(|(_, command)| command == step);
    if steps.iter().all(has) {
        return Ok(text.to_owned());
    }
    let Some((first, _)) = list.first() else {
        return Err(YamlRefusal::NoCommands);
    };
    let start = line_start(text, *first);
    let before = &text[start..*first];
    if before.trim() != "-" {
        return Err(YamlRefusal::NoCommands);
    }
    let indent = indentation(text, *first);
    let eol = line_ending(text);
    let lines = steps.iter().filter(|step| !has(step));
    let lines: String = lines
        .map(|step| format!("{indent}- {}{eol}", plain(step)))
        .collect();
    let mut edit = TextEdit::default();
    edit.insert(start, lines);
    let edited = edit.apply(text);
    let commands = |list: &[(usize, String)]| -> Vec<String> {
        list.iter().map(|(_, command)| command.clone()).collect()
    };
    let new: Vec<_> = steps.iter().filter(|step| !has(step)).cloned().collect();
    let expected = [new, commands(list)].concat();
    match command_lists(&edited)?.as_slice() {
        [list] if commands(list) == expected => Ok(edited),
        _ => Err(YamlRefusal::NoCommands),
    }
}

/// `text` without the lines that [`add_build_steps`] has added.
#[must_use]
pub fn remove_build_steps(text: &str, steps: &[String]) -> String {
    let lines = text.split_inclusive('\n').filter(|line| {
        let item = line.trim().strip_prefix("- ");
        !item.is_some_and(|item| steps.iter().any(|step| plain(step) == item))
    });
    lines.collect()
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

/// A place in the tree of a document.
enum Level {
    /// In a mapping: the key whose value comes next.
    Mapping(Option<String>),
    Sequence,
}

/// The commands of each backend's build, each with the byte that it starts at.
fn command_lists(text: &str) -> Result<Vec<Vec<(usize, String)>>, YamlRefusal> {
    let bytes: Vec<_> = text
        .char_indices()
        .map(|(byte, _)| byte)
        .chain([text.len()])
        .collect();
    let mut levels: Vec<Level> = Vec::new();
    let mut lists: Vec<Vec<(usize, String)>> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlRefusal::Syntax(error.to_string()))?;
        match event {
            Event::MappingStart(..) => levels.push(Level::Mapping(None)),
            Event::SequenceStart(..) => {
                levels.push(Level::Sequence);
                if is_commands(&levels) {
                    lists.push(Vec::new());
                }
            }
            Event::MappingEnd | Event::SequenceEnd => {
                levels.pop();
                value_ends(&mut levels);
            }
            Event::Scalar(value, ..) if is_commands(&levels) && in_sequence(&levels) => {
                let start = bytes.get(span.start.index()).copied();
                if let (Some(start), Some(list)) = (start, lists.last_mut()) {
                    list.push((start, value.into_owned()));
                }
            }
            Event::Scalar(value, ..) => match levels.last_mut() {
                Some(Level::Mapping(key @ None)) => *key = Some(value.into_owned()),
                _ => value_ends(&mut levels),
            },
            Event::Alias(_) => value_ends(&mut levels),
            _ => {}
        }
    }
    Ok(lists)
}

fn in_sequence(levels: &[Level]) -> bool {
    matches!(levels.last(), Some(Level::Sequence))
}

/// After a value, a mapping has its next key.
fn value_ends(levels: &mut [Level]) {
    if let Some(Level::Mapping(key)) = levels.last_mut() {
        *key = None;
    }
}

/// Whether the keys that lead here end with those of the commands.
fn is_commands(levels: &[Level]) -> bool {
    let keys = levels.iter().filter_map(|level| match level {
        Level::Mapping(key) => key.as_deref(),
        Level::Sequence => None,
    });
    let keys: Vec<_> = keys.collect();
    keys.ends_with(&COMMANDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "# mine\nversion: 1\nbackend: # äö\n  phases:\n    build:\n      commands:\n\
        \x20       # install\n        - npm ci # all\n        - \"npx ampx pipeline-deploy\"\n\
        frontend:\n  phases:\n    build:\n      commands: [npm run build]\n";

    fn steps() -> Vec<String> {
        [
            "curl -sSf https://example.com | sh",
            ". \"$HOME/.cargo/env\"",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn steps_go_before_the_others_and_comments_stay() {
        let edited = add_build_steps(APP, &steps()).expect("edited");
        let added =
            "        - curl -sSf https://example.com | sh\n        - '. \"$HOME/.cargo/env\"'\n";
        assert_eq!(
            edited,
            APP.replace("        - npm ci", &format!("{added}        - npm ci"))
        );
        assert_eq!(
            add_build_steps(&edited, &steps()).expect("unchanged"),
            edited
        );
        assert_eq!(remove_build_steps(&edited, &steps()), APP);
        let windows = APP.replace('\n', "\r\n");
        let edited = add_build_steps(&windows, &steps()).expect("edited");
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    }

    #[test]
    fn what_has_no_such_list_is_refused() {
        for text in [
            "",
            "version: 1\n",
            "backend:\n  phases:\n    build:\n      commands: [npm ci]\n",
            "backend:\n  phases:\n    build:\n      commands: []\n",
            &format!(
                "applications:\n  - backend: &a {{}}\n  - {}",
                APP.replace('\n', "\n    ")
            )
            .repeat(2),
        ] {
            assert!(add_build_steps(text, &steps()).is_err(), "{text}");
        }
        assert!(matches!(
            add_build_steps("a: [", &steps()),
            Err(YamlRefusal::Syntax(_))
        ));
    }
}
