//! Any record: read, or an error in words.
#![no_main]

use cargo_amplify::project::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(record) = toml::from_str::<Record>(text) {
        let again = toml::to_string(&record).expect("it was read");
        assert!(toml::from_str::<Record>(&again).is_ok());
    }
});
