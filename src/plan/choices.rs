//! The choices that a function was generated with: those that are not made again stay as they were.

use std::collections::BTreeMap;

use super::builder::PlanBuilder;
use super::function::{Generated, Generator};
use crate::catalog::{Answers, Choice, Choices};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{FUNCTION_RECORD, Project, hash};

/// The input with the event version that a handler is for.
const EVENT_VERSION: &str = "event-version";

/// What a function was generated with.
#[derive(Default)]
pub struct Earlier {
    /// The choices, as far as they are known; empty for a new function.
    pub choices: Choices,
    /// The hashes of its files as they were generated: files that still have them may be replaced.
    pub hashes: BTreeMap<String, String>,
    /// Whether all choices are known.
    pub known: Known,
}

/// Whether the choices of a function are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// They are, or the function is new.
    #[default]
    All,
    /// An old record does not have them, and they cannot be inferred from its files.
    Part,
}

/// Finds out what the function that `wanted` names was generated with: from the record, else from
/// the files, and where these were edited, from the event version that is wired.
pub fn earlier(plan: &PlanBuilder, generator: &Generator, wanted: &Answers) -> Result<Earlier> {
    let name = &wanted.name;
    let directory = generator.directory(name)?;
    let recorded = plan.record.functions.get(name);
    if let Some(function) = recorded
        && let Some(inputs) = &function.inputs
    {
        generator.answers(name, inputs).map_err(|error| {
            Error::failed(format!("`{}`: {error}", directory.child(FUNCTION_RECORD)))
                .hint("fix what is below `[inputs]` there")
        })?;
        let (choices, hashes) = (inputs.clone(), function.files.clone());
        return Ok(Earlier { choices, hashes, known: Known::All });
    }
    let hashes = match recorded {
        Some(function) => function.files.clone(),
        None => hashes_on_disk(plan.project, &directory)?,
    };
    if let Some((choices, made)) = inferred(generator, name, &hashes)? {
        let hashes = match recorded {
            Some(_) => hashes,
            None => hashes_of(&made),
        };
        return Ok(Earlier { choices, hashes, known: Known::All });
    }
    let choices: Choices = wired_version(plan, generator, name).into_iter().collect();
    let known = match recorded {
        Some(_) => Known::Part,
        None if choices.is_empty() => return Ok(Earlier::default()),
        None => Known::All,
    };
    let hashes = hashes_of(&generator.generate_with(name, &choices)?);
    Ok(Earlier { choices, hashes, known })
}

/// The choices that generate files with these hashes, if there are any.
pub fn inferred(
    generator: &Generator,
    name: &str,
    hashes: &BTreeMap<String, String>,
) -> Result<Option<(Choices, Generated)>> {
    if hashes.is_empty() {
        return Ok(None);
    }
    let mut best: Option<(usize, Choices, Generated)> = None;
    for choices in Answers::possible(generator.scaffold) {
        let made = generator.generate_with(name, &choices)?;
        let is_same = |(file, text): &(&String, &String)| hashes.get(*file) == Some(&hash(text));
        let same = made.files.iter().filter(is_same).count();
        // The manifest and the resource file are meant to be edited.
        let is_code = |file: &str| file.contains('/') && !file.starts_with('.');
        let fits = made.files.iter().filter(|(file, _)| is_code(file)).all(|file| is_same(&file));
        if fits && best.as_ref().is_none_or(|(most, ..)| same > *most) {
            best = Some((same, choices, made));
        }
    }
    Ok(best.map(|(_, choices, made)| (choices, made)))
}

/// The hashes of the files in the directory of a function.
pub fn hashes_on_disk(project: &Project, directory: &RepoPath) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for path in project.files_below(directory)? {
        let text = project.read(&path)?.and_then(|bytes| String::from_utf8(bytes).ok());
        if let (Some(file), Some(text)) = (path.below(directory), text) {
            hashes.insert(file.to_owned(), hash(&text));
        }
    }
    Ok(hashes)
}

/// The hashes of a function's files as they are generated.
pub fn hashes_of(made: &Generated) -> BTreeMap<String, String> {
    made.files.iter().map(|(file, text)| (file.clone(), hash(text))).collect()
}

