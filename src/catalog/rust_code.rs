//! Values as Rust code, laid out as rustfmt would.
//!
//! The layout follows rustfmt's defaults: lines of 100 columns, chains and arguments of at most
//! 60. A test holds it against rustfmt itself.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

const MAX_WIDTH: usize = 100;
const CHAIN_WIDTH: usize = 60;
const ARGUMENTS_WIDTH: usize = 60;

pub fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// A call in a chain: the method and its string arguments.
pub type Call<'a> = (&'a str, Vec<&'a str>);

const START: &str = "Response::new()";
const INDENT: usize = 4;

/// `Ok(Response::new().method("argument")…)` as the last expression of a function.
pub fn response(calls: &[Call]) -> String {
    let chain: String = calls.iter().map(flat).collect();
    let one_line = format!("Ok({START}{chain})");
    match calls {
        [] => one_line,
        [call] => one_call(call).unwrap_or(one_line),
        _ if START.len() + chain.width() <= CHAIN_WIDTH => one_line,
        [first @ .., last] => {
            overflowing(first, last).unwrap_or_else(|| one_below_the_other(calls))
        }
    }
}

/// A chain of one call that needs more than one line.
fn one_call(call: &Call) -> Option<String> {
    let text = flat(call);
    let line = INDENT + "Ok()".len() + START.len() + text.width();
    if line < MAX_WIDTH && fits_arguments(call) {
        return None;
    }
    if call.1.len() == 1 && line == MAX_WIDTH {
        // rustfmt finds the line too long with its end, but not the chain in it.
        let (chain, call) = (" ".repeat(2 * INDENT), " ".repeat(3 * INDENT));
        return Some(format!("Ok(\n{chain}{START}\n{call}{text},\n    )"));
    }
    if call.1.len() == 1 && 2 * INDENT + text.width() < MAX_WIDTH {
        return Some(format!("Ok({START}\n        {text})"));
    }
    Some(format!("Ok({START}{})", broken(call, INDENT)?))
}

/// All calls on the first line, and only the arguments of the last one below it.
fn overflowing(first: &[Call], last: &Call) -> Option<String> {
    let head: String = first.iter().map(flat).collect();
    let first_line = START.len() + head.width() + ".(".len() + last.0.len();
    if fits_own_line(last, ")") || !first.iter().all(|call| fits_own_line(call, "")) {
        return None;
    }
    let last = broken(last, INDENT)?;
    (first_line <= CHAIN_WIDTH).then(|| format!("Ok({START}{head}{last})"))
}

fn one_below_the_other(calls: &[Call]) -> String {
    let last = calls.len() - 1;
    let lines = calls.iter().enumerate().map(|(index, call)| {
        // The last line also closes `Ok(`.
        let closing = if index == last { ")" } else { "" };
        let text = if fits_own_line(call, closing) { None } else { broken(call, 2 * INDENT) };
        format!("\n        {}", text.unwrap_or_else(|| flat(call)))
    });
    format!("Ok({START}{})", lines.collect::<String>())
}

/// Whether a call fits a line of its own, with `closing` behind it.
fn fits_own_line(call: &Call, closing: &str) -> bool {
    2 * INDENT + flat(call).width() + closing.len() <= MAX_WIDTH && fits_arguments(call)
}

/// Whether the arguments may share a line. A single one always may.
fn fits_arguments(call: &Call) -> bool {
    call.1.len() == 1 || literals(&call.1).join(", ").width() <= ARGUMENTS_WIDTH
}

fn flat(call: &Call) -> String {
    format!(".{}({})", call.0, literals(&call.1).join(", "))
}

/// A call with each argument on a line of its own; `None` when one is too long even so, where
/// rustfmt leaves alone what it finds.
fn broken(call: &Call, indent: usize) -> Option<String> {
    let mut text = format!(".{}(\n", call.0);
    for argument in literals(&call.1) {
        if indent + INDENT + argument.width() + 1 > MAX_WIDTH {
            return None;
        }
        let _ = writeln!(text, "{:1$}{argument},", "", indent + INDENT);
    }
    let _ = write!(text, "{:indent$})", "");
    Some(text)
}

fn literals(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|text| literal(text)).collect()
}
