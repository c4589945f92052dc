//! Any journal: one that can be read names only files that a plan can hold.
#![no_main]

use cargo_amplify::plan::Journal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(journal) = serde_json::from_slice::<Journal>(bytes) else {
        return;
    };
    let text = serde_json::to_string(&journal).expect("it was read");
    assert!(!text.contains("\"path\":\"..") && !text.contains("\"path\":\"/"));
});
