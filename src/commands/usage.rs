//! What is answered to a command line that is wrong or asks for help.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::catalog::{Catalog, nearest, spelled};
use crate::cli;
use crate::error::Error;
use crate::ui::shell_word;

/// What people call commands, and which command that is here.
const ALIKE: [(&[&str], &str); 7] = [
    (&["add", "create", "generate", "init", "install"], "new auth-trigger"),
    (&["delete", "rm", "uninstall", "destroy", "drop"], "remove auth-trigger"),
    (&["ls", "show", "status", "info", "triggers", "kinds"], "list"),
    (&["lint", "validate", "verify", "fix", "status", "diff"], "check"),
    (&["run", "call", "try", "exec"], "invoke"),
    (&["test"], "invoke --all"),
    (&["start", "dev", "local", "watch", "emulate"], "serve"),
];

/// What people look for here, and what does it.
const ELSEWHERE: [(&[&str], &str); 4] = [
    (&["test"], "`cargo test` runs the tests of the handlers"),
    (
        &["deploy", "push", "sandbox", "publish", "template", "export", "build", "package"],
        "`cargo amplify synth` prints the template that SAM or CloudFormation deploys",
    ),
    (
        &["deploy", "push", "sandbox", "publish"],
        "`npx ampx sandbox` deploys an Amplify app in TypeScript",
    ),
    (
        &["upgrade", "update", "self-update", "migrate"],
        "`cargo install --locked --force cargo-amplify` installs the newest version",
    ),
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
    let wrong = |context| match error.get(context) {
        Some(ContextValue::String(word)) => words.iter().position(|known| known == word),
        _ => None,
    };
    let meant = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let Some(wrong) = wrong(ContextKind::InvalidSubcommand) else {
                return Vec::new();
            };
            return commands(&words, wrong);
        }
        ErrorKind::UnknownArgument => wrong(ContextKind::InvalidArg).map(|wrong| {
            let alike = FLAGS.iter().filter(|(flags, _)| flags.contains(&words[wrong]));
            alike.map(|(_, flag)| replaced(&words, wrong..wrong + 1, flag)).collect()
        }),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Some(vec![replaced(&words, words.len()..words.len(), &["auth-trigger"])])
        }
        _ => None,
    };
    let meant = meant.unwrap_or_default().into_iter();
    meant.filter(|words| cli::parse(words).is_ok()).map(|words| run(&words)).collect()
}

/// What to run instead of a command line with a wrong command.
fn commands(words: &[&str], wrong: usize) -> Vec<String> {
    let word = words[wrong];
    let after = match words.get(wrong + 1) {
        Some(&"auth-trigger" | &"trigger") => wrong + 2,
        _ => wrong + 1,
    };
    let catalog = Catalog::embedded();
    let kinds: Vec<_> = catalog.names().into_iter().chain(catalog.bundles()).collect();
    let is_below = words[..wrong].iter().any(|word| ["new", "remove"].contains(word));
    if is_below {
        if TRIGGERS.contains(&word) {
            return vec![run(&replaced(words, wrong..after, &["auth-trigger"]))];
        }
        let kind = spelled(word, &kinds).or_else(|| nearest(word, &kinds));
        let kind =
            kind.map(|kind| run(&replaced(words, wrong..wrong + 1, &["auth-trigger", kind])));
        return kind.into_iter().collect();
    }
    if let Some(kind) = spelled(word, &kinds) {
        return vec![run(&replaced(words, wrong..wrong + 1, &["new", "auth-trigger", kind]))];
    }
    let alike = ALIKE.iter().filter(|(names, _)| names.contains(&word)).map(|(_, command)| {
        let command: Vec<_> = command.split(' ').collect();
        run(&replaced(words, wrong..after, &command))
    });
    let elsewhere = ELSEWHERE.iter().filter(|(names, _)| names.contains(&word));
    alike.chain(elsewhere.map(|(_, what)| (*what).to_owned())).collect()
}

fn replaced<'a>(
    words: &[&'a str],
    wrong: std::ops::Range<usize>,
    right: &[&'a str],
) -> Vec<&'a str> {
    [&words[..wrong.start], right, &words[wrong.end..]].concat()
}

fn run(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    format!("run `cargo amplify {}`", words.join(" "))
}
