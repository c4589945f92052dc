//! What is answered to a command line that is wrong or asks for help.

use std::ffi::OsString;
use std::ops::Range;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::catalog::{Catalog, DEFAULT_FAMILY, InputKind, nearest, spelled, suggestion};
use crate::cli::{self, Command, New, Remove};
use crate::error::{Error, Result};
use crate::program::{command, shell_word};

/// What people call commands, and which command that is here.
const ALIKE: [(&[&str], &[&str]); 8] = [
    (&["add", "create", "generate", "init", "install"], &["new", DEFAULT_FAMILY]),
    (&["delete", "rm", "uninstall", "destroy", "drop"], &["remove", DEFAULT_FAMILY]),
    (&["ls", "show", "status", "info", "triggers", "kinds"], &["list"]),
    (&["lint", "validate", "verify", "fix", "status", "diff"], &["check"]),
    (&["run", "call", "try", "exec"], &["invoke"]),
    (&["test"], &["invoke", "--all"]),
    (
        &["deploy", "push", "sandbox", "publish", "template", "export", "build", "package"],
        &["synth"],
    ),
    (&["start", "dev", "local", "watch", "emulate"], &["serve"]),
];

/// What people call flags, and which flag that is here.
const FLAGS: [(&[&str], &[&str]); 6] = [
    (&["--json", "--output-json"], &["--format", "json"]),
    (&["--yaml"], &["--format", "yaml"]),
    (&["--github"], &["--format", "github"]),
    (&["--force", "--overwrite", "--yes", "-f", "-y"], &["--on-conflict", "overwrite"]),
    (&["--output", "-o", "--file"], &["--out"]),
    (&["--cwd", "--dir", "--directory", "--project", "-C", "-p"], &["--path"]),
];

/// What people generate with `new`, in their words.
const TRIGGERS: [&str; 7] = ["trigger", "triggers", "auth", "function", "lambda", "handler", "app"];

/// Adds what was probably meant to Clap's message about the arguments, the program left out.
pub fn explain(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let tips = tips(&error, arguments);
    if !tips.is_empty() {
        for guess in
            [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::Suggested]
        {
            error.remove(guess);
        }
        let tips = tips.into_iter().map(Into::into).collect();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// The message for programs.
pub fn for_programs(error: &clap::Error, arguments: &[OsString]) -> Error {
    let text = error.render().to_string();
    // The usage and the hint for help come after an empty line.
    let message = text.split("\n\n").next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let failed = Error::usage(message.lines().map(str::trim).collect::<Vec<_>>().join(" "));
    tips(error, arguments).into_iter().fold(failed, Error::hint)
}

fn tips(error: &clap::Error, arguments: &[OsString]) -> Vec<String> {
    let Some(words) = arguments.iter().map(|word| word.to_str()).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let catalog = Catalog::embedded();
    let wrong = |context| match error.get(context) {
        Some(ContextValue::String(word)) => words.iter().position(|known| known == word),
        _ => None,
    };
    let input = input_as_flag(error, &words, &catalog);
    let meant = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let Some(wrong) = wrong(ContextKind::InvalidSubcommand) else {
                return Vec::new();
            };
            return commands(&words, wrong, &catalog);
        }
        ErrorKind::UnknownArgument => match &input {
            Some((flag, input)) => Some(vec![replaced(&words, flag.clone(), &["--input", input])]),
            None => wrong(ContextKind::InvalidArg).map(|wrong| {
                let alike = FLAGS.iter().filter(|(flags, _)| flags.contains(&words[wrong]));
                alike.map(|(_, flag)| replaced(&words, wrong..wrong + 1, flag)).collect()
            }),
        },
        ErrorKind::MissingRequiredArgument => {
            let end = words.len();
            let family = || replaced(&words, end..end, &[DEFAULT_FAMILY]);
            let kind = words.iter().position(|word| spelled(word, &kinds(&catalog)).is_some());
            Some(match kind {
                Some(kind) => vec![with_family(&words, kind, words[kind], &catalog)],
                None => lacks_family(error).then(family).into_iter().collect(),
            })
        }
        _ => None,
    };
    let meant = meant.unwrap_or_default().into_iter();
    meant.filter_map(|words| runnable(words, &catalog)).collect()
}

/// The words that give an input as if it were a flag, and the value of `--input` that they mean.
fn input_as_flag(
    error: &clap::Error,
    words: &[&str],
    catalog: &Catalog,
) -> Option<(Range<usize>, String)> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let name = flag.strip_prefix("--")?;
    let inputs = catalog.scaffolds().ok()?.into_iter().flat_map(|scaffold| scaffold.inputs);
    let input = inputs.into_iter().find(|input| input.name == name)?;
    let at = words.iter().position(|word| word.split('=').next() == Some(flag))?;
    let (end, value) = match (&input.kind, words[at].split_once('='), words.get(at + 1)) {
        (_, Some((_, value)), _) => (at + 1, value),
        (InputKind::Flag, None, _) => (at + 1, "true"),
        (_, None, Some(value)) => (at + 2, *value),
        (_, None, None) => return None,
    };
    Some((at..end, format!("{name}={value}")))
}

