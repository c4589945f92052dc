//! Values as Rust code, laid out as rustfmt would.
//!
//! The layout follows rustfmt's defaults: lines of 100 columns, chains and arguments of at most
//! 60. A test holds it against rustfmt itself.

use unicode_width::UnicodeWidthStr;

const MAX_WIDTH: usize = 100;
const CHAIN_WIDTH: usize = 60;
const ARGUMENTS_WIDTH: usize = 60;

/// A string literal.
pub fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// A call in a chain: the method and its string arguments.
pub type Call<'a> = (&'a str, Vec<&'a str>);

/// `Ok(Response::new().method("argument")…)` as the last expression of a function.
pub fn response(calls: &[Call]) -> String {
    const START: &str = "Response::new()";
    const INDENT: usize = 4;
    let flat =
        |(method, arguments): &Call| format!(".{method}({})", literals(arguments).join(", "));
    let chain: String = calls.iter().map(flat).collect();
    let one_line = format!("Ok({START}{chain})");
    let fits = |width| width <= MAX_WIDTH;
    match calls {
        [] => one_line,
        [call] => {
            let arguments = literals(&call.1);
            let fits_flat = fits(INDENT + one_line.width());
            let one = |text: &String| fits(2 * INDENT + text.width() + 1);
            if fits_flat && (arguments.len() == 1 || width(&arguments) <= ARGUMENTS_WIDTH) {
                one_line
            } else if arguments.len() == 1 && fits(2 * INDENT + chain.width() + 1) {
                format!("Ok({START}\n        {chain})")
            } else if arguments.iter().all(one) {
                let lines: String = arguments
                    .iter()
                    .map(|text| format!("        {text},\n"))
                    .collect();
                format!("Ok({START}.{}(\n{lines}    ))", call.0)
            } else {
                one_line
            }
        }
        _ if START.len() + chain.width() <= CHAIN_WIDTH => one_line,
        _ => {
            let last = calls.len() - 1;
            let lines = calls.iter().enumerate().map(|(index, call)| {
                // The last line also closes `Ok(`.
                let line = flat(call);
                let closing = usize::from(index == last);
                let arguments = literals(&call.1);
                if fits(2 * INDENT + line.width() + closing)
                    && (arguments.len() == 1 || width(&arguments) <= ARGUMENTS_WIDTH)
                {
                    return format!("\n        {line}");
                }
                let lines: String = arguments
                    .iter()
                    .map(|text| format!("            {text},\n"))
                    .collect();
                format!("\n        .{}(\n{lines}        )", call.0)
            });
            format!("Ok({START}{})", lines.collect::<String>())
        }
    }
}

fn literals(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|text| literal(text)).collect()
}

fn width(arguments: &[String]) -> usize {
    arguments.join(", ").width()
}
