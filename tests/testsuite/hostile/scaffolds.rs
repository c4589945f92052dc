//! A set of scaffolds that somebody else wrote: each trick is refused, and changes nothing, or it
//! comes to nothing. None takes long.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{everything, project, run, said};
use crate::support::succeed;

tests![
    a_set_that_is_no_plain_text_is_refused,
    a_scaffold_that_reaches_too_far_is_refused,
    a_template_that_never_ends_is_refused,
    what_is_said_is_plain_text,
];

const KIND: &str = "amplify/scaffolds/auth-trigger/trap";

/// A project with a scaffold `trap`, changed by `spring`, which must be refused with a message.
fn refused(problem: &str, spring: &dyn Fn(&Path)) {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    project(&root);
    set(&root);
    spring(&root);
    let before = everything(sandbox.path());
    let start = Instant::now();
    for line in ["new auth-trigger trap", "new auth-trigger trap --dry-run"] {
        let run = run(line, &root, &sandbox.path().join("state"));
        let said = said(&run);
        assert!(matches!(run.code, 1..=3) && said.contains(problem), "{problem}: {said}");
        assert!(!said.contains("root:x:0"), "{said}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{problem}: {:?}", start.elapsed());
    let mut after = everything(sandbox.path());
    after.retain(|path, _| !path.starts_with("state"));
    assert_eq!(before, after, "{problem}");
}

/// A scaffold without a trick.
fn set(root: &Path) {
    let kind = root.join(KIND);
    for directory in ["files/src", "events", "partials"] {
        fs::create_dir_all(kind.join(directory)).expect("created");
    }
    let scaffold =
        crate::support::repository().join("tests/kinds/scaffolds/auth-trigger/greet-user");
    let text = fs::read_to_string(scaffold.join("scaffold.toml")).expect("read");
    let text = text.replace("\"samples\"", "\"events\"");
    fs::write(kind.join("scaffold.toml"), text).expect("written");
    fs::write(kind.join("files/src/handler.rs.hbs"), "// {{tone}}\n").expect("written");
    fs::write(kind.join("events/e.json"), "{}\n").expect("written");
}

fn write(root: &Path, file: &str, text: impl AsRef<[u8]>) {
    let path = root.join(KIND).join(file);
    fs::create_dir_all(path.parent().expect("a parent")).expect("created");
    fs::write(path, text).expect("written");
}

fn a_set_that_is_no_plain_text_is_refused() {
    refused("is not a regular file", &|root| {
        symlink("/etc/passwd", root.join(KIND).join("files/x")).expect("linked");
    });
    refused("is not a regular file", &|root| {
        symlink("/etc", root.join(KIND).join("files/etc")).expect("linked");
    });
    refused("is not a regular file", &|root| {
        succeed(Command::new("mkfifo").arg(root.join(KIND).join("files/pipe")));
    });
    refused("is not a regular file", &|root| {
        let (set, moved) = (root.join("amplify/scaffolds"), root.with_extension("moved"));
        fs::rename(&set, &moved).expect("moved");
        symlink(&moved, &set).expect("linked");
    });
    refused("is not UTF-8", &|root| write(root, "files/x", b"\xff"));
    refused("more than 256 KiB", &|root| write(root, "files/x", vec![b'x'; 300 * 1024]));
    refused("more than 1,000 files", &|root| {
        (0..1_001).for_each(|number| write(root, &format!("files/{number}"), ""));
    });
    refused("is too deep", &|root| write(root, &format!("{}x", "d/".repeat(20)), ""));
    refused("has no `scaffold.toml`", &|root| write(root, "../other/x", ""));
    refused("the name `NUL`", &|root| write(root, "../NUL/scaffold.toml", ""));
}

fn a_scaffold_that_reaches_too_far_is_refused() {
    let scaffold = |root: &Path, from: &str, to: &str| {
        let path = root.join(KIND).join("scaffold.toml");
        let text = fs::read_to_string(&path).expect("read");
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).expect("written");
    };
    let rule = "from = \"files\"\nto = \"amplify/auth/{{name}}\"";
    for (problem, from, to) in [
        ("no directory `../..`", rule, "from = \"../..\"\nto = \"amplify/auth/{{name}}\""),
        ("no directory `/etc`", rule, "from = \"/etc\"\nto = \"amplify/auth/{{name}}\""),
        (
            "leaves the project",
            rule,
            "from = \"events\"\nto = \"amplify/auth/{{name}}/../../../..\"",
        ),
        ("is not in", rule, "from = \"events\"\nto = \"amplify/auth/other\""),
        ("is not in", rule, "from = \"events\"\nto = \".git/hooks\""),
        ("is not in", rule, "from = \"events\"\nto = \"/etc\""),
        ("`.git`", rule, "from = \"events\"\nto = \"amplify/auth/{{name}}/.GIT/hooks\""),
        ("`key` has no keys", "key = [\"greetings\", \"user\"]", "key = []"),
        ("`sources` is empty", "sources = [\"GreetUser_Hello\"]", "sources = []"),
        ("`name` has the name of a variable", "name = \"tone\"", "name = \"name\""),
        ("is not one of `choices`", "default = \"quiet\"", "default = \"\""),
        ("edited safely", "\"{ handler = {{toml name}} }\"", "\"1\\n[loginWith]\\nemail = false\""),
    ] {
        refused(problem, &|root| scaffold(root, from, to));
    }
}

