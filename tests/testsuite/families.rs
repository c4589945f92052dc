//! A second family of scaffolds, which is not part of the program: that of `tests/kinds`.

use std::fs;

use crate::cases::golden::differences;
use crate::cases::sandbox::call;
use crate::support::{Tree, read_tree, repository, write_tree};

tests![
    a_second_family_is_a_folder,
    names_of_kinds_and_functions_are_unique,
    only_data_names_the_first_family,
];

/// The family of `tests/kinds` is generated, checked, listed, renamed and removed to the byte beside
/// that of the program, whichever is first, in every kind of repository.
fn a_second_family_is_a_folder() {
    let manifest = b"[workspace]\nmembers = []\nresolver = \"3\"\n".to_vec();
    let workspace = Tree::from([("Cargo.toml".to_owned(), manifest)]);
    let app = read_tree(&repository().join("tests/typescript/01-no-triggers-key/before"));
    const AUTH: &str = "auth-trigger pre-sign-up";
    const STORAGE: &str = "storage-trigger on-upload";
    let new_app = Tree::from([("package.json".to_owned(), b"{}\n".to_vec())]);
    for (before, wiring) in
        [(Tree::new(), ""), (workspace, ""), (app, ""), (new_app, " --wiring typescript")]
    {
        let is_app =
            before.contains_key("package.json") || before.contains_key("amplify/backend.ts");
        for (first, second) in [(AUTH, STORAGE), (STORAGE, AUTH)] {
            let (sandbox, run) = beside_kinds(&before);
            run(&format!("new {first}{wiring}"), "");
            let alone = read_tree(&sandbox.path().join("app"));
            run(&format!("new {second}"), "");
            run("new storage-trigger onDelete", "");
            run("check", "No problems.");
            run("list", "wired to on-upload");
            run("list on-delete", "yes, to on-delete");
            if before.is_empty() {
                let manifest = &read_tree(&sandbox.path().join("app"))["Cargo.toml"];
                let members = "members = [\"amplify/auth/*\", \"amplify/storage/*\"]";
                assert!(String::from_utf8_lossy(manifest).contains(members), "{manifest:?}");
            }
            if !is_app {
                run("synth", "not in the template, which is that of the user pool: `on-delete`");
            }
            let root = sandbox.path().join("app/amplify/storage");
            fs::rename(root.join("on-delete"), root.join("tidy-up")).expect("renamed");
            run("check --fix", "");
            run("check", "No problems.");
            run("list", "wired to tidy-up");
            run("remove storage-trigger on-delete", "");
            run(&format!("remove {second}"), "");
            let root = sandbox.path().join("app");
            differences("the first alone", &alone, &read_tree(&root)).expect("the same");
            run(&format!("new {second}"), "");
            run(&format!("remove {first}"), "");
            run(&format!("remove {second}"), "");
            differences("nothing", &before, &read_tree(&root)).expect("the same");
        }
    }
}

