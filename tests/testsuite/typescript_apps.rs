//! What is said of an Amplify app that somebody went on with after a trigger was generated.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{Tree, read_tree, repository, write_tree};

tests![
    mistakes_are_found_and_not_made_worse,
    layout_follows_prettier_and_is_not_an_edit,
    imports_added_since_a_switch_stay,
    nearest_compiler_may_refuse,
    functions_of_amplify_have_any_name,
    an_app_elsewhere_in_the_repository_is_named,
    synth_leaves_it_to_amplify,
];

const AUTH: &str = "amplify/auth/resource.ts";
const FUNCTION: &str = "amplify/auth/pre-sign-up/resource.ts";

/// An app of `tests/typescript` with more files.
fn app(name: &str, more: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    let mut files = read_tree(&repository().join("tests/typescript").join(name).join("before"));
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    write_tree(&root, &files);
    (sandbox, root)
}

fn new(root: &Path) -> String {
    let run = call(root, &["new", "auth-trigger", "pre-sign-up", "--on-conflict", "overwrite"]);
    let printed = String::from_utf8_lossy(&run.err).into_owned();
    assert_eq!(run.code, 0, "{printed}");
    printed
}

fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(file)).expect("a file");
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(root.join(file), text.replace(from, to)).expect("writable");
}

fn remove(root: &Path) {
    assert_eq!(call(root, &["remove", "auth-trigger", "pre-sign-up"]).code, 0);
}

fn mistakes_are_found_and_not_made_worse() {
    let record = "amplify/auth/pre-sign-up/generated.toml";
    for (gone, (file, from, to), finding) in [
        ("", (AUTH, "    preSignUp,", "    preSignup: preSignUp,"), "meant to be `preSignUp`?"),
        (
            record,
            (AUTH, "    preSignUp,", "    customMessage: preSignUp,"),
            "not for custom-message",
        ),
        ("amplify/generated.toml", (AUTH, "", ""), "amplify/generated.toml is gone: without it"),
    ] {
        let (_sandbox, root) = app("01-no-triggers-key", &[]);
        new(&root);
        edit(&root, file, from, to);
        if !gone.is_empty() {
            fs::remove_file(root.join(gone)).expect("removable");
        }
        let with_mistake = read_tree(&root);
        let run = call(&root, &["check", "--fix"]);
        let printed = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
        assert!(printed.contains(finding), "{finding}:\n{printed}");
        unchanged(&with_mistake, &root);
    }
}

