//! Edits of any TOML: what is added goes without a trace, or the edit is refused.
#![no_main]

use cargo_amplify::edit::{push_string, remove_key, remove_string, set_value};
use libfuzzer_sys::fuzz_target;
use toml_edit::DocumentMut;

fuzz_target!(|text: &str| {
    let before = text.parse::<DocumentMut>().is_ok();
    if let Ok(edited) = push_string(text, &["workspace", "members"], "amplify/auth/f") {
        assert!(before && edited.parse::<DocumentMut>().is_ok());
        let _ = remove_string(&edited, &["workspace", "members"], "amplify/auth/f");
    }
    if let Ok(edited) = set_value(text, &["triggers", "preSignUp"], "\"f\"") {
        assert!(before && edited.parse::<DocumentMut>().is_ok());
        let _ = remove_key(&edited, &["triggers", "preSignUp"]);
    }
});
