//! Functions that read or write a text, each with its inputs as a table.

use cargo_amplify::RepoPath;
use cargo_amplify::edit::typescript::{
    Configuration, compiles_amplify_to_commonjs, editor_options, laid_out,
};
use cargo_amplify::edit::{ignore_target, ignores, no_longer_ignore_target};
use cargo_amplify::plan::{has_markers, side_by_side};
use cargo_amplify::project::hash;
use serde_json::Value;

tests![
    line_endings_are_not_hashed,
    both_sides_stand_where_they_differ,
    a_path_stays_inside,
    git_is_known_in_every_spelling,
    below_needs_a_whole_part,
    a_line_is_read_as_git_reads_it,
    a_line_is_added_in_the_style_of_the_file,
    the_line_goes_as_it_came,
    every_language_is_read,
    sections_for_typescript_count,
    options_change_what_they_are_for,
    only_commonjs_that_has_amplify,
];

fn line_endings_are_not_hashed() {
    assert_eq!(hash("a\r\nb"), hash("a\nb"));
    assert_ne!(hash("a\nb"), hash("a b"));
    assert_eq!(hash(""), "e3b0c44298fc1c14");
}

fn both_sides_stand_where_they_differ() {
    let both = side_by_side("a\nb\nc", "a\nx\nc");
    assert_eq!(both, "a\n<<<<<<< yours\nb\n=======\nx\n>>>>>>> new\nc");
    assert!(has_markers(&both) && !has_markers("a\nb\n"));
    assert_eq!(side_by_side("a", "a"), "a");
}

fn a_path_stays_inside() {
    for outside in ["/etc", "../x", "a/../../b", "a/.."] {
        assert_eq!(RepoPath::new(outside), None, "{outside}");
    }
    let path = RepoPath::new("./a//b/").expect("inside");
    assert_eq!(path.as_str(), "a/b");
    assert_eq!(path.join("../c"), None);
    assert_eq!(path.join("/c"), None);
}

fn git_is_known_in_every_spelling() {
    for path in [
        ".git",
        ".git/HEAD",
        "a/.GIT/hooks/x",
        ".git./x",
        ".git . /x",
        "GIT~1/x",
        ".git::$INDEX_ALLOCATION/x",
        ".g\u{200c}it/x",
    ] {
        assert!(RepoPath::new(path).expect("inside").is_in_git(), "{path}");
    }
    for path in [".gitignore", "git", ".github/x", "x.git/x", "a/.git-x"] {
        assert!(!RepoPath::new(path).expect("inside").is_in_git(), "{path}");
    }
}

fn below_needs_a_whole_part() {
    let path = RepoPath::new("apps/web/amplify").expect("inside");
    let below = |base| path.below(&RepoPath::new(base).expect("inside"));
    assert_eq!(below("apps/web"), Some("amplify"));
    assert_eq!(below("apps/we"), None);
    assert_eq!(below(""), Some("apps/web/amplify"));
}

fn a_line_is_read_as_git_reads_it() {
    for (line, path, expected) in [
        ("/target", "target", Some(true)),
        ("\u{feff}target/", "a/target", Some(true)),
        ("/target", "a/target", None),
        ("/target*", "target", Some(true)),
        ("**/target/**", "target", None),
        ("**/target/**", "target/debug", Some(true)),
        ("/target/*", "target/debug", Some(true)),
        ("a/b", "a/b", Some(true)),
        ("a/b", "c/a/b", None),
        ("a*\n!ab", "ab", Some(false)),
        ("#target", "target", None),
    ] {
        assert_eq!(ignores(line, path), expected, "{line:?} {path}");
    }
}

fn a_line_is_added_in_the_style_of_the_file() {
    assert_eq!(ignore_target(""), "/target\n");
    assert_eq!(ignore_target("a"), "a\n/target");
    assert_eq!(ignore_target("a\r\n#target\r\n"), "a\r\n#target\r\n/target\r\n");
}

fn the_line_goes_as_it_came() {
    for text in
        ["", "a", "a\n", "a\r\n", "a\r\nb", "\u{feff}a\n", "a\r", "a\nb\r", "a\r\nb\r", "\r"]
    {
        assert_eq!(no_longer_ignore_target(&ignore_target(text)), text, "{text:?}");
    }
    assert_eq!(no_longer_ignore_target("/target\na\n"), "a\n");
    assert_eq!(no_longer_ignore_target("a\n"), "a\n");
}

