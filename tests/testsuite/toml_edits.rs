//! Every way people write a table or an array in TOML; each edit adds its bytes and nothing else.

use cargo_amplify::edit::{
    CurrentValue, EditError, KeyPath, is_bare, is_written, push_string, remove_key, remove_string,
    set_value, setting,
};

tests![
    members_on_one_line,
    members_on_many_lines,
    members_where_there_are_none,
    members_that_are_no_array_are_named,
    keys_are_set_in_the_way_their_table_is_written,
    settings_are_compared_as_data,
    what_the_user_has_written_around_an_entry_stays,
    the_order_of_two_new_entries_does_not_show,
];

#[track_caller]
fn check_push(before: &str, element: &str, after: &str) {
    let edited = push_string(before, &["workspace", "members"], element);
    assert_eq!(edited.as_deref().unwrap_or("?"), after, "{edited:?}");
    let again = push_string(after, &["workspace", "members"], element);
    assert_eq!(again.expect("edited"), after, "the second time changes something");
    check_removal(before, after, &["workspace", "members"], &|text, path| {
        remove_string(text, path, element)
    });
}

/// What was put in is taken out to the byte, with the keys that had to be made for it.
#[track_caller]
fn check_removal(
    before: &str,
    after: &str,
    path: KeyPath,
    remove: &dyn Fn(&str, KeyPath) -> Result<String, EditError>,
) {
    let mut text = remove(after, path).expect("removed");
    for depth in (1..=path.len()).rev() {
        if !is_written(before, &path[..depth]).expect("TOML")
            && is_bare(&text, &path[..depth]).expect("TOML")
        {
            text = remove_key(&text, &path[..depth]).expect("removed");
        }
    }
    assert_eq!(text, before, "taken back from {after:?}");
}