/// The hint to run these words and what else they lack: a family, and `KIND` in place of a kind.
/// `None` if they stay wrong.
fn runnable(mut words: Vec<&str>, catalog: &Catalog) -> Option<String> {
    if cli::parse(&words).is_err() {
        words.push("KIND");
    }
    let kinds = kinds(catalog);
    if let Command::New(New { family, .. }) | Command::Remove(Remove { family, .. }) =
        cli::parse(&words).ok()?.command
        && let Some(kind) = spelled(&family, &kinds)
    {
        let wrong = words.iter().position(|word| *word == family)?;
        return Some(run(&with_family(&words, wrong, kind, catalog)));
    }
    Some(run(&words))
}

/// What to run instead of a command line with a wrong command.
fn commands(words: &[&str], wrong: usize, catalog: &Catalog) -> Vec<String> {
    let word = words[wrong];
    if let Some(kind) = spelled(word, &kinds(catalog)) {
        let family = catalog.family_of(kind).unwrap_or(DEFAULT_FAMILY);
        return vec![run(&replaced(words, wrong..wrong + 1, &["new", family, kind]))];
    }
    let after = after_family(words, wrong, catalog);
    let alike = ALIKE.iter().filter(|(names, _)| names.contains(&word));
    let alike = alike.filter_map(|(_, command)| {
        let with_the_rest = runnable(replaced(words, wrong..after, command), catalog);
        with_the_rest.or_else(|| runnable(command.to_vec(), catalog))
    });
    alike.chain(elsewhere(word)).collect()
}

/// What does that which people look for here.
fn elsewhere(word: &str) -> Option<String> {
    Some(match word {
        "test" => "`cargo test` runs the tests of the handlers".to_owned(),
        "deploy" | "push" | "sandbox" | "publish" => {
            "SAM or the AWS CLI deploys the template, `npx ampx sandbox` an Amplify app in TypeScript"
                .to_owned()
        }
        "update" | "upgrade" | "migrate" => format!(
            "to bring a function up to date, run `{}`; to install a newer program, run \
             `cargo install --locked --path .` in its checkout",
            command(&format!("new {DEFAULT_FAMILY} KIND"))
        ),
        "rename" | "mv" | "move" => {
            format!("rename the function's directory, then run `{}`", command("check --fix"))
        }
        _ => return None,
    })
}

fn lacks_family(error: &clap::Error) -> bool {
    let missing = error.get(ContextKind::InvalidArg);
    matches!(missing, Some(ContextValue::Strings(all)) if all.iter().any(|name| name == "<FAMILY>"))
}

/// Checks that there is a family of this name, which the arguments have, the program left out.
///
/// # Errors
/// When there is none, with what to run instead.
pub fn check_family(family: &str, catalog: &Catalog, arguments: &[OsString]) -> Result<()> {
    if catalog.families().contains(&family) {
        return Ok(());
    }
    let error = Error::usage(format!("there is no family `{family}` of scaffolds"));
    let words: Vec<_> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let kinds = kinds(catalog);
    let kind = spelled(family, &kinds).or_else(|| nearest(family, &kinds));
    let wrong = words.iter().position(|word| *word == family).unwrap_or_default();
    let meant = match kind {
        _ if TRIGGERS.contains(&family) => {
            let after = after_family(&words, wrong, catalog);
            replaced(&words, wrong..after, &[DEFAULT_FAMILY])
        }
        Some(kind) => with_family(&words, wrong, kind, catalog),
        None => return Err(error.hint(suggestion(family, &catalog.families()))),
    };
    Err(error.hint(run(&meant)))
}

fn kinds(catalog: &Catalog) -> Vec<&str> {
    catalog.names().into_iter().chain(catalog.bundles()).collect()
}

/// The words with the family of a kind before it, in the place of a word.
fn with_family<'a>(
    words: &[&'a str],
    wrong: usize,
    kind: &'a str,
    catalog: &'a Catalog,
) -> Vec<&'a str> {
    let family = catalog.family_of(kind).unwrap_or(DEFAULT_FAMILY);
    replaced(words, wrong..wrong + 1, &[family, kind])
}

/// What comes after a word and the family, if that is next.
fn after_family(words: &[&str], word: usize, catalog: &Catalog) -> usize {
    let is_family = |next: &&str| *next == "trigger" || catalog.families().contains(next);
    word + 1 + usize::from(words.get(word + 1).is_some_and(is_family))
}

fn replaced<'a>(words: &[&'a str], wrong: Range<usize>, right: &[&'a str]) -> Vec<&'a str> {
    [&words[..wrong.start], right, &words[wrong.end..]].concat()
}

fn run(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    format!("run `{}`", command(&words.join(" ")))
}
