//! Names of scaffolds and of what they generate.

use heck::{ToKebabCase, ToUpperCamelCase};

use crate::error::{Error, Result};

/// A name without case and separators: equal for `pre-sign-up`, `preSignUp` and `PreSignUp`.
pub fn normalized(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The one of these names that `name` is a spelling of, such as `preSignUp` of `pre-sign-up`.
pub fn spelled<'a>(name: &str, known: &'a [impl AsRef<str>]) -> Option<&'a str> {
    let known = || known.iter().map(AsRef::as_ref);
    let exact = known().find(|known| *known == name);
    exact.or_else(|| {
        let mut alike = known().filter(|known| normalized(known) == normalized(name));
        alike.next().filter(|_| alike.next().is_none())
    })
}

/// `pre-token-generation`, `preTokenGeneration` and `PRE_TOKEN_GENERATION` as
/// `PreTokenGeneration`.
pub fn pascal(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The candidate that `name` was most likely meant to be.
pub fn nearest<'a>(name: &str, candidates: &'a [impl AsRef<str>]) -> Option<&'a str> {
    let name = normalized(name);
    let similarity = |candidate: &str| strsim::jaro_winkler(&name, &normalized(candidate));
    let candidates = candidates.iter().map(AsRef::as_ref);
    candidates
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// What to choose instead of `name`, as a hint or label.
pub fn suggestion(name: &str, candidates: &[impl AsRef<str>]) -> String {
    match nearest(name, candidates) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let all: Vec<_> = candidates.iter().map(AsRef::as_ref).collect();
            format!("choose one of: {}", all.join(", "))
        }
    }
}

/// Checks the name of a function, which is also the name of its directory, crate and binary.
///
/// # Errors
/// When Lambda, Cargo or Rust would reject it, with a name that works.
pub fn check_function_name(name: &str) -> Result<()> {
    let Some(problem) = problem(name) else {
        return Ok(());
    };
    let error = Error::failed(format!("the name `{}` {problem}", name.escape_debug()));
    Err(match better_name(name) {
        Some(better) => error.hint(format!("choose another one, such as `--name {better}`")),
        None => error.hint("choose another one, such as `--name add-claims`"),
    })
}

/// The longest name of a Lambda function. Source: `FunctionName` of the Lambda API.
const LONGEST: usize = 64;

/// Names of the directories that Cargo creates beside the binaries.
const CARGO_DIRECTORIES: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// Crates of Rust itself, which another one of that name would hide.
const STANDARD_CRATES: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// Reserved in Rust: strict and reserved keywords of all editions.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

fn is_device(name: &str) -> bool {
    let numbered = |prefix| {
        let number = name.strip_prefix(prefix);
        number.is_some_and(|number| number.len() == 1 && number != "0" && is_digit(number))
    };
    matches!(name, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

fn is_digit(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn problem(name: &str) -> Option<String> {
    let identifier = name.replace('-', "_");
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    if let Some(character) = name.chars().find(|c| !c.is_ascii() || !allowed(*c as u8)) {
        return Some(format!(
            "has the character {character:?}; a crate name has lower-case letters, digits, `-` and `_`"
        ));
    }
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Some("does not start with a letter".to_owned());
    }
    if name.len() > LONGEST {
        return Some(format!("is longer than Lambda's {LONGEST} characters"));
    }
    if KEYWORDS.contains(&identifier.as_str()) {
        return Some("is a keyword of Rust".to_owned());
    }
    if STANDARD_CRATES.contains(&identifier.as_str()) {
        return Some("is the name of a crate of Rust itself".to_owned());
    }
    if CARGO_DIRECTORIES.contains(&name) {
        return Some("is the name of a directory that Cargo keeps beside the binaries".to_owned());
    }
    is_device(name).then(|| "is a device on Windows".to_owned())
}

/// The nearest name without a problem.
fn better_name(name: &str) -> Option<String> {
    let better = name.replace(|c: char| !c.is_ascii(), "-").to_kebab_case();
    let better = better.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let better = better[..better.len().min(LONGEST)].trim_end_matches('-');
    let candidates = [better.to_owned(), format!("{better}-trigger")];
    candidates.into_iter().find(|name| problem(name).is_none())
}
