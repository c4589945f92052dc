//! YAML as its scalars, each with its place in the document.

use saphyr_parser::{Event, Parser};

/// A step on the way from the document to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a mapping: the key, once it is read.
    Key(Option<String>),
    /// Into a sequence: the index.
    Item(usize),
}

/// A scalar that is a value.
pub struct Scalar {
    pub path: Vec<Step>,
    pub text: String,
    /// The byte that it starts at.
    pub start: usize,
}

/// No setting that is looked for is deeper.
const DEEPEST: usize = 8;

/// The scalars of `text` up to the first error, and what the parser says of that.
pub fn scalars(text: &str) -> (Vec<Scalar>, Option<String>) {
    let bytes: Vec<_> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let mut found = Vec::new();
    let mut path = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => return (found, Some(error.to_string())),
        };
        match (event, path.last_mut()) {
            (Event::MappingStart(..), _) => path.push(Step::Key(None)),
            (Event::SequenceStart(..), _) => path.push(Step::Item(0)),
            (Event::Scalar(key, ..), Some(Step::Key(next @ None))) => *next = Some(key.into()),
            (Event::Scalar(value, ..), _) => {
                let start = bytes.get(span.start.index()).copied();
                if let Some(start) = start.filter(|_| path.len() <= DEEPEST) {
                    found.push(Scalar { path: path.clone(), text: value.into(), start });
                }
                value_ends(&mut path);
            }
            (Event::MappingEnd | Event::SequenceEnd, _) => {
                path.pop();
                value_ends(&mut path);
            }
            (Event::Alias(_), _) => value_ends(&mut path),
            _ => {}
        }
    }
    (found, None)
}

/// After a value comes the next key, or the next item.
fn value_ends(path: &mut [Step]) {
    match path.last_mut() {
        Some(Step::Key(key)) => *key = None,
        Some(Step::Item(index)) => *index += 1,
        None => {}
    }
}