fn a_template_that_never_ends_is_refused() {
    let handler = "files/src/handler.rs.hbs";
    refused("in each other", &|root| {
        write(root, handler, "{{> a}}");
        write(root, "partials/a.hbs", "{{> b}}");
        write(root, "partials/b.hbs", "{{> a}}");
    });
    refused("in each other", &|root| {
        write(root, handler, "{{> a}}");
        write(root, "partials/a.hbs", "{{#if name}}{{> a}}{{/if}}");
    });
    refused("more than 20000 steps", &|root| {
        write(root, handler, "{{> p20}}");
        write(root, "partials/p0.hbs", "x");
        for number in 1..=20 {
            let below = number - 1;
            let text = format!("{{{{> p{below}}}}}{{{{> p{below}}}}}");
            write(root, &format!("partials/p{number}.hbs"), text);
        }
    });
    refused("more than 20000 steps", &|root| {
        let each = |inner: &str| format!("{{{{#each trigger}}}}{inner}{{{{/each}}}}");
        write(root, handler, each(&each(&each(&each(&each("x"))))));
    });
    refused("more than 500 tags", &|root| {
        write(
            root,
            handler,
            format!("{{{{#if name}}}}{}{{{{/if}}}}", "{{else if tone}}".repeat(9_000)),
        );
    });
    refused("in each other", &|root| {
        write(root, handler, format!("{}x{}", "{{#if name}}".repeat(100), "{{/if}}".repeat(100)));
    });
    for depth in [40, 9_000] {
        for (open, close) in [("(not ", ")"), ("[", "]"), ("{a=", "}")] {
            refused("in each other", &|root| {
                let (open, close) = (open.repeat(depth), close.repeat(depth));
                write(root, handler, format!("{{{{#if {open}name{close}}}}}{{{{/if}}}}"));
            });
        }
    }
    refused("", &|root| write(root, handler, "{{#if name}}".repeat(500)));
    refused("bytes come out", &|root| {
        let long = format!("{{{{> long}}}}{}", "{{> long}}".repeat(20));
        write(root, handler, long);
        write(root, "partials/long.hbs", "x".repeat(100_000));
    });
    refused("is computed", &|root| write(root, handler, "{{> (lookup trigger \"docs\")}}"));
    refused("take no blocks", &|root| {
        write(root, handler, "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}");
    });
}

/// Notes and names of a scaffold reach the terminal without control characters.
fn what_is_said_is_plain_text() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    project(&root);
    set(&root);
    let path = root.join(KIND).join("scaffold.toml");
    let text = fs::read_to_string(&path).expect("read");
    let text = text.replace("greetings\"]", "\\u001b]52;c;eA==\\u0007\"]");
    fs::write(path, text.replace("Greets", "\\u001b[2J")).expect("written");
    for line in ["list", "list trap", "new auth-trigger trap"] {
        let run = run(line, &root, &sandbox.path().join("state"));
        let said = said(&run);
        assert!(run.code == 0 && !said.contains(['\u{1b}', '\u{7}']), "{line}: {said:?}");
    }
}
