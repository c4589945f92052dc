//! What a function was made with: choices that are not made again stay as they were.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::function::{Made, Maker};
use super::wiring::wired;
use crate::catalog::{Answers, Choice, Choices};
use crate::error::{Error, Result};
use crate::project::{AUTH, FUNCTION_RECORD, hash};

/// The input that says which version of the event a handler is for.
const EVENT_VERSION: &str = "event-version";

/// What a function was made with.
#[derive(Default)]
pub struct Earlier {
    /// What was chosen, as far as it is known; empty for a function that is new.
    pub choices: Choices,
    /// The hashes of its files as they were made: those that still have them may be replaced.
    pub hashes: BTreeMap<String, String>,
    /// Whether all of it is known.
    pub known: Known,
}

/// Whether it is known what a function was made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// It is, or there is no such function.
    #[default]
    All,
    /// An old record does not say it, and its files are not the sample's.
    Part,
}

/// Finds out what the function that `wanted` names was made with: from the record; where it does
/// not say, from the files; and where they were edited, from the version that is wired.
pub fn earlier(draft: &Draft, maker: &Maker, wanted: &Answers) -> Result<Earlier> {
    let name = &wanted.name;
    let recorded = draft.record.functions.get(name);
    if let Some(function) = recorded.filter(|function| function.kind != maker.scaffold.name) {
        return Ok(Earlier { hashes: function.files.clone(), ..Earlier::default() });
    }
    if let Some(function) = recorded
        && let Some(inputs) = &function.inputs
    {
        as_before(maker, name, inputs).map_err(|error| {
            Error::failed(format!("`{AUTH}/{name}/{FUNCTION_RECORD}`: {error}"))
                .hint("fix what is below `[inputs]` there")
        })?;
        let (choices, hashes) = (inputs.clone(), function.files.clone());
        return Ok(Earlier { choices, hashes, known: Known::All });
    }
    let hashes = match recorded {
        Some(function) => function.files.clone(),
        None => hashes_on_disk(draft, name)?,
    };
    if let Some((choices, made)) = inferred(draft, maker, name, &hashes)? {
        let hashes = match recorded {
            Some(_) => hashes,
            None => hashes_of(&made),
        };
        return Ok(Earlier { choices, hashes, known: Known::All });
    }
    let version = wired_version(draft, maker, name);
    let choices: Choices = version
        .map(|version| (EVENT_VERSION.to_owned(), Choice::One(version)))
        .into_iter()
        .collect();
    let known = match recorded {
        Some(_) => Known::Part,
        None if choices.is_empty() => return Ok(Earlier::default()),
        None => Known::All,
    };
    let hashes = hashes_of(&maker.make(draft, as_before(maker, name, &choices)?)?);
    Ok(Earlier { choices, hashes, known })
}

/// The choices that make the files that have these hashes, if there are such.
pub fn inferred(
    draft: &Draft,
    maker: &Maker,
    name: &str,
    hashes: &BTreeMap<String, String>,
) -> Result<Option<(Choices, Made)>> {
    if hashes.is_empty() {
        return Ok(None);
    }
    let mut best: Option<(usize, Choices, Made)> = None;
    for choices in Answers::possible(maker.scaffold) {
        let made = maker.make(draft, as_before(maker, name, &choices)?)?;
        let is_same = |(file, text): &(&String, &String)| hashes.get(*file) == Some(&hash(text));
        let same = made.files.iter().filter(is_same).count();
        // The manifest and the resource file are there to be edited, and tell little.
        let is_code = |file: &str| file.contains('/') && !file.starts_with('.');
        let fits = made.files.iter().filter(|(file, _)| is_code(file)).all(|file| is_same(&file));
        if fits && best.as_ref().is_none_or(|(most, ..)| same > *most) {
            best = Some((same, choices, made));
        }
    }
    Ok(best.map(|(_, choices, made)| (choices, made)))
}