/// A kind has one family and a function one resource, and what a family says is checked.
fn names_of_kinds_and_functions_are_unique() {
    let (sandbox, run) = beside_kinds(&Tree::new());
    run("new auth-trigger pre-sign-up", "");
    let root = sandbox.path().join("app");
    let own = repository().join("tests/kinds/scaffolds/storage-trigger");
    let fails = |line: &str, spring: &dyn Fn(&mut Tree), code: i32, wanted: &str| {
        let mut set: Tree = read_tree(&own)
            .into_iter()
            .map(|(path, text)| (format!("storage-trigger/{path}"), text))
            .collect();
        spring(&mut set);
        let directory = tempfile::tempdir().expect("a directory");
        write_tree(&directory.path().join("set"), &set);
        let set = directory.path().join("set").to_str().expect("UTF-8").to_owned();
        let line = format!("{line} --scaffolds {set}");
        let run = call(&root, &line.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
        assert!(run.code == code && said.contains(wanted), "{wanted}: {said}");
    };
    let renamed = |set: &mut Tree, from: &str, to: &str| {
        let files = std::mem::take(set).into_iter();
        set.extend(files.map(|(path, text)| (path.replacen(from, to, 1), text)));
    };
    let said = |from: &'static str, to: &'static str| {
        move |set: &mut Tree| {
            let text = set.get_mut("storage-trigger/_shared/scaffold.toml").expect("there");
            let changed = String::from_utf8_lossy(text).replacen(from, to, 1);
            *text = changed.into_bytes();
        }
    };
    let new = "new storage-trigger on-upload";
    let taken = format!("{new} --name pre-sign-up");
    fails(&taken, &|_| {}, 3, "is a function for pre-sign-up, and would become one for on-upload");
    let twice = |set: &mut Tree| renamed(set, "/on-delete/", "/pre-sign-up/");
    fails(new, &twice, 1, "`pre-sign-up` is that of a scaffold of auth-trigger");
    let no_family = |set: &mut Tree| set.retain(|path, _| !path.contains("/_shared/"));
    fails(new, &no_family, 1, "which says what the family is");
    let no_name = |set: &mut Tree| renamed(set, "storage-trigger/", "Storage/");
    fails("new Storage on-upload", &no_name, 1, "the name `Storage` has the character");
    for (from, to, wanted) in [
        ("name = \"storage\"", "name = \"../storage\"", "not the name of a directory"),
        ("name = \"storage\"", "name = \"scaffolds\"", "has scaffolds, and no resource"),
        ("name = \"storage\"", "name = \"auth\"", "there is no `[trigger]`"),
        ("name = \"storage\"", "name = \"other\"", "is not in `amplify/other/on-upload/`"),
        ("\"defineStorage\"", "\"eval(\"", "is not the name of a function of Amplify"),
    ] {
        fails(new, &said(from, to), 1, wanted);
    }
    const SHARED: &str = "storage-trigger/_shared";
    let moved = |from: &'static str, to: &'static str| {
        move |set: &mut Tree| {
            let text = set.remove(&format!("{SHARED}/{from}")).expect("there");
            set.insert(format!("{SHARED}/{to}"), text);
        }
    };
    for (from, to, wanted) in [
        ("files/Cargo.toml.hbs", "files/cargo.hbs", "no `Cargo.toml` is generated"),
        ("toml/resource.toml.hbs", "toml/x.toml.hbs", "no `resource.toml` or `resource.ts` is gen"),
        ("project/Cargo.toml", "project/x/Cargo.toml", "`x/Cargo.toml` is not a file that `new`"),
        ("toml/resource.toml.hbs", "files/Cargo.toml.hbs", "Cargo.toml` is not called `on-delete`"),
    ] {
        fails("scaffold lint", &moved(from, to), 4, wanted);
    }
    let bare = |set: &mut Tree| {
        set.retain(|path, _| !path.contains("/project/") && !path.contains("/toml/"));
    };
    fails("scaffold lint", &bare, 4, "`toml` with files in `storage-trigger/_shared/`");
    fails("scaffold lint", &bare, 4, "`project` with files in `storage-trigger/_shared/`");
    let bundle = |set: &mut Tree| {
        let text = b"summary = \"Both\"\nscaffolds = [\"on-upload\", \"pre-sign-up\"]\n";
        set.insert("storage-trigger/both/bundle.toml".to_owned(), text.to_vec());
    };
    for (line, code) in [("scaffold lint", 4), ("new storage-trigger both", 1)] {
        fails(line, &bundle, code, "storage-trigger/both/bundle.toml:2:27");
    }
    let one_file = |set: &mut Tree| set.retain(|path, _| !path.ends_with("/handler.rs.hbs"));
    fails("new storage-trigger on-delete --dry-run", &one_file, 0, "on-delete/src/main.rs");
    let grants = |set: &mut Tree| {
        let text = set.get_mut("storage-trigger/on-upload/scaffold.toml").expect("there");
        text.extend(b"[pool-permissions]\nactions = [\"cognito-idp:ListUsers\"]\n");
    };
    fails("scaffold lint", &grants, 4, "is for what the user pool calls");
    fails("new storage-triger on-upload", &|_| {}, 2, "did you mean `storage-trigger`?");
    fails("new on-upload", &|_| {}, 2, "`cargo amplify new storage-trigger on-upload --scaffolds");
    fails(&format!("{new} --login-with phone"), &|_| {}, 2, "is for the user pool");
    fails("new auth-trigger onUpload", &|_| {}, 2, "`cargo amplify new storage-trigger on-upload`");
    let remove = "`cargo amplify remove storage-trigger on-upload`";
    fails("remove auth-trigger onUpload", &|_| {}, 2, remove);
    let heading = "\nstorage-trigger\n  on-delete  ";
    fails("list", &|_| {}, 0, heading);
    fails("new storage-trigger", &|_| {}, 2, "name one of: on-delete, on-upload");
    let copy = root.join("amplify/storage/pre-sign-up");
    fs::create_dir_all(&copy).expect("created");
    fs::copy(root.join("amplify/auth/pre-sign-up/generated.toml"), copy.join("generated.toml"))
        .expect("copied");
    fails("check", &|_| {}, 4, "there are two functions `pre-sign-up`");
}

/// No code names the family of the program, what calls its functions, or what defines that, but for the
/// default and examples of `new`, and code that is about Cognito.
fn only_data_names_the_first_family() {
    let cognito = ["cognito/", "model/", "synth/", "edit/typescript/overrides.rs"];
    let examples = ["catalog/mod.rs", "cli/new.rs"];
    for (path, text) in read_tree(&repository().join("src")) {
        if cognito.iter().chain(&examples).any(|start| path.starts_with(start)) {
            continue;
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code.take_while(|line| *line != "#[cfg(test)]") {
            for name in ["auth-trigger", "amplify/auth", "defineAuth", "define_auth"] {
                assert!(!line.contains(name), "{path}: {line}");
            }
        }
    }
}

/// A repository beside the family of `tests/kinds`, and what runs a command there that must succeed
/// and print a text.
fn beside_kinds(before: &Tree) -> (tempfile::TempDir, impl Fn(&str, &str) + use<>) {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("app");
    write_tree(&root, before);
    fs::create_dir_all(&root).expect("created");
    let set = sandbox.path().join("set");
    let family = read_tree(&repository().join("tests/kinds/scaffolds/storage-trigger"));
    write_tree(&set.join("storage-trigger"), &family);
    let set = set.to_str().expect("UTF-8").to_owned();
    (sandbox, move |line: &str, wanted: &str| {
        let line = format!("{line} --scaffolds {set}");
        let run = call(&root, &line.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
        assert!(run.code == 0 && said.contains(wanted), "{line}: {said}");
    })
}