fn members_on_one_line() {
    for (before, after) in [
        ("[]", r#"["m"]"#),
        ("[ ]", r#"["m" ]"#),
        (r#"["a"]"#, r#"["a", "m"]"#),
        (r#"["z"]"#, r#"["m", "z"]"#),
        (r#"['a', 'z']"#, r#"['a', "m", 'z']"#),
        (r#"["z", "a"]"#, r#"["z", "a", "m"]"#),
        (r#"[ "a", ]"#, r#"[ "a", "m", ]"#),
    ] {
        for (eol, end) in [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "")] {
            let text = |array| format!("[workspace] # w{eol}members = {array} # m{end}");
            check_push(&text(before), "m", &text(after));
        }
    }
}

fn members_on_many_lines() {
    for (before, after) in [
        ("[\n]", "[\n    \"m\",\n]"),
        ("[\n    # none yet\n]", "[\n    \"m\",\n    # none yet\n]"),
        ("[\n  \"a\",\n]", "[\n  \"a\",\n  \"m\",\n]"),
        ("[\n\t\"a\" # first\n]", "[\n\t\"a\", # first\n\t\"m\"\n]"),
        (
            "[\n  \"a\", # one, two\n  # of z\n  \"z\",\n]",
            "[\n  \"a\", # one, two\n  \"m\",\n  # of z\n  \"z\",\n]",
        ),
        ("[\n  # of z\n  \"z\",\n]", "[\n  \"m\",\n  # of z\n  \"z\",\n]"),
        ("[\n  \"z\",\n  \"a\"]", "[\n  \"z\",\n  \"a\",\n  \"m\"]"),
        ("[\n  \"a\", \"z\",\n]", "[\n  \"a\", \"m\", \"z\",\n]"),
        ("[\n    \"a\"\n  , \"z\"\n]", "[\n    \"a\", \"m\"\n  , \"z\"\n]"),
    ] {
        for eol in ["\n", "\r\n"] {
            let text = |array: &str| format!("[workspace]\nmembers = {array}\n").replace('\n', eol);
            check_push(&text(before), "m", &text(after));
        }
    }
}

fn members_where_there_are_none() {
    for (before, after) in [
        ("", "[workspace]\nmembers = [\"m\"]\n"),
        ("\u{feff}", "\u{feff}[workspace]\nmembers = [\"m\"]\n"),
        ("[package]\nname = \"p\"", "[package]\nname = \"p\"\n\n[workspace]\nmembers = [\"m\"]"),
        ("[workspace]\nresolver = \"3\"\n", "[workspace]\nmembers = [\"m\"]\nresolver = \"3\"\n"),
        ("[workspace]\n\n[a]\n", "[workspace]\nmembers = [\"m\"]\n\n[a]\n"),
        (
            "[workspace.package]\nedition = \"2021\"\n",
            "[workspace]\nmembers = [\"m\"]\n\n[workspace.package]\nedition = \"2021\"\n",
        ),
        (
            "workspace.resolver = \"3\"\n",
            "workspace.members = [\"m\"]\nworkspace.resolver = \"3\"\n",
        ),
        (
            "workspace = { resolver = \"3\" }\n",
            "workspace = { members = [\"m\"], resolver = \"3\" }\n",
        ),
        ("workspace = {}\n", "workspace = {members = [\"m\"]}\n"),
        ("workspace = { }\n", "workspace = { members = [\"m\"] }\n"),
        (
            "workspace . package . edition = \"2021\"\n",
            "workspace.members = [\"m\"]\nworkspace . package . edition = \"2021\"\n",
        ),
    ] {
        check_push(before, "m", after);
    }
}

fn members_that_are_no_array_are_named() {
    let error = push_string("workspace.members = 1\n", &["workspace", "members"], "m");
    assert_eq!(
        error.expect_err("refused").to_string(),
        "`workspace.members` is of type integer, not array"
    );
    let error = push_string("workspace = 1\n", &["workspace", "members"], "m");
    assert_eq!(
        error.expect_err("refused").to_string(),
        "`workspace` is of type integer, not table"
    );
}

#[track_caller]
fn check_set(before: &str, value: &str, after: &str) {
    let edited = set_value(before, &["triggers", "m"], value);
    assert_eq!(edited.as_deref().unwrap_or("?"), after, "{edited:?}");
    assert_eq!(setting(after, &["triggers", "m"], value).expect("TOML"), CurrentValue::Same);
    if setting(before, &["triggers", "m"], value).expect("TOML") == CurrentValue::Absent {
        check_removal(before, after, &["triggers", "m"], &remove_key);
    }
}

fn keys_are_set_in_the_way_their_table_is_written() {
    for (before, after) in [
        ("[triggers]\na = 1 # a\nz = 2\n", "[triggers]\na = 1 # a\nm = \"x\"\nz = 2\n"),
        ("[triggers]\nz = 1\na = 2\n\n[b]\n", "[triggers]\nz = 1\na = 2\nm = \"x\"\n\n[b]\n"),
        ("[triggers]", "[triggers]\nm = \"x\""),
        ("  [triggers]\r\n  a = 1\r\n", "  [triggers]\r\n  a = 1\r\n  m = \"x\"\r\n"),
        ("triggers = { a = { b = 1 } }\n", "triggers = { a = { b = 1 }, m = \"x\" }\n"),
        ("triggers.a.b = 1\n[c]\n", "triggers.a.b = 1\ntriggers.m = \"x\"\n[c]\n"),
        ("[triggers]\nm = 'y' # why\n", "[triggers]\nm = \"x\" # why\n"),
        ("\u{feff}[z]\n", "\u{feff}[triggers]\nm = \"x\"\n\n[z]\n"),
        (
            "[a]\nb = 1\n\n# of z\n[z]\nc = 1\n",
            "[a]\nb = 1\n\n[triggers]\nm = \"x\"\n\n# of z\n[z]\nc = 1\n",
        ),
        ("[z]\n[a]\n", "[z]\n[a]\n\n[triggers]\nm = \"x\"\n"),
        ("[triggers.b]\nc = 1\n", "[triggers]\nm = \"x\"\n\n[triggers.b]\nc = 1\n"),
    ] {
        check_set(before, "\"x\"", after);
    }
}

fn settings_are_compared_as_data() {
    let text = "[triggers.m]\nversion = 'V2'\nhandler = \"h\"\n";
    let same = setting(text, &["triggers", "m"], "{ handler = \"h\", version = \"V2\" }");
    assert_eq!(same.expect("TOML"), CurrentValue::Same);
    let other = setting(text, &["triggers", "m"], "\"h\"").expect("TOML");
    assert_eq!(other, CurrentValue::Other("{ handler = \"h\", version = \"V2\" }".to_owned()));
}

fn what_the_user_has_written_around_an_entry_stays() {
    let remove = |array: &str| {
        let text = format!("[workspace]\nmembers = {array}\n");
        let edited = remove_string(&text, &["workspace", "members"], "m").expect("removed");
        edited["[workspace]\nmembers = ".len()..].trim_end().to_owned()
    };
    for (before, after) in [
        (r#"["m",]"#, "[]"),
        (r#"["m", "a"]"#, r#"["a"]"#),
        ("[\n  \"m\", \"a\",\n]", "[\n  \"a\",\n]"),
        ("[\n  \"m\", # ours\n  # of a\n  \"a\"\n]", "[\n  # of a\n  \"a\"\n]"),
        ("[\n  \"a\", # of a, too\n  \"m\" # ours\n]", "[\n  \"a\" # of a, too\n]"),
        ("[ \"a\",\n  \"m\" ]", "[ \"a\" ]"),
    ] {
        assert_eq!(remove(before), after, "{before}");
    }
    let text = "[triggers]\n# mine\nm = 1\n[triggers.a]\nb = 1\n";
    assert_eq!(
        remove_key(text, &["triggers", "m"]).expect("removed"),
        "[triggers]\n# mine\n[triggers.a]\nb = 1\n"
    );
    assert!(remove_key("[triggers]\na = 1\n", &["triggers"]).is_err());
    for (before, after) in [
        ("a = { m = 1, b = 2 }", "a = { b = 2 }"),
        ("a = { b = 2, m = 1 }", "a = { b = 2 }"),
        ("a = { m = 1 }", "a = { }"),
    ] {
        assert_eq!(remove_key(before, &["a", "m"]).expect("removed"), after);
    }
}

fn the_order_of_two_new_entries_does_not_show() {
    for array in ["[]", r#"["z", "a"]"#, r#"["b", "x"]"#, "[\n\t\"z\",\n\t\"k\",\n]"] {
        let text = format!("[workspace]\nmembers = {array}\n");
        let push = |text: &str, element| {
            push_string(text, &["workspace", "members"], element).expect("edited")
        };
        for (one, two) in [("c", "d"), ("a0", "zz"), ("A", "k2")] {
            assert_eq!(push(&push(&text, one), two), push(&push(&text, two), one), "{array}");
        }
    }
    for text in ["", "[z]\n[a]\n", "[a]\n[k]\nl = 1\n", "[z.y]\n[m.n]\n[m.k]\n", "[[z]]\n\n[b]\n"] {
        let set = |text: &str, table| set_value(text, &[table, "key"], "1").expect("edited");
        for (one, two) in [("senders", "triggers"), ("b", "zz"), ("c", "d")] {
            assert_eq!(set(&set(text, one), two), set(&set(text, two), one), "{text}");
        }
    }
}