/// The version of the event that a function is wired for, or what a new one takes the place of, as a
/// choice, where there is one.
fn wired_version(
    plan: &PlanBuilder,
    generator: &Generator,
    name: &str,
) -> Option<(String, Choice)> {
    if !generator.scaffold.inputs.iter().any(|input| input.name == EVENT_VERSION) {
        return None;
    }
    // A file that cannot be read is an error where it is to be edited.
    let wiring = plan.project.wiring(generator.scaffold).ok()?;
    let is_new = !plan.record.functions.contains_key(name);
    let wired = wiring.wired().filter(|wired| is_new || wired.function() == Some(name));
    let version = wired?.version.known()?;
    let versions = &generator.scaffold.versioned()?.versions;
    let choice = Choice::One(version.to_string());
    versions.contains(&version).then(|| (EVENT_VERSION.to_owned(), choice))
}

/// The choices of a function after the plan. A choice that would have changed a kept file stays as
/// it was; `kept` has the texts that these files would have got.
pub fn in_effect(
    plan: &mut PlanBuilder,
    generator: &Generator,
    earlier: &Earlier,
    answers: &Answers,
    kept: &BTreeMap<String, String>,
) -> Result<Choices> {
    let mut choices = answers.choices().clone();
    if kept.is_empty() || earlier.choices.is_empty() {
        return Ok(choices);
    }
    for input in generator.scaffold.inputs.iter().map(|input| &input.name) {
        let was = earlier.choices.get(input);
        if answers.choices().get(input) == was {
            continue;
        }
        let files = files_with(generator, answers, (input, was))?;
        if let Some((file, _)) = kept.iter().find(|(file, text)| files.get(*file) != Some(*text)) {
            set_choice(&mut choices, input, was);
            let was = was.map_or("none".to_owned(), |was| was.values().join(", "));
            let input = input.replace('-', " ");
            plan.notes.push(format!("{input} stays as it is, {was}: `{file}` is kept"));
        }
    }
    Ok(choices)
}

/// The files of a function with these answers, except for one choice, which is as it was.
fn files_with(
    generator: &Generator,
    answers: &Answers,
    (input, was): (&str, Option<&Choice>),
) -> Result<BTreeMap<String, String>> {
    let mut choices = answers.choices().clone();
    set_choice(&mut choices, input, was);
    Ok(generator.generate_with(&answers.name, &choices)?.files)
}

fn set_choice(choices: &mut Choices, input: &str, choice: Option<&Choice>) {
    match choice {
        Some(choice) => drop(choices.insert(input.to_owned(), choice.clone())),
        None => drop(choices.remove(input)),
    }
}

/// Notes which choices of a function change.
pub fn note_changes(
    plan: &mut PlanBuilder,
    generator: &Generator,
    earlier: &Earlier,
    name: &str,
    chosen: &Choices,
) {
    if earlier.choices.is_empty() {
        return;
    }
    let mut before = earlier.choices.clone();
    if before.get(EVENT_VERSION) == chosen.get(EVENT_VERSION) {
        before.extend(wired_version(plan, generator, name));
    }
    for (input, now) in chosen {
        // A choice that was not known does not change.
        let is_list = matches!(now, Choice::Many(_));
        let was = match before.get(input) {
            Some(choice) => choice.values().join(", "),
            None if is_list && earlier.known == Known::All => "none".to_owned(),
            None => continue,
        };
        let now = now.values().join(", ");
        if was != now {
            plan.notes.push(format!("{}: {was} -> {now}", input.replace('-', " ")));
        }
    }
}

/// A change of a choice that decides which code is generated. A file that the user edited does not
/// fit the rest then, so files cannot be kept one by one.
pub struct Switch {
    /// Why an edited file is a conflict.
    pub reason: String,
    /// The files without the change.
    files: BTreeMap<String, String>,
}

impl Switch {
    /// All switches of a function.
    pub fn all(generator: &Generator, earlier: &Earlier, answers: &Answers) -> Result<Vec<Self>> {
        let mut switches = Vec::new();
        for (input, now) in answers.choices() {
            let was = earlier.choices.get(input);
            if let (Some(Choice::One(from)), Choice::One(to)) = (was, now)
                && from != to
            {
                let files = files_with(generator, answers, (input, was))?;
                let input = input.replace('-', " ");
                let reason =
                    format!("was edited with {input} {from}, and another is made for {to}");
                switches.push(Self { reason, files });
            }
        }
        Ok(switches)
    }

    /// Whether a file depends on the choice.
    pub fn concerns(&self, file: &str, text: &str) -> bool {
        self.files.get(file).is_none_or(|before| before != text)
    }
}