/// The answers that these choices were.
pub fn as_before(maker: &Maker, name: &str, choices: &Choices) -> Result<Answers> {
    Answers::new(maker.scaffold, Some(name), &Vec::new())?.upon(choices, maker.scaffold)
}

/// The hashes of what is in the folder of a function.
pub fn hashes_on_disk(draft: &Draft, name: &str) -> Result<BTreeMap<String, String>> {
    let folder = draft.project.function(name)?;
    let mut hashes = BTreeMap::new();
    for path in draft.project.files_below(&folder)? {
        let text = draft.project.read(&path)?.and_then(|bytes| String::from_utf8(bytes).ok());
        if let (Some(file), Some(text)) = (path.below(&folder), text) {
            hashes.insert(file.to_owned(), hash(&text));
        }
    }
    Ok(hashes)
}

/// The hashes of a function's files as they are made.
pub fn hashes_of(made: &Made) -> BTreeMap<String, String> {
    made.files.iter().map(|(file, text)| (file.clone(), hash(text))).collect()
}

/// The version of the event that a function is wired for, where there is a choice.
fn wired_version(draft: &Draft, maker: &Maker, name: &str) -> Option<String> {
    if !maker.scaffold.inputs.iter().any(|input| input.name == EVENT_VERSION) {
        return None;
    }
    // What cannot be read is told where it is to be edited.
    let wired = wired(draft.project, maker.scaffold).ok().flatten();
    let version = wired.filter(|wired| wired.function == name)?.version?.0;
    let versions = &maker.scaffold.trigger.versioned.as_ref()?.versions;
    versions.contains(&version).then_some(version)
}

/// Tells which choices of a function are others from now on.
pub fn note_changes(draft: &mut Draft, maker: &Maker, earlier: &Earlier, answers: &Answers) {
    if earlier.choices.is_empty() {
        return;
    }
    let mut before = earlier.choices.clone();
    if before.get(EVENT_VERSION) == answers.choices().get(EVENT_VERSION) {
        let wired = wired_version(draft, maker, &answers.name);
        before.extend(wired.map(|version| (EVENT_VERSION.to_owned(), Choice::One(version))));
    }
    for (input, now) in answers.choices() {
        // What is not known of an old function is no change.
        let is_list = matches!(now, Choice::Many(_));
        let was = match before.get(input) {
            Some(choice) => choice.values().join(", "),
            None if is_list && earlier.known == Known::All => "none".to_owned(),
            None => continue,
        };
        let now = now.values().join(", ");
        if was != now {
            draft.notes.push(format!("{}: {was} -> {now}", input.replace('-', " ")));
        }
    }
}

/// A choice that decides which code there is, and is another one from now on. What a user has
/// edited of the code does not fit the rest then, so it is not to be decided file by file.
pub struct Switch {
    /// Why an edited file is in the way.
    pub reason: String,
    /// The files as they were made.
    files: BTreeMap<String, String>,
}

impl Switch {
    /// The switch that a function is to make, if it is one.
    pub fn find(
        draft: &Draft,
        maker: &Maker,
        earlier: &Earlier,
        answers: &Answers,
    ) -> Result<Option<Self>> {
        let switched = answers.choices().iter().find_map(|(input, now)| {
            match (earlier.choices.get(input)?, now) {
                (Choice::One(from), Choice::One(to)) if from != to => Some((input, from, to)),
                _ => None,
            }
        });
        let Some((input, from, to)) = switched else {
            return Ok(None);
        };
        let before = as_before(maker, &answers.name, &earlier.choices)?;
        let files = maker.make(draft, before)?.files;
        let reason = format!(
            "was edited with {} {from}, and another is made for {to}",
            input.replace('-', " ")
        );
        Ok(Some(Self { reason, files }))
    }

    /// Whether a file is not the same with the choice.
    pub fn concerns(&self, file: &str, text: &str) -> bool {
        self.files.get(file).is_none_or(|before| before != text)
    }
}