fn layout_follows_prettier_and_is_not_an_edit() {
    let bare = "const bin = \"pre-sign-up\"\n";
    let two = "  const { pathname }";
    for (configuration, text, expected, is_read) in [
        ("package.json", r#"{ "prettier": { "semi": false } }"#, bare, true),
        (".prettierrc", "semi: false\n", bare, true),
        (".prettierrc.toml", "useTabs = true\n", "\tconst { pathname }", true),
        (".editorconfig", "[*.ts]\nindent_size = 4\n", "    const { pathname }", true),
        ("prettier.config.mjs", "export default { semi: false };\n", two, false),
    ] {
        let (_sandbox, root) = app("01-no-triggers-key", &[(configuration, text)]);
        let before = read_tree(&root);
        let printed = new(&root);
        assert_eq!(printed.contains("prettier.config.mjs is not read"), !is_read, "{printed}");
        let function = fs::read_to_string(root.join(FUNCTION)).expect("a function");
        assert!(function.contains(expected), "{configuration}:\n{function}");
        edit(&root, FUNCTION, "\n", "\n\n");
        remove(&root);
        unchanged(&before, &root);
    }
}

/// The import that a switch took out comes back beside what was imported since.
fn imports_added_since_a_switch_stay() {
    let (_sandbox, root) = app("92-switch-inline", &[]);
    new(&root);
    edit(&root, AUTH, "{ defineAuth }", "{ defineAuth, secret }");
    remove(&root);
    let auth = fs::read_to_string(root.join(AUTH)).expect("a user pool");
    let imports: Vec<_> = auth.lines().filter(|line| line.starts_with("import")).collect();
    assert_eq!(
        imports,
        [
            "import { defineAuth, secret } from '@aws-amplify/backend';",
            "import { defineFunction } from '@aws-amplify/backend';"
        ]
    );
}

fn nearest_compiler_may_refuse() {
    for (module, is_told) in [("commonjs", true), ("es2022", false)] {
        let config = format!("{{ \"compilerOptions\": {{ \"module\": \"{module}\" }} }}");
        let (_sandbox, root) = app("01-no-triggers-key", &[("tsconfig.json", &config)]);
        let printed = new(&root);
        assert_eq!(printed.contains("add \"amplify\" to its `exclude`"), is_told, "{printed}");
    }
}

/// Who imports `defineBackend` and the like, and from where, is up to the app.
fn functions_of_amplify_have_any_name() {
    let auth = "import { auth } from './auth/resource';\n";
    for (file, text, trigger, code) in [
        ("backend", "import { defineBackend as define } from 'A';\ndefine({ auth });", "", 0),
        ("backend", "import * as a from 'A';\na.defineBackend({ auth });", "", 0),
        ("backend", "import * as a from 'A';\na['defineBackend']({ auth });", "", 0),
        ("backend", "import { make } from './make';\nmake({ auth });", "", 0),
        ("backend", "import './main';", "", 0),
        ("backend", "export { backend } from '@example/infra';", "", 0),
        ("backend", "import { defineBackend as define } from 'A';", "", 3),
        ("backend", "import { data } from './data/resource';", "", 3),
        ("backend", "import { defineBackend as define } from 'A';\ndefine({});", "", 3),
        (
            "backend",
            "import { defineBackend as d } from 'A';\nd({ auth });",
            "inbound-federation",
            0,
        ),
        ("backend", "import * as a from 'A';\na.defineBackend({ auth });", "inbound-federation", 0),
        ("auth/resource", "import * as a from 'A';\nexport const auth = a.defineAuth({});", "", 0),
        (
            "auth/resource",
            "import * as a from 'A';\nconst auth = a.defineAuth({ triggers: { preSignUp: undefined } });",
            "",
            3,
        ),
        (
            "auth/resource",
            "import { defineAuth as d } from 'A-auth';\nexport const auth = d({});",
            "",
            0,
        ),
    ] {
        let text = text.replace("'A", "'@aws-amplify/backend") + "\n";
        let text = if file == "backend" { format!("{auth}{text}") } else { text };
        let path = format!("amplify/{file}.ts");
        let (_sandbox, root) = app("01-no-triggers-key", &[(&path, &text)]);
        let trigger = if trigger.is_empty() { "pre-sign-up" } else { trigger };
        let before = read_tree(&root);
        let run = call(&root, &["new", "auth-trigger", trigger]);
        let printed = String::from_utf8_lossy(&run.err).into_owned();
        assert_eq!(run.code, code, "{text}\n{printed}");
        assert_eq!(printed.contains("`preSignUp` is undefined here"), text.contains("undefined"));
        if code == 0 {
            assert_eq!(call(&root, &["remove", "auth-trigger", trigger]).code, 0, "{text}");
        }
        unchanged(&before, &root);
    }
}

/// A sibling package gets no second user pool unasked.
fn an_app_elsewhere_in_the_repository_is_named() {
    let sandbox = tempfile::tempdir().expect("a directory");
    let top = sandbox.path();
    let auth = read_tree(&repository().join("tests/typescript/01-no-triggers-key/before"));
    write_tree(&top.join("packages/backend"), &auth);
    let web = top.join("packages/web");
    for directory in [&web, &top.join(".git")] {
        fs::create_dir(directory).expect("a directory");
    }
    let before = read_tree(top);
    for arguments in [&["new", "auth-trigger", "pre-sign-up"][..], &["check"]] {
        for (directory, app) in
            [(&web, "../../packages/backend"), (&top.to_owned(), "packages/backend")]
        {
            let run = call(directory, arguments);
            let printed = String::from_utf8_lossy(&run.err).into_owned();
            assert!(run.code != 0 && printed.contains(&format!("`--path {app}`")), "{printed}");
        }
    }
    unchanged(&before, top);
    let chosen = call(&web, &["new", "auth-trigger", "pre-sign-up", "--wiring", "toml"]);
    assert_eq!(chosen.code, 0);
    let other = top.join("packages/other");
    fs::create_dir(&other).expect("a directory");
    fs::write(top.join("packages/.gitignore"), "/backend/\n").expect("written");
    assert_eq!(call(&other, &["new", "auth-trigger", "pre-sign-up"]).code, 0);
}

fn synth_leaves_it_to_amplify() {
    let (_sandbox, root) = app("01-no-triggers-key", &[]);
    let run = call(&root, &["synth"]);
    assert!(run.code == 1 && String::from_utf8_lossy(&run.err).contains("npx ampx sandbox"));
}

fn unchanged(before: &Tree, root: &Path) {
    differences("the app", before, &read_tree(root)).expect("no difference");
}
