//! Any journal: one that can be read names only files that a plan can hold.
#![no_main]

use cargo_amplify::apply::Journal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(journal) = serde_json::from_slice::<Journal>(bytes) else {
        return;
    };
    let journal = serde_json::to_value(journal).expect("it was read");
    for entry in journal["entries"].as_array().expect("entries") {
        let path = entry["path"].as_str().expect("a path");
        assert!(!path.starts_with('/') && path.split('/').all(|part| part != ".."));
    }
});
