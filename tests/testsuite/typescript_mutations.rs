//! Amplify apps with random damage: an edit never panics, never drops a byte, and never reports
//! a trigger as wired that is not.
//!
//! `REPEAT=10000 cargo test --release --test testsuite damaged` for a long run.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use cargo_amplify::edit::typescript::{self as edit, Definer, DefinerKeys, Export};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use regex::Regex;

use crate::support::repeated;
use crate::typescript::directories;

tests![damaged_apps_are_edited_right_or_not_at_all, what_is_used_stays_in_the_backend,];

const HOOK: DefinerKeys = DefinerKeys {
    definer: Definer { what: "user pool", define: "defineAuth", reference: Some("referenceAuth") },
    keys: &["triggers", "preTokenGeneration"],
};
const PROPERTY: &str = "LambdaConfig.PreTokenGenerationConfig";

/// What is put into texts: all that has a meaning there.
const PIECES: [&str; 48] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "'",
    "\"",
    "`",
    "${",
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "...",
    "=>",
    "=",
    "?",
    "!",
    ".",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{2028}",
    "ä",
    "😀",
    "const ",
    "as const",
    " satisfies X",
    "export default ",
    "import ",
    "from './x'",
    "triggers",
    "triggers: {}",
    "preTokenGeneration",
    "auth",
    "defineAuth",
    "defineBackend",
    "backend",
    "<<<<<<< HEAD\n",
    ">>>>>>> main\n",
    "\u{0}",
];

/// One change of a text.
#[derive(Clone, Debug)]
enum Damage {
    Delete(Index, Index),
    Insert(Index, Index),
    Copy(Index, Index, Index),
    Move(Index, Index, Index),
    Splice(Index, Index, Index),
    LineEndings,
}

fn damage() -> impl Strategy<Value = Damage> {
    let two = (any::<Index>(), any::<Index>());
    let three = (any::<Index>(), any::<Index>(), any::<Index>());
    prop_oneof![
        3 => two.clone().prop_map(|(from, to)| Damage::Delete(from, to)),
        6 => two.prop_map(|(at, piece)| Damage::Insert(at, piece)),
        2 => three.clone().prop_map(|(from, to, at)| Damage::Copy(from, to, at)),
        2 => three.clone().prop_map(|(from, to, at)| Damage::Move(from, to, at)),
        2 => three.prop_map(|(text, from, at)| Damage::Splice(text, from, at)),
        1 => Just(Damage::LineEndings),
    ]
}

/// The files of all apps, before and after.
fn corpus(file: &str) -> Vec<String> {
    let states = ["before", "after"];
    let paths = directories()
        .into_iter()
        .flat_map(|directory| states.map(|state| directory.join(state).join(file)));
    let texts: BTreeSet<_> = paths.filter_map(|path| fs::read_to_string(path).ok()).collect();
    texts.into_iter().collect()
}

/// A range of at most 40 characters.
fn range(text: &str, from: &Index, length: &Index) -> std::ops::Range<usize> {
    let places: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let first = from.index(places.len());
    let last = (first + length.index(40)).min(places.len() - 1);
    places[first]..places[last]
}

fn apply(text: &str, damage: &Damage, corpus: &[String]) -> String {
    let mut text = text.to_owned();
    let place = |text: &str, at: &Index| range(text, at, at).start;
    match damage {
        Damage::Delete(from, length) => text.replace_range(range(&text, from, length), ""),
        Damage::Insert(at, piece) => {
            text.insert_str(place(&text, at), PIECES[piece.index(PIECES.len())])
        }
        Damage::Copy(from, length, at) => {
            let part = text[range(&text, from, length)].to_owned();
            text.insert_str(place(&text, at), &part);
        }
        Damage::Move(from, length, at) => {
            let range = range(&text, from, length);
            let part = text[range.clone()].to_owned();
            text.replace_range(range, "");
            text.insert_str(place(&text, at), &part);
        }
        Damage::Splice(other, from, at) => {
            let other = &corpus[other.index(corpus.len())];
            let part = &other[range(other, from, from)];
            text.insert_str(place(&text, at), part);
        }
        Damage::LineEndings => text = text.replace('\n', "\r\n"),
    }
    text
}

/// Whether `edited` has all bytes of `text`, in their order.
fn keeps_all_bytes(text: &str, edited: &str) -> bool {
    let mut rest = edited.bytes();
    text.bytes().all(|byte| rest.any(|other| other == byte))
}

/// The handler comes from the function's module; `././x` is the same as `./x`.
fn assert_module(found: Option<&str>, function: &Export, edited: &str) {
    let parts = |module| Path::new(module).components().collect::<Vec<_>>();
    assert_eq!(found.map(parts), Some(parts(function.module)), "{edited}");
}

/// The text without the blanks of empty objects: once something was put into one and taken out
/// again, nothing tells how many there were.
fn without_blanks_in_empty_objects(text: &str) -> Cow<'_, str> {
    static EMPTY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("\\{[\\s\u{feff}\u{2028}]+\\}").expect("valid"));
    EMPTY.replace_all(text, "{}")
}

