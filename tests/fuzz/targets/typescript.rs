//! Edits of any TypeScript: wired means wired, the second time changes nothing, and what is wired
//! can be unwired.
#![no_main]

use cargo_amplify::edit::typescript::{Export, handler, unwire, wire};
use libfuzzer_sys::fuzz_target;

const KEYS: [&str; 2] = ["triggers", "preTokenGeneration"];
const FUNCTION: Export = Export {
    name: "preTokenGeneration",
    module: "./pre-token-generation/resource",
    extension: "",
};

fuzz_target!(|text: &str| {
    let Ok(edited) = wire(text, &FUNCTION, &KEYS) else {
        return;
    };
    assert!(matches!(handler(&edited, &KEYS), Ok(Some(_))));
    let again = wire(&edited, &FUNCTION, &KEYS);
    assert_eq!(again.as_deref(), Ok(edited.as_str()));
    let _ = unwire(&edited, &FUNCTION, &KEYS, 0);
});