fn every_language_is_read() {
    let read = |name: &str, text: &str| match Configuration::parse(name, text) {
        Configuration::Missing => "missing".to_owned(),
        Configuration::Options(options) => Value::from(options).to_string(),
        Configuration::Unread => "unread".to_owned(),
    };
    let options = r#"{"semi":false,"tabWidth":4,"arrowParens":"avoid"}"#;
    let yaml = "# ours\nsemi: false\noverrides:\n  - files: '*.md'\n    options: { semi: true }\n\
                tabWidth: 4\narrowParens: 'avoid'\n";
    let toml = "semi = false\ntabWidth = 4\narrowParens = 'avoid'\n";
    let json5 = "{ semi: false, tabWidth: 4, arrowParens: 'avoid', }";
    for (name, text) in [
        ("package.json", format!("{{\"prettier\": {options}}}").as_str()),
        (".prettierrc", options),
        (".prettierrc", yaml),
        (".prettierrc.yml", yaml),
        (".prettierrc.json5", json5),
        (".prettierrc.toml", toml),
    ] {
        assert_eq!(read(name, text), options, "{name}");
    }
    assert_eq!(read("package.json", "{}"), "missing");
    assert_eq!(read("package.json", r#"{"prettier": "@company/config"}"#), "unread");
    assert_eq!(read("prettier.config.mjs", "export default {};"), "unread");
    assert_eq!(read(".prettierrc", "@company/config"), "unread");
}

fn sections_for_typescript_count() {
    let read = |text: &str| Value::from(editor_options(text).0).to_string();
    let text = "root = true\n\n[*]\nindent_style = tab\n\n[*.md]\nindent_style = space\n\n\
                [*.{js,ts}]\nindent_size = 4\n";
    assert_eq!(read(text), r#"{"useTabs":true,"tabWidth":4}"#);
    assert!(!editor_options(text).1 && editor_options("[*]\n").1);
    assert_eq!(read("[*.tsx]\nindent_size = 4\n"), "{}");
}

fn options_change_what_they_are_for() {
    let text = "import { a } from 'a';\nlet s: string;\n\nexport const b = (c) => {\n  f(\n    c,\n  );\n  return { d: 'e', \
                g: [\n    '\"',\n  ] };\n};\n";
    let with = |options: &str| laid_out(text, &serde_json::from_str(options).expect("options"));
    assert_eq!(with("{\"singleQuote\": true}"), text);
    assert_eq!(with("{}"), text.replace("'a'", "\"a\"").replace("'e'", "\"e\""));
    assert_eq!(with("{\"singleQuote\": true, \"semi\": false}"), text.replace(';', ""));
    let es5 = with("{\"singleQuote\": true, \"trailingComma\": \"es5\"}");
    assert_eq!(es5, text.replace("c,\n", "c\n"));
    let tabs = with("{\"singleQuote\": true, \"useTabs\": true, \"trailingComma\": \"none\"}");
    let expected = text.replace("    ", "\t\t").replace("  ", "\t");
    assert_eq!(tabs, expected.replace("c,\n", "c\n").replace("',\n", "'\n"));
    let avoid = "{\"singleQuote\": true, \"arrowParens\": \"avoid\", \"bracketSpacing\": false}";
    assert_eq!(with(avoid), text.replace("(c) =>", "c =>").replace("{ a }", "{a}"));
}

fn only_commonjs_that_has_amplify() {
    let config = |more: &str| {
        format!(
            "{{\n  // ours\n  \"compilerOptions\": {{ \"module\": \"CommonJS\", }},\n{more}}}\n"
        )
    };
    for (more, expected) in [
        ("", true),
        ("  \"include\": [\"**/*.ts\"],", true),
        ("  \"include\": [\"src\"],", false),
        ("  \"exclude\": [\"node_modules\", \"amplify\"],", false),
    ] {
        assert_eq!(compiles_amplify_to_commonjs(&config(more)), expected, "{more}");
    }
    assert!(!compiles_amplify_to_commonjs(&config("").replace("CommonJS", "es2022")));
    assert!(!compiles_amplify_to_commonjs("{"));
}