fn check_auth(text: &str) {
    let function = Export {
        name: "preTokenGeneration",
        module: "./pre-token-generation/resource",
        extension: "",
    };
    let edited = match edit::wire(text, &function, &HOOK) {
        Ok(edited) => edited,
        Err(refusal) => {
            assert!(!refusal.reason.is_empty());
            return;
        }
    };
    assert!(keeps_all_bytes(text, &edited), "bytes are lost:\n{text}\n---\n{edited}");
    let handler = edit::handler(&edited, &HOOK).expect("readable").expect("wired");
    assert_module(handler.module.as_deref(), &function, &edited);
    let again = edit::wire(&edited, &function, &HOOK);
    assert_eq!(again.as_ref(), Ok(&edited), "the second time");
    let kept = edit::empty_object(text, &HOOK).unwrap_or(0);
    match edit::unwire(&edited, &function, &HOOK, kept) {
        Ok(back) if edited != text && !text.contains("preTokenGeneration") => {
            let [back, text] = [&back, text].map(without_blanks_in_empty_objects);
            assert_eq!(back, text, "taken back from\n{edited}");
        }
        Ok(back) => assert_eq!(edit::handler(&back, &HOOK).expect("readable"), None, "{back}"),
        Err(refusal) => assert!(text.contains("preTokenGeneration"), "{refusal}:\n{edited}"),
    }
}

fn check_backend(text: &str) {
    let function = Export {
        name: "preTokenGeneration",
        module: "./auth/pre-token-generation/resource",
        extension: "",
    };
    if let Ok(Some((version, span))) = edit::overridden_version(text, PROPERTY) {
        assert_eq!(version, text[span]);
        assert!(edit::check_not_overridden(text, PROPERTY).is_err(), "{text}");
    }
    let edited = match edit::add_to_backend(text, &function) {
        Ok(edited) => edited,
        Err(refusal) => {
            assert!(!refusal.reason.is_empty());
            return;
        }
    };
    assert!(keeps_all_bytes(text, &edited), "bytes are lost:\n{text}\n---\n{edited}");
    assert_eq!(edit::add_to_backend(&edited, &function).as_ref(), Ok(&edited), "the second time");
    match edit::remove_from_backend(&edited, &function) {
        Ok(back) if edited != text && !text.contains("preTokenGeneration") => {
            let [back, text] = [&back, text].map(without_blanks_in_empty_objects);
            assert_eq!(back, text, "taken back from\n{edited}");
        }
        Ok(back) => assert_ne!(back, edited),
        Err(refusal) => assert!(text.contains("preTokenGeneration"), "{refusal}:\n{edited}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: repeated(256), failure_persistence: None, ..ProptestConfig::default() })]

    fn damaged_apps_are_edited_right_or_not_at_all(
        start in any::<Index>(),
        damages in vec(damage(), 0..4),
    ) {
        thread_local!(static CORPUS: [Vec<String>; 2] = [
            corpus("amplify/auth/resource.ts"),
            corpus("amplify/backend.ts"),
        ]);
        CORPUS.with(|[auth, backend]| {
            let damaged = |corpus: &[String]| {
                let text = corpus[start.index(corpus.len())].clone();
                damages.iter().fold(text, |text, damage| apply(&text, damage, corpus))
            };
            check_auth(&damaged(auth));
            check_backend(&damaged(backend));
        });
    }
}

/// What the backend has goes only while nothing uses it, under whichever name.
fn what_is_used_stays_in_the_backend() {
    let auth = Export { name: "auth", module: "./auth/resource", extension: "" };
    let removed = |member: &str, result: &str, user: &str| {
        let text = format!(
            "import {{ defineBackend }} from '@aws-amplify/backend';\n\
             import {{ auth }} from './auth/resource';\n\n\
             {result}defineBackend({{ {member} }});\n{user}\n"
        );
        edit::remove_from_backend(&text, &auth)
            .map_err(|refusal| text[refusal.span.unwrap_or_default()].to_owned())
    };
    let kept = "const backend = ";
    for user in ["backend.authz.x();", "backend['auths'];", "other.auth.x();", "f('auth');", ""] {
        let left = removed("auth", kept, user).expect("removed");
        assert!(!left.contains("./auth/resource") && left.contains(user), "{left}");
    }
    for user in [
        "backend.auth.resources.userPool.x();",
        "backend?.auth;",
        "backend['auth'].x();",
        "const { auth: pool } = backend;",
    ] {
        assert_eq!(removed("auth", kept, user), Err("auth".to_owned()), "{user}");
    }
    assert_eq!(removed("pool: auth", kept, "backend.pool.x();"), Err("pool".to_owned()));
    assert_eq!(removed("auth", "const { auth: pool } = ", "pool.x();"), Err("auth".to_owned()));
}
