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

/// All commands of the documents work one after the other, each block in a directory of its own.
fn the_commands_of_the_documents_work() {
    for block in commands() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("package.json"), "{}").expect("written");
        let run = |arguments: &str| {
            let arguments = arguments.split_whitespace();
            succeed(program().args(arguments).current_dir(directory.path()));
        };
        for command in block {
            if let Some(name) = command.strip_prefix("mkdir ") {
                fs::create_dir(directory.path().join(name)).expect("created");
            } else if let Some(names) = command.strip_prefix("mv ") {
                let (from, to) = names.split_once(' ').expect("two names");
                let [from, to] = [from, to].map(|name| directory.path().join(name));
                fs::rename(from, to).expect("renamed");
            } else if let Some(arguments) = command.strip_prefix("cargo amplify ") {
                let is_new = arguments.starts_with("new ");
                if !is_new && !directory.path().join("amplify").exists() {
                    run("new auth-trigger");
                }
                if !arguments.starts_with("invoke ") {
                    run(arguments);
                }
            } else {
                let is_elsewhere = |start: &&str| command.starts_with(*start);
                let is_invoke = command.contains(" cargo amplify invoke ");
                assert!(is_invoke || ELSEWHERE.iter().any(is_elsewhere), "{command}");
            }
        }
    }
}

/// Those of `docs/deploy.md`, with programs in place of SAM, the AWS CLI and cargo-lambda that ask
/// for the files they are given, make those they would make, and describe a stack. `interop/synth`
/// has SAM itself read a template, and what `--parameter-overrides` says.
#[cfg(unix)]
fn the_commands_to_deploy_work_one_after_the_other() {
    use std::os::unix::fs::PermissionsExt;
    const STAND_IN: &str = "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in\n\
        --template | --template-file) test -s \"$2\" || exit 3 ;;\n\
        --output-template-file) echo packaged > \"$2\" ;;\n\
        describe-stacks) cat \"$STACKS\" ;;\nesac; shift; done\n";
    let cargo = "#!/bin/sh\n[ \"$1\" != amplify ] || exec \"$PROGRAM\" \"$@\"\n";
    let directory = tempfile::tempdir().expect("a directory");
    let (app, bin) = (directory.path().join("app"), directory.path().join("bin"));
    for directory in [&app, &bin] {
        fs::create_dir(directory).expect("created");
    }
    for (name, text) in [("aws", STAND_IN), ("sam", STAND_IN), ("cargo", cargo)] {
        fs::write(bin.join(name), text).expect("written");
        fs::set_permissions(bin.join(name), PermissionsExt::from_mode(0o755)).expect("executable");
    }
    fs::write(app.join("key.p8"), "-----BEGIN PRIVATE KEY-----\n").expect("written");
    succeed(program().args(["new", "auth-trigger", "-q"]).current_dir(&app));
    let stacks = repository().join("tests/cases/outputs/in/stacks.json");
    let path = std::env::var("PATH").expect("a path");
    let text = document("docs/deploy.md");
    let blocks = blocks(&text, "sh");
    assert!(blocks.len() > 4, "only {} blocks of commands", blocks.len());
    for commands in blocks {
        let mut shell = Command::new("sh");
        shell.args(["-euc", commands]).current_dir(&app).env("STACKS", &stacks);
        shell
            .env("PROGRAM", program().get_program())
            .env("PATH", format!("{}:{path}", bin.display()));
        succeed(shell.env("CARGO_AMPLIFY_STATE_DIR", state_directory()));
    }
    let outputs = fs::read_to_string(app.join("amplify_outputs.json")).expect("the outputs");
    assert!(outputs.contains("user_pool_id"), "{outputs}");
}

