//! Edits of any TypeScript: wired means wired, the second time changes nothing, and what is wired
//! can be unwired.
#![no_main]

use cargo_amplify::edit::typescript::{Definer, Export, DefinerKeys, handler, unwire, wire};
use libfuzzer_sys::fuzz_target;

const HOOK: DefinerKeys = DefinerKeys {
    definer: Definer { what: "user pool", define: "defineAuth", reference: Some("referenceAuth") },
    keys: &["triggers", "preTokenGeneration"],
};
const FUNCTION: Export = Export {
    name: "preTokenGeneration",
    module: "./pre-token-generation/resource",
    extension: "",
};

fuzz_target!(|text: &str| {
    let Ok(edited) = wire(text, &FUNCTION, &HOOK) else {
        return;
    };
    assert!(matches!(handler(&edited, &HOOK), Ok(Some(_))));
    let again = wire(&edited, &FUNCTION, &HOOK);
    assert_eq!(again.as_deref(), Ok(edited.as_str()));
    let _ = unwire(&edited, &FUNCTION, &HOOK, 0);
});
