//! The documents are true.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cases::golden::golden_text;
use crate::cases::result;
use crate::support::{program, repository, state_directory, succeed};

tests![
    #[cfg(unix)]
    the_commands_to_deploy_work_one_after_the_other,
    the_commands_of_the_documents_work,
    links_lead_somewhere,
    the_readme_shows_what_is_generated,
    the_picture_is_what_is_printed,
    pictures_are_readable,
    the_architecture_page_is_true,
    #[cfg(unix)]
    the_walk_through_the_page_on_scaffolds_works,
];

pub fn document(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect("a document")
}

/// The blocks of code in a language.
pub fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default()).collect()
}

/// From a copy of a scaffold to a green test, with the commands of the page and nothing else.
#[cfg(unix)]
fn the_walk_through_the_page_on_scaffolds_works() {
    let page = document("docs/scaffolds.md");
    let directory = tempfile::tempdir().expect("a directory");
    let programs = Path::new(env!("CARGO_BIN_EXE_cargo-amplify")).parent().expect("a directory");
    let path = std::env::var("PATH").expect("a search path");
    let path = format!("{}:{path}", programs.display());
    let blocks = blocks(&page, "sh").concat();
    assert!(blocks.lines().count() > 8, "{blocks}");
    // What is built is tested by `build_runs_all_that_is_generated`.
    for line in blocks.lines().filter(|line| !line.contains("--build")) {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(directory.path()).env("PATH", &path);
        shell.env("CARGO_AMPLIFY_STATE_DIR", state_directory());
        let output = shell.output().expect("it runs");
        let expected = line.split_once("# exit code ").map_or("0", |(_, code)| code);
        let code = output.status.code().unwrap_or_default().to_string();
        assert_eq!(code, expected, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(directory.path().join("amplify/auth/pre-sign-up/resource.toml").exists());
}

/// README.md and all pages in `docs/`, by their paths.
pub fn pages() -> Vec<(String, String)> {
    let pages = fs::read_dir(repository().join("docs")).expect("docs");
    let names = pages.map(|page| page.expect("readable").file_name().into_string().expect("UTF-8"));
    let names = names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}"));
    let names = std::iter::once("README.md".to_owned()).chain(names);
    names.map(|name| (name.clone(), document(&name))).collect()
}

/// The lines of all blocks of commands, without comments, block by block, but for the pages that have
/// tests of their own.
fn commands() -> Vec<Vec<String>> {
    let lines = |block: &str| {
        let block = block.replace("\\\n", "");
        let lines = block.lines().map(|line| line.split("  #").next().unwrap_or_default().trim());
        lines.map(str::to_owned).collect()
    };
    let pages = pages()
        .into_iter()
        .filter(|(name, _)| !["docs/scaffolds.md", "docs/deploy.md"].contains(&name.as_str()));
    pages
        .flat_map(|(_, text)| blocks(&text, "sh").into_iter().map(lines).collect::<Vec<_>>())
        .collect()
}

/// Those that need a built project, without their variables: `kinds.rs` runs them in one.
pub fn invoke_commands() -> Vec<(Option<String>, String)> {
    let lines = commands().into_iter().flatten();
    let invoke = lines.filter_map(|line| {
        let (before, arguments) = line.split_once("cargo amplify invoke")?;
        let variable = Some(before.trim().to_owned()).filter(|before| !before.is_empty());
        Some((variable, format!("invoke{arguments}")))
    });
    invoke.collect()
}

/// What other tests run: `generated.rs` and `package.rs`.
const ELSEWHERE: [&str; 2] = ["cargo test", "cargo install --locked "];

/// Compares a picture of a terminal with the golden file: readable in both colour schemes, and with a
/// title for those who do not see it.
pub fn golden_picture(file: &str, title: &str, printed: &str) {
    let drawn = anstyle_svg::Term::new().render_svg(printed);
    let (start, rest) = drawn.split_once("  <style>\n").expect("a style");
    let (drawn_style, rest) = rest.split_once("    .container").expect("the colours come first");
    for line in drawn_style.lines() {
        let class = line.trim_start_matches([' ', '.']).split(' ').next().unwrap_or_default();
        assert!(COLOURS.iter().any(|(known, ..)| *known == class), "the colour of `{class}`");
    }
    let scheme = |colour: fn(&(&str, &'static str, &'static str)) -> &'static str| {
        let rules = COLOURS.iter().map(|row| format!(".{} {{ fill: {} }}", row.0, colour(row)));
        rules.collect::<Vec<_>>().join(" ")
    };
    let rest = rest.replace("    .dimmed { opacity: 0.4; }\n", "");
    let picture = format!(
        "{start}  <title>{title}</title>\n  <style>\n    {}\n    @media (prefers-color-scheme: dark) {{ {} }}\n    .container{rest}",
        scheme(|row| row.1),
        scheme(|row| row.2),
    );
    golden_text(&repository().join(file), &picture).unwrap_or_else(|e| panic!("{e}"));
}

/// Each colour has the contrast of WCAG's level AA to the background.
fn pictures_are_readable() {
    let luminance = |colour: &str| {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let contrast = |a: &str, b: &str| {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    let [(_, light, dark), colours @ ..] = COLOURS;
    for (class, on_light, on_dark) in colours.into_iter() {
        for contrast in [contrast(on_light, light), contrast(on_dark, dark)] {
            assert!(contrast >= 4.5, "{class}: {contrast}");
        }
    }
}