/// Each link in the documents leads to a file, and to a heading of it.
fn links_lead_somewhere() {
    let mut links = 0;
    for (name, text) in pages() {
        let base = repository().join(&name);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.starts_with("http")) {
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() { base.clone() } else { base.with_file_name(file) };
            assert!(path.exists(), "{name} links to {target}, which is not there");
            if !anchor.is_empty() {
                let page = fs::read_to_string(&path).expect("a page");
                let is_heading = |line: &str| line.starts_with('#') && anchor_of(line) == anchor;
                assert!(
                    page.lines().any(is_heading),
                    "{name} links to {target}, a heading that is not there"
                );
            }
        }
    }
    assert!(links > 30, "only {links} links were followed");
}

/// What GitHub makes of a heading.
fn anchor_of(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|character| if character == ' ' { '-' } else { character }).collect()
}

/// The tree and the handler in the README are those that are generated.
fn the_readme_shows_what_is_generated() {
    let readme = document("README.md");
    let generated = result("empty");
    let trigger = "amplify/auth/pre-token-generation/";
    let mut directory = "";
    let mut shown = Vec::new();
    for line in blocks(&readme, "text")[0].lines() {
        let names = line.trim_start().split("   ").next().unwrap_or_default();
        if line == trigger {
            directory = trigger;
            continue;
        }
        shown.extend(names.split(", ").map(|name| format!("{directory}{name}")));
    }
    for path in generated.keys() {
        let of_directory =
            path.rsplit_once('/').map(|(directory, _)| format!("{directory}/*.json"));
        let is_shown = shown.contains(path) || of_directory.is_some_and(|all| shown.contains(&all));
        assert!(is_shown, "{path} is not in the README's tree");
    }
    for path in shown.iter().filter(|path| !path.contains('*')) {
        assert!(generated.contains_key(path), "{path} is in the README's tree, but not generated");
    }
    let handler = &generated["amplify/auth/pre-token-generation/src/handler.rs"];
    let handler = String::from_utf8_lossy(handler);
    assert!(handler.contains(blocks(&readme, "rust")[0]), "the README's handler is another one");
}

/// The picture in the README shows what the program prints.
fn the_picture_is_what_is_printed() {
    let directory = tempfile::tempdir().expect("a directory");
    let arguments = ["new", "auth-trigger", "pre-token-generation", "--color", "always"];
    let output = succeed(program().args(arguments).current_dir(directory.path()));
    let printed = String::from_utf8(output.stderr).expect("UTF-8");
    let printed = format!("$ cargo amplify new auth-trigger\n{printed}");
    let title = "cargo amplify new auth-trigger: the files that are created, and what to do next";
    golden_picture("docs/new.svg", title, &printed);
}

/// The architecture page is short, and names every directory and module there is.
fn the_architecture_page_is_true() {
    let page = document("ARCHITECTURE.md");
    assert!(page.lines().count() < 140, "ARCHITECTURE.md has 140 lines or more");
    for entry in fs::read_dir(repository().join("src")).expect("src") {
        let name = entry.expect("readable").file_name().into_string().expect("UTF-8");
        if !["lib.rs", "main.rs"].contains(&name.as_str()) {
            assert!(page.contains(&format!("`src/{name}")), "src/{name} is not in ARCHITECTURE.md");
        }
    }
    let named = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.starts_with("src/") || code.starts_with("tests/"));
    for path in named {
        assert!(
            repository().join(path).exists(),
            "ARCHITECTURE.md names {path}, which is not there"
        );
    }
}

/// The colours of pictures: each class in the light and in the dark scheme, the background first.
const COLOURS: [(&str, &str, &str); 7] = [
    ("bg", "#ffffff", "#0d1117"),
    ("fg", "#1f2328", "#e6edf3"),
    ("fg-red", "#b31d28", "#ff7b72"),
    ("fg-green", "#116329", "#7ee787"),
    ("fg-yellow", "#7d4e00", "#e3b341"),
    ("fg-cyan", "#0a5a6b", "#76e3ea"),
    ("dimmed", "#57606a", "#8b949e"),
];

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
